//! How the webhooks of a message travel, and what they look like.

use serde::{Deserialize, Serialize};

/// How the webhooks of a message travel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookBehaviour {
    /// Virtual milliseconds from the event to its first hand-over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Up to this many virtual milliseconds more, drawn per event: reorders them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jitter_ms: Option<u64>,
    /// Probability that an event is never handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// Probability that an event is handed over twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<f64>,
    /// Probability that an event is handed over again much later, whatever its first hand-over was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<f64>,
    /// Virtual milliseconds from the event to its replay; 6 hours if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay_after_ms: Option<u64>,
    /// How it is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// How many hand-overs of an event are signed so, before the rest are signed well; all of them if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_tries: Option<u32>,
    /// Google: `message.data` as pretty-printed JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretty: Option<bool>,
    /// Google: whether events say when they happened; true if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_time: Option<bool>,
    /// Google: whether the envelope has attributes; true if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<bool>,
    /// Google: whether there is an `X-Goog-Webhook-Type`; true if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_header: Option<bool>,
    /// Vonage: the older `v0.1` format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v0_1: Option<bool>,
    /// Vonage: whether each try carries the token of the first, instead of a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_token: Option<bool>,
    /// Vonage: whether the code in `error.title` is a number, instead of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numeric_title: Option<bool>,
    /// Vonage: how statuses of a message with `failover` name the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow: Option<WorkflowShape>,
}

/// How a webhook is signed. All but the first are to be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// As the provider does.
    #[default]
    Good,
    /// With a secret that was never anybody's.
    Bad,
    /// Not at all.
    Missing,
    /// With the secret that was in use before this one; the credentials hold it.
    Stale,
    /// With the right secret, over another body.
    WrongHash,
}

/// The object `workflow` in a Vonage status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowShape {
    /// `workflow_id`, `items_number`, `items_total`, the numbers as text.
    #[default]
    WorkflowId,
    /// `id`, `item_number`, `items_total`.
    Id,
    /// `id`, `item_number`, `total_items`.
    TotalItems,
}

impl WebhookBehaviour {
    /// This behaviour, with what it leaves open taken from `below`.
    pub(super) fn over(&self, below: &Self) -> Self {
        Self {
            delay_ms: self.delay_ms.or(below.delay_ms),
            jitter_ms: self.jitter_ms.or(below.jitter_ms),
            loss: self.loss.or(below.loss),
            duplicate: self.duplicate.or(below.duplicate),
            replay: self.replay.or(below.replay),
            replay_after_ms: self.replay_after_ms.or(below.replay_after_ms),
            signature: self.signature.or(below.signature),
            signature_tries: self.signature_tries.or(below.signature_tries),
            pretty: self.pretty.or(below.pretty),
            send_time: self.send_time.or(below.send_time),
            attributes: self.attributes.or(below.attributes),
            type_header: self.type_header.or(below.type_header),
            v0_1: self.v0_1.or(below.v0_1),
            same_token: self.same_token.or(below.same_token),
            numeric_title: self.numeric_title.or(below.numeric_title),
            workflow: self.workflow.or(below.workflow),
        }
    }

    pub(crate) const fn replay_after_ms(&self) -> u64 {
        match self.replay_after_ms {
            Some(after) => after,
            None => 6 * 3_600_000,
        }
    }

    /// How the `nth` hand-over of an event is signed, counted from 0.
    pub(crate) fn signature_of_try(&self, nth: usize) -> Signature {
        match (self.signature, self.signature_tries) {
            (Some(signature), Some(tries)) if nth < usize::try_from(tries).unwrap_or(usize::MAX) => signature,
            (Some(signature), None) => signature,
            _ => Signature::Good,
        }
    }
}
