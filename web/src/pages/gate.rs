//! The way in: what is said to somebody without a session, and the field for the access key.

use crate::ui::{Only, dynamic};
use leptos::html;
use leptos::prelude::*;

use crate::session::{Gate, Session};
use crate::text::words;

/// What is shown before we are in.
#[component]
pub fn Gatehouse() -> impl IntoView {
    let session = expect_context::<Session>();
    let text = &words().shell;
    view! {
        <main id="main" class="gate">
            <Only
                when=move || session.gate.get() != Gate::Asking
                fallback=move || view! { <p class="sec" role="status">{text.asking}</p> }
            >
                <h1>{text.gate_title}</h1>
                <p>{text.gate_how}</p>
                <KeyForm/>
            </Only>
        </main>
    }
}

/// The field for the access key, with what went wrong the last time.
#[component]
pub fn KeyForm() -> impl IntoView {
    let session = expect_context::<Session>();
    let text = &words().shell;
    let field = NodeRef::<html::Input>::new();
    let enter = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let key = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        if !key.trim().is_empty() {
            session.enter(&key);
        }
    };
    let wrong = move || match session.gate.get() {
        Gate::Out(Some(failure)) => Some(view! { <p class="wrong" role="alert">{failure.sentence()}</p> }),
        _ => None,
    };
    view! {
        <form class="keyform" on:submit=enter>
            <label class="sr" for="access-key">{text.gate_key}</label>
            <input id="access-key" class="field" node_ref=field type="password" autocomplete="off" required
                placeholder=text.gate_key/>
            <button class="btn primary">{text.gate_enter}</button>
        </form>
        {dynamic(wrong)}
    }
}
