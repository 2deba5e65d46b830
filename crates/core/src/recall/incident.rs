//! What to tell those who wait, as text: counts that say no more than the facts do.

use alloc::collections::BTreeMap;

use super::State;
use crate::outcome::{ROWS, Sureness, Tone};
use crate::prelude::*;
use crate::say::{joined, number};
use crate::sentence::Sentence;
use crate::time::Timestamp;

/// Whether an outcome's code belongs to a group.
type Belongs = fn(&str) -> bool;

/// What each outcome is called behind its count, and which outcomes these are.
const LINES: [(&str, Belongs); 6] = [
    (" proven stopped", |code| is(code, Tone::Back, Sureness::Proven)),
    (" had reached people", |code| is(code, Tone::Reached, Sureness::Proven)),
    (" presumed stopped, without proof", |code| is(code, Tone::Back, Sureness::Presumed)),
    (" presumed to have reached people, without proof", |code| is(code, Tone::Reached, Sureness::Presumed)),
    (" asked without proof yet", |code| is(code, Tone::Open, Sureness::Presumed) || code == "settling"),
    (" not known", |code| matches!(code, "inconclusive" | "lapsed")),
];

/// A text for an incident channel: how many of how many were taken up, and what is known of them, as of `now`.
///
/// `outcomes` counts the messages that were taken up, by the outcome's code; `waiting` those that nobody asked for yet,
/// where the batch stands so; `done_by` says when all will be asked for, where that is known.
pub fn incident(
    title: &str,
    outcomes: &BTreeMap<String, u64>,
    (state, waiting): (State, u64),
    done_by: Option<Timestamp>,
    now: Timestamp,
) -> Sentence {
    let sum = |wanted: &dyn Fn(&str) -> bool| -> u64 {
        outcomes.iter().filter(|(code, _)| wanted(code)).map(|(_, count)| count).sum()
    };
    let planned = sum(&|code| code == "planned");
    let never = sum(&|code| matches!(code, "refused" | "withdrawn" | "watched"));
    let all = sum(&|_| true) + waiting;
    let asked = all - waiting - planned;
    let mut said = Sentence::new(joined(&[title, ", "])).time(now);
    said = said.text(joined(&[": ", &number(asked), " of ", &number(all), " taken up."]));
    let mut parts: Vec<String> = Vec::new();
    for (words, belongs) in LINES {
        let count = sum(&belongs);
        if count > 0 {
            parts.push(joined(&[&number(count), words]));
        }
    }
    for (count, words) in [
        (sum(&|code| code == "requesting"), " being asked now"),
        (never, " not revoked: refused or taken back"),
        (waiting + planned, if state.is_over() { " never asked" } else { " still to be asked" }),
    ] {
        if count > 0 {
            parts.push(joined(&[&number(count), words]));
        }
    }
    if !parts.is_empty() {
        said = said.text(joined(&[" ", &parts.join(", "), "."]));
    }
    match done_by {
        Some(at) if waiting > 0 => said.text(" All asked by about ").time(at).text("."),
        _ => said,
    }
}

fn is(code: &str, tone: Tone, sureness: Sureness) -> bool {
    ROWS.iter().any(|row| row.code == code && row.tone == tone && row.sureness == sureness)
}
