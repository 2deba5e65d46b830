//! A batch in small parts: its title, its state, and the bar of its outcomes.

use leptos::prelude::*;

use super::badge::bar_class;
use crate::api::Batch;
use crate::text::{humanise, words};
use crate::when::count;

/// How a batch is called: by its title, else by its reason, else by how many messages it has.
pub fn title_of(batch: &Batch) -> String {
    let said = batch.terms.title.as_ref().or(batch.terms.reason.as_ref());
    let named = said.filter(|said| !said.trim().is_empty()).cloned();
    let all = if batch.is_plan() { batch.plan.ask } else { batch.total() };
    named.unwrap_or_else(|| (words().batches.untitled)(&count(all)))
}

/// A state in words; one that only a newer server knows is shown as its words.
pub fn state_label(state: &str) -> String {
    let known = (words().batches.state)(state);
    if known.is_empty() { humanise(state) } else { known.to_owned() }
}

/// The state of a batch as a shape and a word.
#[component]
pub fn BatchState(state: String, #[prop(optional)] large: bool) -> impl IntoView {
    let class = match state.as_str() {
        "running" | "reading" => "flight moving",
        "paused" => "open proven",
        "done" => "flight proven",
        "aborted" => "ref proven",
        _ => "unk unknown",
    };
    let label = state_label(&state);
    let large = if large { " lg" } else { "" };
    view! { <span class=format!("o {class}{large}") data-state=state><i aria-hidden="true"></i>{label}</span> }
}

/// One bar of all outcomes and of what waits; what it says stands beside it in words and numbers.
pub fn batch_bar(batch: &Batch) -> impl IntoView + use<> {
    let part = |class: String, count: u64| {
        (count > 0).then(|| view! { <i class=class style:flex-grow=count.to_string()></i> })
    };
    let outcomes: Vec<(&String, &u64)> = in_order(&batch.progress.outcomes);
    let told = outcomes.into_iter().map(|(code, count)| part(bar_class(code), *count)).collect_view();
    let label = (words().batches.bar)(&count(batch.taken_up()), &count(batch.total()));
    view! {
        <div class="stack" role="img" aria-label=label>
            {told}
            {part("unk unknown".to_owned(), batch.progress.moved + batch.progress.left_out)}
            {part("todo".to_owned(), batch.progress.waiting)}
        </div>
    }
}

/// The outcomes by their place in the core's table; those that only a newer server knows come last.
pub fn in_order(outcomes: &crate::api::Counts) -> Vec<(&String, &u64)> {
    use rcs_revoke_core::outcome::ROWS;
    let place = |code: &str| ROWS.iter().position(|row| row.code == code).unwrap_or(ROWS.len());
    let mut all: Vec<(&String, &u64)> = outcomes.iter().filter(|(_, count)| **count > 0).collect();
    all.sort_by_key(|(code, _)| place(code));
    all
}
