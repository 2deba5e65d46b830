//! What the server already knows of the pasted ids, asked for in batches that are small enough to be read at once.

use std::collections::HashMap;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use rcs_revoke_api::Lookup;
use rcs_revoke_core::import::Found;

use super::slice::Slice;
use super::{Draft, Progress};

/// What is known by id; an id may be known at several providers or agents.
pub type KnownMap = HashMap<String, Vec<Lookup>>;

/// How many ids are asked for at once.
const BATCH: usize = 1_000;

/// How long typing must rest before the server is asked.
const REST: u32 = 200;

/// How many ids are remembered at most before all of them are asked for anew.
const MOST: usize = 400_000;

impl Draft {
    /// Asks what is known of every id on the sheet. Without an answer the sheet stays as it is.
    pub(super) async fn look_up(self, generation: u32) {
        self.begin_looking();
        TimeoutFuture::new(REST).await;
        self.missed.set(false);
        let ids = self.ids(generation).await;
        self.known.update_value(|known| {
            if known.len() > MOST {
                known.clear();
            }
        });
        for (batch, from) in ids.chunks(BATCH).zip((0..).step_by(BATCH)) {
            if !self.is_current(generation) {
                return;
            }
            self.looking.set(Some(Progress { done: from, all: ids.len() }));
            let Ok(found) = self.session.api.lookup(batch.to_vec()).await else {
                self.missed.set(true);
                break;
            };
            self.known.update_value(|known| remember(known, batch, found));
            TimeoutFuture::new(0).await;
        }
        if self.is_current(generation) {
            self.looking.set(None);
        }
    }

    /// From now on, what only the server can tell is awaited and not called a problem.
    pub(super) fn begin_looking(self) {
        let all = self.with_sheet(|sheet| sheet.lines.len());
        self.looking.set((all > 0).then_some(Progress { done: 0, all }));
    }

    async fn ids(self, generation: u32) -> Vec<String> {
        let mut ids = Vec::new();
        let mut slice = Slice::begin();
        let mut at = 0;
        while self.is_current(generation) {
            let more = self.sheet.with_value(|sheet| {
                let next = sheet.lines.get(at..(at + 500).min(sheet.lines.len())).unwrap_or_default();
                ids.extend(next.iter().filter_map(|line| match &line.row.found {
                    Found::Entry(entry) => Some(entry.id.to_string()),
                    _ => None,
                }));
                !next.is_empty()
            });
            if !more {
                break;
            }
            at += 500;
            slice.pause().await;
        }
        ids
    }
}

fn remember(known: &mut KnownMap, asked: &[String], found: Vec<Lookup>) {
    for id in asked {
        known.remove(id);
    }
    for lookup in found {
        known.entry(lookup.id.clone()).or_default().push(lookup);
    }
}
