//! What happened to a message, fact by fact, with the outcome that followed from each.

use serde::{Deserialize, Serialize};

use crate::ack::Ack;
use crate::assess::{self, case::Case};
use crate::evidence::Evidence;
use crate::explain::{ended::ended, mask::mask};
use crate::fact::{Event, Fact, Life, Registered, Registrar, Requested, Then};
use crate::outcome::Outcome;
use crate::phone::E164;
use crate::policy::Policy;
use crate::prelude::*;
use crate::request::RevokeTarget;
use crate::sentence::Sentence;
use crate::source::Source;
use crate::step::Brings;
use crate::time::Timestamp;

/// Who did what a timeline's entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// We, or an operator through us.
    Us,
    /// The provider or the handset.
    Them,
    /// Nobody: time passed.
    Time,
}

/// One entry of a message's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub side: Side,
    /// What.
    pub title: Sentence,
    /// What that means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Sentence>,
    /// The request, answer or event as it was, with phone numbers masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The outcome from then on, where it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What happened, in order, with the outcome after each fact and after each instant that changed it.
pub fn timeline(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut told = Evidence::new(evidence.message().clone());
    let mut shown: Option<Outcome> = None;
    for fact in evidence.timeline() {
        entries.extend(changes(&told, source, policy, shown.as_ref(), fact.at()));
        told.record(fact.clone());
        let outcome = assess::outcome(&told, source, policy, fact.at());
        let mut entry = describe(fact, evidence);
        let before = entries.iter().rev().find_map(|entry: &Entry| entry.outcome.as_ref()).or(shown.as_ref());
        entry.outcome = (before != Some(&outcome)).then(|| outcome.clone());
        shown = Some(outcome);
        entries.push(entry);
    }
    entries.extend(changes(&told, source, policy, shown.as_ref(), now + crate::time::Span::millis(1)));
    entries
}

/// What time alone changed between the last fact and `until`.
fn changes(
    told: &Evidence,
    source: &Source,
    policy: &Policy,
    shown: Option<&Outcome>,
    until: Timestamp,
) -> Vec<Entry> {
    let (Some(last), Some(shown)) = (told.timeline().last().map(|fact| fact.at()), shown) else {
        return Vec::new();
    };
    let case = Case::new(told, source, policy);
    let mut entries = Vec::new();
    let (mut at, mut outcome) = (last, shown.clone());
    while let Some((next, brings)) = case.next_change(&outcome, at).filter(|(next, _)| *next < until) {
        (at, outcome) = (next, case.outcome(next));
        entries.push(Entry {
            at,
            side: Side::Time,
            title: Sentence::new(passed(brings)),
            note: None,
            raw: None,
            outcome: Some(outcome.clone()),
        });
    }
    entries
}

const fn passed(brings: Brings) -> &'static str {
    match brings {
        Brings::Start => "The planned beginning",
        Brings::Retry => "Time for another attempt",
        Brings::Overdue => "No answer came in time: the request may or may not have worked",
        Brings::Settled => "Nothing crossed our request",
        Brings::WindowCloses => "The revocation window closed",
        Brings::LifeEnds => "The message's own life ended",
        Brings::PresumptionEnds => "No delivery was reported: the 404 is no longer read as one",
        Brings::LastWebhook => "Even the last webhook's time is over",
        Brings::Fallback => "Time for the SMS",
        Brings::Stale => "The content became too old for an SMS",
    }
}

fn describe(fact: &Fact, evidence: &Evidence) -> Entry {
    let provider = evidence.message().provider().adapter().label();
    let (side, title) = match fact {
        Fact::Registered(registered) => (Side::Us, registration(registered)),
        Fact::Requested(requested) => (
            Side::Us,
            match &requested.reason {
                Some(reason) => format!("{} asked to revoke: “{reason}”", who(requested)),
                None => format!("{} asked to revoke", who(requested)),
            },
        ),
        Fact::Withdrawn(withdrawn) => (Side::Us, format!("{} withdrew the wish", withdrawn.by)),
        Fact::Attempted(attempt) => {
            (Side::Us, format!("Attempt {} at {}", attempt.attempt, attempt.host.label()))
        }
        Fact::Answered(answer) => (
            Side::Them,
            match answer.status {
                Some(status) => format!("Attempt {}: {status}", answer.attempt),
                None => format!("Attempt {}: no answer", answer.attempt),
            },
        ),
        Fact::Event(event) => (Side::Them, word(&event.event, provider)),
        Fact::FallbackOrdered(order) => {
            (Side::Us, format!("{} ordered SMS {}, whatever it may duplicate", order.by, order.fallback))
        }
        Fact::FallbackIntended(sms) => (Side::Us, format!("SMS {} is to be sent", sms.fallback)),
        Fact::FallbackAnswered(sms) => {
            (Side::Them, format!("SMS {}: the provider {}", sms.fallback, ended(&sms.ack)))
        }
        Fact::FallbackStatus(sms) => {
            (Side::Them, format!("SMS {}: {}", sms.fallback, word(&sms.event, provider)))
        }
    };
    Entry {
        at: fact.at(),
        side,
        title: Sentence::new(title),
        note: note(fact, evidence),
        raw: raw(fact, evidence),
        outcome: None,
    }
}

