//! What is to be done next: what is due, what is to be looked at, what was left under way.

use crate::store::{Store, StoreError};

/// What is due, with what the order of work looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMessage {
    /// The message's key.
    pub key: String,
    /// When it was sent, or first heard of.
    pub sent_at: Option<i64>,
    /// When its window closes.
    pub window_closes: Option<i64>,
}

impl Store {
    /// What is due at these sources: the first to miss their windows, and the youngest; but for what batches hold back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn due(
        &self,
        sources: &[String],
        held: &[i64],
        limit: i64,
    ) -> Result<Vec<DueMessage>, StoreError> {
        let by_window = "SELECT key, sent_at, window_closes FROM messages INDEXED BY messages_closing
            WHERE source = ?1 AND due_at IS NOT NULL AND window_closes IS NOT NULL
                AND (due_batch IS NULL OR due_batch NOT IN (SELECT value FROM json_each(?2)))
            ORDER BY window_closes LIMIT ?3";
        let by_age = "SELECT key, sent_at, window_closes FROM messages INDEXED BY messages_due
            WHERE source = ?1 AND due_at IS NOT NULL
                AND (due_batch IS NULL OR due_batch NOT IN (SELECT value FROM json_each(?2)))
            ORDER BY sent_at DESC LIMIT ?3";
        let held = serde_json::to_string(held)?;
        let mut due = Vec::new();
        for source in sources {
            for query in [by_window, by_age] {
                let rows = sqlx::query_as(query).bind(source).bind(&held).bind(limit);
                for (key, sent_at, window_closes) in self.read(rows.fetch_all(&self.readers).await)? {
                    due.push(DueMessage { key, sent_at, window_closes });
                }
            }
        }
        due.sort_by(|a, b| a.key.cmp(&b.key));
        due.dedup();
        Ok(due)
    }

    /// The messages whose SMS is due at these sources, the longest due first; but for those of batches that are held.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sms_due(
        &self,
        sources: &[String],
        held: &[i64],
        limit: i64,
    ) -> Result<Vec<String>, StoreError> {
        let (sources, held) = (serde_json::to_string(sources)?, serde_json::to_string(held)?);
        let query = "SELECT m.key FROM json_each(?1) wanted
            JOIN messages m INDEXED BY messages_sms_due ON m.sms_via = wanted.value AND m.sms_due_at IS NOT NULL
            WHERE m.batch IS NULL OR m.batch NOT IN (SELECT value FROM json_each(?2))
            ORDER BY m.sms_due_at LIMIT ?3";
        let keys = sqlx::query_scalar(query).bind(sources).bind(held).bind(limit);
        self.read(keys.fetch_all(&self.readers).await)
    }

    /// How many messages are due at sources that are not among these.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn due_elsewhere(&self, sources: &[String]) -> Result<i64, StoreError> {
        let query = "SELECT count(*) FROM messages
            WHERE due_at IS NOT NULL AND (source IS NULL OR source NOT IN (SELECT value FROM json_each(?1)))";
        let sources = serde_json::to_string(sources)?;
        self.read(sqlx::query_scalar(query).bind(sources).fetch_one(&self.readers).await)
    }

    /// The messages that time alone may have changed by `now`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn to_look_at(&self, now: i64, limit: i64) -> Result<Vec<String>, StoreError> {
        let query =
            "SELECT key FROM messages WHERE look_at IS NOT NULL AND look_at <= ?1 ORDER BY look_at LIMIT ?2";
        self.read(sqlx::query_scalar(query).bind(now).bind(limit).fetch_all(&self.readers).await)
    }

    /// When, after `now`, time alone may change a message next.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_look(&self, now: i64) -> Result<Option<i64>, StoreError> {
        let query = "SELECT min(look_at) FROM messages WHERE look_at IS NOT NULL AND look_at > ?1";
        self.read(sqlx::query_scalar(query).bind(now).fetch_one(&self.readers).await)
    }

    /// The keys, behind `after`, of messages with a request that may be under way, or an SMS that was due: another
    /// account may be configured for it by now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn under_way_after(&self, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
        let query = "SELECT key FROM messages WHERE outcome = 'requesting' AND due_at IS NULL AND key > ?1
            UNION SELECT key FROM messages INDEXED BY messages_sms_open WHERE sms_open IS NOT NULL AND key > ?1
            UNION SELECT key FROM messages INDEXED BY messages_sms_due WHERE sms_due_at IS NOT NULL AND key > ?1
            ORDER BY key LIMIT ?2";
        self.read(sqlx::query_scalar(query).bind(after).bind(limit).fetch_all(&self.readers).await)
    }

    /// The numbers and keys of messages behind `after` to which nothing has happened since an instant, and nothing will
    /// by itself, in the order of their numbers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn quiet_since(
        &self,
        instant: i64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let query = "SELECT n, key FROM messages WHERE n > ?1 AND folded_at <= ?2 AND due_at IS NULL
            AND look_at IS NULL AND sms_due_at IS NULL AND sms_open IS NULL ORDER BY n LIMIT ?3";
        let quiet = sqlx::query_as(query).bind(after).bind(instant).bind(limit);
        self.read(quiet.fetch_all(&self.readers).await)
    }

    /// The keys of messages behind `after`, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn keys_after(&self, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
        let query = "SELECT key FROM messages WHERE key > ?1 ORDER BY key LIMIT ?2";
        self.read(sqlx::query_scalar(query).bind(after).bind(limit).fetch_all(&self.readers).await)
    }
}
