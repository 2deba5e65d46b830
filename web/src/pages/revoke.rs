//! The first page: paste messages, see what would happen, revoke, see what happens.

mod after;
mod confirm;
mod example;
mod field;
mod footer;
mod lines;
mod outcomes;
mod plan;
mod problems;
mod terms;

use crate::ui::Only;
use leptos::prelude::*;

use crate::paste::Draft;
use crate::text::words;
use after::After;
use example::Example;
use field::Field;
use plan::PlanCard;
use problems::Problems;

/// The page: the field and the plan, or what became of the messages that were handed over.
#[component]
pub fn RevokePage() -> impl IntoView {
    let draft = expect_context::<Draft>();
    view! {
        <div class="bar">
            <h1>{words().shell.revoke}</h1>
            <span class="grow"></span>
            <Only when=move || draft.run.with(Option::is_none)>
                <span class="sec">{words().revoke.hint}</span>
            </Only>
        </div>
        <Only when=move || draft.run.with(Option::is_none) fallback=|| view! { <After/> }>
            <div class="two">
                <div class="stackv">
                    <Field/>
                    <Problems/>
                    <Example/>
                </div>
                <PlanCard/>
            </div>
        </Only>
    }
}
