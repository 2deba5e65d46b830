//! The one way in for every change: facts are recorded, the core says what they mean, both are written together,
//! and whoever watches hears of it. Nobody is answered before the commit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use rcs_revoke_api::Taken;
use rcs_revoke_core::fallback::OrderRefused;
use rcs_revoke_core::webhook::{Consent, IncomingSms};
use rcs_revoke_core::{Fact, MessageRef, SourceId, Timestamp};
use tokio::sync::{mpsc, oneshot, watch};

pub mod change;
pub(crate) mod each;
mod export;
mod group;
mod inbox;
pub mod looker;
pub mod pruner;
pub mod rebuild;
mod recent;
mod reply;
pub mod source;
pub mod tidier;
mod writer;

pub use change::{
    BatchRefused, Begun, BegunItem, BegunSms, Change, Heard, Reply, Rows, WebhookEvent, Wish, Withdrawal,
};

use crate::batches::{Batches, Item};
use crate::clock::SharedClock;
use crate::sources::Sources;
use crate::store::tallies::{ALL, Counts, Tallies};
use crate::store::unclaimed::Unclaimed;
use crate::store::{StoreError, WriteConnection};

/// How many groups of changes may wait before callers wait too.
const QUEUE: usize = 4_096;

/// Changes that belong together, and who waits for them.
struct Job {
    changes: Vec<Change>,
    done: oneshot::Sender<Result<Vec<Reply>, StoreError>>,
}

/// The way in for every change.
#[derive(Clone)]
pub struct Ledger {
    /// What a provider waits for, and what an operator decides about a whole batch.
    urgent: mpsc::Sender<Job>,
    jobs: mpsc::Sender<Job>,
    pulse: Arc<Pulse>,
    batches: Arc<Batches>,
}

/// What others watch.
pub(crate) struct Pulse {
    /// The number of the latest change.
    pub seq: watch::Sender<i64>,
    /// Counts commits after which something is due.
    pub due: watch::Sender<u64>,
    /// Counts commits after which something is to be looked at later.
    pub look: watch::Sender<u64>,
    /// Counts webhooks that were kept because nobody claims them.
    pub kept: watch::Sender<u64>,
    /// How many there are of what.
    pub tallies: Mutex<Tallies>,
    /// Whether the writer has closed the database.
    pub closed: watch::Sender<bool>,
}

impl Pulse {
    fn tallies(&self) -> MutexGuard<'_, Tallies> {
        self.tallies.lock().expect("nobody panics while holding this lock")
    }
}

