//! What to tell those who wait, every message for those who must prove it, and what may be tried again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{BatchCommand, BatchTerms, MessageQuery};
use rcs_revoke_core::recall::RETRIED;

use super::Shown;
use crate::api::{downloads, idempotency_key};
use crate::place::{Place, address_of_batch};
use crate::save;
use crate::text::words;
use crate::ui::{Only, Toasts, dynamic, plain_utc, text_of, title_of};
use crate::when::count;

/// The text for the incident channel, the exports, and another try.
#[component]
pub fn Incident(shown: Shown) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let text = &words().batches;
    // Instants stand in UTC: the text is read in other zones.
    let said = Memo::new(move |_| shown.with(|batch| plain_utc(&batch.incident)));
    let copy = move |_| {
        spawn_local(async move {
            let copied = save::copy(&said.get_untracked()).await;
            toasts.say(if copied { words().shell.copied } else { words().shell.not_copied });
        });
    };
    let exports = move || {
        let id = shown.with(|batch| batch.id.clone());
        let addresses = downloads(&id);
        view! {
            <a class="btn" href=addresses.csv download=format!("{id}.csv") data-export="csv">{words().batches.export_csv}</a>
            <a class="btn" href=addresses.json download=format!("{id}.ndjson") data-export="json">{words().batches.export_json}</a>
        }
    };
    view! {
        <section class="card incident" aria-labelledby="incident">
            <h2 id="incident">{text.incident}</h2>
            <pre data-incident="">{text_of(move || said.get())}</pre>
            <p class="actions"><button class="btn" on:click=copy>{text.copy}</button></p>
            <h2>{text.export}</h2>
            <p class="actions">{dynamic(exports)}</p>
            <Again shown/>
        </section>
    }
}

/// A new plan of what may be worth another try.
#[component]
fn Again(shown: Shown) -> impl IntoView {
    let place = expect_context::<Place>();
    let text = &words().batches;
    let retriable = Memo::new(move |_| shown.with(|batch| batch.retriable));
    // One plan for one press, even if its answer is lost; once it is there, the next press makes the next plan.
    let key = StoredValue::new(idempotency_key());
    let again = move |_| {
        let Some(batch) = shown.batch.get_untracked() else { return };
        let command = BatchCommand {
            terms: BatchTerms {
                title: Some((text.again_title)(&title_of(&batch)).chars().take(200).collect()),
                reason: batch.terms.reason,
                override_window: batch.terms.override_window,
                then: batch.terms.then,
                class: batch.terms.class,
                again: true,
                ..BatchTerms::default()
            },
            select: Some(MessageQuery {
                batch: Some(batch.id),
                outcome: Some(RETRIED.join(",")),
                ..MessageQuery::default()
            }),
            ..BatchCommand::default()
        };
        shown.acting.set(true);
        shown.refused.set(None);
        spawn_local(async move {
            let answer = shown.session.api.plan_batch(&command, &key.get_value()).await;
            if shown.acting.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(plan) => {
                    key.set_value(idempotency_key());
                    place.go(&address_of_batch(&plan.id));
                }
                Err(failure) => shown.refused.set(Some(failure)),
            }
        });
    };
    view! {
        <Only when=move || { retriable.get() > 0 }>
            <p class="actions">
                <button class="btn" data-command="again" disabled=move || shown.acting.get() on:click=again>
                    {text_of(move || (text.again)(&count(retriable.get())))}
                </button>
            </p>
            <p class="dim small">{text.again_what}</p>
        </Only>
    }
}
