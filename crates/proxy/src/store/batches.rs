//! Batches as they are stored: the batch itself, what is still to be asked for, and what is not asked for at all.

use std::collections::HashSet;

use rcs_revoke_api::BatchPlan;
use rcs_revoke_core::BatchId;
use rcs_revoke_core::recall::State;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::store::{Store, StoreError};

pub(crate) const UPSERT: &str = "INSERT INTO batches
        (number, state, by, created_at, started_at, ended_at, terms, plan, history)
    SELECT value ->> 'number', value ->> 'state', value ->> 'by', value ->> 'created_at', value ->> 'started_at',
        value ->> 'ended_at', value ->> 'terms', value ->> 'plan', value ->> 'history'
    FROM json_each(?1) WHERE true
    ON CONFLICT (number) DO UPDATE SET state = excluded.state, started_at = excluded.started_at,
        ended_at = excluded.ended_at, plan = excluded.plan, history = coalesce(excluded.history, history)";
pub(crate) const INSERT_ITEMS: &str = "INSERT INTO batch_items
        (batch, source, age, i, key, phone, sent_at, window_closes)
    SELECT value ->> 'batch', value ->> 'source', value ->> 'age', value ->> 'i', value ->> 'key', value ->> 'phone',
        value ->> 'sent_at', value ->> 'window_closes'
    FROM json_each(?1)";
pub(crate) const DELETE_ITEMS: &str = "DELETE FROM batch_items WHERE (batch, source, age, i) IN
    (SELECT value ->> 'batch', value ->> 'source', value ->> 'age', value ->> 'i' FROM json_each(?1))";
pub(crate) const INSERT_NOTES: &str = "INSERT INTO batch_notes (batch, i, line, col, code, detail, text)
    SELECT value ->> 'batch', value ->> 'i', value ->> 'line', value ->> 'col', value ->> 'code', value ->> 'detail',
        value ->> 'text'
    FROM json_each(?1) WHERE true ON CONFLICT (batch, i) DO NOTHING";
/// What is left of plans that were thrown away, a part at a time.
pub(crate) const CLEAR: [&str; 2] = [
    "DELETE FROM batch_items WHERE (batch, source, age, i) IN
        (SELECT batch, source, age, i FROM batch_items WHERE batch = ?1 LIMIT ?2)",
    "DELETE FROM batch_notes WHERE (batch, i) IN (SELECT batch, i FROM batch_notes WHERE batch = ?1 LIMIT ?2)",
];

macro_rules! batches {
    ($which:literal) => {
        concat!(
            "SELECT number, state, by, created_at, started_at, ended_at, terms, plan, history FROM batches ",
            $which
        )
    };
}

macro_rules! items {
    ($which:literal) => {
        concat!(
            "SELECT batch, source, age, i, key, phone, sent_at, window_closes FROM batch_items WHERE batch = ?1 ",
            $which
        )
    };
}

/// The id of a batch by its number.
pub fn id_of(n: i64) -> BatchId {
    BatchId::parse(&format!("bat_{n}")).expect("letters and digits are a batch id")
}

/// The number of a batch by its id; none if no batch of ours can have it.
pub fn number_of(id: &str) -> Option<i64> {
    let digits = id.strip_prefix("bat_")?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| is_number)
}

/// One batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BatchRow {
    /// Its number.
    #[serde(rename = "number")]
    pub n: i64,
    /// Where it stands.
    pub state: State,
    /// Who planned it.
    pub by: String,
    /// When.
    pub created_at: i64,
    /// When it was started.
    pub started_at: Option<i64>,
    /// When it ended, and nothing more is to be done for it.
    pub ended_at: Option<i64>,
    /// What holds for all, as JSON.
    pub terms: String,
    /// The plan, as JSON.
    pub plan: String,
    /// Requests over time, as JSON.
    pub history: Option<String>,
}

/// What stands for the plan of a batch whose messages are still being read, or never were read to their end.
pub const NO_PLAN: &str = "{}";

impl BatchRow {
    /// Its plan; one of nothing if it never became whole.
    ///
    /// # Errors
    /// When it is not what this build or an earlier one wrote.
    pub fn planned(&self) -> Result<BatchPlan, serde_json::Error> {
        if self.plan == NO_PLAN { Ok(BatchPlan::default()) } else { serde_json::from_str(&self.plan) }
    }
}

