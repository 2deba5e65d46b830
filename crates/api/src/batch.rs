//! Batches: many messages taken back by one decision. Planned, then started or dropped; watched, paused, aborted.

use std::collections::BTreeMap;

use rcs_revoke_core::recall::{Command, Plan, State};
use rcs_revoke_core::sentence::Sentence;
use serde::{Deserialize, Serialize};

use crate::message::{MessageQuery, RowProblem};
use crate::revocation::{Follows, RevocationItem};

/// What holds for every message of a batch. Where the messages themselves are uploaded, it is the query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default, deny_unknown_fields)]
pub struct BatchTerms {
    /// How people call it, at most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Why, in the operator's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The source of messages for which several fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Nothing is asked for before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<i64>,
    /// Ask even where the 24-hour window has closed.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub override_window: bool,
    /// What shall follow.
    pub then: Follows,
    /// The class of messages that nobody named one for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Ask once more for messages that were asked for already.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub again: bool,
}

/// `POST /api/v1/batches`: plan to revoke these. Nothing is sent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BatchCommand {
    /// What holds for all.
    pub terms: BatchTerms,
    /// The messages, at most 10,000; more are uploaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<RevocationItem>,
    /// Instead: the messages that the server knows and that this filter lets through. An empty filter is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<MessageQuery>,
}

/// `POST /api/v1/batches/{batch}/{command}`, such as `start`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BatchOrder {
    /// With `start`: how many messages the plan is expected to ask for. Refused if it is another number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<u64>,
}

/// The plan of a batch, beside what was read for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchPlan {
    /// What it would do, counted.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub counts: Plan,
    /// How many rows name a message that was named before.
    pub duplicates: u64,
    /// How many rows could not be taken.
    pub rejected: u64,
    /// The first hundred of those; all of them by `GET /api/v1/batches/{batch}/rejects`.
    pub problems: Vec<RowProblem>,
    /// How long asking takes at the limits, for each source.
    pub seconds: BTreeMap<String, u64>,
}

/// How far a batch is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchProgress {
    /// How many messages nobody has asked for yet.
    pub waiting: u64,
    /// How many messages there are of each outcome. A message that a later batch takes up is counted there.
    pub outcomes: BTreeMap<String, u64>,
    /// How many are counted elsewhere by now: a later batch has taken them up, or they were forgotten.
    pub moved: u64,
    /// How many were left out because something had changed since the plan.
    pub left_out: u64,
    /// Requests of this batch in the last full second.
    pub rate: u32,
    /// The most that its accounts allow in a second.
    pub limit: u32,
    /// How long until all are asked for, at the limits and with what else is due; none unless it runs.
    pub seconds_left: Option<u64>,
    /// Requests over time, the earliest first.
    pub history: BatchHistory,
}

/// Requests over time, in steps of equal length that grow with the batch's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchHistory {
    /// When the first step begins.
    pub from: i64,
    /// How long each step is, in milliseconds.
    pub step: i64,
    /// Requests in each step.
    pub requests: Vec<u32>,
    /// Those of them that were answered *too many requests*.
    pub throttled: Vec<u32>,
}

/// One batch, and the data of the live event `batch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchView {
    /// Its id.
    pub batch: String,
    /// What holds for every message.
    pub terms: BatchTerms,
    /// Who planned it.
    pub by: String,
    /// Where it stands.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: State,
    /// What may be done to it now.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub commands: Vec<Command>,
    /// When it was planned.
    pub created_at: i64,
    /// When it was started.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// What it would do, as of when it was planned.
    pub plan: BatchPlan,
    /// How far it is.
    pub progress: BatchProgress,
    /// What keeps it from going on, if anything does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<BatchTrouble>,
    /// A text for those who wait.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub incident: Sentence,
    /// How many of its messages may be worth another try.
    pub retriable: u64,
}

/// What keeps a batch from going on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchTrouble {
    /// The stable code: `not_before`, `store`, `source` or `provider`.
    pub code: String,
    /// What it is and what to do.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub sentence: Sentence,
}

/// The query of `GET /api/v1/batches`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default, deny_unknown_fields)]
pub struct BatchQuery {
    /// Where the last page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// How many at most: 50 unless told, 200 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// One page of batches, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchPage {
    /// The batches.
    pub items: Vec<BatchView>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
    /// How many run now.
    pub running: u64,
}
