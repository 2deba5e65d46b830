//! Kept webhooks, tried again at each start: a source that was added, or a newer build, may claim them now.

use rcs_revoke_core::Timestamp;
use rcs_revoke_core::webhook::Verdict;

use crate::ledger::{Change, Heard, Reply, WebhookEvent};
use crate::store::unclaimed::{Kind, Unclaimed};
use crate::store::{Store, StoreError};
use crate::webhooks::Webhooks;

const AT_ONCE: i64 = 500;

/// Tries all of them and says from how many something follows now.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn try_again(webhooks: &Webhooks, store: &Store) -> Result<usize, StoreError> {
    let (mut after, mut claimed) = (String::new(), 0);
    loop {
        let kept = store.unclaimed_after(&after, AT_ONCE).await?;
        let Some(last) = kept.last() else { return Ok(claimed) };
        after.clone_from(&last.digest);
        let events: Vec<Change> = kept.into_iter().filter_map(|kept| read_again(webhooks, kept)).collect();
        if events.is_empty() {
            continue;
        }
        let replies = webhooks.ledger.change(events).await?;
        let heard = |reply: &&Reply| matches!(reply, Reply::Heard(Heard::Recorded(_) | Heard::Noted));
        claimed += replies.iter().filter(heard).count();
    }
}

/// What follows from a kept call as this build reads it.
fn read_again(webhooks: &Webhooks, kept: Unclaimed) -> Option<Change> {
    webhooks.sources.find(&kept.source)?;
    let verdict = match kept.kind {
        Kind::Unclaimed => Verdict::Event(Box::new(kept.incoming()?)),
        Kind::Aside | Kind::Unreadable => kept.read_again()?,
    };
    Some(match verdict {
        Verdict::Event(event) => Change::Event(Box::new(again(*event, kept))),
        Verdict::Sms(status) => Change::Sms(Box::new(again(*status, kept))),
        Verdict::Consent(consent) => Change::Consent(Box::new(again(*consent, kept))),
        _ => return None,
    })
}

fn again<T>(event: T, call: Unclaimed) -> WebhookEvent<T> {
    let received_at = Timestamp::from_millis(call.received_at);
    WebhookEvent { event, received_at, call, kept: true }
}
