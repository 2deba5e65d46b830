//! The worker: takes up what is due, asks the core what to do, does it, records what happened. One lane for each
//! account, so that a slow or throttled one holds up no other.
//!
//! A claim is a lease in memory: one process owns the database, and a new one takes up what the last left.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcs_revoke_core::order::{self, Due};
use rcs_revoke_core::{Host, Timestamp};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

mod attempt;
pub mod gate;
mod items;
mod sms;

use crate::batches::Item;
use crate::clock::SharedClock;
use crate::credentials::Credentials;
use crate::ledger::Ledger;
use crate::ledger::each::TOGETHER;
use crate::sources::Sources;
use crate::store::work::DueMessage;
use crate::store::{Store, StoreError};
use crate::transport::Transport;
use gate::{Gate, Place};

/// How many requests of one account wait for their answers at most: 800 a second of which each takes 0.6 s. Each takes
/// a connection. While all are taken, nothing is begun.
const MOST_IN_FLIGHT: usize = 512;
/// How much work is ordered at a time at most.
const MOST_IN_A_ROUND: usize = 4_096;
/// How often a lane looks even if nobody called it.
const IDLE: Duration = Duration::from_secs(1);
/// How much work is ordered at a time: looking for what is due costs as much as there is of it.
const ROUND: Duration = Duration::from_secs(1);

/// Everything that the worker works with.
pub struct Worker {
    /// The way in for facts.
    pub ledger: Ledger,
    /// Where due work is read.
    pub store: Store,
    /// The senders.
    pub sources: Arc<Sources>,
    /// What signs requests.
    pub credentials: Credentials,
    /// What sends them.
    pub transport: Arc<dyn Transport>,
    /// Where hosts listen that the configuration maps elsewhere.
    pub bases: BTreeMap<Host, String>,
    /// The time.
    pub clock: SharedClock,
    /// Ends it: nothing new is begun.
    pub stop: CancellationToken,
    /// Every request under way.
    pub tasks: TaskTracker,
    /// How many lanes live.
    pub alive: Arc<AtomicUsize>,
}

/// The work of one account.
struct Lane {
    account: String,
    sources: Arc<[String]>,
    rate: u32,
    /// Whether an SMS goes first in the next round: where the rate is one request a second, it would always.
    sms_first: AtomicBool,
    gate: Arc<Gate>,
    in_flight: Arc<Semaphore>,
    leased: Arc<Mutex<HashSet<String>>>,
}

impl Worker {
    /// Starts one lane for each account and says how many there are.
    pub fn start(self: &Arc<Self>) -> usize {
        let mut accounts: BTreeMap<&str, Vec<&crate::sources::SourceEntry>> = BTreeMap::new();
        for entry in self.sources.iter() {
            accounts.entry(&entry.account).or_default().push(entry);
        }
        let lanes: Vec<Lane> = accounts
            .into_iter()
            .map(|(account, entries)| {
                let rate = entries.iter().map(|entry| entry.policy.rate_per_second).min().unwrap_or(1);
                let timeout =
                    entries.iter().map(|entry| entry.policy.request_timeout.as_millis()).max().unwrap_or(0);
                let most = usize::try_from(i64::from(rate) * timeout / 1_000).unwrap_or(MOST_IN_FLIGHT);
                Lane {
                    account: account.to_owned(),
                    sources: entries.iter().map(|entry| entry.id().to_string()).collect(),
                    rate,
                    sms_first: AtomicBool::new(true),
                    gate: Gate::new(rate, &self.clock),
                    in_flight: Arc::new(Semaphore::new(most.clamp(1, MOST_IN_FLIGHT))),
                    leased: Arc::default(),
                }
            })
            .collect();
        let count = lanes.len();
        for lane in lanes {
            let worker = Arc::clone(self);
            let alive = Alive::new(&self.alive);
            self.tasks.spawn(async move {
                worker.run(lane).await;
                drop(alive);
            });
        }
        count
    }

