//! The classes in force as one table: what each says, class beside class.

use leptos::prelude::*;

use rcs_revoke_core::Span;
use rcs_revoke_core::class::Class;

use crate::api::SourceRow;
use crate::text::words;
use crate::ui::{dynamic, follows_of};
use crate::when::length;

/// One line of the table: what it is about, and what each class says.
struct Line {
    about: &'static str,
    said: fn(&Class) -> String,
}

/// The classes of all sources. A class that a source has differently stands there a second time, with its name.
fn distinct(rows: &[SourceRow]) -> Vec<(Class, Option<String>)> {
    let mut found: Vec<(Class, Option<String>)> = Vec::new();
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

fn after_sending(span: Option<Span>, none: &str) -> String {
    span.map_or_else(|| none.to_owned(), |span| (words().sources.after_sending)(&length(span.as_millis())))
}

/// What stands in the table, in its order.
fn lines() -> [Line; 14] {
    let text = &words().sources;
    let line = |about, said| Line { about, said };
    [
        line(text.kind, |class| (words().sources.kind_of)(class.kind).to_owned()),
        line(text.ttl, |class| length(class.ttl.as_millis())),
        line(text.revoke_after, |class| after_sending(class.revoke_after, words().sources.not_by_itself)),
        line(text.then, |class| follows_of(class.then).to_owned()),
        line(text.when[0], |class| (words().sources.cell)(class.fallback.gone).to_owned()),
        line(text.when[1], |class| (words().sources.cell)(class.fallback.unconfirmed).to_owned()),
        line(text.when[2], |class| (words().sources.cell)(class.fallback.inconclusive).to_owned()),
        line(text.when[3], |class| (words().sources.cell)(class.fallback.unfinished).to_owned()),
        line(text.when[4], |class| (words().sources.cell)(class.fallback.hopeless).to_owned()),
        line(text.when[5], |class| (words().sources.cell)(class.fallback.otherwise).to_owned()),
        line(text.fallback_by, |class| {
            let text = &words().sources;
            class.fallback_by.map_or_else(
                || text.fallback_by_none.to_owned(),
                |span| (text.after_due)(&length(span.as_millis())),
            )
        }),
        line(text.not_after, |class| {
            let text = &words().sources;
            let none = if class.lacks_limit() { text.not_after_advert } else { text.not_after_none };
            after_sending(class.not_after, none)
        }),
        line(text.from, |class| {
            let own = class.sms_from.as_ref().map(ToString::to_string);
            own.unwrap_or_else(|| words().sources.from_source.to_owned())
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
        let heading = |(class, differs): &(Class, Option<String>)| {
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
