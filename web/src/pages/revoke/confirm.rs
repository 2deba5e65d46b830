//! The one button. Few messages are handed over directly, after their number was typed where there are some; many
//! become a batch, whose plan the server makes and a person starts.

use leptos::prelude::*;

use crate::keys;
use crate::paste::{BATCH_FROM, Draft, Making, Progress};
use crate::place::{Place, address_of_batch};
use crate::session::Session;
use crate::text::words;
use crate::ui::{Confirm, Only, dynamic, follows_why, text_of};
use crate::when::number;

/// `Revoke N messages`.
#[component]
pub fn RevokeButton() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    let place = expect_context::<Place>();
    let asking = RwSignal::new(false);
    let count = Memo::new(move |_| draft.plan.with(|plan| plan.ready));
    // While the text is being read or looked up, the number on the button may still change.
    let busy = move || draft.reading.with(Option::is_some) || draft.looking.with(Option::is_some);
    let undecided = move || draft.plan.with(|plan| plan.undecided > 0);
    let making = move || {
        draft.making.with(|making| making.as_ref().is_some_and(|making| !matches!(making, Making::Failed(_))))
    };
    let blocked = move || count.get() == 0 || busy() || undecided() || making();
    let is_batch = move || count.get() >= BATCH_FROM;
    let many =
        move || session.view.with(|view| view.as_ref().is_none_or(|view| count.get() >= view.confirm_from));
    let press = move || {
        if untrack(blocked) {
        } else if untrack(is_batch) {
            draft.make_batch(place);
        } else if untrack(many) {
            asking.set(true);
        } else {
            draft.revoke();
        }
    };
    keys::on_submit(press);
    view! {
        <Only when=move || draft.making.with(Option::is_some)><MakingBatch press=Callback::new(move |()| press())/></Only>
        <button class="btn primary wide" data-revoke="" disabled=blocked on:click=move |_| press()>
            {text_of(move || label(count.get()))}
            <kbd aria-hidden="true">"Ctrl ↵"</kbd>
        </button>
        <Only when=is_batch><p class="sec small">{words().batches.make_what}</p></Only>
        <Only when=undecided><p class="bad-text small">{words().plan.decide_first}</p></Only>
        {dynamic(move || draft.planned.get().map(|id| view! {
            <p class="warn"><a href=address_of_batch(&id)>{words().batches.look}</a></p>
        }))}
        <Confirm open=asking count act=Callback::new(move |()| draft.revoke())>
            <p>{words().sms.then}": "{text_of(move || follows_why(draft.then.get()).to_owned())}</p>
        </Confirm>
    }
}

fn label(count: usize) -> String {
    match count {
        0 => words().plan.no_button.to_owned(),
        _ if count >= BATCH_FROM => (words().batches.make)(count),
        _ => (words().plan.button)(count),
    }
}

/// How far the making of a batch has come, and the ways out.
#[component]
fn MakingBatch(press: Callback<()>) -> impl IntoView {
    let draft = expect_context::<Draft>();
    let text = &words().batches;
    let megabytes = |bytes: usize| format!("{}.{} MB", number(bytes / 1_000_000), bytes / 100_000 % 10);
    let shown = move || {
        let (said, progress) = match draft.making.get()? {
            Making::Building(progress) => {
                ((text.building)(&number(progress.done), &number(progress.all)), Some(progress))
            }
            Making::Sending(progress) => {
                ((text.sending)(&megabytes(progress.done), &megabytes(progress.all)), Some(progress))
            }
            Making::Planning => (text.planning.to_owned(), Some(Progress { done: 1, all: 1 })),
            Making::Failed(failure) => {
                let again = move |_| press.run(());
                return Some(view! {
                    <div class="wrong gap" role="alert" data-making="failed">
                        <p><b>{text.failed}</b>" "{failure.sentence()}</p>
                        <p>{text.kept}" "<button class="link" on:click=again>{words().shell.retry}</button></p>
                    </div>
                }
                .into_any());
            }
        };
        let width = progress.map_or(0, |progress| progress.done * 100 / progress.all.max(1));
        Some(
            view! {
                <p class="sec">{said}</p>
                <div class="meter"><i style:width=format!("{width}%")></i></div>
            }
            .into_any(),
        )
    };
    let going = move || !matches!(draft.making.get(), Some(Making::Failed(_)) | None);
    view! {
        <div class="making gap">
            {dynamic(shown)}
            <Only when=going>
                <p><button class="btn" on:click=move |_| draft.stop_making()>{text.stop}</button></p>
            </Only>
        </div>
    }
}
