//! The table outcome × truth: how often each claim stood beside each fate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rcs_revoke_core::outcome::{ROWS, Verdict};

/// The columns, in the order in which they are printed.
const TRUTHS: [&str; 6] = ["delivered", "removed", "expired", "rejected", "purged", "still queued"];
/// The row of messages of which nobody told us, and no webhook came through.
const UNKNOWN: &str = "(nobody told it)";

/// Counts of claims beside what happened.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    cells: BTreeMap<(usize, String), BTreeMap<&'static str, usize>>,
}

impl Tally {
    /// Counts one message: what is claimed of it, if it is known at all, and what became of it.
    pub fn add(&mut self, claim: Option<&Verdict>, truth: &'static str) {
        *self.cells.entry(row_of(claim)).or_default().entry(truth).or_default() += 1;
    }

    /// Adds all counts of another table.
    pub fn merge(&mut self, other: Self) {
        for (row, counts) in other.cells {
            let cells = self.cells.entry(row).or_default();
            for (truth, count) in counts {
                *cells.entry(truth).or_default() += count;
            }
        }
    }

    /// How many messages stand in a row, and how many of them were delivered in truth.
    pub fn of(&self, wanted: &str) -> (usize, usize) {
        let rows = self.cells.iter().filter(|((_, label), _)| label == wanted);
        rows.fold((0, 0), |(all, delivered), (_, counts)| {
            let here = counts.get("delivered").copied().unwrap_or_default();
            (all + counts.values().sum::<usize>(), delivered + here)
        })
    }

    /// The table as Markdown, so that it can stand in a document as it is.
    pub fn markdown(&self) -> String {
        let used: BTreeSet<&str> = self.cells.values().flat_map(|counts| counts.keys().copied()).collect();
        let columns: Vec<&str> = TRUTHS.into_iter().filter(|truth| used.contains(truth)).collect();
        let mut text = format!(
            "| outcome \\ truth | {} |\n|---|{}\n",
            columns.join(" | "),
            "--:|".repeat(columns.len())
        );
        for ((_, label), counts) in &self.cells {
            let cells: Vec<String> = columns
                .iter()
                .map(|truth| counts.get(truth).map_or_else(String::new, ToString::to_string))
                .collect();
            let _ = writeln!(text, "| {label} | {} |", cells.join(" | "));
        }
        text
    }
}

/// The row of a claim: its place in the table of outcomes, and its name.
pub fn row_of(claim: Option<&Verdict>) -> (usize, String) {
    let Some(verdict) = claim else { return (ROWS.len(), UNKNOWN.to_owned()) };
    let place = ROWS.iter().position(|row| row.code == verdict.code()).unwrap_or(ROWS.len());
    (place, label(verdict))
}

/// An outcome with what tells its kinds apart.
fn label(verdict: &Verdict) -> String {
    let code = verdict.code();
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    match verdict {
        Verdict::Delivered { contradicts: true, .. } => format!("{code}, against what was told"),
        Verdict::Delivered { raced: true, .. } => format!("{code}, raced"),
        Verdict::Revoked { proof } => format!("{code} by {}", word(serde_json::to_value(proof))),
        Verdict::Inconclusive { why } => format!("{code}: {}", word(serde_json::to_value(why))),
        Verdict::Refused { reason } => format!("{code}: {}", word(serde_json::to_value(reason))),
        _ => code.to_owned(),
    }
}
