//! What the console reads of a batch: only what it shows. Codes stay texts, so that a newer server's break nothing.

use std::collections::BTreeMap;

use rcs_revoke_api::Follows;
use serde::Deserialize;

use super::view::{Counts, Sentence};

/// One page of batches, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct BatchPage {
    pub items: Vec<Batch>,
    #[serde(default)]
    pub next: Option<String>,
    #[serde(default)]
    pub running: u64,
}

/// One batch.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Batch {
    #[serde(rename = "batch")]
    pub id: String,
    #[serde(default)]
    pub terms: Terms,
    #[serde(default)]
    pub by: String,
    pub state: String,
    /// What may be done to it now.
    #[serde(default)]
    pub commands: Vec<String>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub plan: BatchPlan,
    pub progress: Progress,
    #[serde(default)]
    pub trouble: Option<Trouble>,
    #[serde(default)]
    pub incident: Sentence,
    #[serde(default)]
    pub retriable: u64,
}

/// What holds for every message of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Terms {
    pub title: Option<String>,
    pub reason: Option<String>,
    pub not_before: Option<i64>,
    pub override_window: bool,
    pub then: Follows,
    pub class: Option<String>,
    pub again: bool,
}

/// What a batch would do, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct BatchPlan {
    pub ask: u64,
    pub skipped: Counts,
    pub ways: Vec<(PlannedWay, u64)>,
    pub ages: Ages,
    pub windows: Windows,
    pub classes: Counts,
    pub sms: Counts,
    pub duplicates: u64,
    pub rejected: u64,
    pub problems: Vec<Rejected>,
    /// How long asking takes at the limits, for each source.
    pub seconds: BTreeMap<String, u64>,
}

/// One way that messages go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct PlannedWay {
    pub source: String,
    pub host: String,
    pub certainty: String,
}

/// How long ago messages were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Ages {
    pub hour: u64,
    pub day: u64,
    pub older: u64,
    pub unknown: u64,
}

/// When the windows of messages close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Windows {
    pub closing: u64,
    pub open: u64,
    pub unknown: u64,
    /// When the first of them closes.
    pub first: Option<i64>,
}

/// A row that could not be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Rejected {
    pub line: usize,
    pub column: Option<usize>,
    #[serde(default)]
    pub detail: String,
}

/// How far a batch is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Progress {
    pub waiting: u64,
    pub outcomes: Counts,
    pub moved: u64,
    /// Left out because something had changed since the plan.
    pub left_out: u64,
    pub rate: u32,
    pub limit: u32,
    pub seconds_left: Option<u64>,
    pub history: History,
}

/// Requests over time, in steps of equal length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct History {
    pub from: i64,
    /// In milliseconds.
    pub step: i64,
    pub requests: Vec<u32>,
    pub throttled: Vec<u32>,
}

/// What keeps a batch from going on.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Trouble {
    pub code: String,
    #[serde(default)]
    pub sentence: Sentence,
}

impl Batch {
    /// Whether that may be done to it now.
    pub fn may(&self, command: &str) -> bool {
        self.commands.iter().any(|one| one == command)
    }

    /// Whether it is still a plan, or is being read into one.
    pub fn is_plan(&self) -> bool {
        matches!(self.state.as_str(), "planned" | "reading")
    }

    /// How many messages it is about.
    pub fn total(&self) -> u64 {
        self.taken_up() + self.progress.waiting
    }

    /// How many of them are no longer waiting for their turn.
    pub fn taken_up(&self) -> u64 {
        self.progress.outcomes.values().sum::<u64>() + self.progress.moved + self.progress.left_out
    }

    /// How long the slowest of its sources needs at its limit: they go side by side.
    pub fn seconds_needed(&self) -> u64 {
        self.plan.seconds.values().copied().max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Batch;

    const NEWER: &str = r#"{
        "batch": "bat_1", "terms": {"title": "Campaign 118", "then": "nothing", "tone": "calm"}, "by": "console",
        "state": "hovering", "commands": ["land"], "created_at": 1, "started_at": null, "ended_at": null,
        "plan": {"ask": 3, "skipped": {"moonlit": 2}, "ways": [[{"source": "otp", "host": "moon.sea", "certainty": "felt"}, 3]],
            "ages": {"eon": 1}, "windows": {"first": 9}, "problems": [{"line": 2, "column": null, "code": "x", "detail": "y"}],
            "seconds": {"otp": 4, "ads": 9}},
        "progress": {"waiting": 1, "outcomes": {"half_revoked": 2}, "moved": 1, "mood": "good"},
        "incident": ["All ", {"emphasis": "well"}], "retriable": 0
    }"#;

    #[test]
    fn a_newer_servers_words_break_nothing() {
        let batch: Batch = serde_json::from_str(NEWER).unwrap();
        assert_eq!((batch.total(), batch.taken_up(), batch.seconds_needed()), (4, 3, 9));
        assert!(batch.may("land") && !batch.may("start") && !batch.is_plan());
        assert_eq!(batch.plan.ways[0].0.host, "moon.sea");
    }

    #[test]
    fn what_the_contract_writes_is_read() {
        use rcs_revoke_api::{BatchHistory, BatchPlan, BatchProgress, BatchTerms, BatchView};
        use rcs_revoke_core::recall::{Command, Plan, State};
        let written = BatchView {
            batch: "bat_2".to_owned(),
            terms: BatchTerms { title: Some("T".to_owned()), again: true, ..BatchTerms::default() },
            by: "console".to_owned(),
            state: State::Planned,
            commands: vec![Command::Start, Command::Drop],
            created_at: 5,
            started_at: None,
            ended_at: None,
            plan: BatchPlan {
                counts: Plan { ask: 7, ..Plan::default() },
                seconds: [("otp".to_owned(), 2)].into(),
                ..BatchPlan::default()
            },
            progress: BatchProgress {
                waiting: 7,
                history: BatchHistory { from: 1, step: 1_000, requests: vec![3], throttled: vec![1] },
                ..BatchProgress::default()
            },
            trouble: None,
            incident: rcs_revoke_core::sentence::Sentence::new("said"),
            retriable: 0,
        };
        let read: Batch = serde_json::from_str(&serde_json::to_string(&written).unwrap()).unwrap();
        assert_eq!((read.plan.ask, read.total(), read.seconds_needed()), (7, 7, 2));
        assert!(read.may("start") && read.may("drop") && read.is_plan() && read.terms.again);
        assert_eq!(read.progress.history.requests, [3]);
    }
}
