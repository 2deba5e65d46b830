//! What became of a message: code, certainty, flags, and the sentence that says why.
//!
//! An outcome is never stored as the truth. It is derived from facts by [`assess`](crate::assess::assess), and
//! can be derived again by anybody.

use serde::{Deserialize, Serialize};

use crate::prelude::*;
use crate::time::Timestamp;

/// What became of a message, as far as the facts say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What happened.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What an operator should look at besides.
    #[serde(default, skip_serializing_if = "Flags::is_empty")]
    pub flags: Flags,
}

/// What happened. In JSON `{"outcome": "settling", "until": …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Verdict {
    /// It reached the person. Nothing takes this back.
    Delivered {
        /// When we first heard so.
        at: Timestamp,
        /// The person opened it.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        read: bool,
        /// The provider had taken our request: the ordinary race.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        raced: bool,
        /// Somebody had told us that it would not be delivered.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        contradicts: bool,
        /// Whether the person also got our SMS.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duplicate: Option<Duplicate>,
    },
    /// It was taken back.
    Revoked {
        /// What proves it.
        proof: Proof,
    },
    /// The provider says that it will not be delivered.
    NotDelivered {
        /// The provider's code.
        code: String,
    },
    /// A request is on its way, or will be repeated.
    Requesting,
    /// The provider took the request; a crossing delivery may still show.
    Settling {
        /// Until when it is waited for.
        until: Timestamp,
    },
    /// Nothing certain can be said.
    Inconclusive {
        /// Why.
        why: Doubt,
    },
    /// Its life ended after an accepted request, and we would have heard of a delivery.
    PresumedRevoked,
    /// The provider took the request, and nothing proves that it worked.
    Unconfirmed,
    /// Its life is over, and nobody told us how it ended.
    Lapsed,
    /// A clean 404 where it means *delivered*; the event has not come yet.
    PresumedDelivered,
    /// All wishes were taken back.
    Withdrawn,
    /// It will be asked for.
    Planned {
        /// Not before this instant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<Timestamp>,
    },
    /// It was not revoked, and nothing more will be tried.
    Refused {
        /// Why.
        reason: Refusal,
    },
    /// Known, and never wished away.
    Watched,
}

/// What proves a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The provider's event.
    Event,
    /// An accepted answer, at a source where that is believed.
    Answer,
}

/// Why nothing certain can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The provider reported an expiry that did not end in a revocation we can read.
    Expiry,
    /// Nothing under this id any more: revoked, delivered, expired or never there.
    NotFound,
    /// A request may have done its work, and there is nothing left to try.
    EffectUnknown,
}

/// Whether the person also got our SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicate {
    /// The SMS was delivered.
    Yes,
    /// The SMS may have been sent.
    Possible,
}

/// Why nothing more is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The provider takes no revocation so long after sending.
    WindowClosed,
    /// The message's own life ended first.
    Expired,
    /// No region knows it.
    NotFound,
    /// No request ever left.
    Unreachable,
    /// Too many requests, to the end.
    Throttled,
    /// The provider does not support it for this message.
    Unsupported,
    /// The provider calls the request malformed.
    Invalid,
    /// Our credentials were not accepted.
    Credentials,
    /// Our credentials are not good for this agent or product.
    Permission,
    /// The account has no credit.
    NoCredit,
    /// Something that the request needs is missing.
    NeedsInput,
}

impl Refusal {
    /// The stable code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WindowClosed => "window_closed",
            Self::Expired => "expired",
            Self::NotFound => "not_found",
            Self::Unreachable => "unreachable",
            Self::Throttled => "throttled",
            Self::Unsupported => "unsupported",
            Self::Invalid => "invalid",
            Self::Credentials => "credentials",
            Self::Permission => "permission",
            Self::NoCredit => "no_credit",
            Self::NeedsInput => "needs_input",
        }
    }
}

/// What an operator should look at besides the outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// The provider said a word that this build does not know.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub unknown_word: bool,
    /// Two registrations of the message differ.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub registrations_differ: bool,
    /// An event names another number than the registration.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub phone_mismatch: bool,
}

impl Flags {
    /// Whether there is nothing to look at.
    pub const fn is_empty(&self) -> bool {
        !self.unknown_word && !self.registrations_differ && !self.phone_mismatch
    }
}

/// What kind of thing happened: the hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Taken back, or never delivered.
    Back,
    /// Reached the person.
    Reached,
    /// Under way.
    Flight,
    /// Asked, without proof.
    Open,
    /// Not known.
    Unknown,
    /// Not done.
    Refused,
}

/// How sure we are: the fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// Told by the provider.
    Proven,
    /// Presumed, or asked without proof.
    Presumed,
    /// Unknown.
    Unknown,
    /// Still under way.
    Moving,
}

/// One row of the table: the code of an outcome, how it is called and how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The stable code.
    pub code: &'static str,
    /// How people call it.
    pub label: &'static str,
    /// The hue.
    pub tone: Tone,
    /// The fill.
    pub sureness: Sureness,
    /// 3 stated by the provider, 2 presumed, 1 asked, 0 neither.
    pub rank: u8,
}

const fn row(code: &'static str, label: &'static str, tone: Tone, sureness: Sureness, rank: u8) -> Row {
    Row { code, label, tone, sureness, rank }
}

/// Every outcome, in the order of the table: the first that matches wins.
pub const ROWS: &[Row] = &[
    row("delivered", "Delivered", Tone::Reached, Sureness::Proven, 3),
    row("revoked", "Revoked", Tone::Back, Sureness::Proven, 3),
    row("not_delivered", "Not delivered", Tone::Back, Sureness::Proven, 3),
    row("requesting", "Requesting", Tone::Flight, Sureness::Moving, 0),
    row("settling", "Settling", Tone::Flight, Sureness::Moving, 1),
    row("presumed_revoked", "Presumed revoked", Tone::Back, Sureness::Presumed, 2),
    row("unconfirmed", "Unconfirmed", Tone::Open, Sureness::Presumed, 1),
    row("lapsed", "Lapsed", Tone::Unknown, Sureness::Unknown, 0),
    row("presumed_delivered", "Presumed delivered", Tone::Reached, Sureness::Presumed, 2),
    row("inconclusive", "Inconclusive", Tone::Unknown, Sureness::Unknown, 0),
    row("withdrawn", "Withdrawn", Tone::Refused, Sureness::Proven, 0),
    row("planned", "Planned", Tone::Flight, Sureness::Moving, 0),
    row("refused", "Refused", Tone::Refused, Sureness::Proven, 0),
    row("watched", "Watched", Tone::Unknown, Sureness::Unknown, 0),
];

impl Verdict {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Delivered { .. } => "delivered",
            Self::Revoked { .. } => "revoked",
            Self::NotDelivered { .. } => "not_delivered",
            Self::Requesting => "requesting",
            Self::Settling { .. } => "settling",
            Self::Inconclusive { .. } => "inconclusive",
            Self::PresumedRevoked => "presumed_revoked",
            Self::Unconfirmed => "unconfirmed",
            Self::Lapsed => "lapsed",
            Self::PresumedDelivered => "presumed_delivered",
            Self::Withdrawn => "withdrawn",
            Self::Planned { .. } => "planned",
            Self::Refused { .. } => "refused",
            Self::Watched => "watched",
        }
    }

    /// How the outcome is called and shown.
    pub fn row(&self) -> Row {
        row_of(self.code()).expect("every code stands in the table")
    }
}

/// The row with that code.
pub fn row_of(code: &str) -> Option<Row> {
    ROWS.iter().find(|row| row.code == code).copied()
}
