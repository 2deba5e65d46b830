//! The batches for which something is still to be done, in memory: what the lanes may take up, and how fast it goes.
//!
//! What stands here was written down first. Batches that are over are only in the store.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use rcs_revoke_api::{BatchTerms, Follows};
use rcs_revoke_core::fact::{Requested, Then};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::recall::State;
use rcs_revoke_core::{BatchId, Timestamp};
use tokio::sync::watch;

use crate::store::batches::{BatchRow, ItemRow, id_of};

pub mod keeper;
pub mod meter;
pub mod planner;
pub mod shown;

use meter::Meter;

/// A batch for which something is still to be done.
#[derive(Clone, Debug)]
pub struct OpenBatch {
    /// As it is stored.
    pub row: BatchRow,
    /// What holds for all its messages.
    pub terms: Arc<Terms>,
    /// How fast it goes.
    pub meter: Arc<Meter>,
}

/// What holds for all messages of a batch, as its wishes need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The batch's number.
    pub n: i64,
    /// Its id.
    pub id: BatchId,
    /// Who planned it.
    pub by: String,
    /// What the operator said.
    pub said: BatchTerms,
}

impl Terms {
    /// Reads them as they are stored.
    ///
    /// # Errors
    /// When they are not what this build or an earlier one wrote.
    pub fn of(row: &BatchRow) -> Result<Self, serde_json::Error> {
        let said = serde_json::from_str(&row.terms)?;
        Ok(Self { n: row.n, id: id_of(row.n), by: row.by.clone(), said })
    }

    /// The id of the wish for the message at this place, the same however often it is made.
    pub fn wish_id(&self, i: i64) -> WishId {
        WishId::parse(&format!("{}-{i}", self.id)).expect("a batch's id and a number are a wish's id")
    }

    /// The wish for the message at this place.
    pub fn wish(&self, i: i64, at: Timestamp) -> Requested {
        Requested {
            wish: self.wish_id(i),
            by: self.by.clone(),
            at,
            not_before: None,
            then: match self.said.then {
                Follows::Nothing => Then::Nothing,
                Follows::Fallback | Follows::Sms => Then::Fallback,
            },
            reason: self.said.reason.clone(),
            override_window: self.said.override_window,
            hand: self.said.then == Follows::Sms,
            batch: Some(self.id.clone()),
        }
    }

    /// Whether a message that was asked for already is asked for once more.
    pub fn again(&self) -> bool {
        self.said.again || self.said.then == Follows::Sms
    }
}

/// All of them; cheap to share.
#[derive(Debug)]
pub struct Batches {
    inner: Mutex<Inner>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Inner {
    open: BTreeMap<i64, OpenBatch>,
    /// At which change each was shown anew last.
    touched: BTreeMap<i64, u64>,
    changes: u64,
}

impl Batches {
    /// As they are stored.
    pub(crate) fn new(rows: Vec<BatchRow>) -> Self {
        let batches = Self { inner: Mutex::default(), changed: watch::Sender::new(0) };
        batches.publish(rows, []);
        batches
    }

    /// A batch for which something is still to be done.
    pub fn open(&self, n: i64) -> Option<OpenBatch> {
        self.inner().open.get(&n).cloned()
    }

    /// Where a batch stands for which something is still to be done.
    pub fn state(&self, n: i64) -> Option<State> {
        self.inner().open.get(&n).map(|batch| batch.row.state)
    }

    /// All for which something is still to be done, the earliest first.
    pub fn all_open(&self) -> Vec<OpenBatch> {
        self.inner().open.values().cloned().collect()
    }

    /// Those whose messages may be asked for by now.
    pub fn sending(&self, now: Timestamp) -> Vec<OpenBatch> {
        let may = |batch: &&OpenBatch| {
            let begins = batch.terms.said.not_before;
            batch.row.state.sends() && begins.is_none_or(|at| at <= now.as_millis())
        };
        self.inner().open.values().filter(may).cloned().collect()
    }

    /// Those of which nothing is to be sent.
    pub fn held(&self) -> Vec<i64> {
        let is_held = |batch: &&OpenBatch| matches!(batch.row.state, State::Paused | State::Aborted);
        self.inner().open.values().filter(is_held).map(|batch| batch.row.n).collect()
    }

    /// Counts changes of any batch.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Which batches are to be shown anew since a change, and the change that this is the state of.
    pub fn touched_since(&self, change: u64) -> (Vec<i64>, u64) {
        let inner = self.inner();
        let touched = inner.touched.iter().filter(|(_, at)| **at > change).map(|(n, _)| *n).collect();
        (touched, inner.changes)
    }

    /// Shows a batch anew.
    pub fn touch(&self, n: i64) {
        self.publish([], [n]);
    }

    /// Takes what was written.
    pub(crate) fn publish(
        &self,
        rows: impl IntoIterator<Item = BatchRow>,
        touched: impl IntoIterator<Item = i64>,
    ) {
        let mut inner = self.inner();
        let before = inner.changes;
        for row in rows {
            inner.changes += 1;
            let (n, change) = (row.n, inner.changes);
            inner.touched.insert(n, change);
            if row.ended_at.is_some() {
                inner.open.remove(&n);
                continue;
            }
            let known = inner.open.get(&n).map(|open| (Arc::clone(&open.terms), Arc::clone(&open.meter)));
            let (terms, meter) = match known {
                Some(known) => known,
                None => match Terms::of(&row) {
                    Ok(terms) => (Arc::new(terms), Arc::new(Meter::resumed(row.history.as_deref()))),
                    Err(error) => {
                        tracing::error!(batch = n, %error, "what is stored of a batch cannot be read: it stands still");
                        continue;
                    }
                },
            };
            inner.open.insert(n, OpenBatch { row, terms, meter });
        }
        for n in touched {
            inner.changes += 1;
            let change = inner.changes;
            inner.touched.insert(n, change);
        }
        let changes = inner.changes;
        drop(inner);
        if changes != before {
            self.changed.send_replace(changes);
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panics while holding this lock")
    }
}

/// One message that is to be asked for, with what holds for its batch.
#[derive(Clone, Debug)]
pub struct Item {
    /// The message.
    pub row: ItemRow,
    /// What holds for its batch.
    pub terms: Arc<Terms>,
}
