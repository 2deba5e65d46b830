//! Looks again at messages whose outcome time alone may have changed, and takes up what a former process left.

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
    loop {
        looks.mark_unchanged();
        let wait = match look(&ledger, &store, &clock).await {
            Ok(Some(next)) => clock.until(next).min(LONGEST_WAIT),
            Ok(None) => LONGEST_WAIT,
            Err(error) => {
                tracing::warn!(%error, "could not look at messages whose time has come");
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
async fn look(ledger: &Ledger, store: &Store, clock: &SharedClock) -> Result<Option<Timestamp>, StoreError> {
    loop {
        let keys = store.to_look_at(clock.now().as_millis(), AT_ONCE).await?;
        if keys.is_empty() {
            return Ok(store.next_look().await?.map(Timestamp::from_millis));
        }
        ledger.look(parse(&keys)).await?;
    }
}

/// Closes the attempts that a former process left open, so that their messages are taken up at once.
///
/// # Errors
/// When the database cannot be read or written.
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
