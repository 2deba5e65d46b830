//! The one button, and the number that must be typed when there are many.

use leptos::html;
use leptos::prelude::*;

use crate::keys;
use crate::paste::Draft;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Dialog, Only, follows_why, text_of};

/// `Revoke N messages`.
#[component]
pub fn RevokeButton() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    let asking = RwSignal::new(false);
    let count = Memo::new(move |_| draft.plan.with(|plan| plan.ready));
    // While the text is being read or looked up, the number on the button may still change.
    let busy = move || draft.reading.with(Option::is_some) || draft.looking.with(Option::is_some);
    let undecided = move || draft.plan.with(|plan| plan.undecided > 0);
    let blocked = move || count.get() == 0 || busy() || undecided();
    let many =
        move || session.view.with(|view| view.as_ref().is_none_or(|view| count.get() >= view.confirm_from));
    let press = move || {
        if untrack(blocked) {
        } else if untrack(many) {
            asking.set(true);
        } else {
            draft.revoke();
        }
    };
    keys::on_submit(press);
    view! {
        <button class="btn primary wide" data-revoke="" disabled=blocked on:click=move |_| press()>
            {text_of(move || label(count.get()))}
            <kbd aria-hidden="true">"Ctrl ↵"</kbd>
        </button>
        <Only when=undecided><p class="bad-text small">{words().plan.decide_first}</p></Only>
        <Confirm open=asking count/>
    }
}

fn label(count: usize) -> String {
    if count == 0 { words().plan.no_button.to_owned() } else { (words().plan.button)(count) }
}

/// Asks for the number.
#[component]
fn Confirm(open: RwSignal<bool>, count: Memo<usize>) -> impl IntoView {
    let draft = expect_context::<Draft>();
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
            draft.revoke();
        }
    };
    view! {
        <Dialog open title=Signal::derive(move || (text.confirm_title)(count.get()))>
            <form on:submit=confirmed>
                <p>{text.confirm_what}</p>
                <p>{words().sms.then}": "{text_of(move || follows_why(draft.then.get()).to_owned())}</p>
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
