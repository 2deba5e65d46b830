//! Why the outcome is what it is, and what happened when: sentences that cite the facts they rest on.

use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::sentence::Sentence;
use crate::source::Source;
use crate::time::Timestamp;

/// Why the outcome is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// A few words for a list.
    pub short: Sentence,
    /// The whole of it.
    pub sentence: Sentence,
    /// What else to know: flags, and what silence does not prove.
    pub notes: Vec<Sentence>,
    /// The keys of the facts that it rests on.
    pub cites: Vec<String>,
}

/// Who did what a timeline's entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// We, or an operator through us.
    Us,
    /// The provider or the handset.
    Them,
    /// Nobody: time passed.
    Time,
}

/// One entry of a message's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub side: Side,
    /// What.
    pub title: Sentence,
    /// What that means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Sentence>,
    /// The request, answer or event as it was, with the recipient's number masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The outcome from then on, where it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// Says why the outcome is what it is.
pub fn explain(_evidence: &Evidence, _source: &Source, _policy: &Policy, _now: Timestamp) -> Explanation {
    Explanation { short: Sentence::default(), sentence: Sentence::default(), notes: Vec::new(), cites: Vec::new() }
}

/// What happened, in order, with the outcome after each fact and after each instant that changed it.
pub fn timeline(_evidence: &Evidence, _source: &Source, _policy: &Policy, _now: Timestamp) -> Vec<Entry> {
    Vec::new()
}
