//! Requests of one batch over time: how many in the last second, and how many since it was started.

use std::sync::{Mutex, MutexGuard};

use rcs_revoke_api::BatchHistory;
use rcs_revoke_core::Timestamp;

/// How many steps the whole life of a batch is shown in, at most.
const STEPS: usize = 240;
/// How long a step is at first, in milliseconds.
const FIRST_STEP: i64 = 1_000;

/// Counts the requests of one batch.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    history: BatchHistory,
    /// Requests in this second, and in the one before it.
    second: (i64, u32, u32),
}

impl Meter {
    /// One that goes on where another process stopped.
    pub(crate) fn resumed(history: Option<&str>) -> Self {
        let history = history.and_then(|history| serde_json::from_str(history).ok()).unwrap_or_default();
        Self(Mutex::new(Inner { history, ..Inner::default() }))
    }

    /// A request leaves.
    pub fn sent(&self, at: Timestamp) {
        let mut inner = self.inner();
        inner.turn(at);
        inner.second.1 += 1;
        if let Some(step) = inner.step(at)
            && let Some(count) = inner.history.requests.get_mut(step)
        {
            *count += 1;
        }
    }

    /// A request was answered *too many requests*.
    pub fn throttled(&self, at: Timestamp) {
        let mut inner = self.inner();
        if let Some(step) = inner.step(at)
            && let Some(count) = inner.history.throttled.get_mut(step)
        {
            *count += 1;
        }
    }

    /// Requests in the last full second.
    pub fn rate(&self, now: Timestamp) -> u32 {
        let mut inner = self.inner();
        inner.turn(now);
        inner.second.2
    }

    /// All requests so far, in steps.
    pub fn history(&self) -> BatchHistory {
        self.inner().history.clone()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("nobody panics while holding this lock")
    }
}

impl Inner {
    fn turn(&mut self, now: Timestamp) {
        let now = now.as_millis().div_euclid(1_000);
        let (second, count, _) = self.second;
        if now != second {
            self.second = (now, 0, if now == second + 1 { count } else { 0 });
        }
    }

    /// The step that an instant falls into, made if it is new; none before the first.
    fn step(&mut self, at: Timestamp) -> Option<usize> {
        let at = at.as_millis();
        let history = &mut self.history;
        if history.step == 0 {
            (history.from, history.step) = (at, FIRST_STEP);
        }
        loop {
            let step = usize::try_from((at - history.from).div_euclid(history.step)).ok()?;
            if step < STEPS {
                let length = history.requests.len().max(step + 1);
                history.requests.resize(length, 0);
                history.throttled.resize(length, 0);
                return Some(step);
            }
            history.step *= 2;
            history.requests = pairs(&history.requests);
            history.throttled = pairs(&history.throttled);
        }
    }
}

fn pairs(counts: &[u32]) -> Vec<u32> {
    counts.chunks(2).map(|pair| pair.iter().sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Meter, STEPS};
    use rcs_revoke_core::{Span, Timestamp};

    const BEGIN: Timestamp = Timestamp::from_millis(1_795_168_800_000);

    #[test]
    fn the_last_full_second_is_the_rate() {
        let meter = Meter::default();
        for _ in 0..7 {
            meter.sent(BEGIN);
        }
        assert_eq!(meter.rate(BEGIN + Span::millis(999)), 0, "this second is not full yet");
        assert_eq!(meter.rate(BEGIN + Span::millis(1_500)), 7);
        assert_eq!(meter.rate(BEGIN + Span::millis(2_500)), 0);
    }

    #[test]
    fn a_long_life_fits_into_the_same_room_and_loses_no_request() {
        let meter = Meter::default();
        for second in 0..10_000 {
            meter.sent(BEGIN + Span::secs(second));
        }
        meter.throttled(BEGIN + Span::secs(9_999));
        let history = meter.history();
        assert!(history.requests.len() <= STEPS, "{}", history.requests.len());
        assert_eq!(history.requests.iter().sum::<u32>(), 10_000);
        assert_eq!(history.throttled.last(), Some(&1));
        assert_eq!(history.requests.len(), history.throttled.len());
        let resumed = Meter::resumed(Some(&serde_json::to_string(&history).unwrap()));
        resumed.sent(BEGIN + Span::secs(10_000));
        assert_eq!(resumed.history().requests.iter().sum::<u32>(), 10_001);
    }
}
