//! Copies everything that can be read of a damaged file into a new one, range by range, and says what could not.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Error};

use crate::store::trouble::Trouble;
use crate::store::{Store, StoreError};

/// What every version has; the rest is folded anew.
const MESSAGES: &str =
    "INSERT INTO main.messages (n, key, id, source, outcome, due_at, look_at, folded_at, version, seq, phone_reversed,
        sent_at, window_closes, view)
    SELECT n, key, id, source, outcome, due_at, look_at, folded_at, version, seq, phone_reversed, sent_at,
        window_closes, view
    FROM old.messages NOT INDEXED WHERE n BETWEEN ?1 AND ?2";
const FACTS: &str = "INSERT INTO main.facts SELECT * FROM old.facts WHERE n BETWEEN ?1 AND ?2";
const UNCLAIMED: &str =
    "INSERT INTO main.unclaimed SELECT * FROM old.unclaimed WHERE digest >= ?1 AND digest < ?2";
/// A message whose row is lost, where the index of keys still names it: it is folded from its facts.
const NAMED: &str = "INSERT INTO main.messages (n, key, id, outcome, folded_at, version, seq, view)
    SELECT n, key, '', 'watched', 0, 0, -n, '{}' FROM old.messages INDEXED BY sqlite_autoindex_messages_1 WHERE n = ?1";
/// How long a digest's beginning may become before what stands under it is given up.
const FINEST: usize = 4;

/// What could not be copied, line by line.
#[derive(Debug, Default)]
pub(crate) struct Lost(pub Vec<String>);

/// Copies what can be read into a new file, which must not be there yet. Nothing of the old one is changed.
///
/// # Errors
/// When one of both cannot be opened, the new one cannot be written, or nothing of the old one can be read.
pub(crate) async fn salvage(from: &Path, into: &Path) -> Result<Lost, StoreError> {
    let held = Store::read_only(from).await?;
    let (unread, mut new) = Store::open(into).await?;
    sqlx::query("ATTACH ?1 AS old").bind(uri(from)).execute(&mut new.sql).await?;
    let mut lost = Lost::default();
    let sql = &mut new.sql;
    let highest = lost.highest_number(sql).await?;
    for (number, damage) in lost.by_number(sql, MESSAGES, highest).await? {
        if named(sql, number).await? {
            lost.0.push(format!("the source of message {number}: what waits for it is not sent"));
        } else {
            lost.0.push(format!("message {number}: {damage}"));
        }
    }
    for (number, damage) in lost.by_number(sql, FACTS, highest).await? {
        lost.0.push(format!("facts of message {number}: {damage}"));
    }
    lost.by_digest(sql).await?;
    for (table, what) in [
        ("INSERT INTO main.sources SELECT * FROM old.sources WHERE true", "what sources had learnt"),
        (
            "INSERT INTO main.idempotency SELECT * FROM old.idempotency WHERE true",
            "commands given with a key",
        ),
    ] {
        if let Err(damage) = copied(sqlx::query(table).execute(&mut *sql).await)? {
            lost.0.push(format!("{what}: {damage}"));
        }
    }
    for (table, copy, what) in [
        (
            "consents",
            "INSERT INTO main.consents SELECT * FROM old.consents WHERE true",
            "who wants no more advertising",
        ),
        (
            "batches",
            "INSERT INTO main.batches SELECT * FROM old.batches WHERE true",
            "which batches there are",
        ),
        (
            "batch_items",
            "INSERT INTO main.batch_items SELECT * FROM old.batch_items WHERE true",
            "what batches are still to ask for",
        ),
        (
            "batch_notes",
            "INSERT INTO main.batch_notes SELECT * FROM old.batch_notes WHERE true",
            "what batches do not ask for, and why",
        ),
    ] {
        if has_table(sql, table).await?
            && let Err(damage) = copied(sqlx::query(copy).execute(&mut *sql).await)?
        {
            lost.0.push(format!("{what}: {damage}"));
        }
    }
    sqlx::query("DETACH old").execute(&mut *sql).await?;
    held.readers.close().await;
    unread.readers.close().await;
    new.ahead.close().await;
    // Last, so that the log is moved into the file.
    new.sql.close().await?;
    Ok(lost)
}

/// Whether it was copied, or why it could not be read; any other failure ends it all.
fn copied<T>(done: Result<T, Error>) -> Result<Result<T, String>, StoreError> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(error) if Trouble::of(&error) == Trouble::Corrupt => Ok(Err(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Whether the old file is of a version that has this table.
async fn has_table(sql: &mut SqliteConnection, table: &str) -> Result<bool, StoreError> {
    let query = "SELECT EXISTS (SELECT 1 FROM old.sqlite_schema WHERE type = 'table' AND name = ?1)";
    Ok(sqlx::query_scalar(query).bind(table).fetch_one(sql).await?)
}

async fn named(sql: &mut SqliteConnection, number: i64) -> Result<bool, StoreError> {
    let done = copied(sqlx::query(NAMED).bind(number).execute(sql).await)?;
    Ok(done.is_ok_and(|done| done.rows_affected() == 1))
}

impl Lost {
    /// The highest number that a message or a fact has.
    async fn highest_number(&mut self, sql: &mut SqliteConnection) -> Result<i64, StoreError> {
        let mut highest = None;
        for query in
            ["SELECT max(n) FROM old.messages NOT INDEXED", "SELECT coalesce(max(n), 0) FROM old.facts"]
        {
            match copied(sqlx::query_scalar::<_, Option<i64>>(query).fetch_one(&mut *sql).await)? {
                Ok(found) => highest = highest.max(found.or(Some(0))),
                Err(damage) => self.0.push(format!("the last messages or facts: {damage}")),
            }
        }
        highest.ok_or_else(|| StoreError::Key("no end of its messages that can be read".to_owned()))
    }

    /// Copies the rows up to a number, halving what cannot be read, and says which single ones could not.
    async fn by_number(
        &self,
        sql: &mut SqliteConnection,
        copy: &'static str,
        highest: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let (mut ranges, mut failed) = (vec![(1, highest)], Vec::new());
        while let Some((from, to)) = ranges.pop() {
            if from > to {
                continue;
            }
            match copied(sqlx::query(copy).bind(from).bind(to).execute(&mut *sql).await)? {
                Ok(_) => {}
                Err(damage) if from == to => failed.push((from, damage)),
                Err(_) => {
                    let middle = from + (to - from) / 2;
                    ranges.extend([(middle + 1, to), (from, middle)]);
                }
            }
        }
        Ok(failed)
    }

    /// Copies kept webhooks by how their digests begin.
    async fn by_digest(&mut self, sql: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut beginnings = vec![String::new()];
        while let Some(beginning) = beginnings.pop() {
            let end = format!("{beginning}g");
            let done = sqlx::query(UNCLAIMED).bind(&beginning).bind(&end).execute(&mut *sql).await;
            match copied(done)? {
                Ok(_) => {}
                Err(damage) if beginning.len() == FINEST => {
                    self.0.push(format!("kept webhooks whose digest begins with {beginning}: {damage}"));
                }
                Err(_) => {
                    let longer = |next| format!("{beginning}{next}");
                    beginnings.extend("0123456789abcdef".chars().map(longer));
                }
            }
        }
        Ok(())
    }
}

/// The file as `SQLite` opens it for reading only.
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            byte => {
                let _ = write!(uri, "%{byte:02x}");
            }
        }
    }
    uri + "?mode=ro"
}
