//! Plans, progress and lists as text for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use indicatif::HumanCount;
use rcs_revoke_api::BatchView;
use rcs_revoke_core::Timestamp;
use rcs_revoke_core::outcome::row_of;
use rcs_revoke_core::recall::State;

use super::target::Target;

/// How many rejected rows are shown.
const ROWS: usize = 10;

/// A plan in full: what would be done, to what, and what would not.
pub(super) fn plan(view: &BatchView, target: &Target) -> String {
    let (plan, counts) = (&view.plan, &view.plan.counts);
    let mut text = format!(
        "{}: would ask for {} message{}. Nothing is sent yet.\n",
        name(view),
        HumanCount(counts.ask),
        if counts.ask == 1 { "" } else { "s" }
    );
    for (way, count) in &counts.ways {
        let certainty = code(&way.certainty);
        line(
            &mut text,
            "goes to",
            &format!("{} by {} ({certainty}): {}", way.host, way.source, HumanCount(*count)),
        );
    }
    if counts.ask > 0 {
        let ages = counts.ages;
        line(
            &mut text,
            "sent",
            &parts(&[
                (ages.hour, "within the last hour"),
                (ages.day, "within the last day"),
                (ages.older, "longer ago"),
                (ages.unknown, "at a time that nobody told"),
            ]),
        );
        let windows = counts.windows;
        let mut said = parts(&[
            (windows.closing, "close within the hour"),
            (windows.open, "close later"),
            (windows.unknown, "have none, or nobody knows it"),
        ]);
        if let Some(first) = windows.first {
            let _ = write!(said, "; the first closes {first}");
        }
        line(&mut text, "windows", &said);
        line(
            &mut text,
            "classes",
            &listed(&counts.classes, |class| {
                if class.is_empty() { "without one".to_owned() } else { class.to_owned() }
            }),
        );
        line(&mut text, "SMS instead", &listed(&counts.sms, sms));
        let seconds = plan.seconds.iter().map(|(source, seconds)| format!("{source} {}", long(*seconds)));
        line(&mut text, "takes", &format!("{} at the limits", seconds.collect::<Vec<_>>().join(", ")));
    }
    if let Some(at) = view.terms.not_before {
        line(&mut text, "begins", &format!("not before {}", Timestamp::from_millis(at)));
    }
    if counts.skipped() > 0 {
        line(&mut text, "skipped", &listed(&counts.skipped, said));
    }
    if plan.duplicates > 0 {
        line(
            &mut text,
            "duplicates",
            &format!("{} with a message that was named before", rows(plan.duplicates)),
        );
    }
    if plan.rejected > 0 {
        line(&mut text, "rejected", &format!("{} could not be taken:", rows(plan.rejected)));
        for problem in plan.problems.iter().take(ROWS) {
            let column = problem.column.map_or_else(String::new, |column| format!(", column {column}"));
            let detail = without_numbers(&problem.detail);
            let _ = writeln!(text, "      line {}{column}: {} ({})", problem.line, detail, problem.code);
        }
        let all = target.command(&view.batch, "--export rejects > rejects.csv");
        let _ = writeln!(text, "      all of them, with their text: {all}");
    }
    text.truncate(text.trim_end().len());
    text
}

/// How far a batch is, or what became of it.
pub(super) fn progress(view: &BatchView) -> String {
    let progress = &view.progress;
    let mut text = format!("{} is {}. {}\n", view.batch, view.state.code(), view.incident);
    line(&mut text, "outcomes", &outcomes(view));
    if progress.waiting > 0 {
        let why = if view.state.is_over() { "never asked for" } else { "not asked for yet" };
        line(&mut text, why, &HumanCount(progress.waiting).to_string());
    }
    for (count, what) in [(progress.moved, "moved"), (progress.left_out, "left out")] {
        if count > 0 {
            let why = if what == "moved" {
                "a later batch has taken them up"
            } else {
                "something had changed since the plan"
            };
            line(&mut text, what, &format!("{}: {why}", HumanCount(count)));
        }
    }
    if view.plan.counts.skipped() > 0 {
        line(&mut text, "skipped", &listed(&view.plan.counts.skipped, said));
    }
    if view.plan.rejected > 0 {
        line(&mut text, "rejected", &format!("{} could not be taken", rows(view.plan.rejected)));
    }
    if let Some(trouble) = &view.trouble {
        line(&mut text, "held up", &trouble.sentence.to_string());
    }
    text.truncate(text.trim_end().len());
    text
}

