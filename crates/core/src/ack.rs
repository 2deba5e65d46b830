//! How we read the answer to one request. The providers' files map statuses and bodies to these words.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// Our reading of one answer, or of its absence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "ack", rename_all = "snake_case")]
pub enum Ack {
    /// The provider said that it took the request. This is not a revocation.
    Accepted,
    /// Nothing under this id at this host.
    NotFound {
        /// Whether the body was the API's own error; a gateway's 404 says nothing about the message.
        proper: bool,
    },
    /// The request surely did nothing.
    NoEffect {
        /// Why it did nothing.
        reason: NoEffect,
        /// How long the provider asked us to wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<Span>,
    },
    /// The request never left.
    NotSent {
        /// What stopped it.
        why: SendFailure,
    },
    /// It may have done its work: the answer is lost, unreadable, or an error of the server.
    Unknown {
        /// How long the provider asked us to wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<Span>,
    },
}

/// Why a request surely did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoEffect {
    /// The request was malformed, redirected, in conflict, or refused in another definite way.
    Invalid,
    /// The credentials were not accepted.
    Credentials,
    /// The credentials are good, but not for this agent or product.
    Permission,
    /// The provider does not support this operation for the message.
    Unsupported,
    /// Too many requests.
    Throttled,
    /// The account has no credit.
    NoCredit,
}

/// What broke before or after a request left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendFailure {
    /// The host's name has no address.
    NameNotResolved,
    /// Nobody took the connection.
    ConnectionRefused,
    /// No secure connection could be made.
    Tls,
    /// The token endpoint could not be reached, or failed in a way that may pass.
    TokenUnreachable,
    /// The token endpoint refused our key for good (`invalid_grant`).
    TokenRefused,
    /// The connection broke after the request had begun to leave.
    BrokenAfterSending,
    /// No answer within the request's time-out.
    TimedOut,
    /// The answer was longer than we read.
    AnswerTooLong,
}

impl NoEffect {
    /// The stable code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Credentials => "credentials",
            Self::Permission => "permission",
            Self::Unsupported => "unsupported",
            Self::Throttled => "throttled",
            Self::NoCredit => "no_credit",
        }
    }
}

impl SendFailure {
    /// The stable code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NameNotResolved => "name_not_resolved",
            Self::ConnectionRefused => "connection_refused",
            Self::Tls => "tls",
            Self::TokenUnreachable => "token_unreachable",
            Self::TokenRefused => "token_refused",
            Self::BrokenAfterSending => "broken_after_sending",
            Self::TimedOut => "timed_out",
            Self::AnswerTooLong => "answer_too_long",
        }
    }

    /// What the failure says about the request's effect.
    pub const fn ack(self) -> Ack {
        match self {
            Self::NameNotResolved | Self::ConnectionRefused | Self::Tls | Self::TokenUnreachable => {
                Ack::NotSent { why: self }
            }
            Self::TokenRefused => Ack::NoEffect { reason: NoEffect::Credentials, retry_after: None },
            Self::BrokenAfterSending | Self::TimedOut | Self::AnswerTooLong => {
                Ack::Unknown { retry_after: None }
            }
        }
    }
}

impl Ack {
    /// The stable code, as in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::NotFound { .. } => "not_found",
            Self::NoEffect { .. } => "no_effect",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// An ack without effect and without a wait.
    pub const fn no_effect(reason: NoEffect) -> Self {
        Self::NoEffect { reason, retry_after: None }
    }

    /// Whether the provider took the request.
    pub const fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted)
    }

    /// How long the provider asked us to wait, if it did.
    pub const fn retry_after(&self) -> Option<Span> {
        match self {
            Self::NoEffect { retry_after, .. } | Self::Unknown { retry_after } => *retry_after,
            _ => None,
        }
    }
}
