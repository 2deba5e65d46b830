//! Facts: what we did or were told about one message. Each has a key; equal keys are one fact.
//!
//! The JSON of this file is kept in stores and read by other people's code: fields are only ever added.

use serde::{Deserialize, Serialize};

use crate::ack::Ack;
use crate::host::Host;
use crate::id::{BatchId, WishId};
use crate::phone::E164;
use crate::prelude::*;
use crate::say::{joined, six_digits};
use crate::time::{Span, Timestamp};

mod canonical;
mod fallback;

pub use fallback::{FallbackAnswered, FallbackIntended, FallbackOrdered, FallbackStatus};

/// Something that we did or were told about one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// Somebody told us that the message was sent, and how.
    Registered(Registered),
    /// Somebody wished that it be revoked.
    Requested(Requested),
    /// That wish was taken back.
    Withdrawn(Withdrawn),
    /// We began one HTTP call for a wish.
    Attempted(Attempted),
    /// That call ended.
    Answered(Answered),
    /// The provider told us something.
    Event(ProviderEvent),
    /// An operator wants an SMS to be sent instead.
    FallbackOrdered(FallbackOrdered),
    /// We meant to send an SMS instead; durable before the request leaves.
    FallbackIntended(FallbackIntended),
    /// The SMS request ended.
    FallbackAnswered(FallbackAnswered),
    /// The provider told us something about our SMS.
    FallbackStatus(FallbackStatus),
}

/// Who told us about a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Registrar {
    /// The sending system, by one call of the API.
    Api(String),
    /// The sending system's ledger, by one file.
    Ledger(String),
    /// An operator, by one paste or upload; believed for routing, not as the sender's own word.
    Operator(String),
}

impl Registrar {
    /// The stable code of its kind, and its own name.
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Api(id) => ("api", id),
            Self::Ledger(id) => ("ledger", id),
            Self::Operator(id) => ("operator", id),
        }
    }

    /// Whether the sending system itself said so.
    pub const fn is_sending_system(&self) -> bool {
        matches!(self, Self::Api(_) | Self::Ledger(_))
    }
}

/// When the message's own life ends, as its sender set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Life {
    /// At this instant.
    ExpiresAt {
        /// The instant.
        at: Timestamp,
    },
    /// This long after sending.
    Ttl {
        /// The length in milliseconds.
        ttl: Span,
    },
    /// The sender set none: the provider's own longest life holds.
    None,
}

/// A sender's word about a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Who told us; the fact's key.
    pub by: Registrar,
    /// When we heard it.
    pub received_at: Timestamp,
    /// When the message was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// Its own end of life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life: Option<Life>,
    /// Its message class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<E164>,
    /// The host that took the message when it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Host>,
    /// Whether the message carries a failover of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failover: Option<bool>,
    /// The text to send by SMS instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// When it is to be revoked unless it was delivered by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_at: Option<Timestamp>,
}

impl Registered {
    /// What an operator told of a message with a wish; none if nothing was told.
    pub fn with_wish(
        wish: &WishId,
        received_at: Timestamp,
        phone: Option<E164>,
        sent_at: Option<Timestamp>,
        class: Option<String>,
    ) -> Option<Self> {
        (phone.is_some() || sent_at.is_some() || class.is_some()).then(|| Self {
            by: Registrar::Operator(wish.as_str().to_owned()),
            received_at,
            sent_at,
            life: None,
            class,
            phone,
            host: None,
            failover: None,
            fallback_text: None,
            revoke_at: None,
        })
    }
}

/// What shall happen once a wish is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Nothing: the content was wrong.
    #[default]
    Nothing,
    /// An SMS, where the message's class allows it: the person still needs the content.
    Fallback,
}

impl Then {
    /// The stable code, as in JSON and in a configuration.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Fallback => "fallback",
        }
    }
}

/// A wish that the message be revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// The wish; the fact's key.
    pub wish: WishId,
    /// Who wished it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Not to be attempted before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// What then.
    #[serde(default)]
    pub then: Then,
    /// Why, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether an operator asked to try even though the window has closed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub override_window: bool,
    /// Whether an operator ordered the SMS in advance: *revoke again, then SMS*.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub hand: bool,
    /// The batch that it was made in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchId>,
}

/// A wish taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The wish; the fact's key.
    pub wish: WishId,
    /// Who took it back.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One HTTP call, begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempted {
    /// The attempt's number within the message, from 1; the fact's key.
    pub attempt: u32,
    /// The wish it is for.
    pub wish: WishId,
    /// Where it goes.
    pub host: Host,
    /// When it began.
    pub begun_at: Timestamp,
}

/// One HTTP call, ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The attempt's number; the fact's key.
    pub attempt: u32,
    /// Our reading.
    #[serde(flatten)]
    pub ack: Ack,
    /// The HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The body as read, shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// When it ended.
    pub at: Timestamp,
}

