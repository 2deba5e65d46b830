//! The list of messages. The address holds the whole state: filter, search and page.

mod every;
mod filter;
mod rows;
mod selection;
mod table;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Batch;
use crate::live::Live;
use crate::place::Place;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Only, dynamic, text_of};
use every::Every;
use filter::{Chips, FilterBar, ListFilter};
use rows::Rows;
use selection::Selection;
use table::Table;

/// The list, its filter and what can be done with a selection.
#[component]
pub fn MessagesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let live = expect_context::<Live>();
    let place = expect_context::<Place>();
    let filter =
        Memo::new(move |_| place.query().map(|query| ListFilter::from_query(&query)).unwrap_or_default());
    let rows = Rows::new(session.api);
    let picked = RwSignal::new(Vec::<String>::new());

    Effect::new(move || {
        live.healed.track();
        rows.read(&filter.get());
    });
    // Another page or filter is another table: a selection never reaches what is not shown.
    Effect::new(move || {
        filter.track();
        picked.set(Vec::new());
    });
    live.listen(move |message| rows.changed(message, &filter.get_untracked()));
    let batch = batch_of(session, live, filter);

    view! {
        <div class="bar">
            <h1>{words().shell.messages}</h1>
            <span class="grow"></span>
            <FilterBar filter/>
        </div>
        <Chips filter batch/>
        {dynamic(move || rows.failure.get().map(|failure| view! {
            <p class="wrong" role="alert">
                {failure.sentence()}" "
                <button class="link" on:click=move |_| rows.read(&filter.get_untracked())>{words().shell.retry}</button>
            </p>
        }))}
        <Fresh rows filter/>
        <Table rows picked filter/>
        <div class="bar pager">
            <Selection rows picked/>
            <Every filter batch/>
            <span class="grow"></span>
            <Pager rows filter/>
        </div>
    }
}

/// The batch that the list is of, as it changes.
fn batch_of(session: Session, live: Live, filter: Memo<ListFilter>) -> RwSignal<Option<Batch>> {
    let batch = RwSignal::new(None::<Batch>);
    let id = Memo::new(move |_| filter.with(|filter| filter.batch.clone()));
    Effect::new(move || {
        live.healed.track();
        let Some(wanted) = id.get() else { return batch.set(None) };
        spawn_local(async move {
            let answer = session.api.batch(&wanted).await;
            if id.try_get_untracked().flatten().as_ref() == Some(&wanted) {
                batch.set(answer.ok());
            }
        });
    });
    live.listen_to_batches(move |changed| {
        if id.with_untracked(|id| id.as_ref() == Some(&changed.id)) {
            batch.set(Some(changed.clone()));
        }
    });
    batch
}

/// Says that there is something new instead of moving what is being read.
#[component]
fn Fresh(rows: Rows, filter: Memo<ListFilter>) -> impl IntoView {
    let count = move || rows.fresh.with(std::collections::BTreeSet::len);
    let place = expect_context::<Place>();
    let show = move |_| {
        let filter = filter.get_untracked();
        if filter.after.is_some() {
            place.go(&filter.with_after(None).address());
        } else {
            rows.read(&filter);
        }
    };
    view! {
        <div aria-live="polite">
            <Only when=move || { count() > 0 }>
                <p><button class="chip" on:click=show>{text_of(move || (words().list.fresh)(count()))}</button></p>
            </Only>
        </div>
    }
}

#[component]
fn Pager(rows: Rows, filter: Memo<ListFilter>) -> impl IntoView {
    let first = move || {
        let filter = filter.get();
        filter.after.is_some().then(|| {
            view! { <a class="btn quiet" href=filter.with_after(None).address()>{words().list.first}</a> }
        })
    };
    let next = move || {
        rows.next.get().map(|next| {
            view! { <a class="btn quiet" href=filter.get().with_after(Some(next)).address()>{words().list.next}</a> }
        })
    };
    view! { {dynamic(first)} {dynamic(next)} }
}
