//! When and where a wish is attempted next, if at all.

use crate::ack::{Ack, NoEffect};
use crate::assess::case::Case;
use crate::assess::told::{Attempt, State, Wish};
use crate::fact::Event;
use crate::host::Host;
use crate::region::Route;
use crate::time::{Span, Timestamp};
use crate::webhook::Hash;

/// The next attempt of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub due: Timestamp,
    pub host: Host,
}

impl Case<'_> {
    /// The next attempt of a live, unanswered wish, unless its limit comes first, something that the request
    /// needs is missing, or nothing is left to try.
    pub(crate) fn next_attempt(&self, wish: &Wish, now: Timestamp) -> Option<Next> {
        self.can_be_built().then(|| self.next_if_built(wish, now)).flatten()
    }

    /// The next attempt if everything that the request needs were known. While one that counts for the wish is
    /// open, there is no other: what it will be answered decides what is left to try.
    pub(crate) fn next_if_built(&self, wish: &Wish, now: Timestamp) -> Option<Next> {
        if self.is_closed(now) || self.is_being_asked(wish, now) {
            return None;
        }
        let mut next = match self.latest_for(wish) {
            None => Next { due: wish.at, host: self.first_host() },
            Some(latest) => self.retry(wish, latest, now)?,
        };
        next.due = next.due.max(wish.begins()).max(wish.at);
        let known = &self.told.known;
        let in_time = |limit: Option<Timestamp>| limit.is_none_or(|limit| next.due.max(now) < limit);
        ((wish.override_window || in_time(known.window_closes)) && in_time(known.horizon)).then_some(next)
    }

    fn first_host(&self) -> Host {
        self.route().first()
    }

    fn route(&self) -> Route {
        self.policy.route(self.source, self.told.known.host)
    }

    fn permission_retries(&self) -> usize {
        self.policy.permission_retries(self.source.provider).try_into().unwrap_or(usize::MAX)
    }

    /// What the latest attempt's ack leaves to try.
    fn retry(&self, wish: &Wish, latest: &Attempt<'_>, now: Timestamp) -> Option<Next> {
        let State::Ended(ack, at) = latest.state(now) else {
            return None;
        };
        let policy = self.policy;
        let alike = |attempt: &&Attempt<'_>| {
            attempt.number != latest.number
                && matches!(attempt.state(now), State::Ended(other, _) if is_alike(other, ack))
        };
        let earlier = self.attempts_for(wish).filter(alike).count();
        let scheduled = self.retries().get(earlier).copied();
        let wait = match ack {
            Ack::Accepted => return None,
            Ack::NotFound { .. } => return self.other_region(wish, at),
            Ack::Unknown { .. } | Ack::NotSent { .. } => self.jittered(latest, scheduled?),
            Ack::NoEffect { reason, .. } => match reason {
                NoEffect::Throttled => {
                    let planned = policy.throttled.get(earlier).copied().unwrap_or(policy.throttled_then);
                    self.jittered(latest, planned)
                }
                NoEffect::Credentials if earlier == 0 => Span::ZERO,
                NoEffect::Permission if earlier < self.permission_retries() => scheduled?,
                _ => return None,
            },
        };
        let asked = ack.retry_after().map_or(Span::ZERO, |asked| asked.min(policy.retry_after_cap));
        Some(Next { due: at + wait.max(asked), host: latest.host.unwrap_or_else(|| self.first_host()) })
    }

    /// After a 404 where that may mean "another region": the others in order, then all once more while the
    /// message is so young that its id may not be known yet. A later `Submitted` opens the regions again.
    fn other_region(&self, wish: &Wish, answered_at: Timestamp) -> Option<Next> {
        if !self.policy.asks_other_hosts(self.source.provider) {
            return None;
        }
        let submitted = self.last_event(|event| *event == Event::Submitted);
        let reopened = submitted.map(|event| event.received_at);
        let mut least_asked: Option<(usize, Host)> = None;
        let mut round_begun = false;
        for host in self.route().candidates {
            let asked = |attempt: &&Attempt<'_>| {
                attempt.host == Some(host)
                    && matches!(attempt.answer, Some((Ack::NotFound { .. }, at)) if Some(at) >= reopened)
            };
            let times = self.attempts_for(wish).filter(asked).count();
            round_begun |= times > 1;
            if least_asked.is_none_or(|(least, _)| times < least) {
                least_asked = Some((times, host));
            }
        }
        let (times, host) = least_asked?;
        let at_once = reopened.map_or(answered_at, |reopened| reopened.max(answered_at));
        let due = match times {
            0 => at_once,
            1 if round_begun => at_once,
            1 if self.told.known.sent_at.is_some_and(|sent| answered_at - sent < self.policy.young()) => {
                let retries = self.retries();
                at_once + retries.get(1).or(retries.last()).copied().unwrap_or(Span::ZERO)
            }
            _ => return None,
        };
        Some(Next { due, host })
    }

    /// The wait made 0.8 to 1.2 times as long, by a hash of message and attempt: the same on every machine.
    fn jittered(&self, attempt: &Attempt<'_>, wait: Span) -> Span {
        let message = self.evidence.message().text();
        let digest = Hash::SHA256.of(&[message.as_bytes(), &attempt.number.to_be_bytes()]);
        let draw = i64::from(u16::from_be_bytes([digest[0], digest[1]])); // 0..=65535
        let per_mille = 800 + draw * 400 / 65_535;
        Span::millis(wait.as_millis().saturating_mul(per_mille) / 1_000)
    }
}

/// Whether two acks stand in one row of retries.
fn is_alike(one: &Ack, other: &Ack) -> bool {
    match (one, other) {
        (Ack::NoEffect { reason, .. }, Ack::NoEffect { reason: others, .. }) => reason == others,
        (Ack::Unknown { .. } | Ack::NotSent { .. }, Ack::Unknown { .. } | Ack::NotSent { .. }) => true,
        _ => false,
    }
}
