//! In which order due work is done when there is more of it than the rate allows: first what would miss its
//! window, then the youngest message, which is the likeliest not to have been delivered yet.

use core::cmp::Reverse;

use crate::time::{Span, Timestamp};

/// What the order of work looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When the message was sent, or first heard of.
    pub sent_at: Option<Timestamp>,
    /// When its revocation window closes.
    pub window_closes: Option<Timestamp>,
}

/// Sorts due work of one rate limit; equal work keeps its order.
///
/// Work is urgent when its window closes before the whole backlog could be done at `rate_per_second`: the
/// earliest window goes first. All other work follows, the youngest message first.
pub fn sort<T>(work: &mut [T], rate_per_second: u32, now: Timestamp, due: impl Fn(&T) -> Due) {
    let backlog = i64::try_from(work.len()).unwrap_or(i64::MAX);
    let done_by = now + Span::millis(backlog.saturating_mul(1_000) / i64::from(rate_per_second.max(1)));
    work.sort_by_key(|item| {
        let due = due(item);
        match due.window_closes.filter(|closes| *closes <= done_by) {
            Some(closes) => (false, Some(closes), None),
            None => (true, None, Some(Reverse(due.sent_at))),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{Due, sort};
    use crate::time::{Span, Timestamp};

    const NOW: Timestamp = Timestamp::from_millis(1_795_168_800_000);

    fn order(rate: u32, work: &[(&'static str, i64, i64)]) -> Vec<&'static str> {
        let mut work = work.to_vec();
        sort(&mut work, rate, NOW, |(_, age, closes_in)| Due {
            sent_at: Some(NOW - Span::secs(*age)),
            window_closes: Some(NOW + Span::secs(*closes_in)),
        });
        work.into_iter().map(|(name, ..)| name).collect()
    }

    #[test]
    fn what_would_miss_its_window_goes_first_then_the_youngest() {
        let work = [
            ("old", 80_000, 6_000),
            ("closing soon", 86_300, 3),
            ("new", 10, 86_000),
            ("closing", 86_298, 2),
        ];
        assert_eq!(order(1, &work), ["closing", "closing soon", "new", "old"]);
    }

    #[test]
    fn at_a_high_rate_nothing_is_urgent() {
        let work = [("closing", 86_300, 3), ("new", 10, 86_000)];
        assert_eq!(order(100, &work), ["new", "closing"]);
    }

    #[test]
    fn an_unknown_age_comes_last() {
        let mut work = [None, Some(NOW)];
        sort(&mut work, 1, NOW, |sent_at| Due { sent_at: *sent_at, window_closes: None });
        assert_eq!(work, [Some(NOW), None]);
    }
}
