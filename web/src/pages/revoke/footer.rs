//! Under the field: how much was read, how it goes on, and what can be done about lines that need a look.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::field::take_file;
use crate::paste::{Draft, Incoming, Progress};
use crate::session::Session;
use crate::text::words;
use crate::ui::{Only, Toasts, dynamic, text_of};
use crate::when::number;

/// From how many messages on a look-up shows its progress.
const LONG: usize = 1_000;

/// The foot of the field.
#[component]
pub fn Footer() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let text = &words().revoke;
    let bad = move || draft.plan.with(|plan| plan.bad);
    let counts = move || {
        draft.plan.with(|plan| {
            let duplicates =
                (plan.duplicates > 0).then(|| view! { <span>{(text.duplicates)(plan.duplicates)}</span> });
            let found = plan.ready + plan.undecided;
            view! { <span><b>{(words().units.messages)(found)}</b></span>{duplicates} }
        })
    };
    // A look-up that takes a moment is not worth a word.
    let looking = move || draft.looking.get().filter(|progress| progress.all > LONG);
    let busy = move || draft.reading.get().or(looking());
    let width = move || busy().map_or_else(|| "0%".to_owned(), |progress| format!("{}%", percent(progress)));
    let said = move || match (draft.reading.get(), looking()) {
        (Some(reading), _) => (text.reading)(&kilobytes(reading.done), &kilobytes(reading.all)),
        (_, Some(looking)) => (text.looking)(&number(looking.done), &number(looking.all)),
        _ => String::new(),
    };
    view! {
        <footer>
            <i class="progress" aria-hidden="true" style:width=width></i>
            <Only when=move || !draft.is_empty() fallback=|| view! { <Start/> }>
                {dynamic(move || draft.held.get().map(|held| view! { <span>{held}</span> }))}
                <span class="said" role="status">{text_of(said)}</span>
                <Only when=move || busy().is_none()>
                    <span class="counts" role="status">{dynamic(counts)}</span>
                </Only>
                <Only when=move || { bad() > 0 }>
                    <span class="bad-text">{text_of(move || (text.bad)(bad()))}</span>
                </Only>
                <Only when=move || draft.missed.get()>
                    <span class="bad-text" role="status">{text.missed}</span>
                </Only>
                <span class="grow"></span>
                <Only when=move || { bad() > 0 && busy().is_none() }>
                    <button class="link" on:click=move |_| draft.remove_bad()>{text.remove_bad}</button>
                    <button class="link" on:click=move |_| draft.export_bad()>{text.export_bad}</button>
                </Only>
                <button class="link" on:click=move |_| draft.clear()>{text.clear}</button>
            </Only>
        </footer>
    }
}

fn percent(progress: Progress) -> usize {
    progress.done * 100 / progress.all.max(1)
}

fn kilobytes(bytes: usize) -> String {
    format!("{} kB", number(bytes.div_ceil(1_000)))
}

/// How to begin: a file, or, in a demo, the messages that wait to be revoked.
#[component]
fn Start() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let text = &words().revoke;
    let picker = NodeRef::<html::Input>::new();
    let opened = move |_| {
        let file = picker.get_untracked().and_then(|picker| picker.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            take_file(draft, file);
        }
    };
    let fill = move |_| {
        spawn_local(async move {
            match session.api.messages(&[("outcome", "watched"), ("limit", "100")]).await {
                Ok(page) if page.items.is_empty() => toasts.say(words().revoke.demo_none),
                Ok(page) => {
                    let ids: Vec<String> = page.items.into_iter().map(|message| message.id).collect();
                    draft.take(Incoming::Typed(ids.join("\n")));
                }
                Err(failure) => toasts.say(failure.sentence()),
            }
        });
    };
    view! {
        <Only when=move || session.view.get().is_some_and(|view| view.demo)>
            <button class="link" on:click=fill>{text.demo_fill}</button>
        </Only>
        <span class="grow"></span>
        <input type="file" class="sr" tabindex="-1" aria-hidden="true" node_ref=picker on:change=opened/>
        <button class="link" on:click=move |_| picker.get_untracked().iter().for_each(|picker| picker.click())>
            {text.open_file}
        </button>
    }
}
