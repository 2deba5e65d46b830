//! The rate limit of one account: never more than so many requests in any one second, measured at our socket.
//!
//! A request goes through it in two steps. It gets a *place* before its attempt is written down, and not earlier than
//! a fifth of a second before its turn will come, so that nobody who has begun waits for long. Once the attempt is
//! durable it *passes*: one after the other, at the pace of the limit, and never while as many as the limit allows
//! are counted. So a commit that takes long delays a request, and costs none of the limit.
//!
//! Why no window of a second holds more than the limit: a request counts from when it passes until [`WINDOW`] after
//! its bytes were written to the socket, which the connection tells (`transport::departure`); without that word, until
//! as long after its answer. Suppose that more than the limit were written within one window, and look at the one of
//! them that passed last. All others had passed before it, and each was then either not written yet, or written less
//! than a window ago: all of them counted, and it could not have passed. The provider sees the same with a delay, and
//! may see a window as much fuller as delays differ. What the window is longer than a second is for that; and a request
//! whose answer takes longer than usual may have arrived late, so it counts as much longer.
//!
//! A new gate stays shut for one window, because a former process may just have used its own.
//!
//! On a scaled clock a second is as short as delays differ. There, only the answer proves that a request has arrived,
//! and a place already counts.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rcs_revoke_core::Span;
use tokio::sync::Notify;

use crate::clock::SharedClock;
use crate::transport::departure::{Departure, Watched};

mod pace;
mod usual;

use pace::Pace;
use usual::Usual;

/// One second, and a little for what lies between our socket and the other.
const WINDOW: Span = Span::millis(1_015);
/// How long a request without an answer counts at least on a scaled clock, in real time: it takes its time to reach
/// the socket there too.
const UNANSWERED: Duration = Duration::from_secs(1);
/// Part of a window by which a late answer lets a request count longer at most.
const LATE: u32 = 4;
/// Part of a window before its turn at which a request gets its place.
const AHEAD: u32 = 5;

/// The rate limit of one account.
#[derive(Debug)]
pub struct Gate {
    most: usize,
    window: Duration,
    /// Whether only an answer proves that a request has arrived.
    by_answer: bool,
    state: Mutex<State>,
    /// Held by whoever passes next.
    turn: tokio::sync::Mutex<()>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    /// Places that are taken.
    places: usize,
    /// Requests that have passed, and may not have left.
    passed: usize,
    /// Requests that have left, by when they stop counting.
    left: BTreeSet<(Instant, u64)>,
    number: u64,
    /// How long answers take.
    usual: Usual,
    /// Whether somebody waits for another than time.
    awaited: bool,
}

/// A place before the gate.
#[derive(Debug)]
pub struct Place(Arc<Gate>);

/// The right to send one request. It ends with its answer.
#[derive(Debug)]
pub struct Slot(Arc<Pass>);

/// The gate is shut for longer than anybody who has begun should wait: so long, in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shut(pub Duration);

/// One request behind the gate.
#[derive(Debug)]
struct Pass {
    gate: Arc<Gate>,
    number: u64,
    at: Instant,
    stage: Mutex<Stage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Passed,
    Left(Instant),
    Over,
}

