//! What is said beside one line of the text.

use rcs_revoke_core::region::Certainty;

use super::Plan;
use super::sheet::{Ready, Sheet, State};
use crate::text::words;
use crate::ui::label_of;
use crate::when::{about, length};

const SOON: i64 = 3_600_000;

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mood {
    /// Nothing to look at.
    Plain,
    /// It will not wait much longer.
    Soon,
    /// It needs a look.
    Bad,
}

/// What is said beside a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub mood: Mood,
    pub text: String,
}

/// What is said beside a line with these rows.
pub fn annotate(sheet: &Sheet, line: usize, plan: &Plan, now: i64) -> Annotation {
    let rows = sheet.on_line(line);
    match rows.len() {
        0 => Annotation { mood: Mood::Plain, text: String::new() },
        1 => of_row(sheet, rows.start, plan, now),
        _ => {
            let all: Vec<Annotation> = rows.clone().map(|row| of_row(sheet, row, plan, now)).collect();
            let mood = all.iter().map(|one| one.mood).max().unwrap_or(Mood::Plain);
            let good = rows.filter(|row| sheet.bad_at(*row).is_none()).count();
            let worst = all.into_iter().find(|one| one.mood == mood).map(|one| one.text).unwrap_or_default();
            let count = (words().units.messages)(good);
            Annotation { mood, text: if good == 0 { worst } else { format!("{count} · {worst}") } }
        }
    }
}

fn of_row(sheet: &Sheet, at: usize, plan: &Plan, now: i64) -> Annotation {
    let text = &words().revoke;
    if let Some(bad) = sheet.bad_at(at) {
        return Annotation { mood: Mood::Bad, text: (text.column)(bad.column, bad.reason) };
    }
    let calm = |text: String| Annotation { mood: Mood::Plain, text };
    match sheet.state(at) {
        State::Ready(ready) => of_ready(&ready, plan, now),
        State::Choose => Annotation { mood: Mood::Soon, text: text.choose_below.to_owned() },
        State::Folded { line } => calm((text.folded)(line)),
        State::LeftOut { outcome } => calm((text.left_out)(&label_of(outcome))),
        State::Pending | State::Problem(_) => calm(text.checking.to_owned()),
    }
}

fn of_ready(ready: &Ready<'_>, plan: &Plan, now: i64) -> Annotation {
    let text = &words().revoke;
    let mut said = ready.provider.label().to_owned();
    if let Some(route) = plan.route_of(ready.source) {
        let hosts: Vec<&str> = match route.certainty {
            Certainty::Ambiguous => route.candidates.iter().map(|host| host.label()).collect(),
            _ => vec![route.first().label()],
        };
        said = format!("{said} · {}", hosts.join(" → "));
    }
    if let Some(sent) = ready.sent_at {
        said = format!("{said} · {}", (text.sent)(&about(now - sent)));
    }
    match ready.window_closes.map(|closes| closes - now) {
        Some(left) if left <= 0 => {
            Annotation { mood: Mood::Soon, text: format!("{said}, {}", text.window_closed) }
        }
        Some(left) if left <= SOON => {
            Annotation { mood: Mood::Soon, text: format!("{said}, {}", (text.window_in)(&length(left))) }
        }
        _ => Annotation { mood: Mood::Plain, text: said },
    }
}