/// Its outcomes, the most frequent first.
pub(super) fn outcomes(view: &BatchView) -> String {
    listed(&view.progress.outcomes, said)
}

/// How fast it goes, and for how long.
pub(super) fn pace(view: &BatchView) -> String {
    let progress = &view.progress;
    match view.state {
        State::Paused => "paused".to_owned(),
        State::Running if progress.waiting == 0 => "all asked for; the last answers are to come".to_owned(),
        State::Running => {
            let left =
                progress.seconds_left.map_or_else(String::new, |left| format!(", {} left", long(left)));
            format!("{}/s of {}{left}", progress.rate, progress.limit)
        }
        state => state.code().to_owned(),
    }
}

/// One line of a list.
pub(super) fn listed_as(view: &BatchView) -> String {
    let ask = view.plan.counts.ask;
    let asked = ask.saturating_sub(view.progress.waiting);
    let title = view.terms.title.as_deref().unwrap_or_default();
    let (asked, ask) = (HumanCount(asked).to_string(), HumanCount(ask).to_string());
    let planned = Timestamp::from_millis(view.created_at);
    format!("{:<9} {:<8} {planned}  {asked} of {ask} asked  {title}", view.batch, view.state.code())
}

/// A length of time as people say it.
pub(super) fn long(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// Whatever looks like a phone number, but for its last two digits.
pub(super) fn without_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if digits.len() > 6 {
            shown.push_str("••••");
            digits.drain(..digits.len() - 2);
        }
        shown.push_str(&digits);
        digits.clear();
        if c != '\0' {
            shown.push(c);
        }
    }
    shown
}

fn name(view: &BatchView) -> String {
    match &view.terms.title {
        Some(title) => format!("{} \"{title}\"", view.batch),
        None => view.batch.clone(),
    }
}

fn rows(count: u64) -> String {
    format!("{} row{}", HumanCount(count), if count == 1 { "" } else { "s" })
}

fn line(text: &mut String, what: &str, said: &str) {
    let _ = writeln!(text, "  {what:<12} {said}");
}

fn parts(counts: &[(u64, &str)]) -> String {
    let parts = counts.iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, words)| format!("{} {words}", HumanCount(*count))).collect::<Vec<_>>().join(", ")
}

fn listed(counts: &BTreeMap<String, u64>, words: impl Fn(&str) -> String) -> String {
    let mut counts: Vec<_> = counts.iter().filter(|(_, count)| **count > 0).collect();
    counts.sort_by(|one, other| other.1.cmp(one.1));
    let parts = counts.iter().map(|(code, count)| format!("{} {}", words(code), HumanCount(**count)));
    let said = parts.collect::<Vec<_>>().join(", ");
    if said.is_empty() { "none".to_owned() } else { said }
}

/// An outcome or a reason in words.
fn said(code: &str) -> String {
    row_of(code).map_or_else(|| code.replace('_', " "), |row| row.label.to_lowercase())
}

/// What would be done about an SMS, in words.
fn sms(offer: &str) -> String {
    match offer {
        "now" => "at once".to_owned(),
        "later" => "at its class's time, unless it is taken back before".to_owned(),
        "wait" => "decided once the answer has settled".to_owned(),
        "then_nothing" => "none, for nothing shall follow".to_owned(),
        "outcome" => "none by itself at first".to_owned(),
        because => format!("none by itself ({})", because.replace('_', " ")),
    }
}

fn code<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{long, without_numbers};

    #[test]
    fn no_whole_phone_number_is_shown() {
        assert_eq!(without_numbers("`+447700900123` is none"), "`+••••23` is none");
        assert_eq!(without_numbers("line 123456 names 00447700900123"), "line 123456 names ••••23");
        assert_eq!(without_numbers("nothing"), "nothing");
    }

    #[test]
    fn time_is_said_as_people_do() {
        assert_eq!(
            (long(59), long(61), long(3_661)),
            ("59 s".into(), "1 min 1 s".into(), "1 h 1 min".into())
        );
    }
}
