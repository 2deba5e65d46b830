//! Compares what is stored about messages with what their facts say, or makes it again from them.

use std::collections::HashMap;
use std::sync::Arc;

use rcs_revoke_core::{Evidence, MessageRef, Policy, Source, Step, Timestamp};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};

use crate::ledger::{Change, Ledger, not_before};
use crate::sources::Sources;
use crate::store::batches::id_of;
use crate::store::projection::Held;
use crate::store::sms::{self, SmsRow};
use crate::store::tallies::ALL;
use crate::store::{Projection, Store, StoreError, WriteConnection, messages};

/// How many messages are read at once.
const AT_ONCE: i64 = 1_000;
/// Describes a damaged file with a hundred lines at most.
const STRUCTURE: &str = "PRAGMA integrity_check(100)";

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many messages were compared.
    pub messages: u64,
    /// How many facts they have.
    pub facts: u64,
    /// The keys of messages whose stored meaning differs from that of their facts.
    pub differing: Vec<String>,
    /// What is counted wrong, line by line.
    pub miscounted: Vec<String>,
    /// What of the file is damaged, line by line.
    pub damage: Vec<String>,
}

impl Comparison {
    /// Whether there is nothing to mend.
    pub const fn is_sound(&self) -> bool {
        self.differing.is_empty() && self.miscounted.is_empty() && self.damage.is_empty()
    }

    fn damaged(&mut self, what: &str, error: &StoreError) {
        self.damage.push(format!("{what}: {error}"));
    }
}

/// Folds every message as of the instant at which it was folded last, and compares everything that is stored about
/// it. A server may be writing meanwhile.
///
/// # Errors
/// When the database cannot be read, and not because it is damaged.
pub async fn compare(store: &Store, sources: &Sources) -> Result<Comparison, StoreError> {
    let mut found = Comparison { damage: structure(store).await?, ..Comparison::default() };
    let mut after = String::new();
    loop {
        let keys = match store.keys_after(&after, AT_ONCE).await {
            Ok(keys) => keys,
            Err(error) if is_damage(&error) => {
                found.damaged(&format!("the messages behind {after:?} cannot be listed"), &error);
                return Ok(found);
            }
            Err(error) => return Err(error),
        };
        let Some(last) = keys.last() else {
            count(store, &mut found).await?;
            return Ok(found);
        };
        after.clone_from(last);
        let mut wanted = Vec::with_capacity(keys.len());
        for key in &keys {
            match MessageRef::parse(key) {
                Ok(message) => wanted.push(message),
                Err(error) => found.damage.push(format!("{key:?} is no message's key: {error}")),
            }
        }
        match load(store, &wanted).await {
            Ok(loaded) => examine_all(&loaded, sources, &mut found),
            Err(error) if is_damage(&error) => one_by_one(store, sources, &wanted, &mut found).await?,
            Err(error) => return Err(error),
        }
    }
}

/// What `SQLite` finds in the file: broken pages, and indexes that do not say what their tables say.
async fn structure(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut sql = store.readers.acquire().await?;
    let mut lines: Vec<String> = match sqlx::query_scalar(STRUCTURE).fetch_all(&mut *sql).await {
        Ok(lines) => lines,
        Err(error) => {
            let error = StoreError::from(error);
            if !is_damage(&error) {
                return Err(error);
            }
            vec![error.to_string()]
        }
    };
    lines.retain(|line| line != "ok");
    let orphans = "SELECT count(*) FROM facts f WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.n = f.n)";
    match sqlx::query_scalar::<_, i64>(orphans).fetch_one(&mut *sql).await.map_err(StoreError::from) {
        Ok(0) => {}
        Ok(orphans) => lines.push(format!("{orphans} facts belong to no message")),
        Err(error) if is_damage(&error) => lines.push(format!("the facts cannot be read through: {error}")),
        Err(error) => return Err(error),
    }
    Ok(lines)
}

/// Compares what is counted with what is there.
async fn count(store: &Store, found: &mut Comparison) -> Result<(), StoreError> {
    match store.miscounted().await {
        Ok(miscounted) => {
            for (batch, what, stored, counted) in miscounted {
                let place = if batch == ALL { "all messages".to_owned() } else { id_of(batch).to_string() };
                found
                    .miscounted
                    .push(format!("{place}: {stored} of {what} are counted, and there are {counted}"));
            }
        }
        Err(error) if is_damage(&error) => found.damaged("what is there cannot be counted", &error),
        Err(error) => return Err(error),
    }
    Ok(())
}

fn is_damage(error: &StoreError) -> bool {
    error.against_every_write().is_none()
}

/// Messages, and the names that are stored of their SMS.
struct Loaded {
    held: Vec<Held>,
    names: HashMap<String, SmsRow>,
}

/// One snapshot, since a server may be writing meanwhile.
async fn load(store: &Store, wanted: &[MessageRef]) -> Result<Loaded, StoreError> {
    let mut sql = store.readers.acquire().await?;
    let mut snapshot = sql.begin().await?;
    let loaded = load_from(&mut snapshot, wanted).await;
    snapshot.rollback().await?;
    loaded
}

