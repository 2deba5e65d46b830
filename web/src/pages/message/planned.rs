//! A date on which the message will be asked for: shown, withdrawn, moved.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{Follows, RevocationCommand};

use super::Shown;
use super::actions::{command, said};
use crate::api::{Planned, idempotency_key};
use crate::session::Session;
use crate::text::words;
use crate::ui::{Countdown, Dialog, Instant, Only, ThenChoice, Toasts, dynamic, follows_label, text_of};
use crate::when::local_iso;
use crate::whole;

/// A date as it is being moved, and what goes with it.
#[derive(Clone, Copy)]
struct Moving {
    date: RwSignal<Option<i64>>,
    then: RwSignal<Follows>,
    reason: StoredValue<Option<String>>,
}

impl Moving {
    fn begin(self, planned: Planned) {
        self.date.set(Some(planned.at));
        self.then.set(planned.then);
        self.reason.set_value(planned.reason);
    }
}

/// The card with the date, while there is one.
#[component]
pub fn PlannedCard(shown: Shown) -> impl IntoView {
    let planned = Memo::new(move |_| {
        shown.message.with(|shown| shown.as_ref().and_then(|(_, detail)| detail.planned.clone()))
    });
    let text = &words().one;
    let asking = shown.asking;
    let moving = Moving {
        date: RwSignal::new(None),
        then: RwSignal::new(Follows::Nothing),
        reason: StoredValue::new(None),
    };
    let begin = move |_| {
        if let Some(planned) = planned.get_untracked() {
            moving.begin(planned);
            asking.move_it.set(true);
        }
    };
    let date = move || {
        planned.get().map(|planned| {
            view! {
                <p>
                    {text.planned_for}" "<b><Instant at=planned.at/></b>", "<Countdown to=planned.at/>", "
                    {text.planned_unless}"."
                </p>
                <p class="sec small">
                    {(text.planned_by)(&planned.by)}" "{words().sms.then}": "{follows_label(planned.then)}"."
                </p>
            }
        })
    };
    view! {
        <Only when=move || planned.with(Option::is_some)>
            <section class="card" aria-labelledby="planned">
                <h2 id="planned">{text.planned}</h2>
                {dynamic(date)}
                <div class="doings">
                    <button class="btn" on:click=move |_| asking.withdraw.set(true)>{text.withdraw}"…"</button>
                    <button class="btn" on:click=begin>{text.move_it}"…"</button>
                </div>
            </section>
        </Only>
        <MoveDialog shown moving/>
    }
}

/// Another date, and what shall follow then.
#[component]
fn MoveDialog(shown: Shown, moving: Moving) -> impl IntoView {
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let text = &words().one;
    let open = shown.asking.move_it;
    let Moving { date, then, reason } = moving;
    let is_past = move || date.get().is_none_or(|date| date <= session.clock.ticking());
    let act = move |_| {
        open.set(false);
        let Some(command) = command(shown) else { return };
        let command = RevocationCommand {
            not_before: date.get_untracked(),
            then: then.get_untracked(),
            reason: reason.get_value(),
            replace: true,
            ..command
        };
        spawn_local(async move {
            let answer = session.api.revoke(&command, &idempotency_key()).await;
            toasts.say(said(answer, words().one.moved));
        });
    };
    let typed = move |event| {
        let at = js_sys::Date::parse(&event_target_value(&event));
        date.set((!at.is_nan()).then(|| whole::millis(at)));
    };
    view! {
        <Dialog open title=text.move_title.to_owned()>
            <p>{text.move_what}</p>
            <label class="cap" for="move-date">{text.move_date}</label>
            <input id="move-date" class="field" type="datetime-local" step="1" aria-describedby="move-late" on:change=typed
                value=date.get_untracked().map(local_iso)/>
            <p id="move-late" class="bad-text small" role="status">
                {text_of(move || if is_past() { text.move_late.to_owned() } else { String::new() })}
            </p>
            <ThenChoice value=then name="move-then"/>
            <div class="actions">
                <button class="btn" on:click=move |_| open.set(false)>{words().shell.cancel}</button>
                <button class="btn primary" disabled=is_past on:click=act>{text.move_it}</button>
            </div>
        </Dialog>
    }
}
