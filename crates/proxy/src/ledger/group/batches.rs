//! Batches: made, planned, commanded; and their messages, each wished for and begun in one.

use std::collections::BTreeMap;

use rcs_revoke_api::Taken;
use rcs_revoke_core::fact::{Fact, Registered, Requested, Withdrawn};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::recall::{Command, State};
use rcs_revoke_core::{E164, MessageRef, SourceId, Timestamp, wish};

use super::Gathering;
use crate::batches::Item;
use crate::ledger::change::{BatchRefused, BegunItem, Rows, Wish};
use crate::store::batches::{BatchRow, ItemRow, NO_PLAN, NoteRow, id_of};
use crate::store::tallies::{LEFT_OUT, waiting};

impl Gathering {
    /// A new batch, whose messages are still to be read.
    pub(super) fn open_batch(&mut self, by: &str, terms: &str) -> i64 {
        self.last_batch += 1;
        let row = BatchRow {
            n: self.last_batch,
            state: State::Reading,
            by: by.to_owned(),
            created_at: self.now.as_millis(),
            started_at: None,
            ended_at: None,
            terms: terms.to_owned(),
            plan: NO_PLAN.to_owned(),
            history: None,
        };
        self.put_batch(row);
        self.last_batch
    }

    /// What was read for a batch.
    pub(super) fn fill(&mut self, n: i64, rows: &Rows) -> bool {
        if self.batch_row(n).is_none_or(|row| row.state != State::Reading) {
            return false;
        }
        for item in &rows.items {
            self.tally(n, waiting(&item.source), 1);
        }
        self.group.items.extend_from_slice(&rows.items);
        self.group.notes.extend_from_slice(&rows.notes);
        true
    }

    /// Its plan is whole.
    pub(super) fn planned(&mut self, n: i64, plan: &str) -> bool {
        let Some(row) = self.batch_row(n).filter(|row| row.state == State::Reading) else { return false };
        self.put_batch(BatchRow { state: State::Planned, plan: plan.to_owned(), ..row });
        true
    }

    pub(super) fn command(
        &mut self,
        n: i64,
        command: Command,
        expect: Option<u64>,
    ) -> Result<(), BatchRefused> {
        let Some(row) = self.batch_row(n) else { return Err(BatchRefused::Over) };
        let state = row.state.after(command).ok_or(BatchRefused::State(row.state))?;
        if state == row.state {
            return Ok(());
        }
        if command == Command::Start {
            let ask = serde_json::from_str::<Asked>(&row.plan).map_or(0, |plan| plan.ask);
            if ask == 0 {
                return Err(BatchRefused::Nothing);
            }
            if let Some(expected) = expect.filter(|expected| *expected != ask) {
                return Err(BatchRefused::Differs { expected, ask });
            }
        }
        let started_at = row.started_at.or((command == Command::Start).then_some(self.now.as_millis()));
        self.put_batch(BatchRow { state, started_at, ..row });
        Ok(())
    }

    /// Nothing more is to be done for it.
    pub(super) fn end_batch(&mut self, n: i64) -> bool {
        let Some(row) = self.batch_row(n) else { return false };
        let state = match row.state {
            State::Running | State::Paused => State::Done,
            State::Aborted | State::Done | State::Dropped => row.state,
            State::Reading | State::Planned => return false,
        };
        self.put_batch(BatchRow { state, ended_at: Some(self.now.as_millis()), ..row });
        true
    }

    /// Clears away so many rows of what is over; what waited is left out for good.
    pub(super) fn clear_batch(&mut self, n: i64, rows: i64, waited: &BTreeMap<String, u64>) {
        if self.batch_row(n).is_some_and(|row| row.state != State::Dropped) {
            return;
        }
        self.group.cleared.push((n, rows));
        for (source, count) in waited {
            let count = i64::try_from(*count).unwrap_or(0);
            self.tally(n, waiting(source), -count);
            self.tally(n, LEFT_OUT.to_owned(), count);
        }
    }

    pub(super) fn note_history(&mut self, n: i64, history: &str) {
        if let Some(row) = self.batch_row(n) {
            self.put_batch(BatchRow { history: Some(history.to_owned()), ..row });
        }
    }

