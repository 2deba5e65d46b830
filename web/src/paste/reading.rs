//! The way from a text to settled rows: read, ask what is known, settle. Every step is cut into slices.

use js_sys::{JsString, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_core::Source;
use rcs_revoke_core::import::{Decoder, Importer};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::annotate::{Annotation, annotate};
use super::resolve::Desk;
use super::slice::Slice;
use super::{Draft, Paper, Plan, Progress, Sheet};
use crate::text::words;
use crate::whole;

/// How many bytes are read at once: about a millisecond of work.
const PIECE: usize = 8 * 1024;

/// How many bytes of a file or of the clipboard are fetched at once.
const FETCH: u32 = 256 * 1024;

/// The first halves of characters that JavaScript writes as two.
const FIRST_HALVES: core::ops::Range<f64> = 55_296.0..56_320.0;

/// How many bytes a row has at least in a text that is nothing but ids.
const ROW: usize = 36;

/// How many rows are settled between two looks at the clock.
const ROWS: usize = 64;

/// The longest text that is edited in the field itself; a longer one would make the browser's own field slow.
pub const EDITABLE: u32 = 64 * 1024;

/// A text that comes in.
pub enum Incoming {
    /// As it stands in the field.
    Typed(String),
    /// From the clipboard, too long for the field.
    Clipboard(JsString),
    /// From a file.
    File(File),
    /// Made here, from another text.
    Made(Paper),
}

impl Draft {
    /// Takes a text in place of the one that was there.
    pub fn take(self, incoming: Incoming) {
        let generation = self.next_generation();
        self.stop_making();
        self.planned.set(None);
        self.typing.set_value(false);
        self.looking.set(None);
        self.reading.set(None);
        self.unreadable.set(None);
        spawn_local(async move {
            if !self.fetch(incoming, generation).await {
                if self.is_current(generation) {
                    // What was there before must not go on under the name of a file that cannot be read.
                    self.clear();
                    self.unreadable.set(Some(words().revoke.unreadable));
                }
                return;
            }
            let rows = self.paper.with_value(|paper| paper.lines().min(paper.len() / ROW));
            self.sheet.update_value(|sheet| *sheet = Sheet::after(core::mem::take(sheet), rows));
            self.read(generation).await;
            if !self.is_current(generation) {
                return;
            }
            self.begin_looking();
            self.settle(generation).await;
            self.look_up(generation).await;
            self.settle(generation).await;
        });
    }

    /// Settles the rows again, because what is known or chosen has changed.
    pub(super) fn settle_again(self) {
        let generation = self.generation.get_value();
        if self.reading.get_untracked().is_none() {
            spawn_local(async move {
                if self.missed.get_untracked() {
                    self.look_up(generation).await;
                }
                self.settle(generation).await;
            });
        }
    }

    /// What is said beside a line.
    pub fn annotation(self, line: usize) -> Annotation {
        let now = self.session.clock.now();
        self.plan.with_untracked(|plan| self.sheet.with_value(|sheet| annotate(sheet, line, plan, now)))
    }

    async fn fetch(self, incoming: Incoming, generation: u32) -> bool {
        let paper = match incoming {
            Incoming::Typed(text) => {
                let mut paper = Paper::default();
                paper.push(text.as_bytes());
                Some(paper)
            }
            Incoming::Made(paper) => Some(paper),
            Incoming::Clipboard(text) => self.fetch_text(&text, generation).await,
            Incoming::File(file) => self.fetch_file(&file, generation).await,
        };
        let Some(paper) = paper.filter(|_| self.is_current(generation)) else { return false };
        self.paper.set_value(paper);
        self.show();
        true
    }

    async fn fetch_text(self, text: &JsString, generation: u32) -> Option<Paper> {
        let all = text.length();
        let mut paper = Paper::with_capacity(all as usize);
        let mut slice = Slice::begin();
        let mut from = 0;
        while from < all {
            let mut to = all.min(from + FETCH);
            // Never between the two halves of a character.
            if to < all && FIRST_HALVES.contains(&text.char_code_at(to - 1)) {
                to += 1;
            }
            paper.push(String::from(text.slice(from, to)).as_bytes());
            from = to;
            slice.pause().await;
            if !self.is_current(generation) {
                return None;
            }
        }
        Some(paper)
    }

    async fn fetch_file(self, file: &File, generation: u32) -> Option<Paper> {
        let all = file.size();
        let mut paper = Paper::with_capacity(whole::count(all));
        let mut decoder = Decoder::default();
        let mut from = 0.0;
        while from < all && self.is_current(generation) {
            let to = all.min(from + f64::from(FETCH));
            let piece = file.slice_with_f64_and_f64(from, to).ok()?;
            let bytes = JsFuture::from(piece.array_buffer()).await.ok()?;
            decoder.push(&Uint8Array::new(&bytes).to_vec(), &mut |text| paper.push(text));
            self.reading.set(Some(Progress { done: 0, all: whole::count(all) }));
            from = to;
        }
        decoder.finish(&mut |text| paper.push(text));
        Some(paper)
    }

    async fn read(self, generation: u32) {
        let all = self.paper.with_value(Paper::len);
        let mut importer = Importer::new();
        let mut slice = Slice::begin();
        let mut done = 0;
        while done < all {
            let rows = self.paper.with_value(|paper| importer.push(paper.piece(done, PIECE)));
            self.sheet.update_value(|sheet| sheet.push(rows));
            done += PIECE;
            if slice.pause().await {
                if !self.is_current(generation) {
                    return;
                }
                self.reading.set(Some(Progress { done: done.min(all), all }));
            }
        }
        let rows = importer.finish();
        self.sheet.update_value(|sheet| sheet.push(rows));
        self.reading.set(None);
    }

    /// Says what every row comes to. The plan that is shown changes once, when all rows are settled.
    async fn settle(self, generation: u32) {
        if !self.is_current(generation) {
            return;
        }
        let pass = self.pass.get_value().wrapping_add(1);
        self.pass.set_value(pass);
        let rows = self.session.sources.get_untracked();
        let sources: Vec<Source> = rows.iter().map(|row| row.source.clone()).collect();
        let policies = rows.iter().map(|row| (row.source.id.clone(), row.policy())).collect();
        let choices = self.choices.get_untracked();
        let now = self.session.clock.now();
        let is_asking = self.looking.with_untracked(Option::is_some);
        let mut plan = Plan::default();
        let mut slice = Slice::begin();
        let mut at = 0;
        self.sheet.update_value(Sheet::begin_pass);
        loop {
            let desk = Desk { sources: &sources, policies: &policies, choices: &choices, now, is_asking };
            let more = self.sheet.try_update_value(|sheet| {
                let end = sheet.len().min(at + ROWS);
                (at..end).for_each(|row| desk.settle(sheet, row, &mut plan));
                at = end;
                end < sheet.len()
            });
            if more != Some(true) {
                break;
            }
            slice.pause().await;
            // A newer text, or a choice made meanwhile, has begun its own pass.
            if self.pass.get_value() != pass || !self.is_current(generation) {
                return;
            }
        }
        self.plan.set(plan);
        self.show();
    }
}
