//! What arrived at the socket, in real time: per operation, per second, and against the limits.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::config::RateLimit;
use crate::host::Route;

const SECOND: Duration = Duration::from_secs(1);

/// Counts since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Per operation.
    pub routes: BTreeMap<Route, RouteStats>,
    /// Per limited key: `google` (the service account) and `vonage` (the API key).
    pub keys: BTreeMap<&'static str, KeyStats>,
}

/// Counts of one operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RouteStats {
    /// Requests.
    pub requests: u64,
    /// Most requests in any window of one second.
    pub busiest_second: usize,
    /// Requests per real second since the start.
    pub per_second: BTreeMap<u64, u32>,
    /// Answers by status; `reset` where the connection was reset instead.
    pub answers: BTreeMap<String, u64>,
}

/// Counts of one key that has a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KeyStats {
    /// Requests.
    pub requests: u64,
    /// Most requests in any window of one second, as long as the limit counts one.
    pub busiest_second: usize,
    /// Requests that came when the window of one second before them was full already.
    pub violations: u64,
}

/// The counters at work.
#[derive(Debug)]
pub(crate) struct Counters {
    started: Instant,
    stats: Stats,
    routes: BTreeMap<Route, Window>,
    keys: BTreeMap<&'static str, KeyWindows>,
    virtual_second: Duration,
}

#[derive(Debug)]
struct KeyWindows {
    seen: Window,
    granted: Window,
}

impl Counters {
    /// Counters for a world whose clock runs at this scale.
    pub(crate) fn new(scale: f64) -> Self {
        Self {
            started: Instant::now(),
            stats: Stats::default(),
            routes: BTreeMap::new(),
            keys: BTreeMap::new(),
            virtual_second: Duration::from_secs_f64(1.0 / scale),
        }
    }

    pub(crate) fn stats(&self) -> &Stats {
        &self.stats
    }

    pub(crate) fn arrived(&mut self, route: Route, at: Instant) {
        let stats = self.stats.routes.entry(route).or_default();
        stats.requests += 1;
        let second = at.saturating_duration_since(self.started).as_secs();
        *stats.per_second.entry(second).or_default() += 1;
        let in_window = self.routes.entry(route).or_insert_with(|| Window::of(SECOND)).push(at);
        stats.busiest_second = stats.busiest_second.max(in_window);
    }

    pub(crate) fn answered(&mut self, route: Route, answer: String) {
        *self.stats.routes.entry(route).or_default().answers.entry(answer).or_default() += 1;
    }

    /// Counts a request against a key's limit; false if it has to be answered 429.
    pub(crate) fn admit(&mut self, key: &'static str, limit: Option<RateLimit>, at: Instant) -> bool {
        let stats = self.stats.keys.entry(key).or_default();
        let is_virtual = limit.is_some_and(|limit| limit.virtual_seconds);
        let length = if is_virtual { self.virtual_second } else { SECOND };
        let windows = self.keys.entry(key).or_insert_with(|| KeyWindows::of(length));
        if windows.seen.length != length {
            *windows = KeyWindows::of(length);
        }
        stats.requests += 1;
        stats.busiest_second = stats.busiest_second.max(windows.seen.push(at));
        let Some(limit) = limit else { return true };
        let per_second = usize::try_from(limit.per_second).unwrap_or(usize::MAX);
        if windows.granted.count(at) >= per_second {
            stats.violations += 1;
            if limit.enforce {
                return false;
            }
        }
        windows.granted.push(at);
        true
    }
}

impl KeyWindows {
    fn of(length: Duration) -> Self {
        Self { seen: Window::of(length), granted: Window::of(length) }
    }
}

/// The latest arrivals.
#[derive(Debug)]
struct Window {
    length: Duration,
    arrivals: VecDeque<Instant>,
}

impl Window {
    fn of(length: Duration) -> Self {
        Self { length, arrivals: VecDeque::new() }
    }

    fn count(&mut self, now: Instant) -> usize {
        while self.arrivals.front().is_some_and(|first| now.saturating_duration_since(*first) >= self.length)
        {
            self.arrivals.pop_front();
        }
        self.arrivals.len()
    }

    fn push(&mut self, now: Instant) -> usize {
        self.count(now);
        self.arrivals.push_back(now);
        self.arrivals.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides() {
        let mut counters = Counters::new(1.0);
        let start = Instant::now();
        let limit = Some(RateLimit { per_second: 2, enforce: true, virtual_seconds: false });
        let grants: Vec<bool> = [0, 400, 900, 1000, 1300, 1400]
            .map(|ms| counters.admit("vonage", limit, start + Duration::from_millis(ms)))
            .into();
        assert_eq!(grants, [true, true, false, true, false, true]);
        let stats = &counters.stats().keys["vonage"];
        assert_eq!((stats.requests, stats.violations, stats.busiest_second), (6, 2, 4));
    }

    #[test]
    fn a_virtual_second_is_as_short_as_the_scale_makes_it() {
        let mut counters = Counters::new(10.0);
        let start = Instant::now();
        let limit = Some(RateLimit { per_second: 1, enforce: true, virtual_seconds: true });
        let grants: Vec<bool> =
            [0, 99, 100].map(|ms| counters.admit("vonage", limit, start + Duration::from_millis(ms))).into();
        assert_eq!(grants, [true, false, true]);
    }
}
