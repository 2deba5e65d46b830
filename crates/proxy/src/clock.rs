//! The one clock, which everything here asks for the time: policy, tokens, leases, rate limit.
//!
//! In a demo or drill it may run faster than real time; the same origin and scale given to a simulator make both
//! agree without talking to each other.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rcs_revoke_core::{Span, Timestamp};

use crate::config::Ready;

/// Whoever knows what time it is.
pub trait Clock: Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;

    /// How much faster than real time it runs.
    fn scale(&self) -> f64;

    /// How long a span of this clock takes in real time.
    fn real(&self, span: Span) -> Duration {
        let millis = u64::try_from(span.as_millis()).unwrap_or(0);
        Duration::from_millis(millis).div_f64(self.scale())
    }

    /// How often something happens in a real span that happens so many times in a second of this clock.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float ends at the bounds, and nothing here is negative"
    )]
    fn times_in(&self, span: Duration, per_second: u32) -> usize {
        (f64::from(per_second) * self.scale() * span.as_secs_f64()) as usize
    }

    /// How long in real time until an instant of this clock; zero once it has passed.
    fn until(&self, at: Timestamp) -> Duration {
        self.real(at - self.now())
    }
}

/// The clock that everybody shares.
pub type SharedClock = Arc<dyn Clock>;

/// The clock that the configuration names: the machine's own, unless it is for a drill.
pub fn of(ready: &Ready) -> SharedClock {
    match ready.clock {
        Some(clock) => Arc::new(Scaled::new(
            Timestamp::from_millis(clock.origin),
            Timestamp::from_millis(clock.start),
            clock.scale,
        )),
        None => Arc::new(System),
    }
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(real_now())
    }

    fn scale(&self) -> f64 {
        1.0
    }
}

/// A clock that shows `origin + (real − start) × scale`.
#[derive(Clone, Copy, Debug)]
pub struct Scaled {
    origin: Timestamp,
    start: i64,
    begun: Instant,
    begun_at: i64,
    scale: f64,
}

impl Scaled {
    /// A clock that showed `origin` when the machine's clock showed `start`, and runs `scale` times as fast.
    pub fn new(origin: Timestamp, start: Timestamp, scale: f64) -> Self {
        Self { origin, start: start.as_millis(), begun: Instant::now(), begun_at: real_now(), scale }
    }
}

impl Clock for Scaled {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole milliseconds are meant, and they fit for ages"
    )]
    #[expect(clippy::cast_precision_loss, reason = "a run lasts far less than 2^53 milliseconds")]
    fn now(&self) -> Timestamp {
        let real = (self.begun_at - self.start) as f64 + self.begun.elapsed().as_secs_f64() * 1_000.0;
        self.origin + Span::millis((real * self.scale) as i64)
    }

    fn scale(&self) -> f64 {
        self.scale
    }
}

fn real_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rcs_revoke_core::{Span, Timestamp};

    use super::{Clock, Scaled, real_now};

    #[test]
    fn a_scaled_clock_shortens_waits() {
        let origin = Timestamp::from_millis(1_795_168_800_000);
        let clock = Scaled::new(origin, Timestamp::from_millis(real_now()), 60.0);
        assert_eq!(clock.real(Span::minutes(1)), Duration::from_secs(1));
        assert_eq!(clock.until(origin - Span::days(1)), Duration::ZERO);
    }

    #[test]
    fn two_clocks_of_one_origin_agree() {
        let origin = Timestamp::from_millis(1_795_168_800_000);
        let start = Timestamp::from_millis(real_now() - 1_000);
        let (one, other) = (Scaled::new(origin, start, 10.0), Scaled::new(origin, start, 10.0));
        assert!((one.now() - other.now()).as_millis().abs() < 1_000);
        assert!(one.now() - origin >= Span::secs(10));
    }
}