/// What the provider told us, in our words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Handed over to the network.
    Submitted,
    /// On the handset.
    Delivered,
    /// Opened by the person.
    Read,
    /// Its life ended, and the provider took it back.
    ExpiryRevoked,
    /// Its life ended, and taking it back failed.
    ExpiryRevokeFailed,
    /// It will not be delivered.
    NotDelivered {
        /// The provider's code, or its word where there is no code.
        code: String,
    },
    /// The person wants no more advertising from this agent.
    Unsubscribed,
    /// A word about expiry that this build does not know.
    UnknownExpiryWord {
        /// The word.
        word: String,
    },
    /// A word that this build does not know.
    UnknownWord {
        /// The word.
        word: String,
    },
}

impl Event {
    /// Whether it says that the message reached the person.
    pub(crate) const fn is_delivery(&self) -> bool {
        matches!(self, Self::Delivered | Self::Read)
    }

    /// The stable code, as in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::ExpiryRevoked => "expiry_revoked",
            Self::ExpiryRevokeFailed => "expiry_revoke_failed",
            Self::NotDelivered { .. } => "not_delivered",
            Self::Unsubscribed => "unsubscribed",
            Self::UnknownExpiryWord { .. } => "unknown_expiry_word",
            Self::UnknownWord { .. } => "unknown_word",
        }
    }
}

/// One event of the provider about the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderEvent {
    /// The provider's own identity of the event; the fact's key.
    pub identity: String,
    /// What it says.
    #[serde(flatten)]
    pub event: Event,
    /// When we received it.
    pub received_at: Timestamp,
    /// The provider's or handset's own time, as written; for display only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<String>,
    /// The recipient that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<E164>,
    /// Whether it shows that the message carries a failover of its own.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub workflow: bool,
    /// The event as it came.
    #[serde(default)]
    pub raw: String,
}

impl Fact {
    /// The stable code of its kind, as in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Registered(_) => "registered",
            Self::Requested(_) => "requested",
            Self::Withdrawn(_) => "withdrawn",
            Self::Attempted(_) => "attempted",
            Self::Answered(_) => "answered",
            Self::Event(_) => "event",
            Self::FallbackOrdered(_) => "fallback_ordered",
            Self::FallbackIntended(_) => "fallback_intended",
            Self::FallbackAnswered(_) => "fallback_answered",
            Self::FallbackStatus(_) => "fallback_status",
        }
    }

    /// What makes it this fact and no other.
    pub fn key(&self) -> String {
        let kind = self.kind();
        match self {
            Self::Registered(fact) => {
                let (by, id) = fact.by.parts();
                joined(&[kind, ":", by, ":", id])
            }
            Self::Requested(Requested { wish, .. }) | Self::Withdrawn(Withdrawn { wish, .. }) => {
                joined(&[kind, ":", wish.as_str()])
            }
            Self::Attempted(Attempted { attempt: number, .. })
            | Self::Answered(Answered { attempt: number, .. })
            | Self::FallbackOrdered(FallbackOrdered { fallback: number, .. })
            | Self::FallbackIntended(FallbackIntended { fallback: number, .. })
            | Self::FallbackAnswered(FallbackAnswered { fallback: number, .. }) => {
                joined(&[kind, ":", &six_digits(*number)])
            }
            Self::Event(fact) => joined(&[kind, ":", &fact.identity]),
            Self::FallbackStatus(fact) => {
                joined(&[kind, ":", &six_digits(fact.fallback), ":", &fact.identity])
            }
        }
    }

    /// When we did it or were told.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Registered(fact) => fact.received_at,
            Self::Requested(fact) => fact.at,
            Self::Withdrawn(fact) => fact.at,
            Self::Attempted(fact) => fact.begun_at,
            Self::Answered(fact) => fact.at,
            Self::Event(fact) => fact.received_at,
            Self::FallbackOrdered(fact) => fact.at,
            Self::FallbackIntended(fact) => fact.at,
            Self::FallbackAnswered(fact) => fact.at,
            Self::FallbackStatus(fact) => fact.received_at,
        }
    }

    /// Its place among facts of one instant: causes first.
    pub(crate) const fn place(&self) -> u8 {
        match self {
            Self::Registered(_) => 0,
            Self::Requested(_) | Self::FallbackOrdered(_) => 1,
            Self::Withdrawn(_) => 2,
            Self::Attempted(_) | Self::FallbackIntended(_) => 3,
            Self::Answered(_) | Self::FallbackAnswered(_) => 4,
            Self::Event(_) | Self::FallbackStatus(_) => 5,
        }
    }

    /// Whether this fact is smaller than another, by time and canonical JSON, which is not written for equal ones.
    pub(crate) fn precedes(&self, other: &Self) -> bool {
        self.at() < other.at()
            || (self.at() == other.at() && self != other && self.canonical() < other.canonical())
    }

    /// The fact as the one JSON text that stands for it: two facts are equal exactly when these are.
    pub fn canonical(&self) -> String {
        canonical::of(self)
    }
}
