//! What the facts tell about the message itself: who gets it, when it was sent, when its life and its window end.

use serde::{Deserialize, Serialize};

use crate::assess::told::{Attempt, Told, Wish};
use crate::evidence::Evidence;
use crate::fact::{Event, Life, ProviderEvent};
use crate::host::Host;
use crate::phone::E164;
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::Lifetimes;
use crate::registration::Registrations;
use crate::time::{Span, Timestamp};

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
    pub fn of(evidence: &Evidence, policy: &Policy) -> Self {
        let life = policy.lifetimes(evidence.message().provider());
        // Until when an answer is waited for does not matter here.
        Told::by(evidence, Span::ZERO, life, None).known
    }

    /// The recipient alone: what a policy says does not matter to it.
    pub fn recipient_of(evidence: &Evidence) -> Option<E164> {
        let life = evidence.message().provider().adapter().lifetimes();
        Told::by(evidence, Span::ZERO, life, None).known.recipient
    }

    /// Reads it from what was told; the wishes do not hold yet what only a withdrawal tells of.
    pub(crate) fn read(
        registrations: &Registrations<'_>,
        wishes: &[Wish],
        attempts: &[Attempt<'_>],
        events: &[&ProviderEvent],
        life: &Lifetimes,
    ) -> Self {
        let sent_at = registrations.sent_at.value;
        let first_heard = first_heard(registrations, wishes, attempts, events);
        let start = sent_at.or(first_heard);
        let end = registrations.life.value.and_then(|own| own_end(own, start, life));
        Self {
            recipient: registrations.phone.value.or_else(|| first_named(events)).cloned(),
            sent_at,
            first_heard,
            class: registrations.class.value.map(ToOwned::to_owned),
            host: registrations.host.value.or_else(|| last_accepting(attempts)),
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
fn first_heard(
    registrations: &Registrations<'_>,
    wishes: &[Wish],
    attempts: &[Attempt<'_>],
    events: &[&ProviderEvent],
) -> Option<Timestamp> {
    let mut first = registrations.received_at;
    let mut hear = |at: Timestamp| first = Some(first.map_or(at, |first| first.min(at)));
    for wish in wishes {
        hear(wish.at);
    }
    for attempt in attempts {
        if attempt.host.is_none() {
            hear(attempt.begun_at);
        }
    }
    for event in events {
        if event.event == Event::Submitted {
            hear(event.received_at);
        }
    }
    first.or_else(|| {
        let of_a_known_word = events.iter().find(|event| {
            !matches!(
                event.event,
                Event::UnknownWord { .. } | Event::UnknownExpiryWord { .. } | Event::Unsubscribed
            )
        });
        of_a_known_word.map(|event| event.received_at)
    })
}

/// The number that the earliest event names; an event whose word we do not know changes nothing.
fn first_named<'a>(events: &[&'a ProviderEvent]) -> Option<&'a E164> {
    let named = |event: &&'a ProviderEvent| match event.event {
        Event::UnknownWord { .. } => None,
        _ => event.phone.as_ref(),
    };
    events.iter().find_map(named)
}

/// The host of the attempt that was accepted last, among those whose host is known.
fn last_accepting(attempts: &[Attempt<'_>]) -> Option<Host> {
    let mut last = (None, None);
    for attempt in attempts {
        let rank = attempt.accepted_at().map(|at| (at, attempt.number));
        if attempt.host.is_some() && rank > last.0 {
            last = (rank, attempt.host);
        }
    }
    last.1
}
