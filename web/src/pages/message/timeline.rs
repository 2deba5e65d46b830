//! What happened, in order, with the outcome after each fact, and what comes next.

use leptos::prelude::*;

use super::Shown;
use super::next::NextStep;
use crate::api::Entry;
use crate::text::words;
use crate::ui::{Badge, DuplicateMark, Said, plain};
use crate::when::{day, iso, same_day, time_of_day, utc};

/// An entry with what its list needs: a key that lets it stay when others come, and its day where that is new.
#[derive(Clone, PartialEq)]
struct Placed {
    key: String,
    day: Option<String>,
    entry: Entry,
}

fn place(entries: Vec<Entry>) -> Vec<Placed> {
    let first = entries.first().map_or(0, |entry| entry.at);
    let one_day = entries.iter().all(|entry| same_day(entry.at, first));
    let mut before = None;
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    entries
        .into_iter()
        .map(|entry| {
            let new_day = !one_day && before.is_none_or(|before| !same_day(before, entry.at));
            before = Some(entry.at);
            let code = entry.outcome.as_ref().map_or("", |outcome| outcome.code.as_str());
            let name = format!("{}|{}|{}|{code}", entry.at, entry.side, plain(&entry.title));
            let times = seen.entry(name.clone()).and_modify(|times| *times += 1).or_insert(0);
            Placed { key: format!("{name}|{times}|{new_day}"), day: new_day.then(|| day(entry.at)), entry }
        })
        .collect()
}

/// The timeline.
#[component]
pub fn Timeline(shown: Shown) -> impl IntoView {
    let entries = Memo::new(move |_| {
        shown.message.with(|message| {
            message.as_ref().map(|(_, detail)| place(detail.timeline.clone())).unwrap_or_default()
        })
    });
    view! {
        <section class="card" aria-labelledby="happened">
            <h2 id="happened">{words().one.happened}</h2>
            <ol class="tl">
                <For each=move || entries.get() key=|placed| placed.key.clone() let(placed)>
                    <Happened placed/>
                </For>
                <NextStep shown/>
            </ol>
        </section>
    }
}

#[component]
fn Happened(placed: Placed) -> impl IntoView {
    let entry = placed.entry;
    let side = match entry.side.as_str() {
        "us" => "dot us",
        "them" => "dot them",
        _ => "dot",
    };
    let note = entry.note.map(|note| view! { <p class="sub"><Said sentence=note/></p> });
    let raw = entry.raw.map(|raw| {
        view! { <details><summary>{words().one.raw}</summary><pre tabindex="0">{raw}</pre></details> }
    });
    let then = entry.outcome.map(|outcome| {
        view! { <p class="then"><Badge code=outcome.code/><DuplicateMark duplicate=outcome.duplicate/></p> }
    });
    let day = placed.day.map(|day| view! { <span class="daymark">{day}<br/></span> });
    view! {
        <li>
            <time class="when" datetime=iso(entry.at) title=utc(entry.at)>{day}{time_of_day(entry.at)}</time>
            <span class=side aria-hidden="true"></span>
            <div><p><Said sentence=entry.title/></p>{note}{raw}{then}</div>
        </li>
    }
}
