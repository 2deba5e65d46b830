//! What people said about the advertising of an agent: every word, once; which of them counts is the core's to say.

use std::collections::HashMap;

use rcs_revoke_core::id::AgentId;
use rcs_revoke_core::webhook::Consent;
use rcs_revoke_core::{E164, Timestamp};
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use crate::store::StoreError;
use crate::store::projection::reversed;

pub(crate) const INSERT: &str = "INSERT INTO consents
        (agent, phone, source, identity, subscribed, received_at, consent)
    SELECT value ->> 'agent', value ->> 'phone', value ->> 'source', value ->> 'identity', value ->> 'subscribed',
        value ->> 'received_at', value ->> 'consent'
    FROM json_each(?1) WHERE true ON CONFLICT (agent, phone, source, identity) DO NOTHING";
const OF: &str = "SELECT c.source, c.received_at, c.consent FROM json_each(?1) wanted
    JOIN consents c ON c.agent = wanted.value ->> 0 AND c.phone = wanted.value ->> 1";
const ANY_NO: &str = "SELECT EXISTS (SELECT 1 FROM consents WHERE NOT subscribed)";
/// What time or a request may still change, of one person.
const OPEN_OF: &str = "SELECT key FROM messages INDEXED BY messages_phone
    WHERE phone_reversed = ?1 AND (look_at IS NOT NULL OR due_at IS NOT NULL OR sms_due_at IS NOT NULL)
    ORDER BY seq DESC LIMIT ?2";

/// A person as an agent knows them.
pub(crate) type Person = (AgentId, E164);

/// One word of a person.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// The source that it was heard for; its secret speaks for no message of a source with another.
    pub source: String,
    /// When it came.
    pub received_at: Timestamp,
    /// The word.
    pub consent: Consent,
}

impl Said {
    /// Whether both are one word, heard twice.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        self.source == other.source && self.consent.identity == other.consent.identity
    }

    /// Its place among the words of one person: the last counts.
    pub(crate) fn order(&self) -> (Timestamp, bool) {
        (self.consent.holds_from(self.received_at), !self.consent.subscribed)
    }
}

/// One row of `consents`.
#[derive(Debug, Serialize)]
pub(crate) struct ConsentRow {
    agent: String,
    phone: String,
    source: String,
    identity: String,
    pub subscribed: bool,
    received_at: i64,
    consent: Consent,
}

impl ConsentRow {
    pub(crate) fn new(said: &Said) -> Self {
        Self {
            agent: said.consent.agent.to_string(),
            phone: said.consent.phone.as_str().to_owned(),
            source: said.source.clone(),
            identity: said.consent.identity.clone(),
            subscribed: said.consent.subscribed,
            received_at: said.received_at.as_millis(),
            consent: said.consent.clone(),
        }
    }
}

/// Whether anybody ever wanted no more.
pub(crate) async fn any_no(sql: &mut SqliteConnection) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(ANY_NO).fetch_one(sql).await?)
}

/// What these persons said, each with an entry.
pub(crate) async fn of(
    sql: &mut SqliteConnection,
    persons: Vec<Person>,
) -> Result<HashMap<Person, Vec<Said>>, StoreError> {
    let wanted: Vec<_> = persons.iter().map(|(agent, phone)| (agent.as_str(), phone.as_str())).collect();
    let wanted = serde_json::to_string(&wanted)?;
    let mut found: HashMap<Person, Vec<Said>> =
        persons.into_iter().map(|person| (person, Vec::new())).collect();
    let rows: Vec<(String, i64, String)> = sqlx::query_as(OF).bind(wanted).fetch_all(sql).await?;
    for (source, received_at, consent) in rows {
        let consent: Consent = serde_json::from_str(&consent)?;
        let person = (consent.agent.clone(), consent.phone.clone());
        let received_at = Timestamp::from_millis(received_at);
        found.entry(person).or_default().push(Said { source, received_at, consent });
    }
    Ok(found)
}

/// The keys of messages to this number that are not over, the latest changed first.
pub(crate) async fn open_of(
    sql: &mut SqliteConnection,
    phone: &E164,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(OPEN_OF).bind(reversed(phone)).bind(most).fetch_all(sql).await?)
}
