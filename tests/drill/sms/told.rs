//! The facts of one message up to an instant, as far as they matter for an SMS.

use rcs_revoke_core::ack::NoEffect;
use rcs_revoke_core::fact::{Event, Then};
use rcs_revoke_core::{Ack, Fact};

/// A wish that was not taken back.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub id: &'a str,
    pub at: i64,
    pub begins: i64,
    pub then: Then,
    pub hand: bool,
}

/// One SMS that was meant to leave.
#[derive(Clone, Copy, Debug)]
pub struct Intent<'a> {
    pub number: u32,
    pub at: i64,
    pub request: &'a str,
    pub answer: Option<(&'a Ack, i64)>,
    /// Whether the provider told anything of it.
    pub told: bool,
}

impl Intent<'_> {
    /// Whether it surely never left, as far as the server knows.
    pub const fn is_free(&self) -> bool {
        let unsent = matches!(
            self.answer,
            Some((Ack::NotSent { .. } | Ack::NotFound { .. } | Ack::NoEffect { .. }, _))
        );
        unsent && !self.told
    }

    /// Whether its reason may pass, so that it is tried again by itself.
    pub const fn may_pass(&self) -> bool {
        let passing = matches!(
            self.answer,
            Some((
                Ack::NotSent { .. }
                    | Ack::NoEffect { reason: NoEffect::Throttled | NoEffect::Credentials, .. },
                _
            ))
        );
        passing && !self.told
    }

    /// Its own reference, which it carries.
    pub fn reference(&self) -> Option<&str> {
        let (_, rest) = self.request.split_once("\"client_ref\":\"")?;
        rest.split_once('"').map(|(reference, _)| reference)
    }
}

/// The live wishes, by when they were made.
pub fn wishes<'a>(facts: &[&'a Fact]) -> Vec<Wish<'a>> {
    let withdrawn = |wish: &str| {
        facts.iter().any(|fact| matches!(fact, Fact::Withdrawn(withdrawn) if withdrawn.wish.as_str() == wish))
    };
    let mut wishes: Vec<Wish<'a>> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Requested(wish) if !withdrawn(wish.wish.as_str()) => Some(Wish {
                id: wish.wish.as_str(),
                at: wish.at.as_millis(),
                begins: wish.not_before.unwrap_or(wish.at).as_millis(),
                then: wish.then,
                hand: wish.hand,
            }),
            _ => None,
        })
        .collect();
    wishes.sort_by_key(|wish| (wish.at, wish.id));
    wishes
}

/// Every SMS that was meant to leave, by number.
pub fn intents<'a>(facts: &[&'a Fact]) -> Vec<Intent<'a>> {
    let mut intents: Vec<Intent<'a>> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::FallbackIntended(intent) => Some(Intent {
                number: intent.fallback,
                at: intent.at.as_millis(),
                request: &intent.request,
                answer: None,
                told: false,
            }),
            _ => None,
        })
        .collect();
    intents.sort_by_key(|intent| intent.number);
    for fact in facts {
        let (number, answer) = match fact {
            Fact::FallbackAnswered(answer) => (answer.fallback, Some((&answer.ack, answer.at.as_millis()))),
            Fact::FallbackStatus(status) => (status.fallback, None),
            _ => continue,
        };
        for intent in intents.iter_mut().filter(|intent| intent.number == number) {
            intent.told |= answer.is_none();
            intent.answer = answer.or(intent.answer);
        }
    }
    intents
}

/// What operators ordered by hand: number and instant.
pub fn orders(facts: &[&Fact]) -> Vec<(u32, i64)> {
    let order = |fact: &&Fact| match fact {
        Fact::FallbackOrdered(order) => Some((order.fallback, order.at.as_millis())),
        _ => None,
    };
    facts.iter().filter_map(order).collect()
}

/// What somebody registered, the first who says it.
pub fn registered<'a, T>(
    facts: &[&'a Fact],
    field: impl Fn(&'a rcs_revoke_core::fact::Registered) -> Option<T>,
) -> Option<T> {
    let mut all: Vec<_> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Registered(registered) => Some(registered),
            _ => None,
        })
        .collect();
    all.sort_by_key(|registered| registered.received_at);
    all.into_iter().find_map(field)
}

/// The events of the message.
pub fn events<'a>(facts: &[&'a Fact]) -> impl Iterator<Item = &'a rcs_revoke_core::fact::ProviderEvent> {
    facts.iter().filter_map(|fact| match fact {
        Fact::Event(event) => Some(event),
        _ => None,
    })
}

/// Whether an event ends the message's life: nothing is asked for after it.
pub const fn is_end(event: &Event) -> bool {
    matches!(event, Event::Delivered | Event::Read | Event::ExpiryRevoked | Event::NotDelivered { .. })
}