impl Gate {
    /// A gate that is shut for its first second.
    pub fn new(rate: u32, clock: &SharedClock) -> Arc<Self> {
        let window = clock.real(WINDOW);
        let begins = Instant::now() + window;
        Arc::new(Self {
            most: usize::try_from(rate.max(1)).unwrap_or(usize::MAX),
            window,
            by_answer: clock.scale() > 1.0,
            state: Mutex::new(State {
                pace: Pace::new(rate, window, begins),
                places: 0,
                passed: 0,
                left: BTreeSet::new(),
                number: 0,
                usual: Usual::new(rate),
                awaited: false,
            }),
            turn: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// Waits for a place: until the turn of one more will come soon.
    pub async fn place(self: &Arc<Self>) -> Place {
        loop {
            let changed = self.changed.notified();
            match self.try_place(Instant::now()) {
                Ok(place) => return place,
                Err(at) => until(at, changed).await,
            }
        }
    }

    /// A place, or when to try again if that is known.
    fn try_place(self: &Arc<Self>, now: Instant) -> Result<Place, Option<Instant>> {
        let ahead = self.window / AHEAD;
        let mut state = self.state();
        let interval = state.pace.interval();
        let turn = state.pace.next(now) + interval * u32::try_from(state.places).unwrap_or(u32::MAX);
        if turn > now + ahead {
            return Err(Some(turn.checked_sub(ahead).unwrap_or(turn)));
        }
        state.forget(now);
        let waits = if self.by_answer {
            state.places + state.left.len() >= self.most
        } else {
            // Who has passed and does not leave is no reason to begin more.
            let under_way = state.places + state.passed;
            under_way > 0 && interval * u32::try_from(under_way).unwrap_or(u32::MAX) > ahead
        };
        if waits {
            state.awaited = true;
            return Err(state.left.first().filter(|_| self.by_answer).map(|(until, _)| *until));
        }
        state.places += 1;
        Ok(Place(Arc::clone(self)))
    }

    /// A slot, or when to try again if that is known.
    fn try_pass(self: &Arc<Self>, now: Instant) -> Result<Slot, Option<Instant>> {
        let mut state = self.state();
        let turn = state.pace.next(now);
        if now < turn {
            return Err(Some(turn));
        }
        state.forget(now);
        if state.passed + state.left.len() >= self.most {
            let free = state.left.first().map(|(until, _)| *until);
            state.awaited |= free.is_none();
            return Err(free);
        }
        state.pace.departs(now);
        state.number += 1;
        let number = state.number;
        let first = if self.by_answer {
            let until = now + self.window + UNANSWERED.max(self.window);
            state.left.insert((until, number));
            Stage::Left(until)
        } else {
            state.passed += 1;
            Stage::Passed
        };
        Ok(Slot(Arc::new(Pass { gate: Arc::clone(self), number, at: now, stage: Mutex::new(first) })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding this lock")
    }

    /// Wakes those who wait for another than time.
    fn tell(&self, mut state: MutexGuard<'_, State>) {
        let awaited = std::mem::take(&mut state.awaited);
        drop(state);
        if awaited {
            self.changed.notify_waiters();
        }
    }
}

/// Until an instant, if there is one, or until something has changed.
async fn until(at: Option<Instant>, changed: impl Future<Output = ()>) {
    match at {
        None => changed.await,
        Some(at) => tokio::select! {
            () = tokio::time::sleep_until(at.into()) => {}
            () = changed => {}
        },
    }
}

impl State {
    fn forget(&mut self, now: Instant) {
        while self.left.first().is_some_and(|(until, _)| *until <= now) {
            self.left.pop_first();
        }
    }
}

impl Place {
    /// Waits for one's turn. Whoever was here first passes first.
    ///
    /// # Errors
    /// When it will not come soon, because the provider asked for a wait.
    pub async fn pass(self) -> Result<Slot, Shut> {
        let gate = Arc::clone(&self.0);
        let patience = Instant::now() + gate.window + gate.window / 2;
        let _turn = gate.turn.lock().await;
        loop {
            let changed = gate.changed.notified();
            let now = Instant::now();
            match gate.try_pass(now) {
                Ok(slot) => return Ok(slot),
                Err(at) if now >= patience || at.is_some_and(|at| at > patience) => {
                    let at = at.unwrap_or(now).max(now + gate.window);
                    return Err(Shut(at - now));
                }
                Err(at) => until(Some(at.map_or(patience, |at| at.min(patience))), changed).await,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.places -= 1;
        self.0.tell(state);
    }
}

impl Slot {
    /// What a request has to carry, so that its departure is noted.
    pub fn departure(&self) -> Departure {
        Departure(Arc::clone(&self.0) as Arc<dyn Watched>)
    }

    /// The provider answered "too many requests", and asked for a wait of so long in real time.
    pub fn complained(&self, wait: Option<Duration>) {
        let gate = &self.0.gate;
        let mut state = gate.state();
        state.pace.complained(Instant::now(), self.0.at, wait);
        gate.tell(state);
    }
}

impl Watched for Pass {
    fn left(&self, at: Instant) {
        if self.gate.by_answer {
            return;
        }
        let mut reached = self.stage.lock().expect("nobody panics while holding this lock");
        let until = at + self.gate.window;
        let mut state = self.gate.state();
        match *reached {
            Stage::Over => return,
            Stage::Passed => state.passed -= 1,
            Stage::Left(before) => {
                state.left.remove(&(before, self.number));
            }
        }
        state.left.insert((until, self.number));
        *reached = Stage::Left(until);
        self.gate.tell(state);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Pass { gate, number, stage, .. } = &*self.0;
        let mut reached = stage.lock().expect("nobody panics while holding this lock");
        // Answered or given up: if it ever reached the socket, then before now.
        let until = Instant::now() + gate.window;
        let mut state = gate.state();
        match *reached {
            Stage::Over => return,
            Stage::Passed => {
                state.passed -= 1;
                state.left.insert((until, *number));
            }
            // Unless it is forgotten already.
            Stage::Left(before) if state.left.remove(&(before, *number)) => {
                let until = if gate.by_answer {
                    before.min(until)
                } else {
                    let took = until.saturating_duration_since(before);
                    before + state.usual.late(took).min(gate.window / LATE)
                };
                state.left.insert((until, *number));
            }
            Stage::Left(_) => {}
        }
        *reached = Stage::Over;
        gate.tell(state);
    }
}

#[cfg(test)]
mod tests;
