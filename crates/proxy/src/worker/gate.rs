//! The rate limit of one account: never more than so many requests in any one second, measured at our socket.
//!
//! A request counts from when its slot is reserved until one second after its answer, since it reaches the socket
//! some time in between; one that is not answered counts for two seconds after it was let go. A new gate stays shut
//! for a second, because a former process may just have used its own.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rcs_revoke_core::Span;
use tokio::sync::Notify;

use crate::clock::SharedClock;

/// One second, and a little for what lies between us and the socket.
const WINDOW: Span = Span::millis(1_010);
/// How long a request without an answer counts at least, in real time: on a scaled clock too it takes its time to
/// reach the socket.
const UNANSWERED: Duration = Duration::from_secs(1);

/// The rate limit of one account.
#[derive(Debug)]
pub struct Gate {
    rate: usize,
    window: Duration,
    shut_until: Instant,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    reserved: usize,
    /// Requests let go, by when they stop counting.
    counting: BTreeSet<(Instant, u64)>,
    next: u64,
}

/// The right to send one request.
#[derive(Debug)]
pub struct Slot {
    gate: Arc<Gate>,
    fired: Option<(Instant, u64)>,
}

impl Gate {
    /// A gate that is shut for its first second.
    pub fn new(rate: u32, clock: &SharedClock) -> Arc<Self> {
        let window = clock.real(WINDOW);
        Arc::new(Self {
            rate: usize::try_from(rate).unwrap_or(usize::MAX),
            window,
            shut_until: Instant::now() + window,
            state: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// Waits for the right to send one request.
    pub async fn reserve(self: &Arc<Self>) -> Slot {
        loop {
            let freed = self.freed.notified();
            match self.try_reserve(Instant::now()) {
                Ok(slot) => return slot,
                Err(Some(at)) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(at.into()) => {}
                        () = freed => {}
                    }
                }
                Err(None) => freed.await,
            }
        }
    }

    /// A slot, or when to try again if that is known.
    fn try_reserve(self: &Arc<Self>, now: Instant) -> Result<Slot, Option<Instant>> {
        if now < self.shut_until {
            return Err(Some(self.shut_until));
        }
        let mut state = self.state.lock().expect("nobody panics while holding this lock");
        while state.counting.first().is_some_and(|(until, _)| *until <= now) {
            state.counting.pop_first();
        }
        if state.reserved + state.counting.len() >= self.rate {
            return Err(state.counting.first().map(|(until, _)| *until));
        }
        state.reserved += 1;
        Ok(Slot { gate: Arc::clone(self), fired: None })
    }
}

impl Slot {
    /// The request leaves now.
    pub fn fire(&mut self) {
        let gate = &self.gate;
        let mut state = gate.state.lock().expect("nobody panics while holding this lock");
        if self.fired.is_none() {
            let until = Instant::now() + gate.window + UNANSWERED.max(gate.window);
            state.reserved -= 1;
            state.next += 1;
            let entry = (until, state.next);
            state.counting.insert(entry);
            self.fired = Some(entry);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.gate.state.lock().expect("nobody panics while holding this lock");
        match self.fired {
            Some(entry) => {
                // Answered: it had reached the socket by now at the latest.
                if state.counting.remove(&entry) {
                    state.counting.insert((entry.0.min(Instant::now() + self.gate.window), entry.1));
                }
            }
            None => state.reserved -= 1,
        }
        drop(state);
        self.gate.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::{Gate, Slot};
    use crate::clock::{SharedClock, System};

    fn gate(rate: u32) -> (Arc<Gate>, Instant) {
        let clock: SharedClock = Arc::new(System);
        let gate = Gate::new(rate, &clock);
        let open = gate.shut_until;
        (gate, open)
    }

    fn take(gate: &Arc<Gate>, at: Instant) -> Option<Slot> {
        gate.try_reserve(at).ok()
    }

    #[test]
    fn a_new_gate_is_shut_for_a_second() {
        let (gate, open) = gate(5);
        assert!(take(&gate, Instant::now()).is_none());
        assert!(take(&gate, open).is_some());
    }

    #[test]
    fn what_is_reserved_or_sent_within_a_second_counts() {
        let (gate, open) = gate(2);
        let (mut one, two) = (take(&gate, open).unwrap(), take(&gate, open).unwrap());
        assert!(take(&gate, open).is_none(), "both are reserved");
        drop(two);
        let two = take(&gate, open);
        assert!(two.is_some(), "one was given back unused");
        one.fire();
        drop(one);
        assert!(take(&gate, open).is_none(), "one was sent just now");
        assert!(
            take(&gate, Instant::now() + gate.window).is_some(),
            "a second after its answer it is forgotten"
        );
    }

    #[test]
    fn one_without_an_answer_counts_for_two_seconds() {
        let (gate, open) = gate(1);
        let mut slot = take(&gate, open).unwrap();
        slot.fire();
        assert!(take(&gate, Instant::now() + gate.window).is_none());
        assert!(take(&gate, Instant::now() + gate.window * 2).is_some());
    }
}
