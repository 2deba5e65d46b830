//! Instead of which message an SMS was sent, by the two names that its webhooks have for it.

use std::collections::HashMap;

use rcs_revoke_core::fact::{FallbackAnswered, FallbackIntended};
use rcs_revoke_core::{Fact, MessageRef, fallback};
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use crate::store::StoreError;

pub(crate) const UPSERT: &str = "INSERT INTO sms (reference, n, fallback, provider_id)
    SELECT value ->> 'reference', value ->> 'n', value ->> 'fallback', value ->> 'provider_id'
    FROM json_each(?1) WHERE true
    ON CONFLICT (reference) DO UPDATE SET n = excluded.n, fallback = excluded.fallback,
        provider_id = coalesce(excluded.provider_id, provider_id)";
const BY_REFERENCE: &str = "SELECT wanted.value, m.key, s.fallback FROM json_each(?1) wanted
    JOIN sms s ON s.reference = wanted.value JOIN messages m ON m.n = s.n";
const BY_ID: &str = "SELECT wanted.value, m.key, s.fallback FROM json_each(?1) wanted
    JOIN sms s INDEXED BY sms_provider_id ON s.provider_id = wanted.value JOIN messages m ON m.n = s.n";
const ALL: &str = "SELECT s.reference, s.n, s.fallback, s.provider_id FROM json_each(?1) wanted
    JOIN sms s ON s.reference = wanted.value";

/// One row of `sms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SmsRow {
    /// What we gave it to be known by.
    pub reference: String,
    /// The number of the message.
    pub n: i64,
    /// The number of the SMS within it.
    pub fallback: u32,
    /// Its id at its provider, once that is known.
    pub provider_id: Option<String>,
}

impl SmsRow {
    /// What a fact tells of an SMS; none if it is about no SMS, or does not tell a name of it.
    pub(crate) fn of(n: i64, message: &MessageRef, fact: &Fact) -> Option<Self> {
        let (fallback, provider_id) = match fact {
            Fact::FallbackIntended(FallbackIntended { fallback, .. }) => (*fallback, None),
            Fact::FallbackAnswered(answer @ FallbackAnswered { fallback, .. }) => {
                (*fallback, Some(fallback::provider_id(answer)?.to_string()))
            }
            _ => return None,
        };
        Some(Self { reference: fallback::reference(message, fallback), n, fallback, provider_id })
    }
}

/// One of the two names that the webhooks of an SMS have for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SmsName {
    /// What we gave it.
    Reference(String),
    /// Its provider's id.
    Id(String),
}

/// Which SMS have these names: the message, and the number of the SMS within it.
pub(crate) async fn find(
    sql: &mut SqliteConnection,
    names: &[SmsName],
) -> Result<HashMap<SmsName, (MessageRef, u32)>, StoreError> {
    let (mut references, mut ids) = (Vec::new(), Vec::new());
    for name in names {
        match name {
            SmsName::Reference(name) => references.push(name),
            SmsName::Id(name) => ids.push(name),
        }
    }
    let mut found = HashMap::new();
    for (query, wanted, name) in
        [(BY_REFERENCE, references, SmsName::Reference as fn(String) -> SmsName), (BY_ID, ids, SmsName::Id)]
    {
        if wanted.is_empty() {
            continue;
        }
        let wanted = serde_json::to_string(&wanted)?;
        let rows: Vec<(String, String, u32)> =
            sqlx::query_as(query).bind(wanted).fetch_all(&mut *sql).await?;
        for (wanted, key, fallback) in rows {
            let Ok(message) = MessageRef::parse(&key) else { return Err(StoreError::Key(key)) };
            found.insert(name(wanted), (message, fallback));
        }
    }
    Ok(found)
}

/// What is stored under these references.
pub(crate) async fn rows(
    sql: &mut SqliteConnection,
    references: Vec<String>,
) -> Result<HashMap<String, SmsRow>, StoreError> {
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted = serde_json::to_string(&references)?;
    let rows: Vec<(String, i64, u32, Option<String>)> =
        sqlx::query_as(ALL).bind(wanted).fetch_all(sql).await?;
    let row = |(reference, n, fallback, provider_id)| SmsRow { reference, n, fallback, provider_id };
    Ok(rows.into_iter().map(row).map(|row| (row.reference.clone(), row)).collect())
}