    async fn run(self: Arc<Self>, lane: Lane) {
        let mut due = self.ledger.due();
        loop {
            due.mark_unchanged();
            // Nothing is sent that cannot be written down first.
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = self.store.watch().writable() => {}
            }
            let begun = match self.round(&lane).await {
                Ok(begun) => begun,
                Err(error) => {
                    if error.trouble().is_none() {
                        tracing::warn!(%error, account = lane.account, "could not read what is due");
                    }
                    0
                }
            };
            if self.stop.is_cancelled() {
                return;
            }
            if begun > 0 {
                continue;
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                changed = due.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Begins about one real second's worth of work, in the core's order, and says how much.
    async fn round(self: &Arc<Self>, lane: &Lane) -> Result<usize, StoreError> {
        let share = self.clock.times_in(ROUND, lane.rate).clamp(1, MOST_IN_A_ROUND);
        // What is being begun is read once more.
        let leased = lane.leased.lock().expect("nobody panics while holding this lock").len();
        let limit = i64::try_from(share + leased).unwrap_or(i64::MAX);
        let held = self.ledger.batches().held();
        let due = self.store.due(&lane.sources, &held, limit).await?;
        let mut work: Vec<Work> = due.into_iter().map(Work::Due).collect();
        work.extend(self.items_of(lane, limit).await?);
        {
            let leased = lane.leased.lock().expect("nobody panics while holding this lock");
            work.retain(|work| !leased.contains(work.key()));
        }
        order::sort(&mut work, lane.rate, self.clock.now(), Work::order);
        let sms = self.sms_of(lane, &held, limit).await?;
        let mut begun = 0;
        let sms_first = lane.sms_first.fetch_xor(true, Ordering::Relaxed);
        let mut together = Vec::new();
        for task in taken_turns(work, sms, share, sms_first) {
            let place = if let Some(place) = lane.place_now() {
                place
            } else {
                // What has its place waits for nobody.
                self.begin_together(std::mem::take(&mut together));
                tokio::select! {
                    () = self.stop.cancelled() => return Ok(begun),
                    place = lane.place() => place,
                }
            };
            let lease = Lease::new(&lane.leased, task.lease());
            let going = Going { place, connections: Arc::clone(&lane.in_flight) };
            begun += 1;
            match task {
                Task::Revoke(Work::Item(item)) => {
                    together.push((*item, going, lease));
                    if together.len() >= TOGETHER {
                        self.begin_together(std::mem::take(&mut together));
                    }
                }
                Task::Revoke(Work::Due(due)) => {
                    let worker = Arc::clone(self);
                    self.tasks.spawn(async move {
                        worker.attempt(&due.key, going).await;
                        drop(lease);
                    });
                }
                Task::Sms(key) => {
                    let (worker, via) = (Arc::clone(self), Arc::clone(&lane.sources));
                    self.tasks.spawn(async move {
                        worker.send_sms(&key, via, going).await;
                        drop(lease);
                    });
                }
            }
        }
        self.begin_together(together);
        Ok(begun)
    }
}

impl Lane {
    /// Waits until one more may be begun.
    async fn place(&self) -> Place {
        // Whoever has begun was here first. It is never closed.
        drop(self.in_flight.acquire().await);
        self.gate.place().await
    }

    /// The same, if nothing is to be waited for.
    fn place_now(&self) -> Option<Place> {
        if self.in_flight.available_permits() == 0 { None } else { self.gate.place_now() }
    }
}

/// A message that is to be asked for.
#[derive(Clone, Debug)]
enum Work {
    /// It has a wish that is due.
    Due(DueMessage),
    /// It is wished for when it is begun.
    Item(Box<Item>),
}

impl Work {
    fn key(&self) -> &str {
        match self {
            Self::Due(due) => &due.key,
            Self::Item(item) => &item.row.key,
        }
    }

    /// What the order of work looks at.
    fn order(&self) -> Due {
        let (sent_at, window_closes) = match self {
            Self::Due(due) => (due.sent_at, due.window_closes),
            Self::Item(item) => (item.row.known_sent_at(), item.row.window_closes),
        };
        Due {
            sent_at: sent_at.map(Timestamp::from_millis),
            window_closes: window_closes.map(Timestamp::from_millis),
        }
    }
}

/// What a request needs to go.
struct Going {
    place: Place,
    /// One is taken until the answer: who only waits until something is written down takes none.
    connections: Arc<Semaphore>,
}

/// What is done for a message.
#[derive(Clone, Debug)]
enum Task {
    Revoke(Work),
    Sms(String),
}

impl Task {
    /// Both may be under way for one message at the same time.
    fn lease(&self) -> String {
        match self {
            Self::Revoke(work) => work.key().to_owned(),
            Self::Sms(key) => sms::lease(key),
        }
    }
}

/// So much of both kinds of work, by turns while there is of both: somebody waits for an SMS, and a message that is
/// not revoked in time needs one.
fn taken_turns(revoke: Vec<Work>, sms: Vec<String>, share: usize, sms_first: bool) -> Vec<Task> {
    let mut revoke = revoke.into_iter().map(Task::Revoke);
    let mut sms = sms.into_iter().map(Task::Sms);
    let mut taken = Vec::with_capacity(share);
    while taken.len() < share {
        let mut pair = [sms.next(), revoke.next()];
        if !sms_first {
            pair.reverse();
        }
        if pair.iter().all(Option::is_none) {
            break;
        }
        taken.extend(pair.into_iter().flatten());
    }
    taken.truncate(share);
    taken
}

#[cfg(test)]
mod tests;

/// One message that is being worked on; given back however the work ends.
struct Lease {
    leased: Arc<Mutex<HashSet<String>>>,
    key: String,
}

impl Lease {
    fn new(leased: &Arc<Mutex<HashSet<String>>>, key: String) -> Self {
        leased.lock().expect("nobody panics while holding this lock").insert(key.clone());
        Self { leased: Arc::clone(leased), key }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.leased.lock().expect("nobody panics while holding this lock").remove(&self.key);
    }
}

/// Counts a living lane.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
