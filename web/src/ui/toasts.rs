//! Short notes about what was just done; they are read out, and go away by themselves or by hand.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::text::words;

const SHOWN_FOR: u32 = 8_000;

/// The notes that are shown now.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<(u32, String)>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// None yet.
    pub fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Shows one.
    pub fn say(self, text: impl Into<String>) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        self.shown.update(|shown| shown.push((number, text.into())));
        Timeout::new(SHOWN_FOR, move || self.close(number)).forget();
    }

    fn close(self, number: u32) {
        self.shown.update(|shown| shown.retain(|(other, _)| *other != number));
    }
}

/// Where the notes appear.
#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|(number, _)| *number let((number, text))>
                <div class="toast">
                    <span>{text}</span>
                    <button aria-label=words().shell.close on:click=move |_| toasts.close(number)>"×"</button>
                </div>
            </For>
        </div>
    }
}
