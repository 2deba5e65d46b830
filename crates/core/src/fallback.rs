//! An SMS instead: whether one may leave, why not, and the request for it.
//!
//! Exactly once is impossible here and is not claimed: the intent is written down before the request leaves, and only
//! an answer that surely means *nothing was sent* frees it. So an SMS of ours leaves at most once by itself.

use serde::{Deserialize, Serialize};

use crate::assess::case::Case;
use crate::assess::sms::{Sms as Told, Told as Word};
use crate::evidence::Evidence;
use crate::fact::{Fact, FallbackAnswered, FallbackOrdered};
use crate::id::{MessageId, MessageRef};
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::{Say, joined, number as said};
use crate::source::Source;
use crate::time::Timestamp;
use crate::webhook::Hash;

mod draft;

pub use draft::{BuildFallbackError, Draft, draft};

/// What the one provider of SMS takes and answers; a shell need not know which that is.
pub use crate::provider::vonage::sms::{LONGEST_TEXT, parts, read_answer};

/// What is to be done about an SMS, as of one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// The number that the next SMS gets: an operator's order names it, so that it cannot mean another one.
    pub number: u32,
    /// What is to be done.
    #[serde(flatten)]
    pub offer: Offer,
}

/// What is to be done about an SMS. In JSON `{"offer": "by_hand", "because": "then_nothing"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "offer", rename_all = "snake_case")]
pub enum Offer {
    /// It leaves now, by itself.
    Now,
    /// It leaves by itself at this instant, unless something changes.
    At {
        /// The instant.
        at: Timestamp,
    },
    /// Nothing before it is known what the revocation did.
    Wait,
    /// An operator may order it.
    ByHand {
        /// Why it does not leave by itself.
        because: Because,
    },
    /// There is none.
    No {
        /// Why.
        because: Because,
    },
}

impl Offer {
    /// Whether an operator's order is taken.
    pub const fn takes_order(self) -> bool {
        matches!(self, Self::Now | Self::At { .. } | Self::ByHand { .. })
    }

    /// Whether an SMS may be ordered in advance, behind another revocation: what only the present outcome stands against.
    pub const fn takes_order_in_advance(self) -> bool {
        !matches!(self, Self::No { because } if !matches!(because, Because::Outcome))
    }
}

/// Why no SMS leaves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The person has the message.
    Delivered,
    /// The recipient's number is not known.
    NoRecipient,
    /// No sender of SMS is configured for the source.
    NoSender,
    /// The person wants no more advertising.
    Unsubscribed,
    /// The provider's reason speaks about the person, and would hold for an SMS too.
    Person,
    /// The message has no class, or one that is not configured.
    NoClass,
    /// One was sent.
    SmsSent,
    /// One may have been sent.
    SmsMaybeSent,
    /// The provider of the SMS refused it for a reason that does not pass by itself.
    SmsRefused,
    /// Nobody wished that the message be revoked.
    NoWish,
    /// The wish says: then nothing.
    ThenNothing,
    /// The class wants a person to decide at this outcome, or wants none.
    Outcome,
    /// An event names another number than the registration.
    PhoneMismatch,
    /// The message carries a failover of its own, which may send an SMS too.
    OwnFailover,
    /// It is not known when the message was sent, so its content may be stale.
    UnknownAge,
    /// The content is stale.
    Stale,
    /// The class is for advertising and does not say how long an SMS may follow.
    NoLimit,
    /// No text was registered, and the class has none of its own.
    NoText,
}

impl Because {
    /// The stable code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::NoRecipient => "no_recipient",
            Self::NoSender => "no_sender",
            Self::Unsubscribed => "unsubscribed",
            Self::Person => "person",
            Self::NoClass => "no_class",
            Self::SmsSent => "sms_sent",
            Self::SmsMaybeSent => "sms_maybe_sent",
            Self::SmsRefused => "sms_refused",
            Self::NoWish => "no_wish",
            Self::ThenNothing => "then_nothing",
            Self::Outcome => "outcome",
            Self::PhoneMismatch => "phone_mismatch",
            Self::OwnFailover => "own_failover",
            Self::UnknownAge => "unknown_age",
            Self::Stale => "stale",
            Self::NoLimit => "no_limit",
            Self::NoText => "no_text",
        }
    }
}

/// What is to be done about an SMS, as of `now`.
pub fn fallback(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> Fallback {
    Case::new(evidence, source, policy).fallback(now)
}

/// One SMS that was to leave, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentSms {
    /// Its number within the message.
    pub number: u32,
    /// When it was meant to leave.
    pub at: Timestamp,
    /// What became of it.
    #[serde(flatten)]
    pub state: SmsState,
}

/// What became of an SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sms", rename_all = "snake_case")]
pub enum SmsState {
    /// Its request is on its way.
    Sending,
    /// The provider took it.
    Sent,
    /// It was handed over to the network.
    Submitted,
    /// It reached the person.
    Delivered,
    /// It will not reach the person.
    NotDelivered {
        /// The provider's code.
        code: String,
    },
    /// Nobody knows whether it left.
    MaybeSent,
    /// It surely did not leave.
    NotSent,
}

