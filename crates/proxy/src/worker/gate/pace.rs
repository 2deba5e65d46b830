//! How fast an account may send: what is configured, or less for a while after the provider said "too many requests".

use std::time::{Duration, Instant};

/// By how much a complaint slows the account down.
const SLOWED: f64 = 0.7;
/// How much of the configured rate comes back with every second without a complaint.
const STEP: f64 = 0.05;
/// Part of a second for which complaints count as one: they are answers to requests that were under way together.
const TOGETHER: u32 = 4;
/// Part of a second by which a departure may be late and those behind it still catch up.
const CATCH_UP: u32 = 40;
/// From so many a second on, turns are shorter than what a machine under load keeps to.
const COARSE: f64 = 2_000.0;
/// And there, part of a second by which a departure may be late.
const CATCH_UP_COARSE: u32 = 5;

/// How fast an account may send. All lengths are real ones; a window is one second of the clock, and a little more.
#[derive(Debug)]
pub(super) struct Pace {
    window: Duration,
    /// Departures in one window, as configured.
    most: f64,
    /// And now.
    now: f64,
    /// When the next departure is due.
    next: Instant,
    /// When it became faster or slower last.
    moved: Instant,
    /// When it became slower last.
    slowed: Option<Instant>,
    shut_until: Instant,
}

impl Pace {
    /// The configured pace, beginning at an instant.
    pub(super) fn new(most: u32, window: Duration, begins: Instant) -> Self {
        let most = f64::from(most.max(1));
        Self { window, most, now: most, next: begins, moved: begins, slowed: None, shut_until: begins }
    }

    /// From one departure to the next.
    pub(super) fn interval(&self) -> Duration {
        self.window.div_f64(self.now)
    }

    /// When the next departure may be.
    pub(super) fn next(&mut self, now: Instant) -> Instant {
        while self.now < self.most && now.saturating_duration_since(self.moved) >= self.window {
            self.now = self.most.min(self.now + (self.most * STEP).max(1.0));
            self.moved += self.window;
        }
        // What was not used in time is gone: a pause is not followed by a burst.
        let part = if self.most < COARSE { CATCH_UP } else { CATCH_UP_COARSE };
        if let Some(earliest) = now.checked_sub(self.window / part) {
            self.next = self.next.max(earliest);
        }
        self.next.max(self.shut_until)
    }

    /// One departs.
    pub(super) fn departs(&mut self, now: Instant) {
        self.next = self.next(now) + self.interval();
    }

    /// The provider complained of a request that departed at `departed`, and may have asked for a wait.
    pub(super) fn complained(&mut self, now: Instant, departed: Instant, wait: Option<Duration>) {
        self.shut_until = self.shut_until.max(now + wait.unwrap_or_default());
        let again = |slowed: Instant| departed < slowed || now < slowed + self.window / TOGETHER;
        if !self.slowed.is_some_and(again) {
            self.now = (self.now * SLOWED).max(1.0);
            self.slowed = Some(now);
            self.next = self.next.max(now + self.interval());
        }
        self.moved = self.shut_until.max(now);
    }

    /// How many of the configured departures are possible now, as a share.
    #[cfg(test)]
    pub(super) fn share(&self) -> f64 {
        self.now / self.most
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Pace;

    const SECOND: Duration = Duration::from_secs(1);

    /// How many depart until an instant, if somebody is always there.
    fn departures(pace: &mut Pace, from: Instant, until: Instant) -> Vec<Instant> {
        let mut departures = Vec::new();
        let mut now = from;
        loop {
            now = now.max(pace.next(now));
            if now >= until {
                return departures;
            }
            pace.departs(now);
            departures.push(now);
        }
    }

    #[test]
    fn departures_are_apart_from_the_first_on() {
        let begin = Instant::now();
        let mut pace = Pace::new(100, SECOND, begin);
        let all = departures(&mut pace, begin, begin + SECOND * 3);
        assert_eq!(all.len(), 300);
        assert!(all.windows(2).all(|pair| pair[1] - pair[0] == SECOND / 100));
    }

    #[test]
    fn at_thousands_a_second_a_machine_under_load_loses_nothing() {
        let begin = Instant::now();
        for (rate, caught_up) in [(1_000, 25..=27), (10_000, 999..=1_001)] {
            let mut pace = Pace::new(rate, SECOND, begin);
            pace.departs(begin);
            let late = begin + Duration::from_millis(100);
            let at_once = departures(&mut pace, late, late + Duration::from_micros(1)).len();
            assert!(caught_up.contains(&at_once), "{at_once} at {rate}/s");
        }
    }

    #[test]
    fn who_is_late_catches_up_and_who_was_away_does_not() {
        let begin = Instant::now();
        let mut pace = Pace::new(100, SECOND, begin);
        pace.departs(begin);
        // The second was due after 10 ms.
        let late = begin + Duration::from_millis(30);
        assert_eq!(departures(&mut pace, late, late + Duration::from_millis(1)).len(), 3);
        let back = begin + SECOND * 10;
        assert_eq!(departures(&mut pace, back, back + Duration::from_millis(1)).len(), 3);
    }

    #[test]
    fn a_complaint_slows_it_down_at_once_and_every_good_second_gives_a_step_back() {
        let begin = Instant::now();
        let mut pace = Pace::new(100, SECOND, begin);
        pace.departs(begin);
        let complaint = begin + Duration::from_millis(100);
        pace.complained(complaint, begin, None);
        assert!((pace.share() - 0.7).abs() < 1e-9);
        // Of a request that was under way already.
        pace.complained(complaint + SECOND / 2, begin + Duration::from_millis(50), None);
        assert!((pace.share() - 0.7).abs() < 1e-9);
        let quiet = complaint + SECOND / 2;
        for steps in 1..=6 {
            pace.next(quiet + SECOND * steps);
            assert!((pace.share() - (0.7 + 0.05 * f64::from(steps))).abs() < 1e-9);
        }
        pace.next(quiet + SECOND * 100);
        assert!((pace.share() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_wait_that_was_asked_for_is_kept_and_the_account_begins_slowly() {
        let begin = Instant::now();
        let mut pace = Pace::new(100, SECOND, begin);
        pace.departs(begin);
        pace.complained(begin, begin, Some(SECOND * 15));
        let all = departures(&mut pace, begin, begin + SECOND * 16);
        assert!(all[0] >= begin + SECOND * 15);
        assert!(all.len() <= 72, "{} in the first second", all.len());
    }

    #[test]
    fn it_never_stops_for_good() {
        let begin = Instant::now();
        let mut pace = Pace::new(30, SECOND, begin);
        for complaint in 1..100 {
            let now = begin + SECOND / 2 * complaint;
            pace.complained(now, now, None);
        }
        assert!(pace.interval() <= SECOND);
    }
}
