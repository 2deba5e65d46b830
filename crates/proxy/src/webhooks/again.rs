//! Kept webhooks, tried again at each start: a source that was added, or a newer build, may claim them now.

use rcs_revoke_core::webhook::{Verdict, WebhookCall};
use rcs_revoke_core::{Provider, Timestamp};

use crate::ledger::{Heard, WebhookEvent};
use crate::store::unclaimed::{Kind, Unclaimed};
use crate::store::{Store, StoreError};
use crate::webhooks::Webhooks;

const AT_ONCE: i64 = 500;

/// Tries all of them and says how many became facts.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn try_again(webhooks: &Webhooks, store: &Store) -> Result<usize, StoreError> {
    let (mut after, mut claimed) = (String::new(), 0);
    loop {
        let kept = store.unclaimed_after(&after, AT_ONCE).await?;
        let Some(last) = kept.last() else { return Ok(claimed) };
        after.clone_from(&last.digest);
        for kept in kept {
            let Some(event) = read_again(webhooks, &kept) else { continue };
            let received_at = Timestamp::from_millis(kept.received_at);
            let heard =
                webhooks.ledger.hear(WebhookEvent { event, received_at, call: kept, kept: true }).await?;
            claimed += usize::from(matches!(heard, Heard::Recorded(_)));
        }
    }
}

/// The event that this build reads in a kept call, if it still verifies.
fn read_again(webhooks: &Webhooks, kept: &Unclaimed) -> Option<rcs_revoke_core::webhook::IncomingEvent> {
    if kept.kind == Kind::Unclaimed {
        return kept.incoming();
    }
    let provider = Provider::from_code(&kept.provider)?;
    let entry = webhooks.sources.find(&kept.source)?;
    let headers = kept.header_list();
    let call = WebhookCall { method: "POST", headers: &headers, body: kept.body.as_bytes() };
    match provider.inbound().receive(&call, entry.webhook.as_ref()).verdict {
        Verdict::Event(event) => Some(*event),
        _ => None,
    }
}
