//! What can be done with the selected rows. Nothing selected never means everything.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{RevocationCommand, RevocationItem};
use rcs_revoke_core::MessageRef;

use super::rows::{OneRow, Rows};
use crate::api::{Message, idempotency_key};
use crate::save;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Dialog, Only, Toasts, label_of, plain, text_of};
use crate::when::iso;

/// The buttons under the table.
#[component]
pub fn Selection(rows: Rows, picked: RwSignal<Vec<String>>) -> impl IntoView {
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let text = &words().list;
    let asking = RwSignal::new(false);
    // The list may have been read again since: what is no longer shown is neither counted nor asked for.
    let is_picked = move |row: &OneRow| picked.with(|picked| picked.contains(&row.key));
    let count = move || rows.shown.with(|rows| rows.iter().filter(|row| is_picked(row)).count());
    // A page has fewer rows than one command may hold.
    let chosen = move || untrack(|| rows_where(rows, is_picked));
    let exported = move || if untrack(count) == 0 { rows_where(rows, |_| true) } else { chosen() };
    let again = move |_| {
        asking.set(false);
        let items: Vec<RevocationItem> = chosen().iter().filter_map(item).collect();
        if items.is_empty() {
            return;
        }
        let command = RevocationCommand { items, again: true, ..RevocationCommand::default() };
        spawn_local(async move {
            match session.api.revoke(&command, &idempotency_key()).await {
                Ok(report) => {
                    picked.set(Vec::new());
                    toasts.say((words().list.again_done)(report.made, report.already, report.refused));
                }
                Err(failure) => toasts.say(failure.sentence()),
            }
        });
    };
    // Going back with the question open leads to another table: the question goes with its rows.
    Effect::new(move || {
        if count() == 0 {
            asking.set(false);
        }
    });
    let label = move || if count() == 0 { text.export_page } else { text.export };
    view! {
        <Only when=move || { count() > 0 }>
            <span class="sec" role="status">{text_of(move || (text.selected)(count()))}</span>
            <button class="btn" on:click=move |_| asking.set(true)>{text.again}"…"</button>
        </Only>
        <button class="btn" disabled=move || rows.shown.with(Vec::is_empty) on:click=move |_| export(&exported())>
            {text_of(move || label().to_owned())}
        </button>
        <Dialog open=asking title=Signal::derive(move || (text.again_title)(count()))>
            <p>{text.again_what}</p>
            <div class="actions">
                <button class="btn" on:click=move |_| asking.set(false)>{words().shell.cancel}</button>
                <button class="btn primary" on:click=again>{text.again}</button>
            </div>
        </Dialog>
    }
}

fn rows_where(rows: Rows, wanted: impl Fn(&OneRow) -> bool) -> Vec<Message> {
    rows.shown.with_untracked(|rows| {
        rows.iter().filter(|row| wanted(row)).map(|row| row.message.get_untracked()).collect()
    })
}

fn item(message: &Message) -> Option<RevocationItem> {
    let key = MessageRef::parse(&message.key).ok()?;
    Some(RevocationItem { message: key, source: message.source.clone(), phone: None, sent_at: None })
}

fn export(messages: &[Message]) {
    let header = [
        "message",
        "provider",
        "id",
        "source",
        "recipient",
        "outcome",
        "label",
        "why",
        "sent_at",
        "changed_at",
        "sms",
    ];
    let lines: Vec<[String; 11]> = messages
        .iter()
        .map(|message| {
            [
                message.key.clone(),
                message.provider.clone(),
                message.id.clone(),
                message.source.clone().unwrap_or_default(),
                message.recipient.clone().unwrap_or_default(),
                message.code().to_owned(),
                label_of(message.code()),
                plain(&message.why),
                message.sent_at.map(iso).unwrap_or_default(),
                iso(message.changed_at),
                message.sms.as_ref().map(|sms| sms.state.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    let rows = core::iter::once(header.to_vec())
        .chain(lines.iter().map(|line| line.iter().map(String::as_str).collect()));
    save::file("messages.csv", "text/csv", &save::csv(rows));
}
