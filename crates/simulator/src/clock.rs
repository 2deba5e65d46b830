//! The scaled clock: virtual = origin + (real − start) × scale.
//!
//! Given the same three numbers, another process computes the same virtual time without talking to the simulator.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// How virtual time follows real time; all in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClockConfig {
    /// Virtual time at the real time `start_ms`; the start itself when left out.
    pub origin_ms: Option<i64>,
    /// Real time at which virtual time was `origin_ms`; the start of the process when left out.
    pub start_ms: Option<i64>,
    /// Virtual milliseconds per real millisecond.
    pub scale: f64,
}

impl Default for ClockConfig {
    fn default() -> Self {
        Self { origin_ms: None, start_ms: None, scale: 1.0 }
    }
}

/// A running scaled clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin_ms: i64,
    start_ms: i64,
    scale: f64,
}

impl Clock {
    /// Starts the clock that `config` describes.
    pub fn new(config: ClockConfig) -> Self {
        let start_ms = config.start_ms.unwrap_or_else(|| real_micros() / 1000);
        Self { origin_ms: config.origin_ms.unwrap_or(start_ms), start_ms, scale: config.scale }
    }

    /// Virtual now, in milliseconds since the epoch.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "milliseconds of this century fit"
    )]
    pub fn now_ms(&self) -> i64 {
        let elapsed = (real_micros() - self.start_ms * 1000) as f64 / 1000.0;
        self.origin_ms + (elapsed * self.scale) as i64
    }

    /// The real time that has to pass until the virtual time `due_ms`; zero when it is past.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century fit")]
    pub fn until(&self, due_ms: i64) -> Duration {
        let left = (due_ms - self.now_ms()).max(0) as f64 / self.scale / 1000.0;
        Duration::from_secs_f64(left.min(86_400.0))
    }
}

/// Writes a virtual time as RFC 3339 in UTC.
pub(crate) fn rfc3339(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// Reads an RFC 3339 time with a zone.
pub(crate) fn parse_rfc3339(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

fn real_micros() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clocks_with_the_same_numbers_agree() {
        let config = ClockConfig {
            origin_ms: Some(1_700_000_000_000),
            start_ms: Some(real_micros() / 1000),
            scale: 60.0,
        };
        let (one, other) = (Clock::new(config), Clock::new(config));
        assert!((one.now_ms() - other.now_ms()).abs() < 6_000);
        assert!(one.now_ms() >= 1_700_000_000_000);
    }

    #[test]
    fn a_scaled_wait_is_shorter() {
        let config = ClockConfig { origin_ms: Some(0), start_ms: None, scale: 1000.0 };
        let clock = Clock::new(config);
        assert!(clock.until(clock.now_ms() + 60_000) <= Duration::from_millis(60));
        assert_eq!(clock.until(-1), Duration::ZERO);
    }
}
