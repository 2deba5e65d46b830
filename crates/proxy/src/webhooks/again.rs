//! Kept webhooks, tried again at each start: a source that was added, or a newer build, may claim them now.

use rcs_revoke_core::webhook::{Verdict, WebhookCall};
use rcs_revoke_core::{Provider, Timestamp};

use crate::ledger::{Change, Heard, Reply, WebhookEvent};
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
        let events: Vec<Change> = kept.into_iter().filter_map(|kept| read_again(webhooks, kept)).collect();
        if events.is_empty() {
            continue;
        }
        let replies = webhooks.ledger.change(events).await?;
        claimed += replies.iter().filter(|reply| matches!(reply, Reply::Heard(Heard::Recorded(_)))).count();
    }
}

/// The event that this build reads in a kept call, which was verified when it came: a secret that was changed since
/// takes nothing back.
fn read_again(webhooks: &Webhooks, kept: Unclaimed) -> Option<Change> {
    webhooks.sources.find(&kept.source)?;
    let event = match kept.kind {
        Kind::Unclaimed => kept.incoming()?,
        Kind::Aside | Kind::Unreadable => {
            if !is_as_it_came(&kept) {
                return None;
            }
            let headers = kept.header_list();
            let call = WebhookCall { method: "POST", headers: &headers, body: kept.body.as_bytes() };
            match Provider::from_code(&kept.provider)?.inbound().read_again(&call) {
                Verdict::Event(event) => *event,
                _ => return None,
            }
        }
    };
    let received_at = Timestamp::from_millis(kept.received_at);
    Some(Change::Event(Box::new(WebhookEvent { event, received_at, call: kept, kept: true })))
}

/// Whether the text that is kept is what was signed. Bytes that are no UTF-8 are no JSON, and are kept as near as a
/// text can be: what that text says, nobody has signed.
fn is_as_it_came(kept: &Unclaimed) -> bool {
    Unclaimed::digest_of(&kept.provider, &kept.source, kept.body.as_bytes()) == kept.digest
}
