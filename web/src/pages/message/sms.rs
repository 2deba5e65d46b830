//! The SMS instead: what happens by itself and why, what was sent, and the way to order one.

use leptos::prelude::*;

use super::Shown;
use crate::api::{SentSms, SmsInstead};
use crate::text::words;
use crate::ui::{Countdown, Only, Said, SmsLine, dynamic};

/// The card about an SMS instead. Its parts change in place, so that the keyboard stays where it is.
#[component]
pub fn SmsCard(shown: Shown) -> impl IntoView {
    let sms = Memo::new(move |_| {
        shown.message.with(|shown| shown.as_ref().map(|(_, detail)| detail.sms_instead.clone()))
    });
    let of = move |read: fn(&SmsInstead) -> AnyView| dynamic(move || sms.with(|sms| sms.as_ref().map(read)));
    let what = |sms: &SmsInstead| view! { <Said sentence=sms.words.what.clone()/> }.into_any();
    let left = |sms: &SmsInstead| {
        sms.next.at.map(|at| view! { <p class="smsleft"><Countdown to=at/></p> }).into_any()
    };
    let sent = |sms: &SmsInstead| {
        let line = |sms: &SentSms| view! { <li><SmsLine sms=sms.clone()/></li> };
        let lines = sms.sent.iter().map(line).collect_view();
        (!sms.sent.is_empty()).then(|| view! { <ul class="smslist">{lines}</ul> }).into_any()
    };
    let risk = |sms: &SmsInstead| view! { <Said sentence=sms.words.risk.clone()/> }.into_any();
    let may = move || sms.with(|sms| sms.as_ref().is_some_and(SmsInstead::may_be_ordered));
    view! {
        <section class="card" aria-labelledby="sms-instead">
            <h2 id="sms-instead">{words().sms.title}</h2>
            {of(sent)}
            <p data-sms-what="" aria-live="polite">{of(what)}</p>
            {of(left)}
            <Only when=may>
                <p class="sec small">{of(risk)}</p>
                <button class="btn" data-sms-send="" on:click=move |_| shown.asking.sms.set(true)>
                    {words().sms.send}"…"
                </button>
            </Only>
        </section>
    }
}
