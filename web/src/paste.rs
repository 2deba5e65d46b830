//! What stands in the paste field and what the core makes of it. It outlives the page and the session: nothing
//! that was typed is lost by looking elsewhere.
//!
//! All long work goes in slices of a few milliseconds, and stops as soon as the text changes.

mod annotate;
mod batching;
mod cleaning;
mod known;
mod paper;
mod plan;
mod reading;
mod resolve;
mod sending;
mod sheet;
mod slice;
mod store;
mod tracked;

use std::collections::BTreeMap;
use std::ops::Deref;

use leptos::prelude::*;
use rcs_revoke_api::Follows;
use rcs_revoke_core::SourceId;

use crate::live::Live;
use crate::session::Session;

pub use annotate::Mood;
pub use batching::{BATCH_FROM, Making};
pub use paper::Paper;
pub use plan::{Choice, Plan, Way};
pub use reading::{EDITABLE, Incoming};
pub use sending::{Run, RunState};
pub use sheet::{Bad, Sheet};
pub use tracked::{Counted, News, Tracked, Tracking};

/// How far some long work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub all: usize,
}

/// Which sources a person chose for messages that several may have sent: the candidates, then the choice.
pub type Choices = BTreeMap<Vec<SourceId>, SourceId>;

/// The text, what it means, and what was done with it; there is one, and it lives as long as the page.
#[derive(Clone, Copy)]
pub struct Draft(&'static DraftState);

/// The parts of a [`Draft`].
pub struct DraftState {
    session: Session,
    /// The name of a text that is too large to be edited in the field; such a text is shown, not edited.
    pub held: RwSignal<Option<String>>,
    paper: StoredValue<Paper, LocalStorage>,
    sheet: StoredValue<Sheet, LocalStorage>,
    /// Grows when paper or sheet have changed enough to be shown again.
    pub version: RwSignal<u32>,
    pub plan: RwSignal<Plan>,
    pub reading: RwSignal<Option<Progress>>,
    pub looking: RwSignal<Option<Progress>>,
    /// Why the file that was to be taken was not.
    pub unreadable: RwSignal<Option<&'static str>>,
    /// Whether the server could not be asked what it knows of the messages.
    pub missed: RwSignal<bool>,
    pub choices: RwSignal<Choices>,
    pub reason: RwSignal<String>,
    pub not_before: RwSignal<Option<i64>>,
    pub override_window: RwSignal<bool>,
    /// What shall follow.
    pub then: RwSignal<Follows>,
    /// The class of messages that nobody named one for.
    pub class: RwSignal<Option<String>>,
    pub run: RwSignal<Option<Run>>,
    /// The batch that is being made of it.
    pub making: RwSignal<Option<Making>>,
    /// The batch that was made of it, and that nobody has started yet.
    pub planned: RwSignal<Option<String>>,
    maker: StoredValue<batching::Maker, LocalStorage>,
    pub tracking: Tracking,
    typing: StoredValue<bool>,
    job: StoredValue<sending::Job, LocalStorage>,
    generation: StoredValue<u32>,
    pass: StoredValue<u32>,
}

impl Deref for Draft {
    type Target = DraftState;

    fn deref(&self) -> &DraftState {
        self.0
    }
}

impl Draft {
    /// An empty field.
    pub fn begin(session: Session, live: Live) -> Self {
        let draft = Self(Box::leak(Box::new(DraftState {
            session,
            held: RwSignal::new(None),
            paper: StoredValue::new_local(Paper::default()),
            sheet: StoredValue::new_local(Sheet::default()),
            version: RwSignal::new(0),
            plan: RwSignal::new(Plan::default()),
            reading: RwSignal::new(None),
            looking: RwSignal::new(None),
            unreadable: RwSignal::new(None),
            missed: RwSignal::new(false),
            choices: RwSignal::new(Choices::new()),
            reason: RwSignal::new(String::new()),
            not_before: RwSignal::new(None),
            override_window: RwSignal::new(false),
            then: RwSignal::new(Follows::Nothing),
            class: RwSignal::new(None),
            run: RwSignal::new(None),
            making: RwSignal::new(None),
            planned: RwSignal::new(None),
            maker: StoredValue::new_local(batching::Maker::default()),
            tracking: Tracking::begin(session, live),
            typing: StoredValue::new(false),
            job: StoredValue::new_local(sending::Job::default()),
            generation: StoredValue::new(0),
            pass: StoredValue::new(0),
        })));
        // Other sources or another choice give the same lines another meaning; a connection that is back may tell
        // what was missed.
        Effect::new(move |before: Option<()>| {
            session.sources.track();
            live.healed.track();
            draft.choices.track();
            if before.is_some() {
                draft.settle_again();
            }
        });
        draft
    }

    /// Reads the text as it stands now.
    pub fn with_paper<T>(self, read: impl FnOnce(&Paper) -> T) -> T {
        self.paper.with_value(read)
    }

    /// Reads the rows as they stand now.
    pub fn with_sheet<T>(self, read: impl FnOnce(&Sheet) -> T) -> T {
        self.sheet.with_value(read)
    }

    /// Takes what a person typed. The field shows it already and is not written to.
    pub fn typed(self, text: String) {
        self.take(Incoming::Typed(text));
        self.typing.set_value(true);
    }

    /// Whether the text came from the field itself.
    pub fn is_typing(self) -> bool {
        self.typing.get_value()
    }

    /// Whether nothing stands in the field.
    pub fn is_empty(self) -> bool {
        self.version.track();
        self.with_paper(Paper::is_empty)
    }

    /// Throws the text away.
    pub fn clear(self) {
        self.held.set(None);
        self.take(Incoming::Typed(String::new()));
    }

    fn show(self) {
        self.version.update(|version| *version = version.wrapping_add(1));
    }

    /// Begins a new generation of work; work of an older one stops by itself.
    fn next_generation(self) -> u32 {
        let next = self.generation.get_value().wrapping_add(1);
        self.generation.set_value(next);
        next
    }

    fn is_current(self, generation: u32) -> bool {
        self.generation.get_value() == generation
    }
}
