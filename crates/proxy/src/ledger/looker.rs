//! Looks again at messages whose outcome time alone may have changed, and takes up what a former process left.

use std::collections::HashSet;

use rcs_revoke_core::{MessageRef, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::ledger::Ledger;
use crate::store::{Store, StoreError};

/// How many messages one look takes.
const AT_ONCE: i64 = 1_000;
/// How long after a failure the next try comes.
const AFTER_FAILURE: std::time::Duration = std::time::Duration::from_secs(1);
/// Longer waits are cut into pieces, so that a clock that was set is noticed.
const LONGEST_WAIT: std::time::Duration = std::time::Duration::from_mins(1);

/// Looks whenever an instant has come, until it is stopped.
pub async fn run(ledger: Ledger, store: Store, clock: SharedClock, stop: CancellationToken) {
    let mut looks = ledger.looks();
    // Messages that cannot be folded: passed over, so that they hold up nobody else.
    let mut damaged = HashSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = store.watch().writable() => {}
        }
        looks.mark_unchanged();
        let wait = match look(&ledger, &store, &clock, &mut damaged).await {
            Ok(Some(next)) => clock.until(next).min(LONGEST_WAIT),
            Ok(None) => LONGEST_WAIT,
            Err(error) => {
                tracing::debug!(%error, "could not look at messages whose time has come");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            changed = looks.changed() => if changed.is_err() { return },
        }
    }
}

/// Looks at all whose time has come, and says when the next comes.
async fn look(
    ledger: &Ledger,
    store: &Store,
    clock: &SharedClock,
    damaged: &mut HashSet<MessageRef>,
) -> Result<Option<Timestamp>, StoreError> {
    loop {
        let now = clock.now().as_millis();
        let most = AT_ONCE + i64::try_from(damaged.len()).unwrap_or(0);
        let mut messages = parse(&store.to_look_at(now, most).await?);
        messages.retain(|message| !damaged.contains(message));
        if messages.is_empty() {
            return Ok(store.next_look(now).await?.map(Timestamp::from_millis));
        }
        damaged.extend(ledger.look(messages).await?);
    }
}

/// Closes the attempts that a former process left open, so that their messages are taken up at once.
///
/// # Errors
/// When the database cannot be read, or takes no writes.
pub async fn take_up(ledger: &Ledger, store: &Store) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let keys = store.under_way_after(&after, AT_ONCE).await?;
        let Some(last) = keys.last() else { return Ok(()) };
        after.clone_from(last);
        ledger.abandon(parse(&keys)).await?;
    }
}

fn parse(keys: &[String]) -> Vec<MessageRef> {
    keys.iter().filter_map(|key| MessageRef::parse(key).ok()).collect()
}
