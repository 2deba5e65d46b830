//! The outcome table: the first row that matches wins.

use crate::ack::{Ack, NoEffect, SendFailure};
use crate::assess::case::{Attempt, Case, State, Wish};
use crate::fact::Event;
use crate::outcome::{Doubt, Flags, Outcome, Proof, Refusal, Verdict};
use crate::time::{Span, Timestamp};

/// How long after sending a 404 can still mean *delivered*: later the provider may have forgotten the message.
const REMEMBERED: Span = Span::days(30);

impl Case<'_> {
    pub(crate) fn outcome(&self, now: Timestamp) -> Outcome {
        Outcome { verdict: self.verdict(now), flags: self.flags() }
    }

    pub(crate) fn verdict(&self, now: Timestamp) -> Verdict {
        self.stated()
            .or_else(|| self.requesting(now))
            .or_else(|| self.settling(now))
            .or_else(|| self.doubtful_expiry())
            .or_else(|| self.asked(now))
            .or_else(|| self.lapsed(now))
            .or_else(|| self.not_found_or_unknown(now))
            .unwrap_or_else(|| self.wished(now))
    }

    /// Rows 1 to 3: what the provider stated.
    fn stated(&self) -> Option<Verdict> {
        let delivery = self.events.iter().find(|event| matches!(event.event, Event::Delivered | Event::Read));
        if let Some(delivery) = delivery {
            return Some(Verdict::Delivered {
                at: delivery.received_at,
                read: self.has_event(|event| *event == Event::Read),
                raced: self.acceptances().next().is_some(),
                contradicts: self.is_contradicted(delivery.received_at),
                duplicate: self.duplicate(),
            });
        }
        if self.has_event(|event| *event == Event::ExpiryRevoked) {
            return Some(Verdict::Revoked { proof: Proof::Event });
        }
        self.events.iter().find_map(|event| match &event.event {
            Event::NotDelivered { code } => Some(Verdict::NotDelivered { code: code.clone() }),
            _ => None,
        })
    }

    /// Whether somebody told us that it would not be delivered, in words or by an answer that was believed.
    fn is_contradicted(&self, delivered_at: Timestamp) -> bool {
        self.has_event(|event| matches!(event, Event::ExpiryRevoked | Event::NotDelivered { .. }))
            || (self.is_confirming()
                && matches!(
                    self.before_delivery(delivered_at).verdict(delivered_at),
                    Verdict::Revoked { proof: Proof::Answer }
                ))
    }

    /// Row 4: an attempt is open, or the schedule holds another.
    fn requesting(&self, now: Timestamp) -> Option<Verdict> {
        let is_open = |wish: &Wish| {
            !self.is_answered(wish)
                && self.attempts_for(wish).any(|attempt| attempt.state(now) == State::Open)
        };
        let goes_on =
            |wish: &Wish| self.attempts_for(wish).next().is_some() && self.next_attempt(wish, now).is_some();
        (self.wishes.iter().any(is_open) || self.open_wishes().any(goes_on)).then_some(Verdict::Requesting)
    }

    /// Row 5: a crossing delivery may still show.
    fn settling(&self, now: Timestamp) -> Option<Verdict> {
        let until = self.acceptances().max()? + self.policy.settle;
        (now < until).then_some(Verdict::Settling { until })
    }

    /// Row 6: an expiry that did not end in a revocation we can read, and nothing was accepted since.
    fn doubtful_expiry(&self) -> Option<Verdict> {
        let doubt = self.events.iter().rfind(|event| {
            matches!(event.event, Event::ExpiryRevokeFailed | Event::UnknownExpiryWord { .. })
        })?;
        let asked_since =
            |attempt: &Attempt<'_>| attempt.begun_at > doubt.received_at && attempt.accepted_at().is_some();
        let doubtful = !self.attempts.iter().any(asked_since);
        doubtful.then_some(Verdict::Inconclusive { why: Doubt::Expiry })
    }

    /// Rows 7 to 9: the provider took the request.
    fn asked(&self, now: Timestamp) -> Option<Verdict> {
        self.acceptances().next()?;
        if self.is_confirming() {
            return Some(Verdict::Revoked { proof: Proof::Answer });
        }
        let in_time = |attempt: &Attempt<'_>| {
            attempt.accepted_at().is_some() && self.known.horizon.is_some_and(|end| attempt.begun_at < end)
        };
        let heard_all = self.known.end_is_known
            && self.source.listening_since.zip(self.known.sent_at).is_some_and(|(since, sent)| since < sent);
        let presumed = self.is_over(now) && heard_all && self.attempts.iter().any(in_time);
        Some(if presumed { Verdict::PresumedRevoked } else { Verdict::Unconfirmed })
    }

    /// Row 10: even the last webhook's time is over.
    fn lapsed(&self, now: Timestamp) -> Option<Verdict> {
        let over = self.known.horizon.is_some_and(|horizon| horizon + self.life.tail <= now);
        over.then_some(Verdict::Lapsed)
    }

    /// Rows 11 and 12: a 404 that means *delivered*, one that means nothing, and requests of unknown effect.
    fn not_found_or_unknown(&self, now: Timestamp) -> Option<Verdict> {
        if self.presumed_until().is_some_and(|until| now < until) {
            return Some(Verdict::PresumedDelivered);
        }
        let any = |wanted: fn(&Ack) -> bool| {
            let ended =
                |attempt: &Attempt<'_>| matches!(attempt.state(now), State::Ended(ack, _) if wanted(ack));
            self.attempts.iter().any(ended)
        };
        if !self.adapter().asks_other_hosts() && any(|ack| matches!(ack, Ack::NotFound { .. })) {
            return Some(Verdict::Inconclusive { why: Doubt::NotFound });
        }
        any(|ack| matches!(ack, Ack::Unknown { .. }))
            .then_some(Verdict::Inconclusive { why: Doubt::EffectUnknown })
    }

    /// Until when a clean 404 is read as a delivery.
    pub(crate) fn presumed_until(&self) -> Option<Timestamp> {
        let clean = self.attempts.iter().filter_map(|attempt| self.clean_not_found(attempt)).max()?;
        Some(clean + self.policy.presume_for)
    }

    /// When the attempt was answered with a 404 that can only mean *delivered*: the API's own, for a message
    /// that its sender described, asked where it was sent, before anything else could have removed it.
    fn clean_not_found(&self, attempt: &Attempt<'_>) -> Option<Timestamp> {
        let (ack, answered_at) = attempt.answer?;
        let may_have_removed = |other: &Attempt<'_>| {
            other.number != attempt.number
                && other.begun_at < answered_at
                && other.answer.is_none_or(|(ack, _)| matches!(ack, Ack::Accepted | Ack::Unknown { .. }))
        };
        let asked_where_sent = attempt
            .host
            .is_some_and(|host| self.registrations.sender_used(host) || self.source.host == Some(host));
        let remembered = self.known.sent_at.is_some_and(|sent| answered_at < sent + REMEMBERED)
            && self.known.horizon.is_some_and(|end| answered_at < end);
        let clean = *ack == Ack::NotFound { proper: true }
            && self.is_confirming()
            && self.registrations.is_the_senders_own()
            && remembered
            && asked_where_sent
            && !self.attempts.iter().any(may_have_removed);
        clean.then_some(answered_at)
    }

    /// Rows 13 to 16: what became of the wishes when nothing else can be said.
    fn wished(&self, now: Timestamp) -> Verdict {
        if self.wishes.is_empty() {
            return Verdict::Watched;
        }
        if self.wishes.iter().all(|wish| !wish.live) {
            return Verdict::Withdrawn;
        }
        let planned = self
            .open_wishes()
            .filter(|wish| self.attempts_for(wish).next().is_none() && self.next_attempt(wish, now).is_some())
            .min_by_key(|wish| wish.not_before.unwrap_or(wish.at));
        match planned {
            Some(wish) => Verdict::Planned { not_before: wish.not_before },
            None => Verdict::Refused { reason: self.refusal(now) },
        }
    }

    /// Row 15: the latest attempt of a live wish names the reason; without one, what stands in its way.
    fn refusal(&self, now: Timestamp) -> Refusal {
        let latest = self
            .wishes
            .iter()
            .filter(|wish| wish.live)
            .filter_map(|wish| self.attempts_for(wish).last())
            .max_by_key(|attempt| (attempt.begun_at, attempt.number));
        if let Some(reason) = latest.and_then(|attempt| named_by(attempt.state(now))) {
            return reason;
        }
        if !self.can_be_built() && self.open_wishes().any(|wish| self.next_if_built(wish, now).is_some()) {
            return Refusal::NeedsInput;
        }
        let overridden = self.wishes.iter().any(|wish| wish.live && wish.override_window);
        match (self.known.horizon, self.known.window_closes) {
            (Some(horizon), Some(window)) if window < horizon && !overridden => Refusal::WindowClosed,
            _ => Refusal::Expired,
        }
    }

    fn flags(&self) -> Flags {
        let other_number = |named: &crate::phone::E164| {
            self.registrations.phone().is_some_and(|registered| registered != named)
        };
        Flags {
            unknown_word: self.has_event(|event| {
                matches!(event, Event::UnknownWord { .. } | Event::UnknownExpiryWord { .. })
            }),
            registrations_differ: self.registrations.differ(),
            phone_mismatch: self.events.iter().filter_map(|event| event.phone.as_ref()).any(other_number),
        }
    }
}

/// What an attempt's end says about why nothing more is tried.
const fn named_by(state: State<'_>) -> Option<Refusal> {
    let State::Ended(ack, _) = state else {
        return None;
    };
    Some(match ack {
        Ack::NotFound { .. } => Refusal::NotFound,
        Ack::NotSent { why: SendFailure::TokenRefused } => Refusal::Credentials,
        Ack::NotSent { .. } => Refusal::Unreachable,
        Ack::NoEffect { reason, .. } => match reason {
            NoEffect::Invalid => Refusal::Invalid,
            NoEffect::Credentials => Refusal::Credentials,
            NoEffect::Permission => Refusal::Permission,
            NoEffect::Unsupported => Refusal::Unsupported,
            NoEffect::Throttled => Refusal::Throttled,
            NoEffect::NoCredit => Refusal::NoCredit,
        },
        Ack::Accepted | Ack::Unknown { .. } => return None,
    })
}
