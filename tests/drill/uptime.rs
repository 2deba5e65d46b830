//! When the server was there, its account had requests to spare, and it did nothing of the kind that is waited for: only
//! then does what waits, wait for nothing. What stands in a queue behind other work has its turn to come. Other work is
//! also a try for which there was no token, or whose answer is long in coming.

use std::time::Duration;

use rcs_revoke_core::ack::NoEffect;
use rcs_revoke_core::{Ack, Fact, MessageRef};
use rcs_revoke_simulator::{Provider, Route, Running};

use crate::audit::Facts;
use crate::clock::DrillClock;

/// Time is looked at in pieces of this real length.
const PIECE: Duration = Duration::from_millis(250);
/// A piece in which this part of what the limit allows was used has nothing to spare: a gate that spaces its requests
/// never uses all of it.
const NEARLY_ALL: f64 = 0.7;

/// For how long an account waits at a provider's word at most, in virtual milliseconds.
const LONGEST_WAIT: i64 = 10_000;

/// The times in which the server was away, as virtual instants: killed, and not ready yet.
pub type Away = Vec<(i64, i64)>;

/// One try of an account: from when to when it went on, as the server wrote it down.
pub struct Try {
    provider: Provider,
    is_sms: bool,
    from: i64,
    until: i64,
}

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
    pub fn of(
        route: Route,
        (simulator, tries): (&Running, &[Try]),
        clock: DrillClock,
        limit: f64,
        away: &Away,
    ) -> Self {
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
        let of_account = tries.iter().filter(|one| one.provider == provider);
        for one in of_account.filter(|one| one.is_sms == (route == Route::VonageSend)) {
            let (from, until) = (place(one.from).unwrap_or(0), place(one.until).unwrap_or(0));
            done.iter_mut().take(until + 1).skip(from).for_each(|done| *done = true);
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

/// Every try of every account.
pub fn tries(facts: &Facts) -> Vec<Try> {
    let mut tries = Vec::new();
    for (key, facts) in facts {
        let Ok(message) = key.parse::<MessageRef>() else { continue };
        let of = match message.provider() {
            rcs_revoke_core::Provider::GoogleRbm => Provider::Google,
            rcs_revoke_core::Provider::Vonage => Provider::Vonage,
        };
        for fact in facts {
            let (provider, is_sms, from, answer) = match fact {
                Fact::Attempted(begun) => {
                    let answer = facts.iter().find_map(|fact| match fact {
                        Fact::Answered(answer) if answer.attempt == begun.attempt => {
                            Some((&answer.ack, answer.at))
                        }
                        _ => None,
                    });
                    (of, false, begun.begun_at, answer)
                }
                Fact::FallbackIntended(meant) => {
                    let answer = facts.iter().find_map(|fact| match fact {
                        Fact::FallbackAnswered(answer) if answer.fallback == meant.fallback => {
                            Some((&answer.ack, answer.at))
                        }
                        _ => None,
                    });
                    (Provider::Vonage, true, meant.at, answer)
                }
                _ => continue,
            };
            let until = answer.map_or(from, |(_, at)| at).as_millis();
            let is_told_to_wait =
                matches!(answer, Some((Ack::NoEffect { reason: NoEffect::Throttled, .. }, _)));
            let until = if is_told_to_wait { until + LONGEST_WAIT } else { until };
            tries.push(Try { provider, is_sms, from: from.as_millis(), until });
        }
    }
    tries
}
