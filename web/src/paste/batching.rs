//! From many rows to a batch: the settled rows are uploaded, the server makes the plan, and nothing is sent until a
//! person starts that plan on its page.

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::BatchTerms;
use web_sys::{Blob, XmlHttpRequest};

use super::slice::Slice;
use super::{Choices, Draft, Progress};
use crate::api::{Failure, idempotency_key};
use crate::place::{Place, address_of_batch};
use crate::whole;

/// From how many messages on they become a batch: fewer are handed over directly and watched in place.
pub const BATCH_FROM: usize = 1_000;

/// How many bytes of lines the browser is given at once: they leave the page's own memory with that.
const PART: usize = 256 * 1024;

/// How many rows are written between two looks at the clock.
const ROWS: usize = 64;

/// How many characters a title may have.
const TITLE: usize = 200;

/// How far the making of a batch has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Making {
    /// The lines are written.
    Building(Progress),
    /// They leave, in bytes.
    Sending(Progress),
    /// All of them have left, and the answer is awaited.
    Planning,
    /// No plan came back.
    Failed(Failure),
}

/// What is uploaded. It is kept until its plan is there, so that another try is the same command.
pub struct Parcel {
    key: String,
    lines: Blob,
    terms: BatchTerms,
    generation: u32,
    choices: Choices,
}

/// The making that goes on.
#[derive(Default)]
pub struct Maker {
    /// Which one it is; an older one ends by itself.
    number: u32,
    parcel: Option<Parcel>,
    request: Option<XmlHttpRequest>,
}

impl Draft {
    /// Has the server make a plan of everything that is ready on the sheet, and goes to its page.
    pub fn make_batch(self, place: Place) {
        if matches!(self.making.get_untracked(), Some(making) if !matches!(making, Making::Failed(_))) {
            return;
        }
        let number = self.next_making();
        let all = self.plan.with_untracked(|plan| plan.ready);
        self.making.set(Some(Making::Building(Progress { done: 0, all })));
        spawn_local(async move {
            if !self.has_parcel() {
                let Some(lines) = self.lines(number, all).await else { return };
                let parcel = Parcel {
                    key: idempotency_key(),
                    lines,
                    terms: self.terms(),
                    generation: self.generation.get_value(),
                    choices: self.choices.get_untracked(),
                };
                self.maker.update_value(|maker| maker.parcel = Some(parcel));
            }
            let Some((key, lines, terms)) = self.maker.with_value(|maker| {
                let parcel = maker.parcel.as_ref()?;
                Some((parcel.key.clone(), parcel.lines.clone(), parcel.terms.clone()))
            }) else {
                return;
            };
            let all = whole::count(lines.size());
            let begun = move |request| self.maker.update_value(|maker| maker.request = Some(request));
            let sent = move |sent: f64| {
                let done = whole::count(sent).min(all);
                let making =
                    if done == all { Making::Planning } else { Making::Sending(Progress { done, all }) };
                self.show_making(number, making);
            };
            self.show_making(number, Making::Sending(Progress { done: 0, all }));
            let answer = self.session.api.upload_batch(&terms, &lines, &key, begun, sent).await;
            if !self.is_making(number) {
                return;
            }
            self.maker.update_value(|maker| maker.request = None);
            match answer {
                Ok(batch) => {
                    self.forget_making();
                    self.planned.set(Some(batch.id.clone()));
                    place.go(&address_of_batch(&batch.id));
                }
                Err(failure) => self.making.set(Some(Making::Failed(failure))),
            }
        });
    }

    /// Breaks the making off. What stands in the field stays.
    pub fn stop_making(self) {
        if self.making.with_untracked(Option::is_some) {
            self.forget_making();
        }
    }

    /// Empties the field if it is the text of that batch, which has been started.
    pub fn forget_planned(self, batch: &str) {
        if self.planned.with_untracked(|planned| planned.as_deref() == Some(batch)) {
            self.start_over();
        }
    }

    /// That plan is gone; its text stays.
    pub fn plan_dropped(self, batch: &str) {
        if self.planned.with_untracked(|planned| planned.as_deref() == Some(batch)) {
            self.planned.set(None);
        }
    }

    fn next_making(self) -> u32 {
        self.maker
            .try_update_value(|maker| {
                maker.number = maker.number.wrapping_add(1);
                maker.number
            })
            .unwrap_or_default()
    }

    fn is_making(self, number: u32) -> bool {
        self.maker.with_value(|maker| maker.number == number)
    }

    fn show_making(self, number: u32, making: Making) {
        if self.is_making(number) {
            self.making.set(Some(making));
        }
    }

    fn forget_making(self) {
        self.next_making();
        let request = self.maker.try_update_value(|maker| {
            maker.parcel = None;
            maker.request.take()
        });
        if let Some(request) = request.flatten() {
            let _ = request.abort();
        }
        self.making.set(None);
    }

    /// Whether what would be uploaded now is what was to be uploaded before.
    fn has_parcel(self) -> bool {
        let terms = self.terms();
        self.maker.with_value(|maker| {
            maker.parcel.as_ref().is_some_and(|parcel| {
                self.is_current(parcel.generation)
                    && parcel.terms == terms
                    && self.choices.with_untracked(|choices| *choices == parcel.choices)
            })
        })
    }

    fn terms(self) -> BatchTerms {
        let reason = self.reason.get_untracked().trim().to_owned();
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        BatchTerms {
            title: reason.as_ref().map(|reason| reason.chars().take(TITLE).collect()),
            reason,
            not_before: self.not_before.get_untracked(),
            override_window: self.override_window.get_untracked(),
            then: self.then.get_untracked(),
            class: self.class.get_untracked(),
            ..BatchTerms::default()
        }
    }

    /// The messages that are ready as lines of JSON, written in slices into the browser's own store. None once the
    /// making was broken off.
    async fn lines(self, number: u32, all: usize) -> Option<Blob> {
        let parts = Array::new();
        let mut text = Vec::with_capacity(PART + 1_024);
        let mut slice = Slice::begin();
        let (mut at, mut done) = (0, 0);
        loop {
            let more = self.with_sheet(|sheet| {
                let end = sheet.len().min(at + ROWS);
                for row in at..end {
                    if let Some(item) = sheet.item(row) {
                        // Names, numbers and keys: nothing in them can fail to be written.
                        let _ = serde_json::to_writer(&mut text, &item);
                        text.push(b'\n');
                        done += 1;
                    }
                }
                at = end;
                end < sheet.len()
            });
            if text.len() >= PART || !more {
                let piece = Array::of1(&js_sys::Uint8Array::from(text.as_slice()));
                parts.push(Blob::new_with_u8_array_sequence(&piece).ok()?.as_ref());
                text.clear();
            }
            if !more {
                break;
            }
            if slice.pause().await {
                if !self.is_making(number) {
                    return None;
                }
                self.making.set(Some(Making::Building(Progress { done, all })));
            }
        }
        Blob::new_with_blob_sequence(&parts).ok()
    }
}
