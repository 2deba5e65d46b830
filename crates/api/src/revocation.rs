//! Wishes: made, listed back, and taken back while nothing was sent.

use rcs_revoke_core::MessageRef;
use serde::{Deserialize, Serialize};

/// `POST /api/v1/revocations`: please revoke these. At most 10,000 items a call.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevocationCommand {
    /// The messages.
    pub items: Vec<RevocationItem>,
    /// Why, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Not to be attempted before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<i64>,
    /// Ask even where the 24-hour window has closed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub override_window: bool,
    /// What shall follow.
    #[serde(default)]
    pub then: Follows,
    /// The class of messages that nobody named one for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Takes back what is still wished, and wishes this instead: so a date is moved.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub replace: bool,
    /// A new wish even for messages that were asked for already.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub again: bool,
}

/// What shall follow a revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Follows {
    /// Nothing: the content was wrong.
    #[default]
    Nothing,
    /// An SMS, where the message's class says that it is safe.
    Fallback,
    /// An SMS in any case, unless the message is delivered, or presumed so: an operator orders it in advance.
    Sms,
}

/// One message to revoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevocationItem {
    /// The message's key.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub message: MessageRef,
    /// Its source; must be given where several fit and none is known for the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The recipient, where the operator knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// When it was sent, where the operator knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
}

/// What became of each item of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevocationReport {
    /// How many new wishes were made.
    pub made: usize,
    /// How many messages already had a live wish that nobody has answered.
    pub already: usize,
    /// How many were refused.
    pub refused: usize,
    /// Each item, in the command's order.
    pub results: Vec<RevocationResult>,
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevocationResult {
    /// The message's key.
    pub message: String,
    /// What became of it.
    #[serde(flatten)]
    pub taken: Taken,
}

/// What became of one item of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "taken", rename_all = "snake_case")]
pub enum Taken {
    /// A new wish.
    Made {
        /// Its id.
        wish: String,
    },
    /// The wish that was there already.
    Already {
        /// Its id.
        wish: String,
    },
    /// Nothing was done.
    Refused {
        /// The stable code.
        code: String,
        /// What to do.
        detail: String,
    },
}

/// `POST /api/v1/withdrawals`: take back what was not yet sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawalCommand {
    /// The messages' keys.
    pub messages: Vec<String>,
}

/// What a withdrawal did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WithdrawalReport {
    /// Wishes taken back before anything was sent.
    pub withdrawn: usize,
    /// Messages whose request had left already: nothing can take that back, but no retry follows.
    pub too_late: usize,
    /// Messages without a live wish, or not known.
    pub nothing_to_withdraw: usize,
}
