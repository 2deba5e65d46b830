//! When the server was there, and when its account had requests to spare: only then does anything that waits, wait for
//! the server.

use std::time::Duration;

use rcs_revoke_simulator::{Provider, Running};

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
    free: Vec<bool>,
}

impl Freedom {
    /// Of one provider's account, from the beginning of the drill until now.
    pub fn of(provider: Provider, simulator: &Running, clock: DrillClock, limit: f64, away: &Away) -> Self {
        let begin = crate::clock::ORIGIN;
        let piece = clock.virtual_ms(PIECE).max(1);
        let pieces = usize::try_from((clock.now() - begin) / piece).unwrap_or_default();
        let mut used = vec![0_u32; pieces + 1];
        let place = |at: i64| usize::try_from((at - begin) / piece).ok();
        let mut note = |at: i64| {
            if let Some(used) = place(at).and_then(|place| used.get_mut(place)) {
                *used += 1;
            }
        };
        for truth in simulator.truth().iter().filter(|truth| truth.message.provider == provider) {
            truth.message.revokes.iter().for_each(|revoke| note(revoke.at_ms));
        }
        if provider == Provider::Vonage {
            simulator.sends().iter().for_each(|send| note(send.at_ms));
        }
        let most = limit * PIECE.as_secs_f64() * NEARLY_ALL;
        let mut free: Vec<bool> = used.iter().map(|used| f64::from(*used) < most).collect();
        for (from, until) in away {
            let (from, until) = (place(*from).unwrap_or(0), place(*until).unwrap_or(0));
            free.iter_mut().take(until + 1).skip(from).for_each(|free| *free = false);
        }
        Self { clock, piece, begin, free }
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
        Self { clock, piece, begin, free: (0..=(until - begin) / piece).map(is_there).collect() }
    }

    /// The real time between two virtual instants in which nothing else was in the way; only whole pieces count.
    pub fn between(&self, from: i64, until: i64) -> Duration {
        let first = (from - self.begin).div_euclid(self.piece) + 1;
        let last = (until - self.begin).div_euclid(self.piece);
        let is_free =
            |place: &i64| usize::try_from(*place).is_ok_and(|place| self.free.get(place) == Some(&true));
        let pieces = i64::try_from((first..last).filter(is_free).count()).unwrap_or(i64::MAX);
        self.clock.real(pieces.saturating_mul(self.piece))
    }
}
