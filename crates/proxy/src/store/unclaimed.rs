//! Verified webhooks that belong to no message of ours yet, or that this build cannot read: kept whole, so that a
//! source or a newer build can claim them.

use rcs_revoke_core::Provider;
use rcs_revoke_core::id::MessageId;
use rcs_revoke_core::webhook::{IncomingEvent, Verdict, WebhookCall};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::hex::hex;
use crate::store::{Store, StoreError};

pub(crate) const INSERT: &str = "INSERT INTO unclaimed
        (digest, kind, provider, source, message, received_at, event, headers, body)
    SELECT value ->> 'digest', value ->> 'kind', value ->> 'provider', value ->> 'source', value ->> 'message',
        value ->> 'received_at', value ->> 'event', value ->> 'headers', value ->> 'body'
    FROM json_each(?1) WHERE true ON CONFLICT (digest) DO NOTHING";
pub(crate) const DELETE: &str = "DELETE FROM unclaimed WHERE digest IN (SELECT value FROM json_each(?1))";

/// Why a webhook is kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An event of which we do not know the source.
    Unclaimed,
    /// About no RCS message to revoke.
    Aside,
    /// Not to be understood by this build.
    Unreadable,
}

impl Kind {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Aside => "aside",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One kept webhook.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unclaimed {
    /// What makes it this one and no other.
    pub digest: String,
    /// Why it is here.
    pub kind: Kind,
    /// Its provider's code.
    pub provider: String,
    /// The source in the path that it came in on.
    pub source: String,
    /// The message that it names, or [the SMS](Self::name_of_sms).
    pub message: Option<String>,
    /// When it came.
    pub received_at: i64,
    /// The event as JSON, where there is one.
    pub event: Option<String>,
    /// What its headers say that its body does not, as JSON; never a token or a signature: it was verified when it
    /// came, and only what was is kept.
    pub headers: String,
    /// The call's body.
    pub body: String,
}

impl Unclaimed {
    /// The digest of a call: the same body at the same source is one call.
    pub fn digest_of(provider: &str, source: &str, body: &[u8]) -> String {
        let mut digest = Sha256::new();
        digest.update(format!("{provider}\n{source}\n"));
        digest.update(body);
        hex(&digest.finalize())
    }

    /// The event, where it could be read.
    pub fn incoming(&self) -> Option<IncomingEvent> {
        serde_json::from_str(self.event.as_deref()?).ok()
    }

    /// What stands for an SMS in [`Self::message`]: by this it is found once its provider's id is known to be ours.
    pub(crate) fn name_of_sms(id: &MessageId) -> String {
        format!("sms:{id}")
    }

    /// What this build reads in it; none if it cannot be read as it came. It was verified when it came: a secret that
    /// was changed since takes nothing back.
    pub(crate) fn read_again(&self) -> Option<Verdict> {
        if !self.is_as_it_came() {
            return None;
        }
        let headers = self.header_list();
        let call = WebhookCall { method: "POST", headers: &headers, body: self.body.as_bytes() };
        Some(Provider::from_code(&self.provider)?.inbound().read_again(&call))
    }

    /// Whether the text that is kept is what was signed. Bytes that are no UTF-8 are no JSON, and are kept as near as a
    /// text can be: what that text says, nobody has signed.
    fn is_as_it_came(&self) -> bool {
        Self::digest_of(&self.provider, &self.source, self.body.as_bytes()) == self.digest
    }

    /// What its headers say that its body does not.
    pub fn header_list(&self) -> Vec<(String, String)> {
        serde_json::from_str(&self.headers).unwrap_or_default()
    }
}

/// What is kept about these messages.
pub(crate) async fn about(
    sql: &mut SqliteConnection,
    messages: &[String],
) -> Result<Vec<Unclaimed>, StoreError> {
    let query = "SELECT u.* FROM json_each(?1) wanted JOIN unclaimed u ON u.message = wanted.value";
    let wanted = serde_json::to_string(messages)?;
    let rows = sqlx::query(query).bind(wanted).fetch_all(sql).await?;
    Ok(rows.iter().filter_map(|row| read(row).transpose()).collect::<Result<_, sqlx::Error>>()?)
}

impl Store {
    /// What is kept, behind `after`, in the order of digests.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unclaimed_after(&self, after: &str, limit: i64) -> Result<Vec<Unclaimed>, StoreError> {
        let query = "SELECT * FROM unclaimed WHERE digest > ?1 ORDER BY digest LIMIT ?2";
        let rows = self.read(sqlx::query(query).bind(after).bind(limit).fetch_all(&self.readers).await)?;
        self.read(rows.iter().filter_map(|row| read(row).transpose()).collect::<Result<_, sqlx::Error>>())
    }

    /// How many webhooks are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn kept(&self) -> Result<i64, StoreError> {
        self.read(sqlx::query_scalar("SELECT count(*) FROM unclaimed").fetch_one(&self.readers).await)
    }

    /// The digests of kept webhooks of a kind that came before an instant, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn kept_before(&self, kind: Kind, before: i64, limit: i64) -> Result<Vec<String>, StoreError> {
        let query = "SELECT digest FROM unclaimed WHERE kind = ?1 AND received_at < ?2
            ORDER BY received_at LIMIT ?3";
        let kind = kind.code();
        let kept = sqlx::query_scalar(query).bind(kind).bind(before).bind(limit);
        self.read(kept.fetch_all(&self.readers).await)
    }
}

/// None for one of a kind that this build does not know.
fn read(row: &SqliteRow) -> Result<Option<Unclaimed>, sqlx::Error> {
    let Ok(kind) = serde_json::from_value(serde_json::Value::String(row.try_get("kind")?)) else {
        return Ok(None);
    };
    Ok(Some(Unclaimed {
        digest: row.try_get("digest")?,
        kind,
        provider: row.try_get("provider")?,
        source: row.try_get("source")?,
        message: row.try_get("message")?,
        received_at: row.try_get("received_at")?,
        event: row.try_get("event")?,
        headers: row.try_get("headers")?,
        body: row.try_get("body")?,
    }))
}
