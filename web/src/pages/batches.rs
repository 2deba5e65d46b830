//! The list of batches, the latest first.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Batch, Failure};
use crate::live::Live;
use crate::place::{Place, address_of_batch};
use crate::session::Session;
use crate::text::words;
use crate::ui::{BatchState, Instant, Only, batch_bar, dynamic, title_of};
use crate::when::count;

/// How many a page holds.
const PAGE: &str = "50";

/// What the page knows.
#[derive(Clone, Copy)]
struct List {
    shown: RwSignal<Vec<RwSignal<Batch>>>,
    next: RwSignal<Option<String>>,
    failure: RwSignal<Option<Failure>>,
    is_read: RwSignal<bool>,
    asked: StoredValue<u32>,
}

impl List {
    fn read(self, session: Session, after: Option<String>) {
        let asked = self.asked.get_value() + 1;
        self.asked.set_value(asked);
        spawn_local(async move {
            let mut query = vec![("limit", PAGE)];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let answer = session.api.batches(&query).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.failure.set(None);
                    self.next.set(page.next);
                    self.shown.set(page.items.into_iter().map(RwSignal::new).collect());
                    self.is_read.set(true);
                    session.running.set(page.running);
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// A batch has changed: its row follows; a new one comes first on the first page.
    fn changed(self, batch: &Batch, is_first: bool) {
        let held = self.shown.with_untracked(|all| {
            all.iter().find(|row| row.with_untracked(|held| held.id == batch.id)).copied()
        });
        match held {
            Some(row) => row.set(batch.clone()),
            None if is_first => self.shown.update(|all| all.insert(0, RwSignal::new(batch.clone()))),
            None => {}
        }
    }
}

/// The page.
#[component]
pub fn BatchesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let live = expect_context::<Live>();
    let place = expect_context::<Place>();
    let list = List {
        shown: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        failure: RwSignal::new(None),
        is_read: RwSignal::new(false),
        asked: StoredValue::new(0),
    };
    let after = Memo::new(move |_| place.query().and_then(|query| query.get("after")));
    Effect::new(move || {
        live.healed.track();
        list.read(session, after.get());
    });
    live.listen_to_batches(move |batch| list.changed(batch, after.get_untracked().is_none()));
    let is_empty = move || list.is_read.get() && list.shown.with(Vec::is_empty);
    let next = move || {
        list.next.get().map(|next| {
            let address = format!("/batches?after={}", String::from(js_sys::encode_uri_component(&next)));
            view! { <a class="btn quiet" href=address>{words().list.next}</a> }
        })
    };
    let first = move || {
        after.get().is_some().then(|| view! { <a class="btn quiet" href="/batches">{words().list.first}</a> })
    };
    view! {
        <div class="bar"><h1>{words().shell.batches}</h1></div>
        {dynamic(move || list.failure.get().map(|failure| view! {
            <p class="wrong" role="alert">
                {failure.sentence()}" "
                <button class="link" on:click=move |_| list.read(session, after.get_untracked())>{words().shell.retry}</button>
            </p>
        }))}
        <Only when=is_empty><p class="card empty">{words().batches.none}</p></Only>
        <ul class="batchlist">
            <For each=move || list.shown.get() key=|row| row.with_untracked(|batch| batch.id.clone()) let(row)>
                <li>{dynamic(move || row.with(line))}</li>
            </For>
        </ul>
        <div class="bar pager"><span class="grow"></span>{dynamic(first)}{dynamic(next)}</div>
    }
}

fn line(batch: &Batch) -> impl IntoView + use<> {
    let text = &words().batches;
    let (label, at) = match (batch.ended_at, batch.started_at) {
        (Some(at), _) => (text.ended, at),
        (None, Some(at)) => (text.started, at),
        (None, None) => (text.planned_by, batch.created_at),
    };
    let total = if batch.is_plan() { batch.plan.ask } else { batch.total() };
    let how_far = if batch.started_at.is_some() {
        format!("{} {}", count(batch.taken_up()), (text.of)(&count(total)))
    } else {
        (text.untitled)(&count(total))
    };
    view! {
        <a class="card" href=address_of_batch(&batch.id) data-batch=batch.id.clone()>
            <span class="title">{title_of(batch)}</span>
            <BatchState state=batch.state.clone()/>
            <span class="sec">{how_far}</span>
            <span class="dim">{label}" "<Instant at/></span>
            {batch.started_at.is_some().then(|| batch_bar(batch))}
        </a>
    }
}
