//! The rows of the list: read from the server, then kept current in place by what is heard.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::filter::ListFilter;
use crate::api::{Api, Failure, Message};

/// How many new messages are told apart at most: a batch changes hundreds in a second.
pub const MANY: usize = 1_000;

/// One row; what it shows changes in place.
#[derive(Clone, PartialEq)]
pub struct OneRow {
    pub key: String,
    pub message: RwSignal<Message>,
}

/// The rows that are shown.
#[derive(Clone, Copy)]
pub struct Rows {
    api: Api,
    pub shown: RwSignal<Vec<OneRow>>,
    pub next: RwSignal<Option<String>>,
    pub failure: RwSignal<Option<Failure>>,
    pub reading: RwSignal<bool>,
    /// Messages that changed and belong to this list but are not on this page.
    pub fresh: RwSignal<BTreeSet<String>>,
    asked: StoredValue<u32>,
}

impl Rows {
    /// No rows yet.
    pub fn new(api: Api) -> Self {
        Self {
            api,
            shown: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            failure: RwSignal::new(None),
            reading: RwSignal::new(true),
            fresh: RwSignal::new(BTreeSet::new()),
            asked: StoredValue::new(0),
        }
    }

    /// Reads the page that the filter names; only the answer to the latest question counts.
    pub fn read(self, filter: &ListFilter) {
        let asked = self.asked.get_value() + 1;
        self.asked.set_value(asked);
        self.reading.set(true);
        let query = filter.query();
        spawn_local(async move {
            let query: Vec<(&str, &str)> =
                query.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = self.api.messages(&query).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            self.reading.set(false);
            match answer {
                Ok(page) => {
                    self.failure.set(None);
                    self.fresh.set(BTreeSet::new());
                    self.next.set(page.next);
                    self.show(page.items);
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Shows these, keeping the rows that are there already, so that focus stays where it is.
    fn show(self, messages: Vec<Message>) {
        let held = self.shown.get_untracked();
        let row = |message: Message| match held.iter().find(|row| row.key == message.key) {
            Some(row) => {
                row.message.set(message);
                row.clone()
            }
            None => OneRow { key: message.key.clone(), message: RwSignal::new(message) },
        };
        self.shown.set(messages.into_iter().map(row).collect());
    }

    /// A message has changed: its row follows in place, or it is counted as new.
    pub fn changed(self, message: &Message, filter: &ListFilter) {
        let row = self.shown.with_untracked(|rows| rows.iter().find(|row| row.key == message.key).cloned());
        if let Some(row) = row {
            if row.message.with_untracked(|held| held.version < message.version) {
                row.message.set(message.clone());
            }
        } else if filter.may_hold(message)
            && filter.q.is_none()
            && filter.batch.is_none()
            && self.fresh.with_untracked(BTreeSet::len) < MANY
        {
            self.fresh.update(|fresh| {
                fresh.insert(message.key.clone());
            });
        }
    }
}
