//! Messages: registered, listed, looked up, and one in full.

use rcs_revoke_core::fallback::SentSms;
use rcs_revoke_core::{
    Outcome, Step, explain::Entry, explain::Explanation, explain::NextHost, sentence::Sentence,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::fallback::SmsView;
use crate::revocation::Follows;

/// One message of `POST /api/v1/messages`: the sending system's own word. At most 10,000 a call; as NDJSON, one in each
/// line, as many as there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The message's id at its provider.
    pub id: String,
    /// The source that sent it.
    pub source: String,
    /// The recipient, with or without `+`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    /// Its end of life; not together with `ttl` or `no_expiry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Its time to live in milliseconds; not together with `expires_at` or `no_expiry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
    /// The sender says that it set no end of life.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub no_expiry: bool,
    /// The host that took it, such as `google.europe`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Its message class, such as `otp`; without one, its source's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The text to send by SMS instead, at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Whether it carries a failover of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failover: Option<bool>,
    /// When it is to be revoked unless it was delivered by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_at: Option<i64>,
}

/// What became of the registrations of a call: of each, or of all lines of NDJSON together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum RegistrationAnswer {
    /// Of JSON.
    Each(RegistrationReport),
    /// Of NDJSON.
    Lines(BulkReport),
}

/// What became of the lines of an NDJSON of registrations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkReport {
    /// How many were kept.
    pub kept: usize,
    /// How many were refused.
    pub refused: usize,
    /// The first hundred problems.
    pub problems: Vec<RowProblem>,
}

/// What became of each registration of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationReport {
    /// How many were kept.
    pub kept: usize,
    /// How many were refused.
    pub refused: usize,
    /// Each, in the call's order.
    pub results: Vec<RegistrationResult>,
}

/// What became of one registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationResult {
    /// The message's key, once kept.
    pub message: Option<String>,
    /// Why it was refused.
    pub problem: Option<RowProblem>,
}

/// What is wrong with one row, line or item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowProblem {
    /// The line from 1, or the item's place in the list from 0.
    pub line: usize,
    /// The column from 1, where there is one.
    pub column: Option<usize>,
    /// The stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub detail: String,
}

/// What `POST /api/v1/messages/import` made of a CSV.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Rows kept as registrations.
    pub kept: usize,
    /// Rows that name a message named before.
    pub duplicates: usize,
    /// Rows refused.
    pub refused: usize,
    /// The first hundred problems.
    pub problems: Vec<RowProblem>,
}

/// `POST /api/v1/messages/lookup`: what is known of these. At most 10,000 a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookupRequest {
    /// Message ids as their providers write them; agents need not be known.
    pub ids: Vec<String>,
}

/// What is known of one id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lookup {
    /// The id that was asked for.
    pub id: String,
    /// The message's key.
    pub message: String,
    /// Its source.
    pub source: Option<String>,
    /// Whether the recipient is known.
    pub has_recipient: bool,
    /// When it was sent.
    pub sent_at: Option<i64>,
    /// When its revocation window closes.
    pub window_closes: Option<i64>,
    /// Its outcome's code.
    pub outcome: String,
}

/// The query of `GET /api/v1/messages`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams, utoipa::ToSchema), into_params(parameter_in = Query))]
#[serde(default, deny_unknown_fields)]
pub struct MessageQuery {
    /// Outcome codes, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Only those of which the person got an SMS too, or may have.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub duplicate: bool,
    /// A source's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// A batch's id: only its messages, but for those that a later batch has taken up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// The beginning of an id, or the end of a phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Where the last page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// How many at most: 50 unless told, 500 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// One page of messages, the latest changed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// The messages.
    pub items: Vec<MessageView>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
    /// How many messages there are of each outcome, whatever the filter.
    pub counts: BTreeMap<String, u64>,
    /// How many people got the message and an SMS, or may have.
    pub duplicates: u64,
}

/// One message in a list, and the data of the live event `message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// Its key.
    pub message: String,
    /// Its provider's code.
    pub provider: String,
    /// Its id at the provider.
    pub id: String,
    /// Its source.
    pub source: Option<String>,
    /// The recipient, masked.
    pub recipient: Option<String>,
    /// What became of it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub outcome: Outcome,
    /// Why, in a few words.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub why: Sentence,
    /// What comes next.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub step: Step,
    /// When it was sent.
    pub sent_at: Option<i64>,
    /// When its revocation window closes.
    pub window_closes: Option<i64>,
    /// When the outcome or a fact last changed.
    pub changed_at: i64,
    /// Grows with every change of this message.
    pub version: i64,
    /// The last SMS that was to leave instead of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub sms: Option<SentSms>,
    /// Whether its source never had a verified webhook, so that silence proves nothing.
    pub deaf: bool,
}

/// One message in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub view: MessageView,
    /// Why the outcome is what it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub explanation: Explanation,
    /// What happened, in order.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub timeline: Vec<Entry>,
    /// The end of the message's own life.
    pub horizon: Option<i64>,
    /// Its class.
    pub class: Option<String>,
    /// The host that holds it, as far as known.
    pub host: Option<String>,
    /// Where the next request goes, or would go, with its `candidates` in order, how sure the first of them is
    /// (`certainty`), why it is the first (`because`), and in words why this host (`why`).
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub route: NextHost,
    /// What is to be done about an SMS instead.
    pub sms_instead: SmsView,
    /// The wish that can still be withdrawn.
    pub open_wish: Option<String>,
    /// What is planned by that wish, where its time has not come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<PlannedWish>,
    /// Why it cannot be asked for again; none if it can.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub closed_because: Option<Sentence>,
}

/// A wish whose time has not come. It is moved by a command with `replace`, which states all of it anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedWish {
    /// When its time comes.
    pub at: i64,
    /// Who planned it: an operator, or the message's class.
    pub by: String,
    /// What shall follow.
    pub then: Follows,
    /// Why, in the operator's words.
    pub reason: Option<String>,
}
