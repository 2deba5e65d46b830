//! What the drill prints: the world, the table outcome × truth, what is counted apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use rcs_revoke_core::outcome::{ROWS, Verdict};
use rcs_revoke_simulator::Fate;

use crate::Args;
use crate::audit::Audit;
use crate::play::Played;
use crate::reality::Reality;
use crate::reaper::Toll;
use crate::script::{Scripted, Told};
use crate::verdicts::{Judged, Verdicts};

/// The columns, in the order in which they are printed.
const TRUTHS: [&str; 6] = ["delivered", "removed", "expired", "rejected", "purged", "still queued"];
/// The row of messages of which nobody told the server, and no webhook came through.
const UNKNOWN: &str = "(nobody told it)";

/// One line about each side of the scripted world.
pub fn world(args: &Args, script: &[Scripted]) -> String {
    let mut senders: BTreeMap<&str, usize> = BTreeMap::new();
    for message in script {
        *senders.entry(message.sender.source).or_default() += 1;
    }
    let told = |wanted: fn(&Told) -> bool| script.iter().filter(|message| wanted(&message.told)).count();
    let troubled = script.iter().filter(|message| !message.faults.is_empty()).count();
    let senders: Vec<String> = senders.iter().map(|(source, count)| format!("{source} {count}")).collect();
    let scenarios = if args.scenario.is_empty() { "none".to_owned() } else { args.scenario.join(", ") };
    format!(
        "Seed {}: {} messages, {} virtual hours, {}× as fast, {} kills, scenarios: {scenarios}\n  \
         senders: {}\n  known by API {}, by a list {}, by a wish only {}, by webhooks only {}\n  \
         requests for {troubled} of {} messages meet faults\n",
        args.seed,
        args.messages,
        args.hours,
        args.scale,
        args.kills,
        senders.join(", "),
        told(|told| *told == Told::Api),
        told(|told| *told == Told::Csv),
        told(|told| matches!(told, Told::Wish { .. })),
        told(|told| *told == Told::Nobody),
        script.len(),
    )
}

/// What was done, in one line.
pub fn done(played: &Played) -> String {
    let refused: usize = played.refused.values().sum();
    let reasons: Vec<String> = played.refused.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    format!(
        "  wishes: {} made, {} repeated, {refused} refused{reasons}, {} taken back in time\n",
        played.wishes, played.repeated, played.withdrawn
    )
}

/// What came of the kills; nothing if there were none.
pub fn toll(toll: &Toll) -> String {
    if toll.kills() == 0 {
        return String::new();
    }
    let met = toll.met.iter().map(|(aim, (kills, met))| format!("{aim} {met} of {kills}"));
    format!(
        "  killed {} times; moments met: {}\n  ready again after {}\n  sending again after {}\n",
        toll.kills(),
        met.collect::<Vec<_>>().join(", "),
        spread(&toll.ready),
        spread(&toll.sending),
    )
}

/// Middle, nearly worst and worst of some times.
fn spread(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    let Some(worst) = times.last() else { return "(nothing was due)".to_owned() };
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_millis();
    format!("p50 {} ms, p99 {} ms, worst {} ms ({} times)", at(50), at(99), worst.as_millis(), times.len())
}

/// What the audit of the store counted.
pub fn audit(audit: &Audit) -> String {
    format!(
        "  {} facts, each compared with the world; {} attempts without a read answer, {} of them had reached a provider",
        audit.facts, audit.unread, audit.unread_answered
    )
}

/// The table outcome × truth as Markdown, so that it can stand in a document as it is.
pub fn table(verdicts: &Verdicts<'_>) -> String {
    let mut cells: BTreeMap<(usize, String), BTreeMap<&str, usize>> = BTreeMap::new();
    let mut used = BTreeSet::new();
    for one in &verdicts.judged {
        let truth = one.reality.truth();
        used.insert(truth);
        *cells.entry(row_of(one)).or_default().entry(truth).or_default() += 1;
    }
    let columns: Vec<&str> = TRUTHS.into_iter().filter(|truth| used.contains(truth)).collect();
    let mut text =
        format!("| outcome \\ truth | {} |\n|---|{}\n", columns.join(" | "), "--:|".repeat(columns.len()));
    for ((_, label), counts) in &cells {
        let cells: Vec<String> = columns
            .iter()
            .map(|truth| counts.get(truth).map_or_else(String::new, ToString::to_string))
            .collect();
        let _ = writeln!(text, "| {label} | {} |", cells.join(" | "));
    }
    text
}

fn row_of(one: &Judged<'_>) -> (usize, String) {
    let Some(view) = &one.view else { return (ROWS.len(), UNKNOWN.to_owned()) };
    let verdict = &view.outcome.verdict;
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

/// What is no lie and still worth a number: how often what rests on less than an event was true.
pub fn apart(verdicts: &Verdicts<'_>) -> String {
    let mut text = String::new();
    for kind in ["revoked by answer", "presumed_revoked", "presumed_delivered", "unconfirmed"] {
        let all: Vec<&Judged<'_>> = verdicts.judged.iter().filter(|one| row_of(one).1 == kind).collect();
        let delivered = all.iter().filter(|one| one.reality.fate == Fate::Delivered).count();
        let _ = writeln!(text, "  {kind}: {}, in truth delivered: {delivered}", all.len());
    }
    let inconclusive = verdicts.judged.iter().filter(|one| row_of(one).1.starts_with("inconclusive")).count();
    let _ = writeln!(text, "  inconclusive: {inconclusive}");
    let lost = verdicts.judged.iter().flat_map(|one| &one.reality.heard).filter(|heard| heard.lost).count();
    let deaf = verdicts.judged.iter().filter(|one| lost_its_end(&one.reality)).count();
    let _ =
        writeln!(text, "  webhooks lost on the way: {lost}; of {deaf} messages every word about their end");
    text
}

/// Whether everything that stated its end was lost.
fn lost_its_end(reality: &Reality) -> bool {
    let mut ends = reality.heard.iter().filter(|heard| heard.statement.is_some()).peekable();
    ends.peek().is_some() && ends.all(|heard| heard.lost)
}
