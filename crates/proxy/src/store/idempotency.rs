//! Commands that were given with a key: the same key and body again gives the same report.

use crate::store::{Store, StoreError};

/// A command that was given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The digest of its body.
    pub digest: String,
    /// What it was answered; none if the server was killed before.
    pub report: Option<String>,
}

pub(crate) const UPSERT: &str = "INSERT INTO idempotency (key, digest, report, at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1) WHERE true
    ON CONFLICT (key) DO UPDATE SET report = excluded.report";

pub(crate) const FORGET: &str = "DELETE FROM idempotency WHERE at < ?1";

impl Store {
    /// The command that was given with this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn given(&self, key: &str) -> Result<Option<Given>, StoreError> {
        let query = "SELECT digest, report FROM idempotency WHERE key = ?1";
        let row = sqlx::query_as(query).bind(key).fetch_optional(&self.readers).await;
        Ok(self.read(row)?.map(|(digest, report)| Given { digest, report }))
    }
}
