//! Reading messages: lists, lookups, one in full, what is due, what is to be looked at.

use std::collections::HashMap;

use futures_util::StreamExt;
use rcs_revoke_api::{MessageQuery, MessageView};
use rcs_revoke_core::{Evidence, Fact, MessageRef};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
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
pub(super) use duplicate;

/// How many keys are handed on together.
const KEYS_AT_ONCE: usize = 1_000;

/// Loads messages with all their facts; those not there are left out.
pub(crate) async fn load(
    sql: &mut SqliteConnection,
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

    /// The messages of a batch behind one of them, by outcome and change, each as lists show it; none for one that
    /// cannot be read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn views_of_batch_after(
        &self,
        sql: &mut SqliteConnection,
        batch: i64,
        (outcome, seq): (&str, i64),
        limit: i64,
    ) -> Result<Vec<(String, i64, Option<MessageView>)>, StoreError> {
        let query = "SELECT outcome, seq, key, view FROM messages INDEXED BY messages_batch
            WHERE batch = ?1 AND (outcome, seq) > (?2, ?3) ORDER BY outcome, seq LIMIT ?4";
        let rows = sqlx::query(query).bind(batch).bind(outcome).bind(seq).bind(limit);
        let rows = self.read(rows.fetch_all(sql).await)?;
        let one = |row: &SqliteRow| Ok((row.try_get("outcome")?, row.try_get("seq")?, view_of(row)?));
        self.read(rows.iter().map(one).collect::<Result<_, sqlx::Error>>())
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
    if let Some(wanted) = Wanted::of(query) {
        sql.push(" AND ((id >= ").push_bind(wanted.id.clone());
        sql.push(" AND id < ").push_bind(wanted.id_end()).push(")");
        if let Some((digits, end)) = wanted.phone {
            sql.push(" OR (phone_reversed >= ").push_bind(digits);
            sql.push(" AND phone_reversed < ").push_bind(end).push(")");
        }
        sql.push(")");
    }
    if let Some(after) = query.after.as_deref().and_then(|after| after.parse::<i64>().ok()) {
        sql.push(" AND seq < ").push_bind(after);
    }
}

/// What is searched for.
pub(super) struct Wanted {
    /// The beginning of an id.
    pub id: String,
    /// The end of a phone number, backwards, and what lies behind all that begin with it.
    pub phone: Option<(String, String)>,
}

impl Wanted {
    pub(super) fn of(query: &MessageQuery) -> Option<Self> {
        let wanted = query.q.as_deref().map(str::trim).filter(|wanted| !wanted.is_empty())?;
        let digits: String = wanted.chars().rev().filter(char::is_ascii_digit).collect();
        let is_number =
            wanted.chars().all(|c| c.is_ascii_digit() || "+ -.()".contains(c)) && !digits.is_empty();
        let phone = is_number.then(|| (digits.clone(), format!("{digits}:")));
        Some(Self { id: wanted.to_owned(), phone })
    }

    /// What lies behind all ids that begin with it.
    pub(super) fn id_end(&self) -> String {
        format!("{}\u{10ffff}", self.id)
    }
}

fn views(rows: &[SqliteRow]) -> Result<Vec<MessageView>, sqlx::Error> {
    rows.iter().filter_map(|row| view_of(row).transpose()).collect()
}

pub(super) fn view_of(row: &SqliteRow) -> Result<Option<MessageView>, sqlx::Error> {
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
