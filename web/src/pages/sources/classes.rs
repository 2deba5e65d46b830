//! The classes in force as one table: what each says, class beside class.

use leptos::prelude::*;

use crate::api::{ClassRow, SourceRow};
use crate::text::{humanise, words};
use crate::ui::{dynamic, follows_of};
use crate::when::length;

/// One line of the table: what it is about, and what each class says.
struct Line {
    about: &'static str,
    said: fn(&ClassRow) -> String,
}

/// The classes of all sources. A class that a source has differently stands there a second time, with its name.
fn distinct(rows: &[SourceRow]) -> Vec<(ClassRow, Option<String>)> {
    let mut found: Vec<(ClassRow, Option<String>)> = Vec::new();
    for row in rows {
        for class in &row.policy.classes {
            if found.iter().all(|(other, _)| other != class) {
                let differs = found.iter().any(|(other, _)| other.name == class.name);
                found.push((class.clone(), differs.then(|| row.name().to_owned())));
            }
        }
    }
    found
}

fn after_sending(span: Option<i64>, none: &str) -> String {
    span.map_or_else(|| none.to_owned(), |span| (words().sources.after_sending)(&length(span)))
}

fn cell(code: &str) -> String {
    let known = (words().sources.cell)(code);
    if known.is_empty() { humanise(code) } else { known.to_owned() }
}

/// What stands in the table, in its order.
fn lines() -> [Line; 14] {
    let text = &words().sources;
    let line = |about, said| Line { about, said };
    [
        line(text.kind, |class| {
            let known = (words().sources.kinds)(&class.kind);
            if known.is_empty() { humanise(&class.kind) } else { known.to_owned() }
        }),
        line(text.ttl, |class| class.ttl.map(length).unwrap_or_default()),
        line(text.revoke_after, |class| after_sending(class.revoke_after, words().sources.not_by_itself)),
        line(text.then, |class| follows_of(&class.then).to_owned()),
        line(text.when[0], |class| cell(&class.fallback.gone)),
        line(text.when[1], |class| cell(&class.fallback.unconfirmed)),
        line(text.when[2], |class| cell(&class.fallback.inconclusive)),
        line(text.when[3], |class| cell(&class.fallback.unfinished)),
        line(text.when[4], |class| cell(&class.fallback.hopeless)),
        line(text.when[5], |class| cell(&class.fallback.otherwise)),
        line(text.fallback_by, |class| {
            let text = &words().sources;
            class
                .fallback_by
                .map_or_else(|| text.fallback_by_none.to_owned(), |span| (text.after_due)(&length(span)))
        }),
        line(text.not_after, |class| {
            let text = &words().sources;
            let none = if class.kind == "promotional" { text.not_after_advert } else { text.not_after_none };
            after_sending(class.not_after, none)
        }),
        line(text.from, |class| {
            class.sms_from.clone().unwrap_or_else(|| words().sources.from_source.to_owned())
        }),
        line(text.text, |class| {
            let registered = || words().sources.text_registered.to_owned();
            class.sms_text.as_ref().map_or_else(registered, |text| format!("“{text}”"))
        }),
    ]
}

/// The table.
#[component]
pub fn Classes(rows: Memo<Vec<SourceRow>>) -> impl IntoView {
    let text = &words().sources;
    let classes = Memo::new(move |_| rows.with(|rows| distinct(rows)));
    let table = move || {
        let classes = classes.get();
        let heading = |(class, differs): &(ClassRow, Option<String>)| {
            let differs =
                differs.as_deref().map(|source| view! { <small>" "{(text.differs)(source)}</small> });
            view! { <th scope="col" class="mono">{class.name.clone()}{differs}</th> }
        };
        let row = |line: Line| {
            let said =
                classes.iter().map(|(class, _)| view! { <td>{(line.said)(class)}</td> }).collect_view();
            view! { <tr><th scope="row">{line.about}</th>{said}</tr> }
        };
        view! {
            <table class="classes" aria-labelledby="classes">
                <thead><tr><th scope="col">{text.property}</th>{classes.iter().map(heading).collect_view()}</tr></thead>
                <tbody>{lines().into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    };
    view! {
        <section class="card classcard">
            <h2 id="classes">{text.classes}</h2>
            <p class="sec small">{text.classes_what}</p>
            <div class="scroll" tabindex="0" role="group" aria-labelledby="classes">{dynamic(table)}</div>
        </section>
    }
}
