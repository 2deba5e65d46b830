//! The table outcome × truth × SMS, and what people would have got twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rcs_revoke_simulator::{Fate, Truth};
use rcs_revoke_tests::tally::row_of;

use super::safety::Sent;
use super::told::Intent;
use crate::uptime::Away;
use crate::verdicts::Judged;

/// The columns, in the order in which they are printed: what became of the SMS in truth.
const COLUMNS: [&str; 6] = [
    "no SMS",
    "delivered",
    "not delivered",
    "under way",
    "may have been sent: it was",
    "may have been sent: it was not",
];

/// What became of each message, counted.
#[derive(Debug, Default)]
pub struct Instead {
    cells: BTreeMap<(usize, String, &'static str), BTreeMap<&'static str, usize>>,
    /// SMS that were meant to leave.
    intents: usize,
    /// SMS that were sent.
    taken: usize,
    /// Intents whose answer nobody will ever read.
    cut: usize,
    /// Those of them that a kill cut.
    killed: usize,
    /// People who got message and SMS.
    duplicates: usize,
    /// People who got more than one SMS.
    several: usize,
}

impl Instead {
    /// Counts one message.
    pub fn add(&mut self, one: &Judged<'_>, intents: &[Intent<'_>], sent: &Sent<'_>, away: &Away) {
        let (place, outcome) = row_of(one.view.as_ref().map(|view| &view.outcome.verdict));
        let taken: Vec<&Truth> = intents
            .iter()
            .filter_map(|intent| sent.taken.get(intent.reference()?))
            .flat_map(|taken| taken.iter().copied())
            .collect();
        let column = column(intents, &taken, sent);
        *self.cells.entry((place, outcome, one.reality.truth())).or_default().entry(column).or_default() += 1;
        let delivered = taken.iter().filter(|sms| sms.message.delivered_at_ms.is_some()).count();
        self.intents += intents.len();
        self.taken += taken.len();
        let cut = || intents.iter().filter(|intent| is_cut(intent));
        self.cut += cut().count();
        self.killed += cut().filter(|intent| is_killed(intent, away)).count();
        self.duplicates += usize::from(delivered > 0 && one.reality.fate == Fate::Delivered);
        self.several += usize::from(delivered > 1);
    }

    /// The table as Markdown.
    pub fn markdown(&self) -> String {
        let used: BTreeSet<&str> = self.cells.values().flat_map(|counts| counts.keys().copied()).collect();
        let columns: Vec<&str> = COLUMNS.into_iter().filter(|column| used.contains(column)).collect();
        let mut text = format!(
            "| outcome | truth | SMS: {} |\n|---|---|{}\n",
            columns.join(" | "),
            "--:|".repeat(columns.len())
        );
        for ((_, outcome, truth), counts) in &self.cells {
            let count = |column: &&str| counts.get(column).map_or_else(String::new, ToString::to_string);
            let cells: Vec<String> = columns.iter().map(count).collect();
            let _ = writeln!(text, "| {outcome} | {truth} | {} |", cells.join(" | "));
        }
        text
    }

    /// What is no fault and still worth a number.
    pub fn apart(&self) -> String {
        format!(
            "  SMS: {} meant, {} sent; nobody knows from its answer whether it left: {}, of which a kill cut {}\n  \
             people who got message and SMS: {}; who got more than one SMS, by an operator's order: {}\n",
            self.intents, self.taken, self.cut, self.killed, self.duplicates, self.several
        )
    }

    /// SMS that were meant to leave.
    pub const fn intents(&self) -> usize {
        self.intents
    }

    /// How many messages were counted.
    pub fn messages(&self) -> usize {
        self.cells.values().flat_map(BTreeMap::values).sum()
    }
}

/// Whether nobody knows from its answer what became of it.
const fn is_cut(intent: &Intent<'_>) -> bool {
    matches!(intent.answer, None | Some((rcs_revoke_core::Ack::Unknown { .. }, _)))
}

/// Whether the server was killed while it waited for the answer.
fn is_killed(intent: &Intent<'_>, away: &Away) -> bool {
    let until = intent.answer.map_or(i64::MAX, |(_, at)| at);
    away.iter().any(|(since, _)| (intent.at..=until).contains(since))
}

/// What became of the last SMS that may have left.
fn column(intents: &[Intent<'_>], taken: &[&Truth], sent: &Sent<'_>) -> &'static str {
    if let Some(cut) = intents.iter().rfind(|intent| is_cut(intent) && !intent.told) {
        return if sent.was_taken(cut) { COLUMNS[4] } else { COLUMNS[5] };
    }
    let Some(last) = taken.last() else { return COLUMNS[0] };
    match last.message.fate {
        Fate::Delivered => COLUMNS[1],
        Fate::Queued => COLUMNS[3],
        _ => COLUMNS[2],
    }
}
