//! Keeps what is kept beside the facts from growing without end: webhooks that nobody claims, commands with a key, plans
//! that nobody starts.
//!
//! Facts are not among it: those are forgotten by the [pruner](super::pruner), if at all.

use std::time::Duration;

use rcs_revoke_core::recall::State;
use rcs_revoke_core::{Span, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::ledger::Ledger;
use crate::store::unclaimed::Kind;
use crate::store::{Store, StoreError};

/// How long a command with a key is remembered.
const REMEMBERED: Span = Span::days(7);
/// How long a webhook waits for somebody to claim it: a message lives 30 days at most, and Google repeats for 7 more.
const RETENTION: Span = Span::days(38);
/// How long a plan waits for somebody to start it: a message lives 30 days at most, so none of its messages is left to
/// take back.
const PLANNED: Span = Span::days(30);
/// How many webhooks that nobody claims are kept.
const MOST_KEPT: i64 = 100_000;
/// After so many more it is tidied at once: a busy account of other channels brings them faster than hours pass.
const MANY_MORE: u64 = 10_000;
/// How often it is tidied in any case.
const EVERY: Span = Span::hours(1);
/// On a clock that runs fast, hours pass in no time.
const AT_LEAST: Duration = Duration::from_secs(1);
/// How long after a failure the next try comes.
const AFTER_FAILURE: Duration = Duration::from_mins(1);
/// How many webhooks one commit forgets.
const AT_ONCE: i64 = 1_000;
/// What is missed least goes first; an event that its source may yet claim goes last.
const ORDER: [Kind; 3] = [Kind::Aside, Kind::Unreadable, Kind::Unclaimed];

/// Tidies at once, then again and again until it is stopped.
pub async fn run(ledger: Ledger, store: Store, clock: SharedClock, stop: CancellationToken) {
    let mut kept = ledger.kept();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = store.watch().writable() => {}
        }
        let before = *kept.borrow_and_update();
        let wait = match tidy(&ledger, &store, clock.now(), MOST_KEPT).await {
            Ok(()) => clock.real(EVERY).max(AT_LEAST),
            Err(error) => {
                if error.trouble().is_none() {
                    tracing::warn!(%error, "what nobody needs any more could not be forgotten");
                }
                AFTER_FAILURE
            }
        };
        let many_more = async {
            let grown = kept.wait_for(|now| now - before >= MANY_MORE).await;
            grown.is_ok()
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            goes_on = many_more => if !goes_on { return },
        }
    }
}

/// Forgets what is older than its time, and then what is more than `most`.
///
/// # Errors
/// When the database cannot be read or written.
pub(crate) async fn tidy(
    ledger: &Ledger,
    store: &Store,
    now: Timestamp,
    most: i64,
) -> Result<(), StoreError> {
    ledger.forget(Vec::new(), Some((now - REMEMBERED).as_millis())).await?;
    for plan in ledger.batches().all_open() {
        let waits_from = plan.row.created_at.max(plan.terms.said.not_before.unwrap_or(0));
        if plan.row.state == State::Planned && waits_from < (now - PLANNED).as_millis() {
            ledger.drop_batch(plan.row.n).await?;
        }
    }
    let too_old = (now - RETENTION).as_millis();
    for kind in ORDER {
        forget(ledger, store, kind, too_old, i64::MAX).await?;
    }
    let mut too_many = store.kept().await? - most;
    for kind in ORDER {
        let forgotten = forget(ledger, store, kind, i64::MAX, too_many).await?;
        too_many -= forgotten;
        if kind == Kind::Unclaimed && forgotten > 0 {
            tracing::warn!(
                forgotten,
                "more events than are kept belong to no source: check that every sender is configured"
            );
        }
    }
    Ok(())
}

/// Forgets the oldest of a kind that came before an instant, `most` of them at most, and says how many.
async fn forget(
    ledger: &Ledger,
    store: &Store,
    kind: Kind,
    before: i64,
    most: i64,
) -> Result<i64, StoreError> {
    let mut forgotten = 0;
    while forgotten < most {
        let digests = store.kept_before(kind, before, AT_ONCE.min(most - forgotten)).await?;
        if digests.is_empty() {
            break;
        }
        forgotten += i64::try_from(digests.len()).unwrap_or(AT_ONCE);
        ledger.forget(digests, None).await?;
    }
    Ok(forgotten)
}
