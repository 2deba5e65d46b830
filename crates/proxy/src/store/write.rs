//! The statements of one grouped write. Nothing is answered before the commit that ends it.

use std::sync::LazyLock;

use rcs_revoke_core::Fact;
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use crate::store::batches::{self, BatchRow, ItemRow, NoteRow};
use crate::store::consents::{self, ConsentRow};
use crate::store::projection::Projection;
use crate::store::rows::{Binding, Insert, Row};
use crate::store::sms::{self, SmsRow};
use crate::store::tallies::{self, Tally};
use crate::store::unclaimed::{self, Unclaimed};
use crate::store::{STAMP, StoreError, idempotency, sources};

static FACTS: LazyLock<Insert> = LazyLock::new(|| {
    Insert::of::<(i64, String, String)>(
        "INSERT INTO facts (n, key, fact)",
        "ON CONFLICT (n, key) DO UPDATE SET fact = excluded.fact",
    )
});
static MESSAGES: LazyLock<Insert> = LazyLock::new(|| {
    Insert::of::<MessageRow>(
        "INSERT INTO messages (n, key, id, source, outcome, due_at, look_at, folded_at, version, seq, phone_reversed,
            sent_at, window_closes, sms_due_at, sms_via, sms_open, batch, due_batch, view)",
        "ON CONFLICT (n) DO UPDATE SET source = excluded.source, outcome = excluded.outcome,
            due_at = excluded.due_at, look_at = excluded.look_at, folded_at = excluded.folded_at,
            version = excluded.version, seq = excluded.seq, phone_reversed = excluded.phone_reversed,
            sent_at = excluded.sent_at, window_closes = excluded.window_closes,
            sms_due_at = excluded.sms_due_at, sms_via = excluded.sms_via, sms_open = excluded.sms_open,
            batch = excluded.batch, due_batch = excluded.due_batch, view = excluded.view, id = excluded.id",
    )
});

/// What a forgotten message takes along: its rows in every table that calls a message by its number.
pub(crate) const FORGET: [&str; 3] = [
    "DELETE FROM sms WHERE n IN (SELECT value FROM json_each(?1))",
    "DELETE FROM facts WHERE n IN (SELECT value FROM json_each(?1))",
    "DELETE FROM messages WHERE n IN (SELECT value FROM json_each(?1))",
];

/// Why a group was not written.
#[derive(Debug)]
pub(crate) struct CommitError {
    pub error: StoreError,
    /// Whether surely nothing of it will be found, whatever happens to this process.
    pub certain: bool,
}

impl CommitError {
    fn certain(error: sqlx::Error) -> Self {
        Self { error: error.into(), certain: true }
    }
}

/// Everything that one group of changes writes.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Facts, by their message's number and their key.
    pub facts: Vec<(i64, String, String)>,
    /// Messages whose meaning changed.
    pub messages: Vec<MessageRow>,
    /// SMS that are known by another name now.
    pub sms: Vec<SmsRow>,
    /// What people said about an agent's advertising.
    pub consents: Vec<ConsentRow>,
    /// Webhooks that nobody claims.
    pub unclaimed: Vec<Unclaimed>,
    /// Digests of those that are kept no longer: claimed since, or forgotten.
    pub no_longer_kept: Vec<String>,
    /// What sources learnt: id and JSON.
    pub sources: Vec<(String, String)>,
    /// Commands given with a key: key, digest, report, instant.
    pub given: Vec<(String, String, Option<String>, i64)>,
    /// Commands with a key that were given before this instant are forgotten.
    pub forget_given_before: Option<i64>,
    /// Batches as they stand now.
    pub batches: Vec<BatchRow>,
    /// Messages of batches that are to be asked for.
    pub items: Vec<ItemRow>,
    /// Those of them that wait no longer.
    pub items_taken: Vec<ItemRow>,
    /// What of a batch is not asked for.
    pub notes: Vec<NoteRow>,
    /// Batches of which so many rows are cleared away.
    pub cleared: Vec<(i64, i64)>,
    /// How many more or fewer there are of what.
    pub tallies: Vec<Tally>,
    /// Whether everything is counted again.
    pub recount: bool,
    /// Messages that are forgotten, by their numbers.
    pub forgotten: Vec<i64>,
    /// Whether somebody asks if writing works.
    pub probe: bool,
}

/// One row of `messages`.
#[derive(Debug)]
pub(crate) struct MessageRow {
    pub n: i64,
    pub seq: i64,
    pub source: Option<String>,
    pub projection: Projection,
    view: String,
}

impl MessageRow {
    pub(crate) fn new(
        n: i64,
        seq: i64,
        source: Option<String>,
        projection: Projection,
    ) -> Result<Self, StoreError> {
        let view = serde_json::to_string(&projection.view)?;
        Ok(Self { n, seq, source, projection, view })
    }
}

impl Row for MessageRow {
    const COLUMNS: usize = 19;

