//! What the server's database holds, read beside the running server.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{Connection, Row, SqliteConnection};

use super::keys::hex;

/// How long a world may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// All facts, and what is said of every message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The SHA-256 over every row of the facts.
    pub facts: String,
    /// How many facts there are.
    pub count: usize,
    /// The SHA-256 over outcome and version of every message.
    pub messages: String,
}

/// One database.
#[derive(Debug)]
pub struct Store(SqliteConnection);

impl Store {
    /// Opens the database of a running server, to read it only.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(path: &Path) -> Result<Self> {
        let options =
            SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(Duration::from_secs(5));
        let connection = SqliteConnection::connect_with(&options).await;
        Ok(Self(connection.with_context(|| format!("{} cannot be read", path.display()))?))
    }

    /// What it holds now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn state(&mut self) -> Result<State> {
        let facts =
            sqlx::query("SELECT n, key, fact FROM facts ORDER BY n, key").fetch_all(&mut self.0).await?;
        let messages = "SELECT n, key, source, outcome, version, view FROM messages ORDER BY n";
        let messages = sqlx::query(messages).fetch_all(&mut self.0).await?;
        Ok(State {
            facts: digest(&facts, &["key", "fact"])?,
            count: facts.len(),
            messages: digest(&messages, &["key", "source", "outcome", "version", "view"])?,
        })
    }

    /// Waits until time alone changes nothing any more before `quiet` has passed: what changes then was changed.
    ///
    /// # Errors
    /// When it cannot be read, or does not come to rest.
    pub async fn until_at_rest(&mut self, quiet: Duration) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let next: Option<i64> =
                sqlx::query_scalar("SELECT min(look_at) FROM messages").fetch_one(&mut self.0).await?;
            let then = SystemTime::now().duration_since(UNIX_EPOCH)? + quiet;
            if next.is_none_or(|next| u128::try_from(next).is_ok_and(|next| next > then.as_millis())) {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "time alone still changes something");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// How many webhooks are kept outside the facts.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn kept(&mut self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM unclaimed").fetch_one(&mut self.0).await?)
    }
}

fn digest(rows: &[SqliteRow], columns: &[&str]) -> Result<String> {
    let mut digest = Sha256::new();
    for row in rows {
        digest.update(row.try_get::<i64, _>("n")?.to_le_bytes());
        for column in columns {
            let text: Option<String> = row.try_get_unchecked(*column)?;
            // Lengths, so that no column can pretend to be the end of another.
            digest.update(text.as_ref().map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
            digest.update(text.unwrap_or_default());
        }
    }
    Ok(hex(&digest.finalize()))
}
