//! The writer: takes what arrives within a few milliseconds, writes it in one commit, then answers everybody.

use std::collections::{BTreeSet, HashSet};
use std::panic::AssertUnwindSafe;
use std::slice;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use rcs_revoke_core::{MessageRef, Timestamp};
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::batches::Batches;
use crate::clock::SharedClock;
use crate::ledger::group::{Folded, Gathering};
use crate::ledger::inbox::Inbox;
use crate::ledger::recent::Recent;
use crate::ledger::{Change, Job, Pulse, Reply};
use crate::sources::Sources;
use crate::store::tallies::{ALL, Tallies};
use crate::store::{StoreError, WriteConnection};

/// How long the first change of a group waits for others.
const GATHER: Duration = Duration::from_millis(2);
/// How often a database that takes no writes is tried again, asked or not.
const AGAIN: Duration = Duration::from_secs(1);

pub(super) struct Writer {
    pub sql: WriteConnection,
    pub sources: Arc<Sources>,
    pub clock: SharedClock,
    pub pulse: Arc<Pulse>,
    pub batches: Arc<Batches>,
    pub n: i64,
    pub seq: i64,
    pub last_batch: i64,
    /// Whether anybody ever wanted no more advertising.
    pub no_more: bool,
    /// When a database that takes no writes was tried last.
    pub tried: Instant,
    /// What the last commits wrote.
    pub recent: Recent,
}

/// Where one job's answer goes.
type Done = oneshot::Sender<Result<Vec<Reply>, StoreError>>;
/// What a group will answer and write.
type Made = (Vec<Vec<Reply>>, Folded);

/// The jobs of one group, and who waits for each.
struct Asked {
    changes: Arc<Vec<Vec<Change>>>,
    waiting: Vec<Done>,
}

impl From<Vec<Job>> for Asked {
    fn from(jobs: Vec<Job>) -> Self {
        let (changes, waiting): (Vec<_>, _) = jobs.into_iter().map(|job| (job.changes, job.done)).unzip();
        Self { changes: Arc::new(changes), waiting }
    }
}

/// The group that follows the one being written, and where it is prepared meanwhile, if it is.
struct Ahead {
    asked: Asked,
    made: Option<JoinHandle<Result<Made, StoreError>>>,
}

/// The messages of a group, if it looks at and changes nothing else.
fn only_about(changes: &[Vec<Change>]) -> Option<HashSet<MessageRef>> {
    changes.iter().flatten().map(Change::only_about).collect()
}

/// What a group is made with, besides what is stored.
struct Known {
    sources: Arc<Sources>,
    batches: Arc<Batches>,
    recent: Recent,
    now: Timestamp,
    no_more: bool,
}

impl Known {
    /// Reads what changes are about.
    async fn load(
        &self,
        sql: &mut SqliteConnection,
        jobs: &[Vec<Change>],
        last: (i64, i64, i64),
    ) -> Result<Gathering, StoreError> {
        let known = (&self.sources, &self.batches);
        Gathering::load((sql, &self.recent), known, jobs, self.now, last, self.no_more).await
    }
}

impl Writer {
    pub(super) async fn run(mut self, mut inbox: Inbox) {
        loop {
            self.try_again().await;
            let first = if self.sql.watch.takes_writes() {
                inbox.first().await
            } else {
                match tokio::time::timeout(AGAIN, inbox.first()).await {
                    Ok(first) => first,
                    Err(_) => continue,
                }
            };
            let Some(first) = first else { break };
            tokio::time::sleep(GATHER).await;
            self.write(inbox.gather(first), &mut inbox).await;
        }
        self.sql.close().await;
        self.pulse.closed.send_replace(true);
    }

    /// A database that takes no writes is not believed to take them again over one small write, which may fit
    /// where the last left its room.
    async fn try_again(&mut self) {
        if self.sql.watch.takes_writes() || self.tried.elapsed() < AGAIN {
            return;
        }
        let tried = self.sql.try_again().await;
        self.tried = Instant::now();
        match tried {
            Ok(()) => self.sql.watch.recovered(),
            Err(error) => self.tell(&error, 0),
        }
    }

    fn tell(&self, error: &StoreError, changes: usize) {
        match error.trouble() {
            Some(trouble) if trouble.is_of_every_write() => {
                self.sql.watch.refused(trouble, error, changes as u64);
            }
            Some(_) => self.sql.watch.damaged(error),
            None => tracing::error!(%error, "nothing of a change was written"),
        }
    }

    /// Writes a group, and what comes meanwhile.
    async fn write(&mut self, jobs: Vec<Job>, inbox: &mut Inbox) {
        let mut asked = Asked::from(jobs);
        let mut made = self.prepare(&asked.changes).await;
        loop {
            let mut next = None;
            let done = match made {
                Ok((replies, folded)) => {
                    next = self.look_ahead(&asked, &folded, inbox);
                    self.commit(folded).await.map(|()| replies)
                }
                Err(error) => Err(error),
            };
            let is_done = done.is_ok();
            self.answer(asked, done).await;
            let Some(ahead) = next else { return };
            asked = ahead.asked;
            made = match ahead.made {
                Some(made) if is_done => made.await.unwrap_or(Err(StoreError::Defect)),
                _ => Err(StoreError::Defect),
            };
            // What was not made ahead, or was made in vain, is made now.
            if made.is_err() {
                made = self.prepare(&asked.changes).await;
            }
        }
    }

