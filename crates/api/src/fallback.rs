//! An SMS instead: what is to be done about one, and an operator's order.

use rcs_revoke_core::explain::SmsWords;
use rcs_revoke_core::fallback::{Fallback, SentSms};
use rcs_revoke_core::sentence::Sentence;
use serde::{Deserialize, Serialize};

/// What there is to know of an SMS instead of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SmsView {
    /// What is to be done, and the number that the next SMS gets.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub next: Fallback,
    /// Why, and what an SMS may duplicate.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub words: SmsWords,
    /// What it would say, and to whom, with the number masked.
    pub preview: Option<SmsPreview>,
    /// Why there is no preview.
    pub problem: Option<String>,
    /// The SMS that were to leave, by their numbers.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub sent: Vec<SentSms>,
}

/// One SMS as it would leave now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SmsPreview {
    /// Who it is from.
    pub from: String,
    /// Who gets it, masked.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Of how many parts it is at least: each is paid for.
    pub parts: usize,
    /// The source whose account pays for it.
    pub source: String,
    /// What it costs, as far as that is known.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub cost: Sentence,
}

/// `POST /api/v1/fallbacks`: send an SMS instead of this message, whatever it may duplicate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FallbackOrder {
    /// The message's key.
    pub message: String,
    /// The number of the SMS that is expected to leave: refused if another has it.
    pub fallback: u32,
    /// What it shall say, instead of the registered text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// An order that was taken; durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FallbackOrdered {
    /// The message's key.
    pub message: String,
    /// The number of the SMS.
    pub fallback: u32,
}
