//! How long answers usually take, and how far from that: both averaged over about a second.

use std::time::Duration;

/// How many deviations are still usual.
const USUAL: f64 = 2.0;
/// How many answers are averaged at least.
const LEAST: f64 = 8.0;

/// How long answers take: about so long, and how far from that. In seconds.
#[derive(Debug)]
pub(super) struct Usual {
    mean: f64,
    deviation: f64,
    seen: f64,
    /// How many answers are averaged at most: one stall of the machine or the network strikes many, and must not pass
    /// for usual.
    most: f64,
}

impl Usual {
    /// Nothing is usual yet.
    pub(super) fn new(per_second: u32) -> Self {
        Self { mean: 0.0, deviation: 0.0, seen: 0.0, most: f64::from(per_second).max(LEAST) }
    }

    /// By how much an answer took longer than usual; it is taken into account from now on.
    pub(super) fn late(&mut self, took: Duration) -> Duration {
        let took = took.as_secs_f64();
        let late = if self.seen < LEAST { 0.0 } else { took - (self.mean + USUAL * self.deviation) };
        self.seen = self.most.min(self.seen + 1.0);
        self.mean += (took - self.mean) / self.seen;
        self.deviation += ((took - self.mean).abs() - self.deviation) / self.seen;
        Duration::from_secs_f64(late.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Usual;

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_stall_is_late_for_all_whom_it_strikes() {
        let mut usual = Usual::new(800);
        for _ in 0..800 {
            assert_eq!(usual.late(millis(120)), Duration::ZERO);
        }
        for _ in 0..24 {
            let late = usual.late(millis(150));
            assert!(late > millis(25), "{late:?}");
        }
    }

    #[test]
    fn what_varies_always_is_not_late() {
        let mut usual = Usual::new(100);
        for number in 0..500 {
            let took = millis(50 + number * 37 % 100);
            let late = usual.late(took);
            assert!(number < 50 || late < millis(10), "{late:?} for {took:?}");
        }
    }
}