    fn bind<'q>(&'q self, query: Binding<'q>) -> Binding<'q> {
        let of = &self.projection;
        query
            .bind(self.n)
            .bind(&of.view.message)
            .bind(&of.id)
            .bind(&self.source)
            .bind(&of.outcome)
            .bind(of.due_at)
            .bind(of.look_at)
            .bind(of.folded_at)
            .bind(of.view.version)
            .bind(self.seq)
            .bind(&of.phone_reversed)
            .bind(of.sent_at)
            .bind(of.window_closes)
            .bind(of.sms_due_at)
            .bind(&of.sms_via)
            // None unless it is: so that the index holds only those.
            .bind(of.sms_open.then_some(true))
            .bind(of.batch)
            .bind(of.due_batch)
            .bind(&self.view)
    }
}

/// One row of `facts`.
impl Row for (i64, String, String) {
    const COLUMNS: usize = 3;

    fn bind<'q>(&'q self, query: Binding<'q>) -> Binding<'q> {
        query.bind(self.0).bind(&self.1).bind(&self.2)
    }
}

impl Group {
    pub(crate) fn fact(&mut self, n: i64, fact: &Fact) {
        self.facts.push((n, fact.key(), fact.canonical()));
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.facts.is_empty()
            && self.messages.is_empty()
            && self.sms.is_empty()
            && self.consents.is_empty()
            && self.unclaimed.is_empty()
            && self.no_longer_kept.is_empty()
            && self.sources.is_empty()
            && self.given.is_empty()
            && self.forget_given_before.is_none()
            && self.batches.is_empty()
            && self.items.is_empty()
            && self.items_taken.is_empty()
            && self.notes.is_empty()
            && self.cleared.is_empty()
            && self.tallies.is_empty()
            && !self.recount
            && self.forgotten.is_empty()
            && !self.probe
    }

    /// Writes all of it, or nothing.
    pub(crate) async fn commit(&self, sql: &mut SqliteConnection) -> Result<(), CommitError> {
        if self.is_empty() {
            return Ok(());
        }
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *sql).await.map_err(CommitError::certain)?;
        if let Err(error) = self.write(sql).await {
            roll_back(sql).await;
            return Err(CommitError { error, certain: true });
        }
        if let Err(error) = sqlx::query("COMMIT").execute(&mut *sql).await {
            roll_back(sql).await;
            // It may stand in the log whole, and a process that starts after a crash would read it there.
            let certain = stamp(sql).await.is_ok();
            return Err(CommitError { error: error.into(), certain });
        }
        Ok(())
    }

    async fn write(&self, sql: &mut SqliteConnection) -> Result<(), StoreError> {
        // First: the same group may hear of such a message anew.
        for statement in FORGET {
            put(sql, statement, &self.forgotten).await?;
        }
        FACTS.put(sql, &self.facts).await?;
        MESSAGES.put(sql, &self.messages).await?;
        put(sql, sms::UPSERT, &self.sms).await?;
        put(sql, consents::INSERT, &self.consents).await?;
        put(sql, unclaimed::INSERT, &self.unclaimed).await?;
        put(sql, unclaimed::DELETE, &self.no_longer_kept).await?;
        put(sql, sources::UPSERT, &self.sources).await?;
        put(sql, idempotency::UPSERT, &self.given).await?;
        put(sql, batches::UPSERT, &self.batches).await?;
        put(sql, batches::INSERT_ITEMS, &self.items).await?;
        put(sql, batches::DELETE_ITEMS, &self.items_taken).await?;
        put(sql, batches::INSERT_NOTES, &self.notes).await?;
        for (batch, rows) in &self.cleared {
            for statement in batches::CLEAR {
                sqlx::query(statement).bind(batch).bind(rows).execute(&mut *sql).await?;
            }
        }
        put(sql, tallies::ADD, &self.tallies).await?;
        for statement in tallies::RECOUNT.into_iter().filter(|_| self.recount) {
            sqlx::query(statement).execute(&mut *sql).await?;
        }
        if let Some(before) = self.forget_given_before {
            sqlx::query(idempotency::FORGET).bind(before).execute(&mut *sql).await?;
        }
        if self.probe {
            // Takes the write lock and reaches the disk without changing anything.
            sqlx::query(STAMP).execute(&mut *sql).await?;
        }
        Ok(())
    }
}

/// A commit that failed may leave its transaction open, and the next group needs a fresh one.
async fn roll_back(sql: &mut SqliteConnection) {
    let _ = sqlx::query("ROLLBACK").execute(sql).await;
}

/// Writes what changes nothing. In the log it takes the place of what a failed commit left there.
pub(crate) async fn stamp(sql: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *sql).await?;
    let mut stamped = sqlx::query(STAMP).execute(&mut *sql).await;
    if stamped.is_ok() {
        stamped = sqlx::query("COMMIT").execute(&mut *sql).await;
    }
    if stamped.is_err() {
        roll_back(sql).await;
    }
    stamped.map(drop)
}

async fn put<T: Serialize>(
    sql: &mut SqliteConnection,
    query: &'static str,
    rows: &[T],
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        sqlx::query(query).bind(serde_json::to_string(rows)?).execute(&mut *sql).await?;
    }
    Ok(())
}
