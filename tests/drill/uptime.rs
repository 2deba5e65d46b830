//! When the server was there, its account had requests to spare, and it did nothing of the kind that is waited for: only
//! then does what waits, wait for nothing. What stands in a queue behind other work has its turn to come.

use std::time::Duration;

use rcs_revoke_simulator::{Provider, Route, Running};

use crate::clock::DrillClock;

/// Time is looked at in pieces of this real length.
const PIECE: Duration = Duration::from_millis(250);
/// A piece in which this part of what the limit allows was used has nothing to spare: a gate that spaces its requests
/// never uses all of it.
const NEARLY_ALL: f64 = 0.7;

/// The times in which the server was away, as virtual instants: killed, and not ready yet.
pub type Away = Vec<(i64, i64)>;

/// When nothing but the server itself was in the way of a request.
pub struct Freedom {
    clock: DrillClock,
    /// Virtual milliseconds of one piece.
    piece: i64,
    begin: i64,
    /// Whether the server was there and the account had requests to spare.
    spare: Vec<bool>,
    /// Whether, besides, nothing was done.
    idle: Vec<bool>,
}

impl Freedom {
    /// Of one route, from the beginning of the drill until now.
    pub fn of(route: Route, simulator: &Running, clock: DrillClock, limit: f64, away: &Away) -> Self {
        let begin = crate::clock::ORIGIN;
        let piece = clock.virtual_ms(PIECE).max(1);
        let pieces = usize::try_from((clock.now() - begin) / piece).unwrap_or_default();
        let (mut used, mut done) = (vec![0_u32; pieces + 1], vec![false; pieces + 1]);
        let provider = if route == Route::GoogleRevoke { Provider::Google } else { Provider::Vonage };
        let place = |at: i64| usize::try_from((at - begin) / piece).ok();
        let mut note = |at: i64, is_alike: bool| {
            if let Some(place) = place(at).filter(|place| *place <= pieces) {
                used[place] += 1;
                done[place] |= is_alike;
            }
        };
        for truth in simulator.truth().iter().filter(|truth| truth.message.provider == provider) {
            truth.message.revokes.iter().for_each(|revoke| note(revoke.at_ms, route != Route::VonageSend));
        }
        if provider == Provider::Vonage {
            simulator.sends().iter().for_each(|send| note(send.at_ms, route == Route::VonageSend));
        }
        let most = limit * PIECE.as_secs_f64() * NEARLY_ALL;
        let mut spare: Vec<bool> = used.iter().map(|used| f64::from(*used) < most).collect();
        for (from, until) in away {
            let (from, until) = (place(*from).unwrap_or(0), place(*until).unwrap_or(0));
            spare.iter_mut().take(until + 1).skip(from).for_each(|spare| *spare = false);
        }
        let idle = spare.iter().zip(&done).map(|(spare, done)| *spare && !done).collect();
        Self { clock, piece, begin, spare, idle }
    }

    /// Of an account that had requests to spare at all times.
    #[cfg(test)]
    pub fn spare(clock: DrillClock, until: i64, away: &[(i64, i64)]) -> Self {
        let begin = crate::clock::ORIGIN;
        let piece = clock.virtual_ms(PIECE).max(1);
        let is_there = |place: i64| {
            let (from, until) = (begin + place * piece, begin + (place + 1) * piece);
            !away.iter().any(|(since, back)| from < *back && *since < until)
        };
        let idle: Vec<bool> = (0..=(until - begin) / piece).map(is_there).collect();
        Self { clock, piece, begin, spare: idle.clone(), idle }
    }

    /// The real time between two virtual instants in which nothing was in the way; only whole pieces count.
    pub fn between(&self, from: i64, until: i64) -> Duration {
        self.count(&self.idle, from, until)
    }

    /// The same with the time in which other work was.
    pub fn with_queue(&self, from: i64, until: i64) -> Duration {
        self.count(&self.spare, from, until)
    }

    fn count(&self, pieces: &[bool], from: i64, until: i64) -> Duration {
        let first = (from - self.begin).div_euclid(self.piece) + 1;
        let last = (until - self.begin).div_euclid(self.piece);
        let is_free =
            |place: &i64| usize::try_from(*place).is_ok_and(|place| pieces.get(place) == Some(&true));
        let count = i64::try_from((first..last).filter(is_free).count()).unwrap_or(i64::MAX);
        self.clock.real(count.saturating_mul(self.piece))
    }
}
