//! What is being done now and how long it took.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

/// A duration as a person reads it.
pub struct Took(pub Duration);

impl fmt::Display for Took {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds >= 60 {
            write!(formatter, "{} min {} s", seconds / 60, seconds % 60)
        } else {
            write!(formatter, "{:.1} s", self.0.as_secs_f64())
        }
    }
}

/// Says what begins, does it, says how long it took.
///
/// # Errors
///
/// Whatever `work` fails with.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("==> {what}");
    let start = Instant::now();
    let result = work()?;
    eprintln!("    done in {}", Took(start.elapsed()));
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short_below_a_minute_and_whole_above() {
        assert_eq!(Took(Duration::from_millis(1_240)).to_string(), "1.2 s");
        assert_eq!(Took(Duration::from_millis(134_900)).to_string(), "2 min 14 s");
    }
}
