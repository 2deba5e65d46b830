//! The lines that need a look: all of them to be exported or removed, the first of them in full.

use crate::ui::{Only, dynamic, text_of};
use leptos::prelude::*;

use crate::paste::{Bad, Draft, EDITABLE, Incoming, Paper};
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
            let row = |bad: Bad<'_>| {
                let reason = (words().revoke.column)(bad.column, bad.reason);
                let place = (words().revoke.line)(bad.line);
                view! { <li><b>{place}</b>" "<span>{reason}</span><code class="mono">{bad.text.to_owned()}</code></li> }
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
        for bad in sheet.bad() {
            if edits.last().is_some_and(|(last, _)| *last == bad.line) {
                continue;
            }
            let rows = sheet.on_line(bad.line);
            let whole = rows.clone().all(|row| sheet.bad_at(row).is_some());
            let of_line: Vec<Bad<'_>> = rows.filter_map(|row| sheet.bad_at(row)).collect();
            let kept = (!whole).then(|| draft.with_paper(|paper| without(&paper.line(bad.line), &of_line)));
            edits.push((bad.line, kept));
        }
        edits
    });
    let paper = draft.with_paper(|paper| paper.edited(&edits));
    if paper.len() <= EDITABLE as usize {
        draft.held.set(None);
    }
    draft.take(Incoming::Made(paper));
}

/// A line without the words that need a look.
fn without(line: &str, bad: &[Bad<'_>]) -> String {
    let mut kept = line.to_owned();
    for bad in bad.iter().rev() {
        let start = line.char_indices().nth(bad.column - 1).map_or(line.len(), |(at, _)| at);
        if kept.get(start..).is_some_and(|rest| rest.starts_with(bad.text)) {
            kept.replace_range(start..start + bad.text.len(), "");
        }
    }
    kept
}

/// Offers the lines that need a look as a CSV.
pub fn export_bad(draft: Draft) {
    let cells: Vec<[String; 5]> = draft.with_sheet(|sheet| {
        let cells = |bad: Bad<'_>| {
            let whole = draft.with_paper(|paper: &Paper| paper.line(bad.line).into_owned());
            [bad.line.to_string(), bad.column.to_string(), bad.reason.to_owned(), bad.text.to_owned(), whole]
        };
        sheet.bad().map(cells).collect()
    });
    let header = vec!["line", "column", "problem", "text", "whole_line"];
    let rows =
        core::iter::once(header).chain(cells.iter().map(|row| row.iter().map(String::as_str).collect()));
    save::file("lines-that-need-a-look.csv", "text/csv", &save::csv(rows));
}
