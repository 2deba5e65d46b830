//! What comes next by itself, counted down on the server's clock.

use leptos::prelude::*;

use super::Shown;
use crate::api::Step;
use crate::text::{humanise, words};
use crate::ui::{Countdown, dynamic};

/// The last entry of the timeline: what has not happened yet.
#[component]
pub fn NextStep(shown: Shown) -> impl IntoView {
    let step = Memo::new(move |_| {
        shown.message.with(|message| message.as_ref().map(|(message, _)| message.step.clone()))
    });
    dynamic(move || {
        let step = step.get()?;
        let when = match step.at {
            Some(at) => view! { <Countdown to=at/> }.into_any(),
            None if matches!(step.kind.as_str(), "send" | "send_fallback" | "request") => {
                words().one.due.into_any()
            }
            None => ().into_any(),
        };
        Some(view! {
            <li class="nextstep">
                <span class="when">{when}</span>
                <span class="dot next" aria-hidden="true"></span>
                <div><p class="sec">{said(&step)}</p></div>
            </li>
        })
    })
}

fn said(step: &Step) -> String {
    let text = &words().one;
    match step.kind.as_str() {
        "send" => (text.next_send)(step.host.as_deref().unwrap_or_default()),
        "wait_until" => (text.next)(step.brings.as_deref().unwrap_or_default()).to_owned(),
        "ask_operator" if step.question.as_deref() == Some("recipient") => text.ask_phone.to_owned(),
        "ask_operator" => text.ask.to_owned(),
        "send_fallback" => text.next_sms.to_owned(),
        "request" => text.next_wish.to_owned(),
        "done" => text.done.to_owned(),
        newer => humanise(newer),
    }
}
