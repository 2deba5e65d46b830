//! A dialog that keeps the keyboard inside and gives it back, as the browser's own `<dialog>` does.

use super::dynamic::{Only, text_of};
use leptos::html;
use leptos::prelude::*;

/// A dialog with a title, shown while `open` is true; Escape closes it.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog node_ref=node aria-labelledby="dialog-title" on:close=move |_| open.set(false)>
            <Only when=move || open.get()>
                <h2 id="dialog-title">{text_of(move || title.get())}</h2>
                {children()}
            </Only>
        </dialog>
    }
}