    /// Wishes that a message of a batch be revoked, and begins its attempt: both or neither are written.
    pub(super) fn begin_item(&mut self, item: &Item) -> BegunItem {
        if !self.batch_state(item.terms.n).is_some_and(State::sends) {
            return BegunItem::Held;
        }
        // A lane may have read it before it was taken.
        if !self.items.remove(&(item.row.batch, item.row.i)) {
            return BegunItem::Settled;
        }
        self.group.items_taken.push(item.row.clone());
        self.tally(item.row.batch, waiting(&item.row.source), -1);
        let Ok(message) = MessageRef::parse(&item.row.key) else {
            self.leave_out(&item.row, "invalid_key", "this is no message's key");
            return BegunItem::Settled;
        };
        let wish = self.wish_of(item, &message);
        match self.wish(&wish) {
            Taken::Made { .. } => {
                self.begin(&message).map_or(BegunItem::Settled, |begun| BegunItem::Begun(Box::new(begun)))
            }
            Taken::Already { wish } => {
                let detail = format!("an earlier wish, {wish}, stands for it already");
                self.leave_out(&item.row, "already", &detail);
                BegunItem::Settled
            }
            Taken::Refused { code, detail } => {
                self.leave_out(&item.row, &code, &detail);
                BegunItem::Settled
            }
        }
    }

    fn wish_of(&self, item: &Item, message: &MessageRef) -> Wish {
        let (terms, row) = (&item.terms, &item.row);
        let requested = terms.wish(row.i, self.now);
        let phone = row.phone.as_deref().and_then(|phone| E164::parse(phone).ok());
        let class = terms.said.class.clone();
        let sent_at = row.sent_at.map(Timestamp::from_millis);
        let registered = Registered::with_wish(&requested.wish, self.now, phone, sent_at, class);
        Wish {
            message: message.clone(),
            source: SourceId::parse(&row.source).ok(),
            requested,
            registered,
            again: terms.again(),
            replace: false,
        }
    }

    /// Whether nothing is to be sent for the batch of what is due.
    pub(super) fn is_held(&self, begun: Option<i64>) -> bool {
        let state = begun.and_then(|n| self.batch_state(n));
        matches!(state, Some(State::Paused | State::Aborted))
    }

    /// Takes back what a batch that was aborted still wishes of a message.
    pub(super) fn withdraw_of_batch(&mut self, message: &MessageRef, n: i64) {
        let Some(held) = self.held.get(message) else { return };
        let Some(by) = self.batch_row(n).map(|row| row.by) else { return };
        let of_batch = id_of(n);
        let is_own = |id: &WishId| {
            held.evidence.facts().any(|fact| {
                matches!(fact, Fact::Requested(Requested { wish, batch: Some(batch), .. })
                if wish == id && *batch == of_batch)
            })
        };
        let live = wish::live(&held.evidence).into_iter();
        let open = live.filter(|wish| !wish.answered || wish.then_sms).map(|wish| wish.id);
        let own: Vec<WishId> = open.filter(is_own).collect();
        for wish in own {
            self.record(message, &Fact::Withdrawn(Withdrawn { wish, by: by.clone(), at: self.now }));
        }
    }

    fn leave_out(&mut self, row: &ItemRow, code: &str, detail: &str) {
        self.tally(row.batch, LEFT_OUT.to_owned(), 1);
        self.group.notes.push(NoteRow {
            batch: row.batch,
            i: row.i,
            line: None,
            col: None,
            code: code.to_owned(),
            detail: detail.to_owned(),
            text: row.key.clone(),
        });
    }

    fn batch_state(&self, n: i64) -> Option<State> {
        let changed = self.group.batches.iter().find(|row| row.n == n).map(|row| row.state);
        changed.or_else(|| self.batches.state(n))
    }

    /// The batch as this group leaves it; none if nothing is to be done for it any more.
    fn batch_row(&self, n: i64) -> Option<BatchRow> {
        let changed = self.group.batches.iter().find(|row| row.n == n).cloned();
        changed.or_else(|| Some(self.batches.open(n)?.row)).filter(|row| row.ended_at.is_none())
    }

    fn put_batch(&mut self, row: BatchRow) {
        self.group.batches.retain(|other| other.n != row.n);
        self.group.batches.push(row);
    }

    pub(super) fn tally(&mut self, batch: i64, what: String, count: i64) {
        *self.tallies.entry((batch, what)).or_default() += count;
    }
}

/// What of a plan decides whether it may be started.
#[derive(serde::Deserialize)]
struct Asked {
    ask: u64,
}
