//! The choice of what shall follow a revocation.

use leptos::prelude::*;
use rcs_revoke_api::Follows;
use rcs_revoke_core::fact::Then;

use super::dynamic::text_of;
use crate::text::words;

/// How the choices are called in texts.
const fn code(follows: Follows) -> &'static str {
    match follows {
        Follows::Nothing => "nothing",
        Follows::Fallback => "fallback",
        Follows::Sms => "sms",
    }
}

/// What is said of a choice on a button.
pub fn follows_label(follows: Follows) -> &'static str {
    (words().sms.follows)(code(follows))
}

/// What a choice means.
pub fn follows_why(follows: Follows) -> &'static str {
    (words().sms.follows_why)(code(follows))
}

/// What is said of a choice that a class has made.
pub fn follows_of(then: Then) -> &'static str {
    follows_label(match then {
        Then::Nothing => Follows::Nothing,
        Then::Fallback => Follows::Fallback,
    })
}

/// Nothing, or an SMS where that is safe; with what the choice means.
#[component]
pub fn ThenChoice(value: RwSignal<Follows>, #[prop(into)] name: &'static str) -> impl IntoView {
    let one = |choice: Follows| {
        view! {
            <label class:on=move || value.get() == choice>
                <input type="radio" name=name value=code(choice) prop:checked=move || value.get() == choice
                    on:change=move |_| value.set(choice)/>
                <span>{follows_label(choice)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="then">
            <legend class="cap">{words().sms.then}</legend>
            <div class="seg">{one(Follows::Nothing)}{one(Follows::Fallback)}</div>
            <p class="sec small" role="status">{text_of(move || follows_why(value.get()).to_owned())}</p>
        </fieldset>
    }
}
