//! What may be done to the batch now. What that is, the server says.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::BatchOrder;

use super::Shown;
use crate::api::Batch;
use crate::paste::Draft;
use crate::place::Place;
use crate::text::words;
use crate::ui::{Confirm, Dialog, Only, Toasts, follows_why, text_of};
use crate::when::{count, length};

impl Shown {
    /// Gives an order, and shows what the batch is then.
    fn order(self, command: &'static str, order: BatchOrder, done: impl FnOnce() + 'static) {
        if self.acting.get_untracked() {
            return;
        }
        self.acting.set(true);
        self.refused.set(None);
        spawn_local(async move {
            let answer = self.session.api.order_batch(&self.id.get_value(), command, &order).await;
            if self.acting.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(batch) => {
                    self.hear(&batch);
                    done();
                }
                Err(failure) => {
                    self.refused.set(Some(failure));
                    self.read();
                }
            }
        });
    }

    fn may(self, command: &'static str) -> Signal<bool> {
        Memo::new(move |_| self.with(|batch| batch.may(command))).into()
    }
}

/// Pause, resume and abort.
#[component]
pub fn Buttons(shown: Shown) -> impl IntoView {
    let text = &words().batches;
    let asking = RwSignal::new(false);
    let (may_pause, may_resume, may_abort) = (shown.may("pause"), shown.may("resume"), shown.may("abort"));
    let is = move |state: &'static str| move || shown.with(|batch| batch.state == state);
    let plain = move |command: &'static str| move |_| shown.order(command, BatchOrder::default(), || {});
    let abort = move |_| {
        asking.set(false);
        shown.order("abort", BatchOrder::default(), || {});
    };
    // What may be done twice leads where it led before, and needs no button then.
    let (paused, running, aborted) = (is("paused"), is("running"), is("aborted"));
    view! {
        <Only when=move || may_pause.get() && !paused()>
            <button class="btn" data-command="pause" disabled=move || shown.acting.get() on:click=plain("pause")>{text.pause}</button>
        </Only>
        <Only when=move || may_resume.get() && !running()>
            <button class="btn primary" data-command="resume" disabled=move || shown.acting.get() on:click=plain("resume")>{text.resume}</button>
        </Only>
        <Only when=move || may_abort.get() && !aborted()>
            <button class="btn danger" data-command="abort" disabled=move || shown.acting.get()
                on:click=move |_| asking.set(true)>{text.abort}"…"</button>
        </Only>
        <Dialog open=asking title=text.abort_title.to_owned()>
            <p>{text_of(move || (text.abort_what)(&count(shown.with(|batch| batch.progress.waiting))))}</p>
            <div class="actions">
                <button class="btn" on:click=move |_| asking.set(false)>{words().shell.cancel}</button>
                <button class="btn danger" data-confirm="" on:click=abort>{text.abort_rest}</button>
            </div>
        </Dialog>
    }
}

/// Start or drop, while the batch is a plan.
#[component]
pub fn StartCard(shown: Shown) -> impl IntoView {
    let session = shown.session;
    let draft = expect_context::<Draft>();
    let place = expect_context::<Place>();
    let toasts = expect_context::<Toasts>();
    let text = &words().batches;
    let (starting, dropping) = (RwSignal::new(false), RwSignal::new(false));
    let ask = Memo::new(move |_| shown.with(|batch| batch.plan.ask));
    let number = Signal::derive(move || usize::try_from(ask.get()).unwrap_or(usize::MAX));
    let is_planned = move || shown.with(|batch| batch.state == "planned");
    let is_reading = move || shown.with(|batch| batch.state == "reading");
    let many =
        move || session.view.with(|view| view.as_ref().is_none_or(|view| number.get() >= view.confirm_from));
    let start = move || {
        let order = BatchOrder { expect: Some(ask.get_untracked()) };
        // Only now what was pasted is no longer needed.
        shown.order("start", order, move || shown.id.with_value(|id| draft.forget_planned(id)));
    };
    let press = move |_| if untrack(many) { starting.set(true) } else { start() };
    let drop_it = move |_| {
        dropping.set(false);
        shown.acting.set(true);
        spawn_local(async move {
            let answer = session.api.drop_batch(&shown.id.get_value()).await;
            if shown.acting.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    shown.id.with_value(|id| draft.plan_dropped(id));
                    toasts.say(words().batches.dropped);
                    place.go("/batches");
                }
                Err(failure) => {
                    shown.refused.set(Some(failure));
                    shown.read();
                }
            }
        });
    };
    let may_start = shown.may("start");
    let may_drop = shown.may("drop");
    view! {
        <Only when=move || is_planned() || is_reading()>
            <section class="card startcard" aria-labelledby="start">
                <h2 id="start">{text.start_title}</h2>
                <Only when=is_planned fallback=move || view! {
                    <p role="status">{text_of(move || (words().batches.reading)(&count(shown.with(|batch| {
                        batch.plan.ask + batch.plan.skipped.values().sum::<u64>() + batch.plan.rejected
                    }))))}</p>
                }>
                    <p class="sec">{words().batches.plan_what}</p>
                    <p>{words().batches.time}": "<b>{text_of(move || needed(shown.with(Batch::seconds_needed)))}</b></p>
                    <Only when=move || { ask.get() == 0 }><p class="warn">{words().batches.start_nothing}</p></Only>
                    <button class="btn primary wide" data-command="start"
                        disabled=move || ask.get() == 0 || !may_start.get() || shown.acting.get() on:click=press>
                        {text_of(move || (words().batches.start)(number.get()))}
                    </button>
                </Only>
                <Only when=move || may_drop.get()>
                    <button class="btn wide" data-command="drop" disabled=move || shown.acting.get()
                        on:click=move |_| dropping.set(true)>{words().batches.drop_it}"…"</button>
                </Only>
                <p class="dim small">{words().plan.meaning}</p>
            </section>
        </Only>
        <Confirm open=starting count=number act=Callback::new(move |()| start())>
            <p>{words().sms.then}": "{text_of(move || follows_why(shown.with(|batch| batch.terms.then)).to_owned())}</p>
        </Confirm>
        <Dialog open=dropping title=text.drop_title.to_owned()>
            <p>{text.drop_what}</p>
            <div class="actions">
                <button class="btn" on:click=move |_| dropping.set(false)>{words().shell.cancel}</button>
                <button class="btn danger" data-confirm="" on:click=drop_it>{text.drop_it}</button>
            </div>
        </Dialog>
    }
}

/// The time that asking takes at the limits.
fn needed(seconds: u64) -> String {
    match seconds {
        0 | 1 => words().plan.under_a_second.to_owned(),
        _ => length(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000) * 1_000),
    }
}