    /// Takes what has come while a group was prepared, and prepares that too while the group is written, if neither
    /// changes what the other looks at: then it is all the same whether it reads what was before that or after it. Its
    /// numbers follow those of the group, so it is worth nothing if that fails.
    fn look_ahead(&self, asked: &Asked, folded: &Folded, inbox: &mut Inbox) -> Option<Ahead> {
        if self.no_more || !folded.learnt.is_empty() || !self.sql.watch.takes_writes() {
            return None;
        }
        let messages = only_about(&asked.changes)?;
        let next = Asked::from(inbox.take_many()?);
        let is_apart = only_about(&next.changes).is_some_and(|others| others.is_disjoint(&messages));
        let made = is_apart.then(|| {
            let (changes, known) = (Arc::clone(&next.changes), self.known());
            let (reader, last) = (self.sql.ahead.clone(), (folded.n, folded.seq, folded.last_batch));
            tokio::spawn(async move {
                let mut reader = reader.acquire().await?;
                let mut gathering = known.load(&mut reader, &changes, last).await?;
                drop(reader);
                let made = tokio::task::spawn_blocking(move || {
                    let replies = gathering.apply_all(&changes);
                    Ok((replies, gathering.fold()?))
                });
                made.await.unwrap_or(Err(StoreError::Defect))
            })
        });
        Some(Ahead { asked: next, made })
    }

    /// Answers everybody of a group; where it failed, each is tried alone.
    async fn answer(&mut self, asked: Asked, done: Result<Vec<Vec<Reply>>, StoreError>) {
        let Asked { changes, waiting } = asked;
        // Whoever stopped waiting has lost nothing: the change is durable.
        match done {
            Ok(replies) => {
                for (done, replies) in waiting.into_iter().zip(replies) {
                    let _ = done.send(Ok(replies));
                }
            }
            Err(error) if changes.len() == 1 || error.against_every_write().is_some() => {
                self.tell(&error, changes.iter().map(Vec::len).sum());
                self.tried = Instant::now();
                for done in waiting {
                    let _ = done.send(Err(error.shared()));
                }
            }
            Err(error) => {
                tracing::debug!(%error, "a group of changes could not be made, so each is made alone");
                for (changes, done) in changes.iter().zip(waiting) {
                    let _ = done.send(self.alone(changes).await);
                }
            }
        }
    }

    /// One job by itself, so that what is wrong with another does not fail it.
    async fn alone(&mut self, changes: &Vec<Change>) -> Result<Vec<Reply>, StoreError> {
        let made = match self.prepare(slice::from_ref(changes)).await {
            Ok((replies, folded)) => self.commit(folded).await.map(|()| replies),
            Err(error) => Err(error),
        };
        if let Err(error) = &made {
            self.tell(error, changes.len());
        }
        Ok(made?.pop().unwrap_or_default())
    }

    /// Makes changes in memory and folds what they touch.
    async fn prepare(&mut self, jobs: &[Vec<Change>]) -> Result<Made, StoreError> {
        let last = (self.n, self.seq, self.last_batch);
        let prepare = async {
            let mut gathering = self.known().load(&mut self.sql.sql, jobs, last).await?;
            let replies = gathering.apply_all(jobs);
            gathering.hear_recipients(&mut self.sql.sql).await?;
            Ok((replies, gathering.fold()?))
        };
        // Sound, for what a panic leaves half done is dropped with it, and nothing else was changed: the
        // connection was only read.
        AssertUnwindSafe(prepare).catch_unwind().await.unwrap_or(Err(StoreError::Defect))
    }

    fn known(&self) -> Known {
        Known {
            sources: Arc::clone(&self.sources),
            batches: Arc::clone(&self.batches),
            recent: self.recent.clone(),
            now: self.clock.now(),
            no_more: self.no_more,
        }
    }

    /// Writes a group, and tells whoever watches.
    async fn commit(&mut self, mut folded: Folded) -> Result<(), StoreError> {
        self.sql.commit(&folded.group).await?;
        self.recent.keep(folded.stored());
        (self.n, self.seq, self.last_batch) = (folded.n, folded.seq, folded.last_batch);
        self.no_more |= folded.group.consents.iter().any(|said| !said.subscribed);
        if folded.group.recount {
            let counted = Tallies::load(&mut self.sql.sql).await?;
            *self.pulse.tallies() = counted;
            self.recent.clear();
        }
        self.publish(folded);
        Ok(())
    }

    fn publish(&self, folded: Folded) {
        for (source, learnt) in folded.learnt {
            if let Some(entry) = self.sources.find(&source) {
                entry.teach(learnt);
            }
        }
        // What was counted again holds them already.
        for tally in folded.group.tallies.iter().filter(|_| !folded.group.recount) {
            self.pulse.tallies().add(tally);
        }
        let counted: BTreeSet<i64> = folded.group.tallies.iter().map(|tally| tally.batch).collect();
        self.batches.publish(folded.group.batches, counted.into_iter().filter(|batch| *batch != ALL));
        self.pulse.seq.send_if_modified(|seq| std::mem::replace(seq, self.seq) != self.seq);
        if folded.due {
            self.pulse.due.send_modify(|count| *count += 1);
        }
        if folded.look {
            self.pulse.look.send_modify(|count| *count += 1);
        }
        if folded.kept > 0 {
            self.pulse.kept.send_modify(|count| *count += folded.kept);
        }
    }
}
