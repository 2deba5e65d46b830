//! Compares what is stored about messages with what their facts say, or makes it again from them.

use rcs_revoke_core::{MessageRef, Timestamp};
use sqlx::Connection;

use crate::ledger::Ledger;
use crate::sources::Sources;
use crate::store::{Projection, Store, StoreError, messages};

/// How many messages are read at once.
const AT_ONCE: i64 = 1_000;

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many messages were compared.
    pub messages: u64,
    /// How many facts they have.
    pub facts: u64,
    /// The keys of messages whose stored meaning differs from that of their facts.
    pub differing: Vec<String>,
}

/// Folds every message as of the instant at which it was folded last, and compares.
///
/// # Errors
/// When the database cannot be read.
pub async fn compare(store: &Store, sources: &Sources) -> Result<Comparison, StoreError> {
    let mut found = Comparison::default();
    let mut after = String::new();
    loop {
        let keys = store.keys_after(&after, AT_ONCE).await?;
        let Some(last) = keys.last() else { return Ok(found) };
        after.clone_from(last);
        let wanted: Vec<MessageRef> = keys.iter().filter_map(|key| MessageRef::parse(key).ok()).collect();
        let mut sql = store.readers.acquire().await?;
        // One snapshot, since a server may be writing meanwhile.
        let mut snapshot = sql.begin().await?;
        let held = messages::load(&mut snapshot, &wanted.iter().collect::<Vec<_>>()).await?;
        snapshot.rollback().await?;
        for held in held.values() {
            found.messages += 1;
            found.facts += held.evidence.len() as u64;
            let message = held.evidence.message();
            let Some(stored) = &held.projection else {
                found.differing.push(message.to_string());
                continue;
            };
            let (source, policy) = match held.source.as_deref().and_then(|id| sources.find(id)) {
                Some(entry) => (entry.snapshot(), entry.policy.clone()),
                None => Sources::stand_in(message.provider(), held.source.as_deref()),
            };
            let as_of = Timestamp::from_millis(stored.folded_at);
            let (folded, _) = Projection::of(&held.evidence, &source, &policy, as_of);
            if folded.view.outcome != stored.view.outcome
                || folded.due_at.is_some() != stored.due_at.is_some()
            {
                found.differing.push(message.to_string());
            }
        }
    }
}

/// Folds every message again, as of now, and writes what differs.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn rebuild(ledger: &Ledger, store: &Store) -> Result<u64, StoreError> {
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let keys = store.keys_after(&after, AT_ONCE).await?;
        let Some(last) = keys.last() else { return Ok(count) };
        after.clone_from(last);
        count += keys.len() as u64;
        ledger.look(keys.iter().filter_map(|key| MessageRef::parse(key).ok()).collect()).await?;
    }
}
