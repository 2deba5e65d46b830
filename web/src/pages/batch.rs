//! One batch: the plan before anything is sent, then what is happening, then what happened.

mod chart;
mod commands;
mod incident;
mod plan;
mod progress;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Batch, Failure};
use crate::live::{Link, Live};
use crate::session::Session;
use crate::text::words;
use crate::ui::{BatchState, Only, Said, dynamic, state_label, text_of, title_of};
use crate::when::time_of_day;
use chart::Chart;
use commands::{Buttons, StartCard};
use incident::Incident;
use plan::PlanFigures;
use progress::{Kpis, Outcomes};

/// What the page knows of its batch.
#[derive(Clone, Copy)]
pub struct Shown {
    session: Session,
    id: StoredValue<String>,
    pub batch: RwSignal<Option<Batch>>,
    /// Why the batch could not be read.
    pub failure: RwSignal<Option<Failure>>,
    /// Why what was asked for was not done.
    pub refused: RwSignal<Option<Failure>>,
    /// Whether an answer to a command is waited for.
    pub acting: RwSignal<bool>,
    /// How many events were heard.
    heard: StoredValue<u32>,
}

impl Shown {
    /// Reads the batch. An event that is heard meanwhile is newer than the answer.
    fn read(self) {
        let heard = self.heard.get_value();
        spawn_local(async move {
            let answer = self.session.api.batch(&self.id.get_value()).await;
            if self.heard.try_get_value() == Some(heard) {
                match answer {
                    Ok(batch) => {
                        self.failure.set(None);
                        self.batch.set(Some(batch));
                    }
                    Err(failure) => self.failure.set(Some(failure)),
                }
            }
        });
    }

    fn hear(self, batch: &Batch) {
        if self.id.with_value(|id| *id == batch.id) {
            self.heard.update_value(|heard| *heard = heard.wrapping_add(1));
            self.failure.set(None);
            self.batch.set(Some(batch.clone()));
        }
    }

    /// Reads something of the batch, once it is known.
    pub fn with<T: Default>(self, read: impl FnOnce(&Batch) -> T) -> T {
        self.batch.with(|batch| batch.as_ref().map(read)).unwrap_or_default()
    }
}

/// The page of one batch.
#[component]
pub fn BatchPage(id: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let live = expect_context::<Live>();
    let shown = Shown {
        session,
        id: StoredValue::new(js_sys::decode_uri_component(&id).map_or(id, String::from)),
        batch: RwSignal::new(None),
        failure: RwSignal::new(None),
        refused: RwSignal::new(None),
        acting: RwSignal::new(false),
        heard: StoredValue::new(0),
    };
    Effect::new(move || {
        live.healed.track();
        shown.read();
    });
    live.listen_to_batches(move |batch| shown.hear(batch));
    let title = Memo::new(move |_| shown.with(title_of));
    Effect::new(move || {
        let title = title.get();
        if !title.is_empty() {
            document().set_title(&format!("{title} · {}", words().shell.name));
        }
    });
    let state = Memo::new(move |_| shown.with(|batch| batch.state.clone()));
    let is_known = move || shown.batch.with(Option::is_some);
    let is_plan = move || shown.with(Batch::is_plan);
    let has_begun = move || shown.with(|batch| batch.started_at.is_some());
    view! {
        <p><a class="sec" href="/batches">{words().batches.all}</a></p>
        <Only when=is_known>
            <div class="bar batchhead">
                <h1>{text_of(move || title.get())}</h1>
                {dynamic(move || view! { <BatchState state=state.get() large=true/> })}
                <span class="grow"></span>
                <Buttons shown/>
            </div>
        </Only>
        <NotCurrent/>
        {dynamic(move || shown.failure.get().map(|failure| view! {
            <p class="wrong" role="alert">
                {failure.sentence()}" "
                <button class="link" on:click=move |_| shown.read()>{words().shell.retry}</button>
            </p>
        }))}
        {dynamic(move || shown.refused.get().map(|failure| view! {
            <p class="wrong" role="alert">{failure.sentence()}" "{words().batches.changed}</p>
        }))}
        {dynamic(move || shown.with(|batch| batch.trouble.clone()).map(|trouble| view! {
            <p class="warn" role="status" data-trouble=trouble.code><Said sentence=trouble.sentence/></p>
        }))}
        <Announced shown/>
        <Only when=has_begun>
            <Kpis shown/>
            <Outcomes shown/>
            <div class="two batchtwo">
                <Chart shown/>
                <Incident shown/>
            </div>
        </Only>
        <Only when=is_known>
            <div class="two batchtwo" class:planfirst=is_plan>
                <PlanFigures shown/>
                <StartCard shown/>
            </div>
        </Only>
    }
}

/// Says that what is shown may be no longer so, while it is.
#[component]
fn NotCurrent() -> impl IntoView {
    let live = expect_context::<Live>();
    dynamic(move || match live.link.get() {
        Link::Lost { since } => {
            let at = (words().batches.as_of)(&time_of_day(since));
            Some(view! { <p class="warn" role="alert" data-lost="">{(words().batches.not_current)(&at)}</p> })
        }
        Link::Live | Link::Connecting => None,
    })
}

/// Tells a reader's voice about every tenth and every change of state, and no more.
#[component]
fn Announced(shown: Shown) -> impl IntoView {
    let said = Memo::new(move |_| {
        shown.with(|batch| {
            let total = batch.total();
            let tenth = (total > 0 && batch.started_at.is_some()).then(|| batch.taken_up() * 10 / total * 10);
            match tenth {
                Some(percent) => {
                    (words().batches.announced)(&state_label(&batch.state), &percent.to_string())
                }
                None => state_label(&batch.state),
            }
        })
    });
    view! { <p class="sr" role="status" aria-live="polite">{text_of(move || said.get())}</p> }
}
