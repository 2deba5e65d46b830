//! What an operator can do with one message.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{RevocationCommand, RevocationItem};
use rcs_revoke_core::MessageRef;

use super::Shown;
use crate::api::idempotency_key;
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
    let (again, withdraw) = (RwSignal::new(false), RwSignal::new(false));
    let detail = move |read: fn(&crate::api::Detail) -> bool| {
        shown.message.with(|message| message.as_ref().is_some_and(|(_, detail)| read(detail)))
    };
    let key = move || {
        shown.message.with_untracked(|message| message.as_ref().map(|(message, _)| message.key.clone()))
    };

    let copy = move |_| {
        spawn_local(async move {
            let link = window().location().href().unwrap_or_default();
            let copied = save::copy(&link).await;
            toasts.say(if copied { words().shell.copied } else { words().shell.not_copied });
        });
    };
    let revoke = move |_| {
        again.set(false);
        let Some(command) = shown
            .message
            .with_untracked(|message| message.as_ref().and_then(|(message, _)| command(message)))
        else {
            return;
        };
        spawn_local(async move {
            let said = match session.api.revoke(&command, &idempotency_key()).await {
                Ok(report) => match report.results.first() {
                    Some(result) if result.refusal().is_some() => {
                        result.refusal().unwrap_or_default().to_owned()
                    }
                    _ if report.already > 0 => words().one.already.to_owned(),
                    _ => words().one.asked.to_owned(),
                },
                Err(failure) => failure.sentence(),
            };
            toasts.say(said);
        });
    };
    let take_back = move |_| {
        withdraw.set(false);
        let Some(key) = key() else { return };
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
        <Only when=move || detail(|detail| detail.open_wish.is_some())>
            <button class="btn" on:click=move |_| withdraw.set(true)>{text.withdraw}"…"</button>
        </Only>
        <Only when=move || shown.message.with(Option::is_some)>
            <button class="btn primary" disabled=move || detail(|detail| detail.closed_because.is_some())
                on:click=move |_| again.set(true)>{text.again}"…"</button>
        </Only>
        <Ask open=again title=text.again_title what=text.again_what button=text.again act=Callback::new(revoke)/>
        <Ask open=withdraw title=text.withdraw_title what=text.withdraw_what button=text.withdraw act=Callback::new(take_back)/>
    }
}

fn command(message: &crate::api::Message) -> Option<RevocationCommand> {
    let key = MessageRef::parse(&message.key).ok()?;
    let item = RevocationItem { message: key, source: message.source.clone(), phone: None, sent_at: None };
    Some(RevocationCommand { items: vec![item], again: true, ..RevocationCommand::default() })
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
