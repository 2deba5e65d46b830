//! Reading messages: lists, lookups, one in full, what is due, what is to be looked at.

use std::collections::HashMap;

use futures_util::StreamExt;
use rcs_revoke_api::{MessageQuery, MessageView};
use rcs_revoke_core::{Evidence, Fact, MessageRef};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteExecutor};
use tokio::sync::mpsc;

use crate::store::batches::number_of;
use crate::store::projection::{Held, Projection};
use crate::store::{Store, StoreError};

const LOAD: &str =
    "SELECT m.n, m.key, m.id, m.source, m.version, m.seq, m.outcome, m.due_at, m.look_at, m.folded_at,
        m.phone_reversed, m.sent_at, m.window_closes, m.sms_due_at, m.sms_via, m.sms_open, m.batch, m.due_batch, m.view
    FROM json_each(?1) wanted JOIN messages m ON m.key = wanted.value";
const LOAD_FACTS: &str = "SELECT f.n, f.fact FROM json_each(?1) wanted JOIN facts f ON f.n = wanted.value";

/// The condition of the index of those who may have got both, word for word.
macro_rules! duplicate {
    () => {
        "view ->> '$.outcome.duplicate' IS NOT NULL"
    };
}

/// How many keys are handed on together.
const KEYS_AT_ONCE: usize = 1_000;

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

/// One page of a list.
pub struct Page {
    /// The messages, the latest changed first.
    pub items: Vec<MessageView>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Loads messages with all their facts; those not there are left out.
pub(crate) async fn load(
    sql: &mut sqlx::SqliteConnection,
    keys: &[&MessageRef],
) -> Result<HashMap<MessageRef, Held>, StoreError> {
    let wanted = serde_json::to_string(keys)?;
    let rows = sqlx::query(LOAD).bind(wanted).fetch_all(&mut *sql).await?;
    let mut held: HashMap<i64, Held> = HashMap::with_capacity(rows.len());
    for row in &rows {
        let (n, message) = read_held(row)?;
        held.insert(n, message);
    }
    let numbers = serde_json::to_string(&held.keys().collect::<Vec<_>>())?;
    for row in sqlx::query(LOAD_FACTS).bind(numbers).fetch_all(&mut *sql).await? {
        let fact: Fact = serde_json::from_str(row.try_get(1)?)?;
        if let Some(held) = held.get_mut(&row.try_get(0)?) {
            held.evidence.record(fact);
        }
    }
    Ok(held.into_values().map(|held| (held.evidence.message().clone(), held)).collect())
}

fn read_held(row: &SqliteRow) -> Result<(i64, Held), StoreError> {
    let n: i64 = row.try_get("n")?;
    let key: String = row.try_get("key")?;
    let Ok(message) = MessageRef::parse(&key) else { return Err(StoreError::Key(key)) };
    let outcome: String = row.try_get("outcome")?;
    let projection = match view(&key, row.try_get("view")?) {
        None => None,
        Some(view) => Some(Projection {
            id: row.try_get("id")?,
            outcome: outcome.clone(),
            due_at: row.try_get("due_at")?,
            sms_due_at: row.try_get("sms_due_at")?,
            sms_via: row.try_get("sms_via")?,
            sms_open: row.try_get::<Option<bool>, _>("sms_open")?.unwrap_or(false),
            look_at: row.try_get("look_at")?,
            folded_at: row.try_get("folded_at")?,
            phone_reversed: row.try_get("phone_reversed")?,
            sent_at: row.try_get("sent_at")?,
            window_closes: row.try_get("window_closes")?,
            batch: row.try_get("batch")?,
            due_batch: row.try_get("due_batch")?,
            view,
        }),
    };
    let held = Held {
        n: Some(n),
        source: row.try_get("source")?,
        evidence: Evidence::new(message),
        outcome: Some(outcome),
        batch: row.try_get("batch")?,
        projection,
        version: row.try_get("version")?,
        seq: row.try_get("seq")?,
    };
    Ok((n, held))
}

impl Store {
    /// One message with all its facts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn message(&self, message: &MessageRef) -> Result<Option<Held>, StoreError> {
        let mut sql = self.readers.acquire().await?;
        Ok(self.read(load(&mut sql, &[message]).await)?.remove(message))
    }

