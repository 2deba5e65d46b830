//! The outcome table: the first row that matches wins.

use crate::ack::{Ack, NoEffect, SendFailure};
use crate::assess::case::Case;
use crate::assess::told::{Attempt, State, Told, Wish};
use crate::fact::Event;
use crate::outcome::{Doubt, Flags, Outcome, Proof, Refusal, Verdict};
use crate::phone::E164;
use crate::time::Timestamp;

impl Case<'_> {
    pub(crate) fn outcome(&self, now: Timestamp) -> Outcome {
        Outcome { verdict: self.verdict(now), flags: self.flags() }
    }

    pub(crate) fn verdict(&self, now: Timestamp) -> Verdict {
        // Rows 1 to 3: what the provider stated.
        if let Some(delivery) = self.first_event(Event::is_delivery) {
            return self.delivered(delivery.received_at);
        }
        if self.first_event(|event| *event == Event::ExpiryRevoked).is_some() {
            return Verdict::Revoked { proof: Proof::Event };
        }
        let rejection = self.first_event(|event| matches!(event, Event::NotDelivered { .. }));
        if let Some(Event::NotDelivered { code }) = rejection.map(|event| &event.event) {
            return Verdict::NotDelivered { code: code.clone() };
        }
        // Row 4: an attempt is open, or the schedule holds another.
        if self.is_requesting(now) {
            return Verdict::Requesting;
        }
        // Row 5: a crossing delivery may still show.
        let accepted = self.told.accepted;
        if let Some(until) = self.settles_until().filter(|until| now < *until) {
            return Verdict::Settling { until };
        }
        // Row 6: an expiry that did not end in a revocation we can read, and nothing was accepted since.
        let doubt = self
            .last_event(|event| matches!(event, Event::ExpiryRevokeFailed | Event::UnknownExpiryWord { .. }));
        if let Some(doubt) = doubt
            && accepted.is_none_or(|accepted| accepted.last_begun <= doubt.received_at)
        {
            return Verdict::Inconclusive { why: Doubt::Expiry };
        }
        // Rows 7 to 9: the provider took the request.
        if let Some(accepted) = accepted {
            if self.is_confirming() {
                return Verdict::Revoked { proof: Proof::Answer };
            }
            return if self.is_over(now) && self.would_have_heard(accepted.first_begun) {
                Verdict::PresumedRevoked
            } else {
                Verdict::Unconfirmed
            };
        }
        // Row 10: even the last webhook's time is over.
        if self.told.known.horizon.is_some_and(|horizon| horizon + self.told.life.tail <= now) {
            return Verdict::Lapsed;
        }
        // Rows 11 and 12: a 404 that means *delivered*, one that means nothing, and requests of unknown effect.
        if self.presumed_until().is_some_and(|until| now < until) {
            return Verdict::PresumedDelivered;
        }
        if !self.adapter().asks_other_hosts()
            && self.any_ended(now, |ack| matches!(ack, Ack::NotFound { .. }))
        {
            return Verdict::Inconclusive { why: Doubt::NotFound };
        }
        if self.any_ended(now, |ack| matches!(ack, Ack::Unknown { .. })) {
            return Verdict::Inconclusive { why: Doubt::EffectUnknown };
        }
        self.wished(now, |_| true)
    }

    fn delivered(&self, at: Timestamp) -> Verdict {
        Verdict::Delivered {
            at,
            read: self.first_event(|event| *event == Event::Read).is_some(),
            raced: self.told.accepted.is_some(),
            contradicts: self.is_contradicted(at),
            duplicate: self.duplicate(),
        }
    }

    /// Whether somebody told us that it would not be delivered, in words or by an answer that was believed.
    fn is_contradicted(&self, delivered_at: Timestamp) -> bool {
        let said =
            self.first_event(|event| matches!(event, Event::ExpiryRevoked | Event::NotDelivered { .. }));
        said.is_some()
            || (self.is_confirming()
                && self.before_delivery(delivered_at).verdict(delivered_at)
                    == Verdict::Revoked { proof: Proof::Answer })
    }

    fn is_requesting(&self, now: Timestamp) -> bool {
        self.told.wishes.iter().any(|wish| {
            !self.told.is_answered(wish)
                && (self.is_being_asked(wish, now)
                    || (wish.live
                        && self.latest_for(wish).is_some()
                        && self.next_attempt(wish, now).is_some()))
        })
    }

    /// Whether a delivery would have been reported to us, where the first accepted request began at that instant.
    fn would_have_heard(&self, begun_at: Timestamp) -> bool {
        let known = &self.told.known;
        let (Some(end), Some(since), Some(sent)) =
            (known.horizon, self.source.listening_since, known.sent_at)
        else {
            return false;
        };
        known.end_is_known && since < sent && begun_at < end
    }

    fn any_ended(&self, now: Timestamp, wanted: fn(&Ack) -> bool) -> bool {
        let ended = |attempt: &Attempt<'_>| matches!(attempt.state(now), State::Ended(ack, _) if wanted(ack));
        self.told.attempts.iter().any(ended)
    }

    /// Until when a clean 404 is read as a delivery.
    pub(crate) fn presumed_until(&self) -> Option<Timestamp> {
        if !self.is_confirming() || !self.told.registrations.is_the_senders_own() {
            return None;
        }
        let mut last = None;
        for attempt in &self.told.attempts {
            if let Some((Ack::NotFound { proper: true }, at)) = attempt.answer
                && self.can_only_mean_delivered(attempt, at)
            {
                last = last.max(Some(at + self.policy.presume_for));
            }
        }
        last
    }

    /// Whether the API's own 404 for a message that its sender described can only mean *delivered*: it was asked
    /// where the message was sent, while it was remembered, before anything else could have removed it.
    fn can_only_mean_delivered(&self, attempt: &Attempt<'_>, answered_at: Timestamp) -> bool {
        let Told { known, registrations, attempts, .. } = &self.told;
        let may_have_removed = |other: &Attempt<'_>| {
            other.number != attempt.number
                && other.begun_at < answered_at
                && matches!(other.answer, None | Some((Ack::Accepted | Ack::Unknown { .. }, _)))
        };
        let asked_where_sent = attempt
            .host
            .is_some_and(|host| registrations.sender_used(host) || self.source.host == Some(host));
        asked_where_sent
            && known.sent_at.is_some_and(|sent| answered_at < sent + self.policy.remembered())
            && known.horizon.is_some_and(|end| answered_at < end)
            && !attempts.iter().any(may_have_removed)
    }

    /// Rows 13 to 16: what became of the wishes when nothing else can be said.
    ///
    /// Only wishes that count are looked at for what is planned.
    pub(crate) fn wished(&self, now: Timestamp, counts: impl Fn(&Wish) -> bool) -> Verdict {
        let wishes = &self.told.wishes;
        if wishes.is_empty() {
            return Verdict::Watched;
        }
        if wishes.iter().all(|wish| !wish.live) {
            return Verdict::Withdrawn;
        }
        let mut planned: Option<&Wish> = None;
        for wish in self.open_wishes().filter(|wish| counts(wish)) {
            let comes_first = planned.is_none_or(|planned| wish.begins() < planned.begins());
            if comes_first && self.latest_for(wish).is_none() && self.next_attempt(wish, now).is_some() {
                planned = Some(wish);
            }
        }
        match planned {
            Some(wish) => Verdict::Planned { not_before: wish.not_before },
            None => Verdict::Refused { reason: self.refusal(now) },
        }
    }

    /// Row 15: the latest attempt of a live wish names the reason; without one, what stands in its way.
    fn refusal(&self, now: Timestamp) -> Refusal {
        let Told { wishes, attempts, known, .. } = &self.told;
        let for_live =
            |attempt: &&Attempt<'_>| wishes.iter().any(|wish| wish.live && attempt.counts_for(wish));
        let latest = attempts.iter().rfind(for_live);
        if let Some(reason) = latest.and_then(|attempt| named_by(attempt.state(now))) {
            return reason;
        }
        if self.question(now).is_some() {
            return Refusal::NeedsInput;
        }
        let overridden = wishes.iter().any(|wish| wish.live && wish.override_window);
        match (known.horizon, known.window_closes) {
            (Some(horizon), Some(window)) if window < horizon && !overridden => Refusal::WindowClosed,
            _ => Refusal::Expired,
        }
    }

    /// Whether an event names another number than the registration.
    pub(crate) fn has_mismatch(&self) -> bool {
        let registered = self.told.registrations.phone.value;
        let other_number = |named: &E164| registered.is_some_and(|registered| registered != named);
        self.told.events.iter().any(|event| event.phone.as_ref().is_some_and(other_number))
    }

    fn flags(&self) -> Flags {
        let unknown =
            |event: &Event| matches!(event, Event::UnknownWord { .. } | Event::UnknownExpiryWord { .. });
        Flags {
            unknown_word: self.first_event(unknown).is_some(),
            registrations_differ: self.told.registrations.differ(),
            phone_mismatch: self.has_mismatch(),
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