impl SmsState {
    /// The stable code, as in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Submitted => "submitted",
            Self::Delivered => "delivered",
            Self::NotDelivered { .. } => "not_delivered",
            Self::MaybeSent => "maybe_sent",
            Self::NotSent => "not_sent",
        }
    }

    fn of(sms: &Told<'_>, now: Timestamp) -> Self {
        match sms.told {
            Word::Delivered => Self::Delivered,
            Word::NotDelivered(code) => Self::NotDelivered { code: code.to_owned() },
            Word::Submitted => Self::Submitted,
            Word::Nothing if sms.is_free() => Self::NotSent,
            Word::Nothing if sms.is_open(now) => Self::Sending,
            Word::Nothing if sms.is_accepted() => Self::Sent,
            Word::Nothing => Self::MaybeSent,
        }
    }
}

/// The SMS that were to leave, by their numbers.
pub fn sent(evidence: &Evidence, policy: &Policy, now: Timestamp) -> Vec<SentSms> {
    let facts: Vec<&Fact> = evidence.facts().collect();
    let (all, _) = crate::assess::sms::read(&facts, policy.attempt_deadline());
    all.iter().map(|sms| SentSms { number: sms.number, at: sms.at, state: SmsState::of(sms, now) }).collect()
}

/// What an SMS carries as its `client_ref`, by which its statuses are known: the same on every machine, and telling
/// nothing about the message.
pub fn reference(message: &MessageRef, number: u32) -> String {
    let digest = Hash::SHA256.hex(joined(&[&message.text(), "/sms/", &said(i64::from(number))]).as_bytes());
    joined(&["rr-", digest.get(..40).unwrap_or_default()])
}

/// The provider's id of an SMS as its statuses name it, where its answer gave one.
pub fn provider_id(answer: &FallbackAnswered) -> Option<MessageId> {
    Provider::Vonage.adapter().parse_message_id(answer.provider_id.as_deref()?).ok()
}

/// Checks an operator's order against what is to be done now.
///
/// # Errors
/// When an SMS is not offered, another number than the order's is the next, or it is ordered with another text.
pub fn order(
    evidence: &Evidence,
    fallback: &Fallback,
    ordered: u32,
    text: Option<&str>,
) -> Result<(), OrderRefused> {
    if ordered != fallback.number {
        return Err(OrderRefused::NumberTaken { ordered, next: fallback.number });
    }
    match fallback.offer {
        Offer::No { because } => return Err(OrderRefused::NotOffered(because)),
        Offer::Wait => return Err(OrderRefused::Settling),
        Offer::Now | Offer::At { .. } | Offer::ByHand { .. } => {}
    }
    // Orders of one number are one fact, and the first stays.
    let differs = |fact: &Fact| matches!(fact, Fact::FallbackOrdered(held) if held.fallback == ordered && held.text.as_deref() != text);
    if evidence.facts().any(differs) { Err(OrderRefused::OrderedAlready(ordered)) } else { Ok(()) }
}

/// Why an operator's order is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefused {
    /// Another SMS has that number.
    NumberTaken {
        /// The number that was ordered.
        ordered: u32,
        /// The number that the next SMS gets.
        next: u32,
    },
    /// An SMS is not offered.
    NotOffered(Because),
    /// It is not known yet what the revocation did.
    Settling,
    /// That SMS is ordered already, with another text, and has not left yet.
    OrderedAlready(u32),
}

impl OrderRefused {
    /// The stable code of the refusal.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NumberTaken { .. } => "fallback_taken",
            Self::NotOffered(_) => "fallback_not_offered",
            Self::Settling => "fallback_settling",
            Self::OrderedAlready(_) => "fallback_ordered_already",
        }
    }
}

impl Say for OrderRefused {
    fn say(&self) -> String {
        match self {
            Self::NumberTaken { ordered, next } => joined(&[
                "SMS ",
                &said(i64::from(*ordered)),
                " was meant already, and the next has the number ",
                &said(i64::from(*next)),
                ": look at what became of it before ordering another",
            ]),
            Self::OrderedAlready(number) => joined(&[
                "SMS ",
                &said(i64::from(*number)),
                " is ordered already, with another text, and has not left yet",
            ]),
            Self::NotOffered(because) => joined(&["no SMS is sent: ", because.say()]),
            Self::Settling => {
                "it is not known yet what the revocation did: order the SMS once that is settled".to_owned()
            }
        }
    }
}

/// The latest order that no SMS has fulfilled: all of its number and behind it surely did not leave.
pub(crate) fn standing<'a>(orders: &[&'a FallbackOrdered], all: &[Told<'_>]) -> Option<&'a FallbackOrdered> {
    let next = all.last().map_or(1, |sms| sms.number.saturating_add(1));
    let stands = |order: &&&FallbackOrdered| {
        order.fallback <= next && all.iter().all(|sms| sms.number < order.fallback || sms.is_free())
    };
    orders.iter().filter(stands).max_by_key(|order| order.fallback).copied()
}
