//! Everything that the table and the schedule look at; only the instant is missing.

use crate::assess::sms::Told as Word;
use crate::assess::told::{Attempt, Told, Wish};
use crate::class::Class;
use crate::evidence::Evidence;
use crate::fact::{Event, ProviderEvent};
use crate::outcome::Duplicate;
use crate::policy::Policy;
use crate::provider::Adapter;
use crate::source::{RevokeAck, Source};
use crate::time::{Span, Timestamp};

/// What was told of one message, with what it is judged by.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub evidence: &'a Evidence,
    pub source: &'a Source,
    pub policy: &'a Policy,
    /// What the message's class says.
    pub class: Option<&'a Class>,
    pub told: Told<'a>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(evidence: &'a Evidence, source: &'a Source, policy: &'a Policy) -> Self {
        Self::of(evidence, source, policy, None)
    }

    fn of(
        evidence: &'a Evidence,
        source: &'a Source,
        policy: &'a Policy,
        before_delivery: Option<Timestamp>,
    ) -> Self {
        let life = policy.lifetimes(evidence.message().provider());
        let told = Told::by(evidence, policy.attempt_deadline(), life, before_delivery);
        let class = policy.class_of(told.known.class.as_deref());
        Self { evidence, source, policy, class, told }
    }

    /// The case as it stood before anybody spoke of a delivery, with nothing later than `until`.
    pub(crate) fn before_delivery(&self, until: Timestamp) -> Self {
        Self::of(self.evidence, self.source, self.policy, Some(until))
    }

    pub(crate) fn adapter(&self) -> &'static dyn Adapter {
        self.evidence.message().provider().adapter()
    }

    pub(crate) fn is_confirming(&self) -> bool {
        self.source.revoke_ack == RevokeAck::Confirmed && self.adapter().may_confirm()
    }

    /// The first event of a kind.
    pub(crate) fn first_event(&self, wanted: fn(&Event) -> bool) -> Option<&'a ProviderEvent> {
        self.told.events.iter().copied().find(|event| wanted(&event.event))
    }

    /// The last event of a kind.
    pub(crate) fn last_event(&self, wanted: fn(&Event) -> bool) -> Option<&'a ProviderEvent> {
        self.told.events.iter().copied().rfind(|event| wanted(&event.event))
    }

    /// The attempts that count for a wish.
    pub(crate) fn attempts_for<'b>(&'b self, wish: &'b Wish) -> impl Iterator<Item = &'b Attempt<'a>> {
        self.told.attempts.iter().filter(|attempt| attempt.counts_for(wish))
    }

    /// The latest attempt that counts for a wish.
    pub(crate) fn latest_for(&self, wish: &Wish) -> Option<&Attempt<'a>> {
        self.told.attempts.iter().rfind(|attempt| attempt.counts_for(wish))
    }

    /// Whether an attempt that counts for a wish is open.
    pub(crate) fn is_being_asked(&self, wish: &Wish, now: Timestamp) -> bool {
        self.attempts_for(wish).any(|attempt| attempt.is_open(now))
    }

    /// The live wishes that nobody has answered.
    pub(crate) fn open_wishes(&self) -> impl Iterator<Item = &Wish> {
        self.told.wishes.iter().filter(|wish| wish.live && !self.told.is_answered(wish))
    }

    /// Whether nothing can be gained by asking again.
    pub(crate) fn is_closed(&self, now: Timestamp) -> bool {
        let has_ended = |event: &Event| {
            event.is_delivery() || matches!(event, Event::ExpiryRevoked | Event::NotDelivered { .. })
        };
        let settled = |at: Timestamp| at + self.settle() <= now;
        self.first_event(has_ended).is_some()
            || self.is_over(now)
            || (self.is_confirming()
                && self.told.accepted.is_some_and(|accepted| settled(accepted.first_answered)))
    }

    /// Whether the message's own life has ended.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.told.known.horizon.is_some_and(|horizon| horizon <= now)
    }

    /// Whether everything that a request needs is known.
    pub(crate) fn can_be_built(&self) -> bool {
        !self.adapter().needs_recipient() || self.told.known.recipient.is_some()
    }

    /// Whether the person may have got an SMS of ours: not if it surely did not leave, or the provider rejected it.
    pub(crate) fn duplicate(&self) -> Option<Duplicate> {
        let mut worst = None;
        for sms in self.told.sms.iter().filter(|sms| !sms.is_free()) {
            worst = match sms.told {
                Word::Delivered => return Some(Duplicate::Yes),
                Word::NotDelivered(_) => worst,
                Word::Nothing | Word::Submitted => Some(Duplicate::Possible),
            };
        }
        worst
    }

    /// How long after an accepted answer a crossing delivery is waited for.
    pub(crate) fn settle(&self) -> Span {
        self.class.and_then(|class| class.settle).unwrap_or(self.policy.settle)
    }

    /// Until when a delivery that crossed the latest accepted answer is waited for.
    pub(crate) fn settles_until(&self) -> Option<Timestamp> {
        self.told.accepted.map(|accepted| accepted.last_answered + self.settle())
    }

    /// Waits before each retry after an unknown effect or a request that never left.
    pub(crate) fn retries(&self) -> &'a [Span] {
        self.class.and_then(|class| class.retries.as_ref()).unwrap_or(&self.policy.retries)
    }
}
