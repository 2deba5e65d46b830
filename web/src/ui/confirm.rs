//! The number that must be typed before many messages are asked for.

use leptos::html;
use leptos::prelude::*;

use super::dialog::Dialog;
use super::dynamic::text_of;
use crate::text::words;

/// Asks for the number `count`, then acts. Its children say what else will happen.
#[component]
pub fn Confirm(
    open: RwSignal<bool>,
    #[prop(into)] count: Signal<usize>,
    act: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let text = &words().after;
    let typed = RwSignal::new(String::new());
    let field = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if open.get() {
            typed.set(String::new());
            if let Some(field) = field.get() {
                let _ = field.focus();
            }
        }
    });
    let fits = move || number_in(&typed.get()) == Some(count.get());
    let confirmed = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if untrack(fits) {
            open.set(false);
            act.run(());
        }
    };
    let children = StoredValue::new(children);
    view! {
        <Dialog open title=Signal::derive(move || (text.confirm_title)(count.get()))>
            <form on:submit=confirmed>
                <p>{text.confirm_what}</p>
                {children.with_value(|children| children())}
                <label class="cap" for="confirm">{text_of(move || (text.confirm_type)(&count.get().to_string()))}</label>
                <input id="confirm" class="field" inputmode="numeric" autocomplete="off" node_ref=field
                    on:input=move |event| typed.set(event_target_value(&event))/>
                <div class="actions">
                    <button class="btn" type="button" on:click=move |_| open.set(false)>{words().shell.cancel}</button>
                    <button class="btn primary" disabled=move || !fits()>{text_of(move || (text.confirm_button)(count.get()))}</button>
                </div>
            </form>
        </Dialog>
    }
}

/// The number that somebody typed, with or without separators.
fn number_in(text: &str) -> Option<usize> {
    let digits: String =
        text.chars().filter(|c| !matches!(c, ' ' | ',' | '.' | '\'' | '\u{a0}' | '\u{202f}')).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_number_may_be_grouped_but_not_guessed() {
        assert_eq!(super::number_in("40,000"), Some(40_000));
        assert_eq!(super::number_in(" 40 000 "), Some(40_000));
        assert_eq!(super::number_in("40k"), None);
        assert_eq!(super::number_in(""), None);
    }
}
