//! What the sources taught us, kept over restarts.

use std::collections::HashMap;

use sqlx::sqlite::SqliteConnection;

use crate::sources::Learnt;
use crate::store::{Store, StoreError};

pub(crate) const UPSERT: &str =
    "INSERT INTO sources (id, learnt) SELECT value ->> 0, value ->> 1 FROM json_each(?1)
    WHERE true ON CONFLICT (id) DO UPDATE SET learnt = excluded.learnt";
const ALL: &str = "SELECT id, learnt FROM sources";

fn read(rows: Vec<(String, String)>) -> HashMap<String, Learnt> {
    rows.into_iter().filter_map(|(id, learnt)| Some((id, serde_json::from_str(&learnt).ok()?))).collect()
}

/// What all sources learnt so far.
pub(crate) async fn learnt(sql: &mut SqliteConnection) -> Result<HashMap<String, Learnt>, StoreError> {
    Ok(read(sqlx::query_as(ALL).fetch_all(sql).await?))
}

impl Store {
    /// What all sources learnt so far.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn learnt(&self) -> Result<HashMap<String, Learnt>, StoreError> {
        Ok(read(self.read(sqlx::query_as(ALL).fetch_all(&self.readers).await)?))
    }
}
