//! Everything that the table and the schedule look at; only the instant is missing.

use crate::ack::Ack;
use crate::assess::told::{Attempt, Told, Wish};
use crate::evidence::Evidence;
use crate::fact::{Event, Fact, ProviderEvent};
use crate::outcome::Duplicate;
use crate::policy::Policy;
use crate::provider::Adapter;
use crate::source::{RevokeAck, Source};
use crate::time::Timestamp;

/// What was told of one message, with what it is judged by.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub evidence: &'a Evidence,
    pub source: &'a Source,
    pub policy: &'a Policy,
    pub told: Told<'a>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(evidence: &'a Evidence, source: &'a Source, policy: &'a Policy) -> Self {
        Self { evidence, source, policy, told: Told::by(evidence, policy.attempt_deadline(), None) }
    }

    /// The case as it stood before anybody spoke of a delivery, with nothing later than `until`.
    pub(crate) fn before_delivery(&self, until: Timestamp) -> Self {
        let told = Told::by(self.evidence, self.policy.attempt_deadline(), Some(until));
        Self { told, ..*self }
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
        let settled = |at: Timestamp| at + self.policy.settle <= now;
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

    /// Whether the person may have got an SMS of ours.
    pub(crate) fn duplicate(&self) -> Option<Duplicate> {
        let mut worst = None;
        for fact in self.evidence.facts() {
            let number = match fact {
                Fact::FallbackIntended(intent) => intent.fallback,
                Fact::FallbackAnswered(answer) => answer.fallback,
                Fact::FallbackStatus(status) => status.fallback,
                _ => continue,
            };
            worst = worst.max(self.sms(number));
        }
        worst.map(|sure| if sure { Duplicate::Yes } else { Duplicate::Possible })
    }

    /// What is known of one SMS: none if it surely did not reach the person, true if it surely did. A status counts
    /// more than the answer to the request: what the provider handed over has left.
    fn sms(&self, number: u32) -> Option<bool> {
        let (mut refused, mut handed_over, mut rejected) = (false, false, false);
        for fact in self.evidence.facts() {
            match fact {
                Fact::FallbackStatus(status) if status.fallback == number => match status.event {
                    Event::Delivered | Event::Read => return Some(true),
                    Event::NotDelivered { .. } => rejected = true,
                    Event::Submitted => handed_over = true,
                    _ => {}
                },
                Fact::FallbackAnswered(answer) if answer.fallback == number => {
                    refused = !matches!(answer.ack, Ack::Accepted | Ack::Unknown { .. });
                }
                _ => {}
            }
        }
        let surely_not = rejected || (refused && !handed_over);
        (!surely_not).then_some(false)
    }
}
