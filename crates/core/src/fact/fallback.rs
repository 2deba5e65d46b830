//! Facts about an SMS instead of the message.

use serde::{Deserialize, Serialize};

use crate::ack::Ack;
use crate::fact::Event;
use crate::prelude::*;
use crate::time::Timestamp;

/// An operator's word that an SMS be sent, whatever it may duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallbackOrdered {
    /// The SMS's number within the message, from 1; the fact's key.
    pub fallback: u32,
    /// Who ordered it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What it shall say, where the operator wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// An SMS that we meant to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallbackIntended {
    /// The SMS's number within the message, from 1; the fact's key.
    pub fallback: u32,
    /// When.
    pub at: Timestamp,
    /// The request, without its credential.
    pub request: String,
}

/// The answer to an SMS request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallbackAnswered {
    /// The SMS's number; the fact's key.
    pub fallback: u32,
    /// Our reading.
    #[serde(flatten)]
    pub ack: Ack,
    /// The provider's id of the SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What became of an SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallbackStatus {
    /// The SMS's number.
    pub fallback: u32,
    /// The provider's own identity of the event; the fact's key, with the number.
    pub identity: String,
    /// What it says.
    #[serde(flatten)]
    pub event: Event,
    /// When we received it.
    pub received_at: Timestamp,
}