impl Ledger {
    /// Starts the writer on its connection.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn start(
        mut sql: WriteConnection,
        sources: Arc<Sources>,
        clock: SharedClock,
    ) -> Result<Self, StoreError> {
        let (n, seq) = crate::store::messages::last_numbers(&mut sql.sql).await?;
        let no_more = crate::store::consents::any_no(&mut sql.sql).await?;
        let tallies = Tallies::load(&mut sql.sql).await?;
        let last_batch = crate::store::batches::last_number(&mut sql.sql).await?;
        let batches = Arc::new(Batches::new(crate::store::batches::open(&mut sql.sql).await?));
        let pulse = Arc::new(Pulse {
            seq: watch::Sender::new(seq),
            due: watch::Sender::new(0),
            look: watch::Sender::new(0),
            kept: watch::Sender::new(0),
            tallies: Mutex::new(tallies),
            closed: watch::Sender::new(false),
        });
        let (urgent, urgent_inbox) = mpsc::channel(QUEUE);
        let (jobs, inbox) = mpsc::channel(QUEUE);
        let tried = Instant::now();
        let writer = writer::Writer {
            sql,
            sources,
            clock,
            pulse: Arc::clone(&pulse),
            batches: Arc::clone(&batches),
            n,
            seq,
            last_batch,
            no_more,
            tried,
            recent: recent::Recent::default(),
        };
        tokio::spawn(writer.run(inbox::Inbox::new(urgent_inbox, inbox)));
        Ok(Self { urgent, jobs, pulse, batches })
    }

    /// Makes changes, all in one commit, and answers each in order.
    ///
    /// # Errors
    /// When nothing of it could be written.
    pub async fn change(&self, changes: Vec<Change>) -> Result<Vec<Reply>, StoreError> {
        let (done, answer) = oneshot::channel();
        let is_urgent = !changes.is_empty() && changes.iter().all(Change::is_urgent);
        let queue = if is_urgent { &self.urgent } else { &self.jobs };
        queue.send(Job { changes, done }).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    async fn change_one(&self, change: Change) -> Result<Reply, StoreError> {
        Ok(self.change(vec![change]).await?.pop().unwrap_or(Reply::Done))
    }

    /// Records the answer to a request.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn answered(&self, message: &MessageRef, answer: Fact) -> Result<(), StoreError> {
        let facts = vec![answer];
        self.change_one(Change::Record { message: message.clone(), source: None, facts }).await?;
        Ok(())
    }

    /// Begins the attempt that is due for a message, if one still is; durable when this returns.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn begin(&self, message: &MessageRef) -> Result<Option<Begun>, StoreError> {
        match self.change_one(Change::Begin { message: message.clone() }).await? {
            Reply::Begun(begun) => Ok(begun.map(|begun| *begun)),
            _ => Ok(None),
        }
    }

    /// Wishes that messages of batches be revoked, and begins their attempts, all in one commit; if one of them is
    /// damaged, each in its own. Durable when this returns.
    ///
    /// # Errors
    /// When none could be written.
    pub async fn begin_items(
        &self,
        items: Vec<Item>,
    ) -> Result<Vec<Result<BegunItem, StoreError>>, StoreError> {
        let begin = |item: &Item| Change::BeginItem(Box::new(item.clone()));
        let read = |reply| match reply {
            Reply::BegunItem(item) => Ok(item),
            _ => Err(StoreError::Closed),
        };
        match self.change(items.iter().map(begin).collect()).await {
            Ok(replies) => return Ok(replies.into_iter().map(read).collect()),
            Err(error) if items.len() == 1 || error.against_every_write().is_some() => return Err(error),
            Err(_) => {}
        }
        let mut each = Vec::with_capacity(items.len());
        for item in &items {
            each.push(self.change_one(begin(item)).await.and_then(read));
        }
        Ok(each)
    }

    /// Begins the SMS that is due for a message, if one still is and one of these sources sends it; durable when this
    /// returns.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn begin_sms(
        &self,
        message: &MessageRef,
        via: Arc<[String]>,
    ) -> Result<Option<BegunSms>, StoreError> {
        match self.change_one(Change::BeginSms { message: message.clone(), via }).await? {
            Reply::BegunSms(begun) => Ok(begun.map(|begun| *begun)),
            _ => Ok(None),
        }
    }

    /// Takes an operator's order that an SMS be sent; durable when this returns.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn order(
        &self,
        message: MessageRef,
        fallback: u32,
        by: &str,
        text: Option<String>,
    ) -> Result<Result<(), OrderRefused>, StoreError> {
        match self.change_one(Change::Order { message, fallback, by: by.to_owned(), text }).await? {
            Reply::Ordered(ordered) => Ok(ordered),
            _ => Err(StoreError::Closed),
        }
    }

    /// Makes one wish.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn wish(&self, wish: Wish) -> Result<Taken, StoreError> {
        match self.change_one(Change::Wish(Box::new(wish))).await? {
            Reply::Taken(taken) => Ok(taken),
            _ => Err(StoreError::Closed),
        }
    }

    /// Records a verified event with its message, once its source is found; keeps it if none claims it.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn hear(&self, event: WebhookEvent) -> Result<Heard, StoreError> {
        match self.change_one(Change::Event(Box::new(event))).await? {
            Reply::Heard(heard) => Ok(heard),
            _ => Err(StoreError::Closed),
        }
    }

    /// Records a verified status with the message instead of which its SMS was sent; keeps it if that is none of ours.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn hear_of_sms(&self, status: WebhookEvent<IncomingSms>) -> Result<(), StoreError> {
        self.change_one(Change::Sms(Box::new(status))).await?;
        Ok(())
    }

    /// Records what a person said about an agent's advertising; keeps it if the agent is none of ours.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn hear_of_consent(&self, consent: WebhookEvent<Consent>) -> Result<(), StoreError> {
        self.change_one(Change::Consent(Box::new(consent))).await?;
        Ok(())
    }

    /// Keeps a verified webhook of which nothing follows.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn keep(&self, unclaimed: Unclaimed, heard_by: Option<SourceId>) -> Result<(), StoreError> {
        self.change_one(Change::Keep { unclaimed: Box::new(unclaimed), heard_by }).await?;
        Ok(())
    }

    /// Keeps a command that was given with a key, or the report on one.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn remember(&self, key: &str, digest: &str, report: Option<String>) -> Result<(), StoreError> {
        let change = Change::Remember { key: key.to_owned(), digest: digest.to_owned(), report };
        self.change_one(change).await?;
        Ok(())
    }

    /// Forgets kept webhooks, by their digests, and commands with a key given before an instant.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn forget(&self, kept: Vec<String>, given_before: Option<i64>) -> Result<(), StoreError> {
        self.change_one(Change::Forget { kept, given_before }).await?;
        Ok(())
    }

    /// Whether the database takes a write now.
    ///
    /// # Errors
    /// When it does not.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.change_one(Change::Probe).await?;
        Ok(())
    }

    /// The number of the latest change, and how to wait for the next.
    pub fn changes(&self) -> watch::Receiver<i64> {
        self.pulse.seq.subscribe()
    }

    /// How to wait for something to be due.
    pub fn due(&self) -> watch::Receiver<u64> {
        self.pulse.due.subscribe()
    }

    /// How to wait for something to be looked at later.
    pub(crate) fn looks(&self) -> watch::Receiver<u64> {
        self.pulse.look.subscribe()
    }

    /// How many webhooks were kept since the start because nobody claims them.
    pub(crate) fn kept(&self) -> watch::Receiver<u64> {
        self.pulse.kept.subscribe()
    }

    /// Ends the writer, if nobody else needs it, and waits until it has closed the database. With no reader left,
    /// everything is in the one file then, and no log beside it.
    pub async fn close(self) {
        let mut closed = self.pulse.closed.subscribe();
        drop(self);
        // An error means that the writer is gone without having closed: there is nothing to wait for.
        let _ = closed.wait_for(|closed| *closed).await;
    }

    /// Waits until the writer has ended, which it never does by itself while anybody needs it.
    pub async fn ended(&self) {
        self.jobs.closed().await;
    }

    /// How many messages there are of each outcome.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.counts_of(ALL).outcomes()
    }

    /// How many there are of what in a batch.
    pub fn counts_of(&self, batch: i64) -> Counts {
        self.pulse.tallies().of(batch)
    }

    /// The batches for which something is still to be done.
    pub const fn batches(&self) -> &Arc<Batches> {
        &self.batches
    }
}

/// The earliest instant of a group in which anything is to be looked at again.
pub(crate) fn not_before(now: Timestamp, look_at: i64) -> i64 {
    // An instant that is not in the future would be looked at without end.
    look_at.max(now.as_millis() + 1)
}

#[cfg(test)]
mod tests;
