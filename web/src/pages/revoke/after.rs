//! After the button: how far the handing over has come, what became of each message, and the way to stop.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::outcomes::{OutcomeBar, OutcomeList};
use crate::paste::{Draft, Run, RunState};
use crate::session::Session;
use crate::text::words;
use crate::ui::{Dialog, Toasts, dynamic, text_of};
use crate::when::number;

/// How many messages one withdrawal names.
const BATCH: usize = 2_000;

/// What became of the messages that were handed over.
#[component]
pub fn After() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let text = &words().after;
    view! {
        <section class="card" aria-labelledby="after">
            <div class="bar tight">
                <h2 id="after">{text.title}</h2>
                <span class="grow"></span>
                <Stop/>
                <a class="btn" href="/messages">{text.all}</a>
                <button class="btn" disabled=move || handing(draft) on:click=move |_| draft.start_over()>{text.again}</button>
            </div>
            {dynamic(move || draft.run.get().map(state))}
            <OutcomeBar/>
            <OutcomeList/>
            <p class="dim small gap">{words().plan.meaning}</p>
        </section>
    }
}

fn handing(draft: Draft) -> bool {
    draft.run.with(|run| run.as_ref().is_some_and(|run| run.state == RunState::Handing))
}

fn state(run: Run) -> impl IntoView {
    let draft = expect_context::<Draft>();
    let text = &words().after;
    let taken = (text.taken)(run.made, run.already, run.refused);
    match run.state {
        RunState::Handing => {
            view! { <p role="status">{(text.sending)(&number(run.handed), &number(run.total))}</p> }.into_any()
        }
        RunState::Held => view! {
            <p role="status">
                <b>{text.stopped}</b>" "{(text.handed_over)(&number(run.handed), &number(run.total))}". "
                <button class="link" on:click=move |_| draft.go_on()>{text.go_on}</button>" "
                    <button class="link" on:click=move |_| draft.reconsider()>{text.reconsider}</button>
            </p>
        }
        .into_any(),
        RunState::Done => view! { <p role="status">{taken}". "<span class="sec">{text.done}</span></p> }.into_any(),
        RunState::Stopped(failure) => view! {
            <div class="wrong" role="alert">
                <p><b>{text.stopped}</b>" "{(text.handed_over)(&number(run.handed), &number(run.total))}". "{failure.sentence()}</p>
                <p>{text.unsure}" "<button class="link" on:click=move |_| draft.go_on()>{text.go_on}</button>" "
                    <button class="link" on:click=move |_| draft.reconsider()>{text.reconsider}</button></p>
            </div>
        }
        .into_any(),
    }
}

/// Takes back what was not yet sent.
#[component]
fn Stop() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let text = &words().after;
    let asking = RwSignal::new(false);
    let open = move || {
        draft.tracking.version.track();
        draft.tracking.counts().open()
    };
    let stop = move |_| {
        asking.set(false);
        spawn_local(async move {
            draft.hold_back().await;
            let (mut withdrawn, mut late, mut nothing) = (0, 0, 0);
            for batch in draft.tracking.keys().chunks(BATCH) {
                match session.api.withdraw(batch.to_vec()).await {
                    Ok(report) => {
                        withdrawn += report.withdrawn;
                        late += report.too_late;
                        nothing += report.nothing_to_withdraw;
                    }
                    Err(failure) => return toasts.say(failure.sentence()),
                }
            }
            toasts.say((words().after.stopped_report)(withdrawn, late, nothing));
        });
    };
    view! {
        <button class="btn danger" disabled=move || open() == 0 on:click=move |_| asking.set(true)>{text.stop}"…"</button>
        <Dialog open=asking title=text.stop_title.to_owned()>
            <p>{text_of(move || (text.stop_what)(open()))}</p>
            <div class="actions">
                <button class="btn" on:click=move |_| asking.set(false)>{words().shell.cancel}</button>
                <button class="btn primary" on:click=stop>{text.stop}</button>
            </div>
        </Dialog>
    }
}