async fn load_from(sql: &mut SqliteConnection, wanted: &[MessageRef]) -> Result<Loaded, StoreError> {
    let held = messages::load(sql, &wanted.iter().collect::<Vec<_>>()).await?;
    let held: Vec<Held> = held.into_values().collect();
    let names = held.iter().flat_map(names_of).map(|row| row.reference).collect();
    Ok(Loaded { held, names: sms::rows(sql, names).await? })
}

/// What is to be stored of the names of a message's SMS.
fn names_of(held: &Held) -> Vec<SmsRow> {
    let mut rows: Vec<SmsRow> = Vec::new();
    let of = |fact| SmsRow::of(held.n.unwrap_or_default(), held.evidence.message(), fact);
    for row in held.evidence.facts().filter_map(of) {
        match rows.iter_mut().find(|other| other.reference == row.reference) {
            Some(other) => other.provider_id = row.provider_id.or(other.provider_id.take()),
            None => rows.push(row),
        }
    }
    rows
}

async fn one_by_one(
    store: &Store,
    sources: &Sources,
    wanted: &[MessageRef],
    found: &mut Comparison,
) -> Result<(), StoreError> {
    for message in wanted {
        match load(store, std::slice::from_ref(message)).await {
            Ok(loaded) => examine_all(&loaded, sources, found),
            Err(error) if is_damage(&error) => found.damaged(&format!("{message} cannot be read"), &error),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn examine_all(loaded: &Loaded, sources: &Sources, found: &mut Comparison) {
    for held in &loaded.held {
        examine(held, &loaded.names, sources, found);
    }
}

fn examine(held: &Held, names: &HashMap<String, SmsRow>, sources: &Sources, found: &mut Comparison) {
    found.messages += 1;
    found.facts += held.evidence.len() as u64;
    let is_as_folded = held.projection.as_ref().is_some_and(|stored| {
        stored.agrees_with_itself(held.version)
            && terms(held, sources).iter().any(|(source, policy)| {
                let folded = fold(&held.evidence, source, policy, stored);
                stored.says_the_same(&folded)
            })
    });
    let is_named = names_of(held).iter().all(|row| names.get(&row.reference) == Some(row));
    if !is_as_folded || !is_named {
        found.differing.push(held.evidence.message().to_string());
    }
}

/// As of when it was folded. Which host comes next depends on what the source had learnt by then.
fn fold(evidence: &Evidence, source: &Source, policy: &Policy, stored: &Projection) -> Projection {
    let as_of = Timestamp::from_millis(stored.folded_at);
    let (mut folded, _) = Projection::of(evidence, source, policy, as_of);
    folded.look_at = folded.look_at.map(|at| not_before(as_of, at));
    if let (Step::Send { wish, attempt, .. }, Step::Send { wish: stored_wish, attempt: stored_attempt, .. }) =
        (&folded.view.step, &stored.view.step)
        && (wish, attempt) == (stored_wish, stored_attempt)
    {
        folded.view.step = stored.view.step.clone();
    }
    folded
}

/// What the fold was given: what the source has learnt since may have been unknown then.
fn terms(held: &Held, sources: &Sources) -> Vec<(Source, Arc<Policy>)> {
    let Some(entry) = held.source.as_deref().and_then(|id| sources.find(id)) else {
        return vec![Sources::stand_in(held.evidence.message().provider(), held.source.as_deref())];
    };
    let now = entry.snapshot();
    let before = Source { learnt: Vec::new(), listening_since: None, ..now.clone() };
    vec![(now, Arc::clone(&entry.policy)), (before, Arc::clone(&entry.policy))]
}

/// Makes the indexes again from their tables, so that everything can be found; and begins the log anew, so that
/// nothing is left behind a damaged place of it.
///
/// # Errors
/// When the tables themselves are damaged, or nothing can be written.
pub async fn reindex(writer: &mut WriteConnection) -> Result<(), StoreError> {
    for statement in ["PRAGMA wal_checkpoint(TRUNCATE)", "REINDEX"] {
        writer.sql.execute(statement).await?;
    }
    Ok(())
}

/// What was folded again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many messages.
    pub messages: u64,
    /// Those that could not be: their facts are damaged.
    pub failed: Vec<MessageRef>,
}

/// Folds every message again, as of now, writes what differs, and counts everything again.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn rebuild(ledger: &Ledger, store: &Store) -> Result<Rebuilt, StoreError> {
    let (mut after, mut rebuilt) = (String::new(), Rebuilt::default());
    loop {
        let keys = store.keys_after(&after, AT_ONCE).await?;
        let Some(last) = keys.last() else {
            ledger.change(vec![Change::Recount]).await?;
            return Ok(rebuilt);
        };
        after.clone_from(last);
        let messages: Vec<_> = keys.iter().filter_map(|key| MessageRef::parse(key).ok()).collect();
        let count = messages.len();
        let failed = ledger.remake(messages).await?;
        rebuilt.messages += (count - failed.len()) as u64;
        rebuilt.failed.extend(failed);
    }
}
