//! How an attempt ended, in a few words.

use crate::ack::{Ack, NoEffect, SendFailure};

/// What an ack says, after the host's name.
pub(super) fn ended(ack: &Ack) -> &'static str {
    match ack {
        Ack::Accepted => "took the request",
        Ack::NotFound { proper: true } => "does not know the message",
        Ack::NotFound { proper: false } => "answered 404 without the API's own error",
        Ack::NoEffect { reason, .. } => match reason {
            NoEffect::Invalid => "refused the request as invalid",
            NoEffect::Credentials => "did not accept our credentials",
            NoEffect::Permission => "says that we lack the permission",
            NoEffect::Unsupported => "does not support this",
            NoEffect::Throttled => "said \"too many requests\"",
            NoEffect::NoCredit => "says that the account has no credit",
        },
        Ack::NotSent { why } => match why {
            SendFailure::NameNotResolved => "could not be found by name",
            SendFailure::ConnectionRefused => "did not take the connection",
            SendFailure::Tls => "could not be reached securely",
            _ => "was not asked: no token could be had",
        },
        Ack::Unknown { .. } => "failed or broke off; it may have worked",
    }
}
