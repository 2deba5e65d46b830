//! When and where a wish is attempted next, if at all.

use sha2::{Digest, Sha256};

use crate::ack::{Ack, NoEffect};
use crate::assess::case::{Attempt, Case, State, Wish};
use crate::fact::Event;
use crate::host::Host;
use crate::prelude::*;
use crate::time::{Span, Timestamp};

/// The next attempt of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub due: Timestamp,
    pub host: Host,
}

/// How young a message must be for all regions to be asked once more: its id may not be known to them yet.
const YOUNG: Span = Span::secs(60);

impl Case<'_> {
    /// The next attempt of a live, unanswered wish, unless its limit comes first, something that the request
    /// needs is missing, or nothing is left to try.
    pub(crate) fn next_attempt(&self, wish: &Wish, now: Timestamp) -> Option<Next> {
        self.can_be_built().then(|| self.next_if_built(wish, now)).flatten()
    }

    /// The next attempt if everything that the request needs were known. While one that counts for the wish is
    /// open, there is no other: what it will be answered decides what is left to try.
    pub(crate) fn next_if_built(&self, wish: &Wish, now: Timestamp) -> Option<Next> {
        let is_open = |attempt: &Attempt<'_>| attempt.state(now) == State::Open;
        if self.is_closed(now) || self.attempts_for(wish).any(is_open) {
            return None;
        }
        let planned = wish.not_before.map_or(wish.at, |at| at.max(wish.at));
        let next = match self.attempts_for(wish).last() {
            None => Next { due: planned, host: self.first_host() },
            Some(latest) => {
                let next = self.retry(wish, latest, now)?;
                Next { due: next.due.max(planned), ..next }
            }
        };
        let in_time = self.limit(wish).is_none_or(|limit| next.due.max(now) < limit);
        in_time.then_some(next)
    }

    fn first_host(&self) -> Host {
        self.adapter().route(self.source, self.known.host).first()
    }

    /// What the latest attempt's ack leaves to try.
    fn retry(&self, wish: &Wish, latest: &Attempt<'_>, now: Timestamp) -> Option<Next> {
        let State::Ended(ack, at) = latest.state(now) else {
            return None;
        };
        let policy = self.policy;
        let count = |wanted: fn(&Ack) -> bool| self.count(wish, now, wanted);
        let wait = match ack {
            Ack::Accepted => return None,
            Ack::NotFound { .. } => return self.other_region(wish, at, now),
            Ack::Unknown { .. } | Ack::NotSent { .. } => {
                let tried = count(|ack| matches!(ack, Ack::Unknown { .. } | Ack::NotSent { .. }));
                self.jittered(latest, *policy.retries.get(tried - 1)?)
            }
            Ack::NoEffect { reason, .. } => match reason {
                NoEffect::Throttled => {
                    let tried = count(|ack| is(ack, NoEffect::Throttled));
                    let planned = policy.throttled.get(tried - 1).copied().unwrap_or(policy.throttled_then);
                    self.jittered(latest, planned)
                }
                NoEffect::Credentials if count(|ack| is(ack, NoEffect::Credentials)) == 1 => Span::ZERO,
                NoEffect::Permission => {
                    let tried = count(|ack| is(ack, NoEffect::Permission));
                    if tried > self.adapter().permission_retries() {
                        return None;
                    }
                    *policy.retries.get(tried - 1)?
                }
                NoEffect::Credentials | NoEffect::Invalid | NoEffect::Unsupported | NoEffect::NoCredit => {
                    return None;
                }
            },
        };
        let asked = ack.retry_after().map_or(Span::ZERO, |asked| asked.min(policy.retry_after_cap));
        Some(Next { due: at + wait.max(asked), host: latest.host.unwrap_or_else(|| self.first_host()) })
    }

    fn count(&self, wish: &Wish, now: Timestamp, wanted: fn(&Ack) -> bool) -> usize {
        let ended =
            |attempt: &&Attempt<'_>| matches!(attempt.state(now), State::Ended(ack, _) if wanted(ack));
        self.attempts_for(wish).filter(ended).count()
    }

    /// After a 404 where that may mean "another region": the others in order, then all once more while the
    /// message is so young that its id may not be known yet. A later `Submitted` opens the regions again.
    fn other_region(&self, wish: &Wish, answered_at: Timestamp, now: Timestamp) -> Option<Next> {
        if !self.adapter().asks_other_hosts() {
            return None;
        }
        let submitted = self.events.iter().rfind(|event| event.event == Event::Submitted);
        let reopened = submitted.map(|event| event.received_at);
        let asked: Vec<Option<Host>> = self
            .attempts_for(wish)
            .filter(|attempt| match attempt.state(now) {
                State::Ended(Ack::NotFound { .. }, at) => reopened.is_none_or(|reopened| at >= reopened),
                _ => false,
            })
            .map(|attempt| attempt.host)
            .collect();
        let times = |host: &Host| asked.iter().filter(|asked| **asked == Some(*host)).count();
        let candidates = self.adapter().route(self.source, self.known.host).candidates;
        let host = *candidates.iter().min_by_key(|host| times(host))?;
        let at_once = reopened.map_or(answered_at, |reopened| reopened.max(answered_at));
        let round_begun = candidates.iter().any(|host| times(host) > 1);
        match times(&host) {
            0 => Some(Next { due: at_once, host }),
            1 if round_begun => Some(Next { due: at_once, host }),
            1 if self.known.sent_at.is_some_and(|sent| answered_at - sent < YOUNG) => {
                let retries = &self.policy.retries;
                let wait = retries.get(1).or(retries.last()).copied().unwrap_or(Span::ZERO);
                Some(Next { due: at_once + wait, host })
            }
            _ => None,
        }
    }

    /// The wait made 0.8 to 1.2 times as long, by a hash of message and attempt: the same on every machine.
    fn jittered(&self, attempt: &Attempt<'_>, wait: Span) -> Span {
        let digest = Sha256::new()
            .chain_update(self.evidence.message().to_string())
            .chain_update(attempt.number.to_be_bytes())
            .finalize();
        let draw = i64::from(u16::from_be_bytes([digest[0], digest[1]])); // 0..=65535
        let per_mille = 800 + draw * 400 / 65_535;
        Span::millis(wait.as_millis().saturating_mul(per_mille) / 1_000)
    }
}

fn is(ack: &Ack, wanted: NoEffect) -> bool {
    matches!(ack, Ack::NoEffect { reason, .. } if *reason == wanted)
}
