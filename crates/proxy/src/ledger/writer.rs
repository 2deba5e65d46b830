//! The writer: takes what arrives within a few milliseconds, writes it in one commit, then answers everybody.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc;

use crate::clock::SharedClock;
use crate::ledger::group::{Batch, Folded};
use crate::ledger::{Change, Job, Pulse, Reply};
use crate::sources::Sources;
use crate::store::{StoreError, WriteConnection};

/// How long the first change of a group waits for others.
const GATHER: Duration = Duration::from_millis(2);
/// How many changes one group takes at most, but for a single larger job.
const LARGEST: usize = 4_096;

pub(super) struct Writer {
    pub sql: WriteConnection,
    pub sources: Arc<Sources>,
    pub clock: SharedClock,
    pub pulse: Arc<Pulse>,
    pub n: i64,
    pub seq: i64,
}

impl Writer {
    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Job>) {
        while let Some(first) = inbox.recv().await {
            let mut count = first.changes.len();
            let mut jobs = vec![first];
            tokio::time::sleep(GATHER).await;
            while count < LARGEST
                && let Ok(job) = inbox.try_recv()
            {
                count += job.changes.len();
                jobs.push(job);
            }
            self.write(jobs).await;
        }
    }

    async fn write(&mut self, jobs: Vec<Job>) {
        let (changes, waiting): (Vec<Vec<Change>>, Vec<_>) =
            jobs.into_iter().map(|job| (job.changes, job.done)).unzip();
        // Whoever stopped waiting has lost nothing: the change is durable.
        match self.group(&changes).await {
            Ok(replies) => {
                for (done, replies) in waiting.into_iter().zip(replies) {
                    let _ = done.send(Ok(replies));
                }
            }
            Err(error) if changes.len() == 1 || matches!(error, StoreError::Sqlite(_)) => {
                tracing::error!(%error, "nothing of a group of changes was written");
                for done in waiting {
                    let _ = done.send(Err(StoreError::Batch(error.to_string())));
                }
            }
            Err(error) => {
                tracing::error!(%error, "a group of changes could not be made, so each is made alone");
                for (changes, done) in changes.into_iter().zip(waiting) {
                    let _ = done.send(self.alone(changes).await);
                }
            }
        }
    }

    /// One job by itself, so that what is wrong with another does not fail it.
    async fn alone(&mut self, changes: Vec<Change>) -> Result<Vec<Reply>, StoreError> {
        let made = self.group(&[changes]).await;
        if let Err(error) = &made {
            tracing::error!(%error, "nothing of a change was written");
        }
        Ok(made?.pop().unwrap_or_default())
    }

    async fn group(&mut self, jobs: &[Vec<Change>]) -> Result<Vec<Vec<Reply>>, StoreError> {
        // Sound, for what a panic leaves half done is dropped with the batch, and nothing else was changed: the
        // connection was only read.
        let prepared = AssertUnwindSafe(self.prepare(jobs)).catch_unwind().await;
        let (replies, folded) = prepared.unwrap_or(Err(StoreError::Defect))?;
        folded.group.commit(&mut self.sql.sql).await?;
        (self.n, self.seq) = (folded.n, folded.seq);
        self.publish(folded);
        Ok(replies)
    }

    /// Makes changes in memory and folds what they touch.
    async fn prepare(&mut self, jobs: &[Vec<Change>]) -> Result<(Vec<Vec<Reply>>, Folded), StoreError> {
        let now = self.clock.now();
        let mut batch = Batch::load(&mut self.sql.sql, &self.sources, jobs, now, self.n, self.seq).await?;
        let replies =
            jobs.iter().map(|changes| changes.iter().map(|change| batch.apply(change)).collect()).collect();
        Ok((replies, batch.fold()?))
    }

    fn publish(&self, folded: Folded) {
        for (source, learnt) in folded.learnt {
            if let Some(entry) = self.sources.find(&source) {
                entry.teach(learnt);
            }
        }
        {
            let mut counts = self.pulse.counts.lock().expect("nobody panics while holding this lock");
            for (before, after) in folded.moves {
                if let Some(count) = before.and_then(|code| counts.get_mut(&code)) {
                    *count = count.saturating_sub(1);
                }
                *counts.entry(after).or_default() += 1;
            }
            counts.retain(|_, count| *count > 0);
        }
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
