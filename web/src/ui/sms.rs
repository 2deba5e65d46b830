//! An SMS as a shape, a word and a fill, as an outcome is: hue says what happened, fill says how sure we are.

use leptos::prelude::*;

use super::time::Instant;
use crate::api::SentSms;
use crate::text::{humanise, words};

/// The hue and fill of a state; one that only a newer server knows is nothing that we are sure of.
fn class_of(state: &str) -> &'static str {
    match state {
        "sending" => "o flight moving",
        "sent" | "submitted" => "o flight presumed",
        "delivered" => "o reached proven",
        "not_delivered" | "not_sent" => "o ref proven",
        _ => "o unk unknown",
    }
}

fn label_of(state: &str) -> String {
    let known = (words().sms.state)(state);
    if known.is_empty() { humanise(state) } else { known.to_owned() }
}

/// One SMS with its number, its state and when it was meant to leave.
#[component]
pub fn SmsLine(sms: SentSms) -> impl IntoView {
    let code = sms.code.map(|code| view! { " · "{(words().sms.code)(&code)} });
    view! {
        <span class=class_of(&sms.state) data-sms=sms.state.clone()><i aria-hidden="true"></i>{label_of(&sms.state)}</span>
        <span class="sub">{(words().sms.numbered)(sms.number)}", "<Instant at=sms.at/>{code}</span>
    }
}

/// The mark of a message in a list whose last SMS this is: its state is in its title, and read out.
pub fn sms_mark(sms: &SentSms) -> impl IntoView + use<> {
    let said = format!("{}: {}", (words().sms.numbered)(sms.number), label_of(&sms.state));
    view! {
        <span class=format!("{}", class_of(&sms.state)) data-sms=sms.state.clone() title=said.clone()>
            <i aria-hidden="true"></i><span aria-hidden="true">{words().sms.mark}</span><span class="sr">{said.clone()}</span>
        </span>
    }
}

/// Says that the person has the message and our SMS too, or may have.
#[component]
pub fn DuplicateMark(duplicate: Option<String>, #[prop(optional)] short: bool) -> impl IntoView {
    duplicate.map(|duplicate| {
        let text = &words().sms;
        let (class, said, mark) = match duplicate.as_str() {
            "yes" => ("o reached proven", text.duplicate, text.duplicate_short),
            _ => ("o reached unknown", text.maybe_duplicate, text.maybe_duplicate_short),
        };
        view! {
            <span class=format!("{class} double") data-duplicate=duplicate title=said>
                <i aria-hidden="true"></i>{if short { mark } else { said }}
            </span>
        }
    })
}
