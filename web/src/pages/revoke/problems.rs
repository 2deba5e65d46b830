//! The lines that need a look: all of them to be exported or removed, the first of them in full.

use crate::ui::{Only, dynamic, text_of};
use leptos::prelude::*;

use crate::paste::{Draft, EDITABLE, Incoming, Paper};
use crate::save;
use crate::text::words;
use crate::when::number;

/// How many are shown; all of them are exported.
const SHOWN: usize = 20;

/// The first lines that need a look, with column, reason and text.
#[component]
pub fn Problems() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let count = move || draft.plan.with(|plan| plan.bad);
    let rows = move || {
        draft.version.track();
        draft.with_sheet(|sheet| {
            let row = |line: &crate::paste::Line| {
                let reason = (words().revoke.column)(line.row.column, line.problem().unwrap_or_default());
                let place = (words().revoke.line)(line.row.line);
                view! { <li><b>{place}</b>" "<span>{reason}</span><code class="mono">{line.problem_text()}</code></li> }
            };
            sheet.bad().take(SHOWN).map(row).collect_view()
        })
    };
    let more = move || count().saturating_sub(SHOWN);
    view! {
        <Only when=move || { count() > 0 && draft.reading.get().is_none() }>
            <section class="card problems" aria-labelledby="problems">
                <h2 id="problems">{text_of(move || (words().revoke.bad)(count()))}</h2>
                <ul>{dynamic(rows)}</ul>
                <Only when=move || { more() > 0 }><p class="dim small">{text_of(move || (words().revoke.more)(&number(more())))}</p></Only>
            </section>
        </Only>
    }
}

/// Leaves the lines out that need a look. Where such a line also names messages that are fine, only the wrong
/// words are taken out.
pub fn remove_bad(draft: Draft) {
    let edits = draft.with_sheet(|sheet| {
        let mut edits: Vec<(usize, Option<String>)> = Vec::new();
        for line in sheet.bad() {
            let number = line.row.line;
            if edits.last().is_some_and(|(last, _)| *last == number) {
                continue;
            }
            let rows = &sheet.lines[sheet.on_line(number)];
            let whole = rows.iter().all(crate::paste::Line::is_bad);
            let kept = (!whole).then(|| draft.with_paper(|paper| without(&paper.line(number), rows)));
            edits.push((number, kept));
        }
        edits
    });
    let paper = draft.with_paper(|paper| paper.edited(&edits));
    if paper.len() <= EDITABLE as usize {
        draft.held.set(None);
    }
    draft.take(Incoming::Made(paper));
}

/// A line without the words of its rows that need a look.
fn without(line: &str, rows: &[crate::paste::Line]) -> String {
    let mut kept = line.to_owned();
    for row in rows.iter().rev().filter(|row| row.is_bad()) {
        let text = row.problem_text();
        let start = line.char_indices().nth(row.row.column - 1).map_or(line.len(), |(at, _)| at);
        if kept.get(start..).is_some_and(|rest| rest.starts_with(&text)) {
            kept.replace_range(start..start + text.len(), "");
        }
    }
    kept
}

/// Offers the lines that need a look as a CSV.
pub fn export_bad(draft: Draft) {
    let cells: Vec<[String; 5]> = draft.with_sheet(|sheet| {
        let cells = |line: &crate::paste::Line| {
            let whole = draft.with_paper(|paper: &Paper| paper.line(line.row.line).into_owned());
            [
                line.row.line.to_string(),
                line.row.column.to_string(),
                line.problem().unwrap_or_default().to_owned(),
                line.problem_text(),
                whole,
            ]
        };
        sheet.bad().map(cells).collect()
    });
    let header = vec!["line", "column", "problem", "text", "whole_line"];
    let rows =
        core::iter::once(header).chain(cells.iter().map(|row| row.iter().map(String::as_str).collect()));
    save::file("lines-that-need-a-look.csv", "text/csv", &save::csv(rows));
}
