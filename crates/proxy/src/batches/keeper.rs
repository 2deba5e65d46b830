//! What is to be done for batches besides asking: the plan of a broken upload thrown away, what an aborted one still
//! wishes taken back, the end of a finished one noted, the requests over time written down.

use std::time::Duration;

use rcs_revoke_core::MessageRef;
use rcs_revoke_core::recall::{Command, PLANNED, State, WISHED, is_under_way};
use tokio_util::sync::CancellationToken;

use crate::batches::OpenBatch;
use crate::clock::SharedClock;
use crate::ledger::{Change, Ledger};
use crate::store::{Store, StoreError};

/// How often batches are looked after, in real time.
const EVERY: Duration = Duration::from_millis(500);
/// How often the requests of a running batch are written down, in rounds.
const NOTED: u64 = 10;
/// How many messages or rows are read, or cleared away, at a time.
const AT_ONCE: i64 = 1_000;

/// Throws away the plans that a former process was still reading: nobody is there any more to send the rest.
///
/// # Errors
/// When the database takes no writes.
pub async fn take_up(ledger: &Ledger) -> Result<(), StoreError> {
    for batch in ledger.batches().all_open() {
        if batch.row.state == State::Reading {
            ledger.drop_batch(batch.row.n).await?;
        }
    }
    Ok(())
}

/// Looks after all batches until it is stopped.
pub async fn run(ledger: Ledger, store: Store, clock: SharedClock, stop: CancellationToken) {
    let mut round = 0_u64;
    let mut was_running = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = store.watch().writable() => {}
        }
        round += 1;
        for batch in ledger.batches().all_open() {
            if let Err(error) = look_after(&ledger, &store, &batch, round.is_multiple_of(NOTED)).await {
                tracing::debug!(%error, batch = batch.row.n, "a batch could not be looked after; it is tried again");
            }
        }
        // The rate of the last second is shown anew, also once it has fallen to nothing.
        let running = ledger.batches().sending(clock.now());
        for batch in &running {
            ledger.batches().touch(batch.row.n);
        }
        was_running |= !running.is_empty();
        let mut news = ledger.batches().changes();
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
            changed = news.changed(), if running.is_empty() && !was_running => if changed.is_err() { return },
        }
        was_running = !running.is_empty();
    }
}

async fn look_after(
    ledger: &Ledger,
    store: &Store,
    batch: &OpenBatch,
    notes_history: bool,
) -> Result<(), StoreError> {
    let n = batch.row.n;
    match batch.row.state {
        State::Running | State::Paused => {
            if notes_history || is_done(ledger, n) {
                let history = serde_json::to_string(&batch.meter.history())?;
                if batch.row.history.as_deref() != Some(&*history) {
                    ledger.change(vec![Change::History { batch: n, history }]).await?;
                }
            }
            if is_done(ledger, n) {
                if store.holds_items_of(n).await? {
                    // Never to be ended over a count: whoever waits is asked for.
                    tracing::error!(
                        batch = n,
                        "messages wait that were not counted: everything is counted again"
                    );
                    ledger.change(vec![Change::Recount]).await?;
                } else {
                    end(ledger, n).await?;
                }
            }
            Ok(())
        }
        State::Aborted => {
            for outcome in WISHED {
                withdraw(ledger, store, n, outcome).await?;
            }
            // What is planned still is so by somebody else's wish.
            let planned = ledger.counts_of(n).outcomes().get(PLANNED).copied().unwrap_or(0);
            if under_way(ledger, n) == planned {
                end(ledger, n).await?;
            }
            Ok(())
        }
        State::Dropped => {
            clear(ledger, store, n).await?;
            end(ledger, n).await
        }
        State::Reading | State::Planned | State::Done => Ok(()),
    }
}

/// Whether every message was asked for, and no request of ours or its answer is to come.
fn is_done(ledger: &Ledger, n: i64) -> bool {
    ledger.counts_of(n).waiting().is_empty() && under_way(ledger, n) == 0
}

fn under_way(ledger: &Ledger, n: i64) -> u64 {
    let outcomes = ledger.counts_of(n).outcomes();
    outcomes.iter().filter(|(code, _)| is_under_way(code)).map(|(_, count)| count).sum()
}

async fn end(ledger: &Ledger, n: i64) -> Result<(), StoreError> {
    ledger.change(vec![Change::EndBatch { batch: n }]).await?;
    Ok(())
}

/// Takes back what the batch still wishes of messages of an outcome.
async fn withdraw(ledger: &Ledger, store: &Store, n: i64, outcome: &str) -> Result<(), StoreError> {
    let mut before = i64::MAX;
    loop {
        let found = store.of_batch_before(n, outcome, before, AT_ONCE).await?;
        let Some((last, _)) = found.last() else { return Ok(()) };
        before = *last;
        let messages = found.iter().filter_map(|(_, key)| MessageRef::parse(key).ok()).collect();
        ledger.withdraw_of_batch(n, messages).await?;
    }
}

/// Clears away what is left of a plan that was thrown away, or of a batch that is over, a part at a time.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn clear(ledger: &Ledger, store: &Store, n: i64) -> Result<(), StoreError> {
    while store.holds_rows_of(n).await? {
        let waiting = ledger.counts_of(n).waiting();
        ledger.change(vec![Change::ClearBatch { batch: n, rows: AT_ONCE, waiting }]).await?;
    }
    Ok(())
}

impl Ledger {
    /// Throws a plan away.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn drop_batch(&self, n: i64) -> Result<(), StoreError> {
        self.change(vec![Change::Command { batch: n, command: Command::Drop, expect: None }]).await?;
        Ok(())
    }
}