    /// What stands under these ids, whatever their agents.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lookup(&self, ids: &[String]) -> Result<Vec<MessageView>, StoreError> {
        let wanted = serde_json::to_string(ids)?;
        let query = "SELECT m.key, m.view FROM json_each(?1) wanted JOIN messages m ON m.id = wanted.value";
        let rows = self.read(sqlx::query(query).bind(wanted).fetch_all(&self.readers).await)?;
        self.read(views(&rows))
    }

    /// The messages that changed after `seq`, the earliest change first, each as it is now; none for one that cannot
    /// be read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changed_after(
        &self,
        seq: i64,
        limit: i64,
    ) -> Result<Vec<(i64, Option<MessageView>)>, StoreError> {
        let query = "SELECT seq, key, view FROM messages WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let rows = self.read(sqlx::query(query).bind(seq).bind(limit).fetch_all(&self.readers).await)?;
        let changed = |row: &SqliteRow| Ok((row.try_get("seq")?, view_of(row)?));
        self.read(rows.iter().map(changed).collect::<Result<_, sqlx::Error>>())
    }

    /// One page of the list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn page(&self, query: &MessageQuery, limit: usize) -> Result<Page, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT seq, key, view FROM messages WHERE 1");
        filter(&mut sql, query);
        sql.push(" ORDER BY seq DESC LIMIT ").push_bind(i64::try_from(limit + 1).unwrap_or(i64::MAX));
        let rows = self.read(sql.build().fetch_all(&self.readers).await)?;
        let last = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit);
        let next = self.read(last.map(|row| row.try_get::<i64, _>(0)).transpose())?;
        let items = self.read(views(&rows[..rows.len().min(limit)]))?;
        Ok(Page { items, next: next.map(|seq| seq.to_string()) })
    }

    /// The keys of all messages that a filter lets through, in one snapshot, part by part as they are taken.
    pub fn keys_of(&self, query: &MessageQuery) -> mpsc::Receiver<Result<Vec<String>, StoreError>> {
        let (parts, received) = mpsc::channel(2);
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT key FROM messages WHERE 1");
        filter(&mut sql, query);
        let store = self.clone();
        tokio::spawn(async move {
            let mut keys = sql.build_query_scalar::<String>().fetch(&store.readers).chunks(KEYS_AT_ONCE);
            while let Some(part) = keys.next().await {
                let part = store.read(part.into_iter().collect::<Result<Vec<_>, _>>());
                let failed = part.is_err();
                if parts.send(part).await.is_err() || failed {
                    return;
                }
            }
        });
        received
    }

    /// All messages of a batch as lists show them, in one snapshot, part by part as they are taken.
    pub fn views_of_batch(&self, batch: i64) -> mpsc::Receiver<Result<Vec<MessageView>, StoreError>> {
        let (parts, received) = mpsc::channel(2);
        let store = self.clone();
        tokio::spawn(async move {
            let query = "SELECT key, view FROM messages INDEXED BY messages_batch WHERE batch = ?1";
            let mut rows = sqlx::query(query).bind(batch).fetch(&store.readers).chunks(KEYS_AT_ONCE);
            while let Some(part) = rows.next().await {
                let part = part.into_iter().collect::<Result<Vec<_>, _>>();
                let part = store.read(part.and_then(|rows| views(&rows)));
                let failed = part.is_err();
                if parts.send(part).await.is_err() || failed {
                    return;
                }
            }
        });
        received
    }

    /// How many people got the message and an SMS, or may have.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn duplicates(&self) -> Result<u64, StoreError> {
        let query =
            concat!("SELECT count(*) FROM messages INDEXED BY messages_duplicate WHERE ", duplicate!());
        let count: i64 = self.read(sqlx::query_scalar(query).fetch_one(&self.readers).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The message that a wish is about.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn message_of_wish(&self, wish: &str) -> Result<Option<String>, StoreError> {
        let query = "SELECT m.key FROM facts f JOIN messages m ON m.n = f.n
            WHERE f.key = ?1 AND f.key >= 'requested:' AND f.key < 'requested;'";
        self.read(
            sqlx::query_scalar(query).bind(format!("requested:{wish}")).fetch_optional(&self.readers).await,
        )
    }

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

/// The highest number and change so far.
pub(crate) async fn last_numbers(sql: impl SqliteExecutor<'_>) -> Result<(i64, i64), StoreError> {
    // Each alone is read at the end of an index; both together would be looked for in every row.
    let query =
        "SELECT coalesce((SELECT max(n) FROM messages), 0), coalesce((SELECT max(seq) FROM messages), 0)";
    Ok(sqlx::query_as(query).fetch_one(sql).await?)
}

fn filter(sql: &mut QueryBuilder<Sqlite>, query: &MessageQuery) {
    if let Some(outcomes) = query.outcome.as_deref().filter(|outcomes| !outcomes.is_empty()) {
        let mut list = sql.push(" AND outcome IN (").separated(", ");
        for outcome in outcomes.split(',') {
            list.push_bind(outcome.trim().to_owned());
        }
        sql.push(")");
    }
    if query.duplicate {
        sql.push(concat!(" AND ", duplicate!()));
    }
    if let Some(batch) = query.batch.as_deref().and_then(number_of) {
        sql.push(" AND batch = ").push_bind(batch);
    }
    if let Some(source) = &query.source {
        sql.push(" AND source = ").push_bind(source.clone());
    }
    if let Some(wanted) = query.q.as_deref().map(str::trim).filter(|wanted| !wanted.is_empty()) {
        let digits: String = wanted.chars().rev().filter(char::is_ascii_digit).collect();
        let is_number =
            wanted.chars().all(|c| c.is_ascii_digit() || "+ -.()".contains(c)) && !digits.is_empty();
        let id = wanted.to_owned();
        sql.push(" AND ((id >= ")
            .push_bind(id.clone())
            .push(" AND id < ")
            .push_bind(format!("{id}\u{10ffff}"));
        sql.push(")");
        if is_number {
            sql.push(" OR (phone_reversed >= ").push_bind(digits.clone());
            sql.push(" AND phone_reversed < ").push_bind(format!("{digits}:")).push(")");
        }
        sql.push(")");
    }
    if let Some(after) = query.after.as_deref().and_then(|after| after.parse::<i64>().ok()) {
        sql.push(" AND seq < ").push_bind(after);
    }
}

fn views(rows: &[SqliteRow]) -> Result<Vec<MessageView>, sqlx::Error> {
    rows.iter().filter_map(|row| view_of(row).transpose()).collect()
}

fn view_of(row: &SqliteRow) -> Result<Option<MessageView>, sqlx::Error> {
    Ok(view(row.try_get("key")?, row.try_get("view")?))
}

/// What lists show of a message. One that this build cannot read is left out: it holds no fact, and is made again
/// whenever its message is folded.
fn view(key: &str, text: &str) -> Option<MessageView> {
    let read = serde_json::from_str(text);
    if let Err(error) = &read {
        tracing::warn!(key, %error, "what is stored about a message cannot be read: run `rcs-revoke rebuild`");
    }
    read.ok()
}