/// One message that is still to be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemRow {
    /// Its batch.
    pub batch: i64,
    /// Its source.
    pub source: String,
    /// Grows with the message's age; 0 where that is not known.
    pub age: i64,
    /// Its place among the batch's messages.
    pub i: i64,
    /// The message's key.
    pub key: String,
    /// The recipient, where the operator's text tells it.
    pub phone: Option<String>,
    /// When it was sent, where the operator's text tells it.
    pub sent_at: Option<i64>,
    /// When its window closes.
    pub window_closes: Option<i64>,
}

impl ItemRow {
    /// The age that puts the youngest first, and those of which it is not known last.
    pub const fn age_of(sent_at: Option<i64>) -> i64 {
        match sent_at {
            Some(at) if at > 0 => -at,
            _ => 0,
        }
    }

    /// When the message was sent, by whoever says so.
    pub const fn known_sent_at(&self) -> Option<i64> {
        if self.age < 0 { Some(-self.age) } else { None }
    }
}

/// Something that is not asked for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteRow {
    /// Its batch.
    pub batch: i64,
    /// Its place among the batch's rows.
    pub i: i64,
    /// The line, for a row that could not be taken.
    pub line: Option<i64>,
    /// The column.
    pub col: Option<i64>,
    /// The stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// The row's text, or the message's key.
    pub text: String,
}

impl Store {
    /// One batch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn batch(&self, n: i64) -> Result<Option<BatchRow>, StoreError> {
        let query = batches!("WHERE number = ?1");
        let row = self.read(sqlx::query(query).bind(n).fetch_optional(&self.readers).await)?;
        row.as_ref().map(batch).transpose()
    }

    /// Batches before a number, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn batches(&self, before: Option<i64>, limit: i64) -> Result<Vec<BatchRow>, StoreError> {
        let query = batches!("WHERE number < ?1 ORDER BY number DESC LIMIT ?2");
        let before = before.unwrap_or(i64::MAX);
        let rows = self.read(sqlx::query(query).bind(before).bind(limit).fetch_all(&self.readers).await)?;
        rows.iter().map(batch).collect()
    }

    /// Messages of a batch that are still to be asked for at a source, in the order of work: those whose windows
    /// close first, and the youngest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn batch_items(
        &self,
        batch: i64,
        source: &str,
        limit: i64,
    ) -> Result<Vec<ItemRow>, StoreError> {
        let oldest = items!("AND source = ?2 AND age < 0 ORDER BY age DESC LIMIT ?3");
        let youngest = items!("AND source = ?2 ORDER BY age, i LIMIT ?3");
        let mut items: Vec<ItemRow> = Vec::new();
        for query in [youngest, oldest] {
            let found = sqlx::query(query).bind(batch).bind(source).bind(limit);
            let found = self.read(found.fetch_all(&self.readers).await)?;
            for row in &found {
                items.push(self.read(item(row))?);
            }
        }
        items.sort_by_key(|item| (item.age, item.i));
        items.dedup();
        Ok(items)
    }

    /// The messages of a batch that are still to be asked for, in the order of their places, behind one of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting_after(
        &self,
        batch: i64,
        after: Option<&ItemRow>,
        limit: i64,
    ) -> Result<Vec<ItemRow>, StoreError> {
        let query = items!("AND (source, age, i) > (?2, ?3, ?4) ORDER BY source, age, i LIMIT ?5");
        let (source, age, i) =
            after.map_or(("", i64::MIN, i64::MIN), |item| (&*item.source, item.age, item.i));
        let found = sqlx::query(query).bind(batch).bind(source).bind(age).bind(i).bind(limit);
        let found = self.read(found.fetch_all(&self.readers).await)?;
        self.read(found.iter().map(item).collect::<Result<_, _>>())
    }

    /// What is not asked for, behind a place: rows of the text that could not be taken, or messages that are skipped.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notes_after(
        &self,
        batch: i64,
        of_text: bool,
        after: i64,
        limit: i64,
    ) -> Result<Vec<NoteRow>, StoreError> {
        let query = "SELECT i, line, col, code, detail, text FROM batch_notes
            WHERE batch = ?1 AND i > ?2 AND (line IS NOT NULL) = ?3 ORDER BY i LIMIT ?4";
        let rows = sqlx::query(query).bind(batch).bind(after).bind(of_text).bind(limit);
        let rows = self.read(rows.fetch_all(&self.readers).await)?;
        let note = |row: &SqliteRow| {
            Ok(NoteRow {
                batch,
                i: row.try_get("i")?,
                line: row.try_get("line")?,
                col: row.try_get("col")?,
                code: row.try_get("code")?,
                detail: row.try_get("detail")?,
                text: row.try_get("text")?,
            })
        };
        self.read(rows.iter().map(note).collect::<Result<_, sqlx::Error>>())
    }

    /// Whether anything is left of what was read for a batch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holds_rows_of(&self, batch: i64) -> Result<bool, StoreError> {
        let query = "SELECT EXISTS (SELECT 1 FROM batch_items WHERE batch = ?1)
            OR EXISTS (SELECT 1 FROM batch_notes WHERE batch = ?1)";
        self.read(sqlx::query_scalar(query).bind(batch).fetch_one(&self.readers).await)
    }

    /// The batches that ended by an instant, and of which rows are left.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn batches_ended_by(&self, instant: i64) -> Result<Vec<i64>, StoreError> {
        let query = "SELECT number FROM batches WHERE ended_at <= ?1
            AND (EXISTS (SELECT 1 FROM batch_items WHERE batch = number)
                OR EXISTS (SELECT 1 FROM batch_notes WHERE batch = number))";
        self.read(sqlx::query_scalar(query).bind(instant).fetch_all(&self.readers).await)
    }

    /// The keys of a batch's messages of an outcome whose latest change lies before another, the latest first,
    /// each with its change.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of_batch_before(
        &self,
        batch: i64,
        outcome: &str,
        seq: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let query = "SELECT seq, key FROM messages INDEXED BY messages_batch
            WHERE batch = ?1 AND outcome = ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4";
        let rows = sqlx::query_as(query).bind(batch).bind(outcome).bind(seq).bind(limit);
        self.read(rows.fetch_all(&self.readers).await)
    }
}

