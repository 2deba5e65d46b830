//! One message and the truth about it.

use serde::{Deserialize, Serialize};

use super::event::JournalEntry;
use super::workflow::Workflow;
use crate::behaviour::Behaviour;
use crate::host::{HostName, Provider};

/// A message that was sent. All times are virtual milliseconds since the epoch.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Who carries it.
    pub provider: Provider,
    /// Google's `messageId` or Vonage's `message_uuid`.
    pub id: String,
    /// Google: the agent before `@rbm.goog`. Vonage: the `from`.
    pub agent: String,
    /// The recipient, with `+`.
    pub phone: String,
    /// The host on which it lives.
    pub host: HostName,
    /// RCS or SMS.
    pub channel: Channel,
    /// Vonage: the sender's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ref: Option<String>,
    /// When it was sent.
    pub sent_at_ms: i64,
    /// When its life ends, if that was said or is the provider's rule.
    pub expires_at_ms: Option<i64>,
    /// What became of it.
    pub fate: Fate,
    /// When the handset fetched it.
    pub delivered_at_ms: Option<i64>,
    /// When it was opened.
    pub read_at_ms: Option<i64>,
    /// When a revocation removed it.
    pub revoked_at_ms: Option<i64>,
    /// When its life ended.
    pub expired_at_ms: Option<i64>,
    /// Every revocation request for it, whatever its answer.
    pub revokes: Vec<RevokeSeen>,
    /// Vonage: where it stands in its workflow, if it was sent with `failover` or because of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow: Option<Workflow>,
    /// All layers of its behaviour, laid over each other.
    pub behaviour: Behaviour,
    /// Vonage: the application that sent it; none if the account did by Basic authentication.
    #[serde(skip)]
    pub(crate) application_id: Option<String>,
    /// Vonage: the message's own status URL.
    #[serde(skip)]
    pub(crate) webhook_url: Option<String>,
    /// When a delivery that a revocation could not stop is due.
    #[serde(skip)]
    pub(crate) racing_until: Option<i64>,
    #[serde(skip)]
    pub(super) plan: u32,
    #[serde(skip)]
    pub(super) events: Vec<usize>,
}

/// The channel of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// RCS.
    #[default]
    Rcs,
    /// SMS, at Vonage only.
    Sms,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Waiting for the handset.
    Queued,
    /// On the handset.
    Delivered,
    /// Removed by a revocation request, never delivered.
    Revoked,
    /// Removed at the end of its life, never delivered.
    Expired,
    /// Removed in silence after the provider's longest time.
    Purged,
    /// Refused by the provider or the carrier.
    Rejected,
}

/// One revocation request that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevokeSeen {
    /// When.
    pub at_ms: i64,
    /// Where.
    pub host: HostName,
    /// What it did to the message.
    pub effect: Effect,
    /// What its sender heard.
    pub answer: RevokeAnswer,
}

/// What a revocation request did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Took the message off the queue.
    Removed,
    /// Was taken, and the message is delivered all the same.
    Raced,
    /// Nothing.
    None,
}

/// What the sender of a request heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeAnswer {
    /// This HTTP status.
    Status(u16),
    /// The connection was reset.
    Reset,
}

/// The whole truth about one message.
#[derive(Clone, Debug, Serialize)]
pub struct Truth {
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// Its events, in the order in which they happened.
    pub events: Vec<JournalEntry>,
}
