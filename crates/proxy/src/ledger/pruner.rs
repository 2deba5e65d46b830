//! Forgets messages about which nothing can happen any more, in small steps: each is written to the export first, and is
//! on the disk there before anything of it is forgotten here.
//!
//! A crash between the two writes a message twice. None is ever forgotten without having been written.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rcs_revoke_core::retention::may_be_forgotten;
use rcs_revoke_core::{MessageRef, Span, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::batches::keeper;
use crate::clock::SharedClock;
use crate::config::Retention;
use crate::ledger::export::{self, Line};
use crate::ledger::{Change, Ledger, Reply};
use crate::sources::Sources;
use crate::store::projection::Held;
use crate::store::{Store, StoreError};

/// How often it is looked for messages to forget.
const EVERY: Span = Span::days(1);
/// On a clock that runs fast, days pass in no time.
const AT_LEAST: Duration = Duration::from_secs(1);
/// How long after a failure the next try comes.
const AFTER_FAILURE: Duration = Duration::from_mins(10);
/// How many messages one step takes.
const AT_ONCE: i64 = 200;
/// How long others have the database to themselves between two steps.
const BETWEEN: Duration = Duration::from_millis(20);

/// Why messages could not be forgotten.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PruneError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The export.
    #[error("{} cannot be written: {error}", path.display())]
    Export {
        /// The file.
        path: PathBuf,
        /// What the machine says.
        error: std::io::Error,
    },
}

/// What the pruner works with.
pub struct Pruner<'a> {
    /// The way in for every change.
    pub ledger: &'a Ledger,
    /// Where messages are.
    pub store: &'a Store,
    /// The configured sources.
    pub sources: &'a Sources,
    /// How long messages are kept, and where they go.
    pub retention: &'a Retention,
}

/// Forgets what may be forgotten, at once and then every day, until it is stopped.
pub async fn run(
    ledger: Ledger,
    store: Store,
    sources: Arc<Sources>,
    retention: Retention,
    clock: SharedClock,
    stop: CancellationToken,
) {
    let pruner = Pruner { ledger: &ledger, store: &store, sources: &sources, retention: &retention };
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = store.watch().writable() => {}
        }
        let wait = match pruner.prune(clock.now(), &stop).await {
            Ok(0) => clock.real(EVERY).max(AT_LEAST),
            Ok(forgotten) => {
                tracing::info!(forgotten, "messages were forgotten about which nothing can happen any more");
                clock.real(EVERY).max(AT_LEAST)
            }
            Err(error) => {
                tracing::warn!(%error, "messages that may be forgotten are kept until it is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

impl Pruner<'_> {
    /// Forgets what may be forgotten by now, and says how many messages that were.
    ///
    /// # Errors
    /// When the export or the database cannot be written. What was not exported is kept.
    pub(crate) async fn prune(&self, now: Timestamp, stop: &CancellationToken) -> Result<u64, PruneError> {
        let quiet_since = (now - self.retention.keep).as_millis();
        let (mut after, mut forgotten) = (0, 0);
        loop {
            let quiet = self.store.quiet_since(quiet_since, after, AT_ONCE).await?;
            let Some((last, _)) = quiet.last() else { break };
            after = *last;
            let old = self.old_among(quiet.iter().map(|(_, key)| key.as_str()), now).await?;
            if !old.is_empty() {
                self.export(&old, now).await?;
                forgotten += self.forget(&old).await?;
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(forgotten),
                () = tokio::time::sleep(BETWEEN) => {}
            }
        }
        // What of a batch was not asked for holds phone numbers, too.
        for batch in self.store.batches_ended_by(quiet_since).await? {
            keeper::clear(self.ledger, self.store, batch).await?;
        }
        Ok(forgotten)
    }

    /// Those that may be forgotten. One that cannot be read is kept: the check of the database tells of it.
    async fn old_among(
        &self,
        keys: impl Iterator<Item = &str>,
        now: Timestamp,
    ) -> Result<Vec<Held>, StoreError> {
        let mut old = Vec::new();
        for message in keys.filter_map(|key| MessageRef::parse(key).ok()) {
            let held = match self.store.message(&message).await {
                Ok(held) => held,
                Err(error) if error.against_every_write().is_some() => return Err(error),
                Err(_) => None,
            };
            old.extend(held.filter(|held| self.may_be_forgotten(held, now)));
        }
        Ok(old)
    }

    fn may_be_forgotten(&self, held: &Held, now: Timestamp) -> bool {
        let entry = held.source.as_deref().and_then(|id| self.sources.find(id));
        let (source, policy) = match entry {
            Some(entry) => (entry.snapshot(), Arc::clone(&entry.policy)),
            None => Sources::stand_in(held.evidence.message().provider(), held.source.as_deref()),
        };
        may_be_forgotten(&held.evidence, &source, &policy, self.retention.keep, now)
    }

    async fn export(&self, old: &[Held], now: Timestamp) -> Result<(), PruneError> {
        let Some(folder) = &self.retention.export else { return Ok(()) };
        let mut lines = Vec::new();
        for held in old {
            let line = Line {
                message: held.evidence.message().to_string(),
                source: held.source.as_deref(),
                outcome: held.outcome.as_deref(),
                exported_at: now.as_millis(),
                evidence: &held.evidence,
            };
            serde_json::to_writer(&mut lines, &line).map_err(StoreError::from)?;
            lines.push(b'\n');
        }
        let path = export::file_of(folder, now);
        let written = write(path.clone(), lines).await;
        written.map_err(|error| PruneError::Export { path, error })
    }

    async fn forget(&self, old: &[Held]) -> Result<u64, StoreError> {
        let keep = self.retention.keep;
        let forget = |held: &Held| {
            let message = held.evidence.message().clone();
            Change::ForgetMessage { message, version: held.version, keep }
        };
        let replies = self.ledger.change(old.iter().map(forget).collect()).await?;
        Ok(replies.iter().filter(|reply| **reply == Reply::Forgotten(true)).count() as u64)
    }
}

/// Writes on a thread that may wait for a disk.
async fn write(path: PathBuf, lines: Vec<u8>) -> std::io::Result<()> {
    let file = path.clone();
    let written = tokio::task::spawn_blocking(move || export::append(Path::new(&file), &lines)).await;
    written.map_err(std::io::Error::other)?
}
