//! How long answers usually take, by the estimate that TCP uses for the same question (RFC 6298).

use std::time::Duration;

/// By how much an answer moves the estimate, and by how much the estimate of how far answers are from it.
const MEAN: f64 = 1.0 / 8.0;
const DEVIATION: f64 = 1.0 / 4.0;
/// How many deviations are still usual.
const USUAL: f64 = 4.0;

/// How long answers take: about so long, and how far from that. In seconds; none before the first.
#[derive(Debug, Default)]
pub(super) struct Usual(Option<(f64, f64)>);

impl Usual {
    /// By how much an answer took longer than usual; it is taken into account from now on.
    pub(super) fn late(&mut self, took: Duration) -> Duration {
        let took = took.as_secs_f64();
        let Some((mean, deviation)) = &mut self.0 else {
            self.0 = Some((took, took / 2.0));
            return Duration::ZERO;
        };
        let late = took - (*mean + USUAL * *deviation);
        *deviation += DEVIATION * ((took - *mean).abs() - *deviation);
        *mean += MEAN * (took - *mean);
        Duration::from_secs_f64(late.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Usual;

    #[test]
    fn only_what_is_unusual_is_late() {
        let millis = Duration::from_millis;
        let mut steady = Usual::default();
        for _ in 0..100 {
            steady.late(millis(120));
        }
        let late = steady.late(millis(150));
        assert!((millis(29)..=millis(30)).contains(&late), "{late:?}");

        let mut varied = Usual::default();
        for number in 0..100 {
            let took = millis(50 + number * 37 % 100);
            let late = varied.late(took);
            assert!(late < millis(20), "{late:?} for {took:?}");
        }
    }
}
