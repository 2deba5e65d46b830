//! What the server already knows of the pasted ids, asked for in batches that are small enough to be read at once.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

use super::{Draft, Progress};

/// How many ids are asked for at once.
const BATCH: usize = 1_000;

/// How long typing must rest before the server is asked.
const REST: u32 = 200;

impl Draft {
    /// Asks what is known of every id on the sheet. Without an answer the sheet stays as it is.
    pub(super) async fn look_up(self, generation: u32) {
        self.begin_looking();
        TimeoutFuture::new(REST).await;
        self.missed.set(false);
        let all = self.with_sheet(super::Sheet::len);
        for from in (0..all).step_by(BATCH) {
            if !self.is_current(generation) {
                return;
            }
            self.looking.set(Some(Progress { done: from, all }));
            let rows = from..all.min(from + BATCH);
            let ids: Vec<String> = self
                .with_sheet(|sheet| rows.clone().filter_map(|at| sheet.id(at).map(str::to_owned)).collect());
            if ids.is_empty() {
                continue;
            }
            let Ok(found) = self.session.api.lookup(ids).await else {
                self.missed.set(true);
                break;
            };
            if self.is_current(generation) {
                self.sheet.update_value(|sheet| sheet.learn(rows, &found));
            }
            TimeoutFuture::new(0).await;
        }
        if self.is_current(generation) {
            self.looking.set(None);
        }
    }

    /// From now on, what only the server can tell is awaited and not called a problem.
    pub(super) fn begin_looking(self) {
        let all = self.with_sheet(super::Sheet::len);
        self.looking.set((all > 0).then_some(Progress { done: 0, all }));
    }
}
