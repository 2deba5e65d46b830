//! What an operator can do with one message.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{RevocationCommand, RevocationItem};
use rcs_revoke_core::MessageRef;

use super::Shown;
use crate::api::{Failure, Message, Report, SmsInstead, idempotency_key};
use crate::save;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Dialog, Only, Toasts};

/// The buttons at the head of the page.
#[component]
pub fn Actions(shown: Shown) -> impl IntoView {
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let text = &words().one;
    let asking = shown.asking;
    let is_closed = move || shown.is(|_, detail| detail.closed_because.is_some());
    let may_follow = |sms: &SmsInstead| sms.preview.is_some() && sms.may_follow();

    let copy = move |_| {
        spawn_local(async move {
            let link = window().location().href().unwrap_or_default();
            let copied = save::copy(&link).await;
            toasts.say(if copied { words().shell.copied } else { words().shell.not_copied });
        });
    };
    let revoke = move |_| {
        asking.again.set(false);
        let Some(command) = command(shown) else { return };
        spawn_local(async move {
            let answer = session.api.revoke(&command, &idempotency_key()).await;
            toasts.say(said(answer, words().one.asked));
        });
    };
    let take_back = move |_| {
        asking.withdraw.set(false);
        let Some(key) = shown.message.with_untracked(|shown| Some(shown.as_ref()?.0.key.clone())) else {
            return;
        };
        spawn_local(async move {
            let said = match session.api.withdraw(vec![key]).await {
                Ok(report) if report.withdrawn > 0 => words().one.withdrawn.to_owned(),
                Ok(report) if report.too_late > 0 => words().one.too_late.to_owned(),
                Ok(_) => words().one.nothing.to_owned(),
                Err(failure) => failure.sentence(),
            };
            toasts.say(said);
        });
    };
    view! {
        <button class="btn" on:click=copy>{text.copy}</button>
        <Only when=move || shown.is(|_, detail| detail.open_wish.is_some() && detail.planned.is_none())>
            <button class="btn" on:click=move |_| asking.withdraw.set(true)>{text.withdraw}"…"</button>
        </Only>
        <Only when=move || shown.is(|_, detail| may_follow(&detail.sms_instead)) && !is_closed()>
            <button class="btn" on:click=move |_| asking.again_then_sms.set(true)>{words().sms.again}"…"</button>
        </Only>
        <Only when=move || shown.message.with(Option::is_some)>
            <button class="btn primary" disabled=is_closed on:click=move |_| asking.again.set(true)>{text.again}"…"</button>
        </Only>
        <Ask open=asking.again title=text.again_title what=text.again_what button=text.again act=Callback::new(revoke)/>
        <Ask open=asking.withdraw title=text.withdraw_title what=text.withdraw_what button=text.withdraw
            act=Callback::new(take_back)/>
    }
}

/// A command to ask for the message that is shown once more.
pub fn command(shown: Shown) -> Option<RevocationCommand> {
    let item = shown.message.with_untracked(|shown| item(&shown.as_ref()?.0))?;
    Some(RevocationCommand { items: vec![item], again: true, ..RevocationCommand::default() })
}

fn item(message: &Message) -> Option<RevocationItem> {
    let key = MessageRef::parse(&message.key).ok()?;
    Some(RevocationItem { message: key, source: message.source.clone(), phone: None, sent_at: None })
}

/// What became of a command for one message, in words.
pub fn said(answer: Result<Report, Failure>, done: &str) -> String {
    match answer {
        Ok(report) => match report.results.first().and_then(|result| result.refusal()) {
            Some(refusal) => refusal.to_owned(),
            None if report.already > 0 => words().one.already.to_owned(),
            None => done.to_owned(),
        },
        Err(failure) => failure.sentence(),
    }
}

/// A question before something is done.
#[component]
fn Ask(
    open: RwSignal<bool>,
    title: &'static str,
    what: &'static str,
    button: &'static str,
    act: Callback<web_sys::MouseEvent>,
) -> impl IntoView {
    view! {
        <Dialog open title=title.to_owned()>
            <p>{what}</p>
            <div class="actions">
                <button class="btn" on:click=move |_| open.set(false)>{words().shell.cancel}</button>
                <button class="btn primary" on:click=move |event| act.run(event)>{button}</button>
            </div>
        </Dialog>
    }
}
