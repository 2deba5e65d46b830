//! What the facts tell about the message itself: who gets it, when it was sent, when its life and its window end.

use serde::{Deserialize, Serialize};

use crate::ack::Ack;
use crate::evidence::Evidence;
use crate::fact::{Event, Fact, Life, ProviderEvent};
use crate::host::Host;
use crate::id::WishId;
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Lifetimes;
use crate::registration::Registrations;
use crate::sort;
use crate::time::Timestamp;

/// What is known of the message itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The recipient: as registered, else as an event names it.
    pub recipient: Option<E164>,
    /// When it was sent, by its sender's word.
    pub sent_at: Option<Timestamp>,
    /// The first that we heard of it, which stands in for an unknown time of sending.
    pub first_heard: Option<Timestamp>,
    /// Its message class.
    pub class: Option<String>,
    /// The host that holds it: as registered, else the one that accepted a request.
    pub host: Option<Host>,
    /// The end of its own life.
    pub horizon: Option<Timestamp>,
    /// Whether that end is really known, so that we would have been told about a delivery until then.
    pub end_is_known: bool,
    /// When we stop asking, because the provider takes no revocation any more.
    pub window_closes: Option<Timestamp>,
}

impl Known {
    /// Reads it from the facts.
    pub fn of(evidence: &Evidence) -> Self {
        let facts: Vec<&Fact> = evidence.facts().collect();
        let registrations = Registrations::of(facts.iter().copied());
        let life = evidence.message().provider().adapter().lifetimes();
        Self::read(&facts, &registrations, &life)
    }

    pub(crate) fn read(facts: &[&Fact], registrations: &Registrations<'_>, life: &Lifetimes) -> Self {
        let sent_at = registrations.sent_at();
        let first_heard = first_heard(facts, registrations);
        let start = sent_at.or(first_heard);
        let end = registrations.life().and_then(|own| own_end(own, start, life));
        Self {
            recipient: registrations.phone().or_else(|| first_named(facts)).cloned(),
            sent_at,
            first_heard,
            class: registrations.class().cloned(),
            host: registrations.host().or_else(|| last_accepting(facts)),
            horizon: end.or_else(|| start.map(|start| start + life.longest)),
            end_is_known: end.is_some() || life.observed.is_none(),
            window_closes: life.window.zip(start).map(|(window, start)| start + window - life.window_guard),
        }
    }
}

/// The end that the sender set, where the provider reports on lives of that length.
fn own_end(own: Life, start: Option<Timestamp>, life: &Lifetimes) -> Option<Timestamp> {
    match (own, life.observed) {
        (Life::Ttl { ttl }, Some(longest)) if ttl > longest => None,
        (Life::Ttl { ttl }, _) => start.map(|start| start + ttl),
        (Life::ExpiresAt { at }, None) => Some(at),
        (Life::ExpiresAt { .. }, Some(_)) | (Life::None, _) => None,
    }
}

/// The earliest of a registration, a wish and a `Submitted`; without any, the earliest event of a known word. An
/// attempt whose wish is missing, and an answer whose attempt is, stand for a wish made then.
fn first_heard(facts: &[&Fact], registrations: &Registrations<'_>) -> Option<Timestamp> {
    let mut wished: Vec<&WishId> = Vec::new();
    let mut attempted: Vec<u32> = Vec::new();
    for fact in facts {
        match fact {
            Fact::Requested(requested) => wished.push(&requested.wish),
            Fact::Attempted(attempt) => attempted.push(attempt.attempt),
            _ => {}
        }
    }
    sort::by_key(&mut wished, |wish| *wish);
    sort::by_key(&mut attempted, |number| *number);
    let ours = facts.iter().filter_map(|fact| match fact {
        Fact::Requested(requested) => Some(requested.at),
        Fact::Attempted(attempt) if wished.binary_search(&&attempt.wish).is_err() => Some(attempt.begun_at),
        Fact::Answered(answer) if attempted.binary_search(&answer.attempt).is_err() => Some(answer.at),
        Fact::Event(ProviderEvent { event: Event::Submitted, received_at, .. }) => Some(*received_at),
        _ => None,
    });
    let known_words = || {
        facts.iter().filter_map(|fact| match fact {
            Fact::Event(ProviderEvent {
                event: Event::UnknownWord { .. } | Event::UnknownExpiryWord { .. },
                ..
            }) => None,
            Fact::Event(event) => Some(event.received_at),
            _ => None,
        })
    };
    ours.chain(registrations.received_at()).min().or_else(|| known_words().min())
}

/// The number that the earliest event names; an event whose word we do not know changes nothing.
fn first_named<'a>(facts: &[&'a Fact]) -> Option<&'a E164> {
    let named = facts.iter().filter_map(|fact| match fact {
        Fact::Event(ProviderEvent { event: Event::UnknownWord { .. }, .. }) => None,
        Fact::Event(event) => event.phone.as_ref().map(|phone| ((event.received_at, &event.identity), phone)),
        _ => None,
    });
    named.min_by_key(|(rank, _)| *rank).map(|(_, phone)| phone)
}

/// The host of the attempt that was accepted last, among those whose host is known.
fn last_accepting(facts: &[&Fact]) -> Option<Host> {
    let host_of = |number: u32| {
        facts.iter().find_map(|fact| match fact {
            Fact::Attempted(attempt) if attempt.attempt == number => Some(attempt.host),
            _ => None,
        })
    };
    let mut accepted: Vec<_> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Answered(answer) if answer.ack == Ack::Accepted => Some((answer.at, answer.attempt)),
            _ => None,
        })
        .collect();
    sort::by_key(&mut accepted, |place| *place);
    accepted.into_iter().rev().find_map(|(_, number)| host_of(number))
}