/// The batches for which something is still to be done, the earliest first.
pub(crate) async fn open(sql: &mut SqliteConnection) -> Result<Vec<BatchRow>, StoreError> {
    let query = batches!("WHERE ended_at IS NULL ORDER BY number");
    let rows = sqlx::query(query).fetch_all(sql).await?;
    rows.iter().map(batch).collect()
}

/// Which of these still wait to be asked for, by their batch and place.
pub(crate) async fn waiting_among<'a>(
    sql: &mut SqliteConnection,
    items: impl Iterator<Item = &'a ItemRow>,
) -> Result<HashSet<(i64, i64)>, StoreError> {
    let wanted: Vec<_> = items.map(|item| (item.batch, &item.source, item.age, item.i)).collect();
    if wanted.is_empty() {
        return Ok(HashSet::new());
    }
    let query = "SELECT i.batch, i.i FROM json_each(?1) wanted JOIN batch_items i
        ON (i.batch, i.source, i.age, i.i)
            = (wanted.value ->> 0, wanted.value ->> 1, wanted.value ->> 2, wanted.value ->> 3)";
    let rows: Vec<(i64, i64)> =
        sqlx::query_as(query).bind(serde_json::to_string(&wanted)?).fetch_all(sql).await?;
    Ok(rows.into_iter().collect())
}

/// The highest number of a batch.
pub(crate) async fn last_number(sql: &mut SqliteConnection) -> Result<i64, StoreError> {
    let query = "SELECT coalesce(max(number), 0) FROM batches";
    Ok(sqlx::query_scalar(query).fetch_one(sql).await?)
}

fn batch(row: &SqliteRow) -> Result<BatchRow, StoreError> {
    let state: String = row.try_get("state")?;
    Ok(BatchRow {
        n: row.try_get("number")?,
        // A state of a newer build is none in which anything is sent.
        state: State::from_code(&state).unwrap_or(State::Paused),
        by: row.try_get("by")?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        terms: row.try_get("terms")?,
        plan: row.try_get("plan")?,
        history: row.try_get("history")?,
    })
}

fn item(row: &SqliteRow) -> Result<ItemRow, sqlx::Error> {
    Ok(ItemRow {
        batch: row.try_get("batch")?,
        source: row.try_get("source")?,
        age: row.try_get("age")?,
        i: row.try_get("i")?,
        key: row.try_get("key")?,
        phone: row.try_get("phone")?,
        sent_at: row.try_get("sent_at")?,
        window_closes: row.try_get("window_closes")?,
    })
}

#[cfg(test)]
mod tests {
    use super::{id_of, number_of};

    #[test]
    fn ids_and_numbers_are_each_others() {
        assert_eq!(number_of(id_of(17).as_str()), Some(17));
        for other in ["bat_", "bat_0", "bat_017", "bat_+1", "bat_99999999999999999999", "17", "rev_17"] {
            assert_eq!(number_of(other), None, "{other}");
        }
    }
}
