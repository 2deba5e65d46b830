//! The SMS of one message, each with what is known of it.

use crate::ack::{Ack, NoEffect};
use crate::fact::{Event, Fact, FallbackOrdered};
use crate::prelude::*;
use crate::sort;
use crate::time::{Span, Timestamp};

/// One SMS that was to leave.
#[derive(Clone, Debug)]
pub(crate) struct Sms<'a> {
    pub number: u32,
    /// When it was meant to leave; where only an answer or a status is known, when that came.
    pub at: Timestamp,
    pub answer: Option<(&'a Ack, Timestamp)>,
    /// When it counts as sent or not, nobody knows, if no answer came.
    pub deadline: Timestamp,
    /// The highest word that the provider has told of it.
    pub told: Told<'a>,
}

/// What the provider told of an SMS; a higher word counts more than a lower one, whichever came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Told<'a> {
    Nothing,
    Submitted,
    NotDelivered(&'a str),
    Delivered,
}

impl Sms<'_> {
    /// Whether it surely never left, so that another may.
    pub(crate) fn is_free(&self) -> bool {
        self.told == Told::Nothing
            && matches!(
                self.answer,
                Some((Ack::NotSent { .. } | Ack::NotFound { .. } | Ack::NoEffect { .. }, _))
            )
    }

    /// Whether the provider said that it took it.
    pub(crate) const fn is_accepted(&self) -> bool {
        matches!(self.answer, Some((Ack::Accepted, _)))
    }

    /// Whether the provider told anything of it, which it does only of what left.
    pub(crate) fn was_told(&self) -> bool {
        self.told != Told::Nothing
    }

    /// Whether its answer is still to come.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.answer.is_none() && self.told == Told::Nothing && now < self.deadline
    }
}

/// The SMS and the orders among the facts, each by its number.
pub(crate) fn read<'a>(facts: &[&'a Fact], patience: Span) -> (Vec<Sms<'a>>, Vec<&'a FallbackOrdered>) {
    let (mut all, mut orders) = (Vec::new(), Vec::new());
    // Intents first: they know when it was meant to leave.
    for fact in facts {
        match fact {
            Fact::FallbackIntended(intent) => {
                let sms = sms_mut(&mut all, intent.fallback, intent.at);
                sms.deadline = intent.at + patience;
            }
            Fact::FallbackOrdered(order) => orders.push(order),
            _ => {}
        }
    }
    for fact in facts {
        if let Fact::FallbackAnswered(answer) = fact {
            sms_mut(&mut all, answer.fallback, answer.at).answer = Some((&answer.ack, answer.at));
        }
    }
    for fact in facts {
        if let Fact::FallbackStatus(status) = fact {
            let told = match &status.event {
                Event::Delivered | Event::Read => Told::Delivered,
                Event::NotDelivered { code } => Told::NotDelivered(code),
                Event::Submitted => Told::Submitted,
                _ => Told::Nothing,
            };
            let sms = sms_mut(&mut all, status.fallback, status.received_at);
            sms.told = sms.told.max(told);
        }
    }
    (all, orders)
}

/// The SMS of that number, meant then if nothing was known of it.
fn sms_mut<'s, 'a>(all: &'s mut Vec<Sms<'a>>, number: u32, at: Timestamp) -> &'s mut Sms<'a> {
    let place = all.iter().position(|sms| sms.number == number).unwrap_or_else(|| {
        let sms = Sms { number, at, answer: None, deadline: at, told: Told::Nothing };
        sort::insert(all, sms, |sms, other| sms.number < other.number)
    });
    &mut all[place]
}

/// Whether the reason of a refusal may pass by itself, so that the SMS is tried again.
pub(crate) const fn may_pass(ack: &Ack) -> bool {
    matches!(
        ack,
        Ack::NotSent { .. } | Ack::NoEffect { reason: NoEffect::Throttled | NoEffect::Credentials, .. }
    )
}