/// Who wished: an operator by name, or what the message was registered with.
fn who(requested: &Requested) -> String {
    let own = requested.by == "registration" || requested.by.starts_with("class ");
    if own { format!("Its {}", requested.by) } else { requested.by.clone() }
}

fn registration(registered: &Registered) -> String {
    match &registered.by {
        Registrar::Api(_) => "Registered by the sending system",
        Registrar::Ledger(_) => "Registered from the sending system's ledger",
        Registrar::Operator(_) => "Described by an operator",
    }
    .to_owned()
}

fn word(event: &Event, provider: &str) -> String {
    match event {
        Event::Submitted => "Submitted to the network".to_owned(),
        Event::Delivered => "Delivered to the phone".to_owned(),
        Event::Read => "Opened by the person".to_owned(),
        Event::ExpiryRevoked => "Expired, and removed before delivery".to_owned(),
        Event::ExpiryRevokeFailed => "Expired, but could not be removed".to_owned(),
        Event::NotDelivered { code } => format!("Will not be delivered: {code}"),
        Event::Unsubscribed => "The person wants no more advertising".to_owned(),
        Event::UnknownExpiryWord { word } | Event::UnknownWord { word } => {
            format!("{provider} said “{word}”, which this version does not know")
        }
    }
}

fn note(fact: &Fact, evidence: &Evidence) -> Option<Sentence> {
    match fact {
        Fact::Registered(registered) => {
            let mut said = match registered.sent_at {
                Some(at) => Sentence::new("Sent at ").time(at),
                None => Sentence::new("Time of sending not told"),
            };
            said = match registered.life {
                Some(Life::ExpiresAt { at }) => said.text(", expires at ").time(at),
                Some(Life::Ttl { ttl }) => said.text(format!(", lives {} s", ttl.as_millis() / 1_000)),
                Some(Life::None) => said.text(", without an expiry of its own"),
                None => said,
            };
            Some(match registered.host {
                Some(host) => said.text(format!(", through {}", host.label())),
                None => said,
            })
        }
        Fact::Requested(requested) => {
            let said = match requested.not_before {
                Some(at) => Sentence::new("Not before ").time(at).text(". "),
                None => Sentence::default(),
            };
            Some(said.text(match (requested.hand, requested.then) {
                (true, _) => "Then: an SMS, ordered in advance.",
                (false, Then::Nothing) => "Then: nothing.",
                (false, Then::Fallback) => "Then: an SMS, if its class allows it.",
            }))
        }
        Fact::Answered(answer) => {
            let host = evidence.facts().find_map(|fact| match fact {
                Fact::Attempted(attempt) if attempt.attempt == answer.attempt => Some(attempt.host.label()),
                _ => None,
            });
            let mut said = Sentence::new(format!("{} {}.", host.unwrap_or("The host"), ended(&answer.ack)));
            if answer.ack == Ack::Accepted {
                said = said.text(" That means asked, not revoked.");
            }
            Some(said)
        }
        // A date that is moved is a new wish, which may be told first: say which one was taken back.
        Fact::Withdrawn(withdrawn) => evidence.facts().find_map(|fact| match fact {
            Fact::Requested(requested) if requested.wish == withdrawn.wish => {
                Some(Sentence::new("Made at ").time(requested.at).text(format!(" by {}.", requested.by)))
            }
            _ => None,
        }),
        Fact::Event(_) => Some(Sentence::new(format!(
            "Webhook from {}, signature verified.",
            evidence.message().provider().adapter().label()
        ))),
        _ => None,
    }
}

/// What went or came over the wire, without credentials and with numbers masked.
fn raw(fact: &Fact, evidence: &Evidence) -> Option<String> {
    let known = crate::known::Known::recipient_of(evidence);
    // Every number that was ever told: an SMS went to the one that was known then.
    let named = evidence.facts().filter_map(|fact| match fact {
        Fact::Event(event) => event.phone.clone(),
        Fact::Registered(registered) => registered.phone.clone(),
        _ => None,
    });
    let numbers: Vec<E164> = named.collect();
    let text = match fact {
        Fact::Attempted(attempt) => {
            let message = evidence.message();
            let target = RevokeTarget { message, recipient: known.as_ref(), host: attempt.host };
            message.provider().adapter().revoke_request(&target).ok()?.to_string()
        }
        Fact::Answered(answer) => answer.body.clone().filter(|body| !body.is_empty())?,
        Fact::FallbackOrdered(order) => order.text.clone()?,
        Fact::FallbackIntended(sms) => sms.request.clone(),
        Fact::Event(event) if !event.raw.is_empty() => event.raw.clone(),
        _ => return None,
    };
    Some(mask(&text, numbers.iter()))
}
