//! Opening the file: looked at without touching it, locked, made if it is not there, brought to this version.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Error};

use crate::store::connection::WriteConnection;
use crate::store::trouble::Trouble;
use crate::store::watch::Watch;
use crate::store::{STAMP, Store, StoreError, VERSION, disk, log};

const SCHEMA: &str = include_str!("schema.sql");
/// What a file of version 1 lacks, and what it should not have kept: the tokens that signed webhooks.
const FROM_VERSION_1: &str = "CREATE INDEX unclaimed_age ON unclaimed (kind, received_at);
    CREATE INDEX idempotency_age ON idempotency (at);
    UPDATE unclaimed SET headers = '[]';";
/// The columns that a file of version 2 lacks.
const FROM_VERSION_2: &str = "ALTER TABLE messages ADD COLUMN sms_due_at INTEGER;
    ALTER TABLE messages ADD COLUMN sms_via TEXT;
    ALTER TABLE messages ADD COLUMN sms_open INTEGER;";
/// What a file of version 3 has otherwise.
const FROM_VERSION_3: &str = "ALTER TABLE messages ADD COLUMN batch INTEGER;
    ALTER TABLE messages ADD COLUMN due_batch INTEGER;
    DROP INDEX IF EXISTS messages_due;";
/// What stands beside them since.
const SMS: &str = include_str!("schema_sms.sql");
const BATCHES: &str = include_str!("schema_batches.sql");
/// How long another process's use of the file is waited for.
const BUSY: Duration = Duration::from_secs(5);
/// After how many pages of 4 KiB the log is moved into the file. A page that changes again and again is moved once; a log
/// that is longer is read longer by whoever starts after a crash.
const CHECKPOINT: &str = "4000";
/// How many read at the same time.
const READERS: u32 = 4;
/// How much of the file each of those keeps in memory, as `SQLite` takes it: in KiB, negative. The one who writes keeps
/// more, for it meets the same pages again and again.
const READER_PAGES: &str = "-2000";
/// How often a lock is tried.
const AGAIN: Duration = Duration::from_millis(50);

impl Store {
    /// Opens the file for reading and writing, as much of it as can be read; makes it if it is not there.
    ///
    /// # Errors
    /// When it cannot be opened, is in use, is damaged, is newer than this build or is another program's. Nothing of
    /// it is changed then.
    pub async fn open(path: &Path) -> Result<(Self, WriteConnection), StoreError> {
        let path = &real(path);
        let lock = lock(path, Duration::ZERO).await?;
        Self::open_locked(path, lock).await
    }

    /// Opens the file as [`Self::open`] does, waits so long for another process to let it go, and refuses a log of
    /// which something would be dropped.
    ///
    /// # Errors
    /// As those of [`Self::open`], and when the log is damaged.
    pub async fn open_to_serve(
        path: &Path,
        patience: Duration,
    ) -> Result<(Self, WriteConnection), StoreError> {
        let path = &real(path);
        let lock = lock(path, patience).await?;
        match cut_off(path)? {
            0 => Self::open_locked(path, lock).await,
            commits => Err(StoreError::CutOff { path: path.display().to_string(), commits }),
        }
    }

    /// How many commits stand in the log behind a damaged place, and would be dropped; none while the file is in use.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn cut_off(path: &Path) -> Result<usize, StoreError> {
        let path = &real(path);
        match lock(path, Duration::ZERO).await {
            Ok(_lock) => cut_off(path),
            Err(_) => Ok(0),
        }
    }

    async fn open_locked(path: &Path, lock: File) -> Result<(Self, WriteConnection), StoreError> {
        inspect(path).await?;
        create_private(path)?;
        let refused = |error: Error| refused(path, &error);
        let options = reading(path).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let mut sql = SqliteConnection::connect_with(&options).await.map_err(refused)?;
        migrate(&mut sql).await.map_err(refused)?;
        let options = options.pragma("query_only", "on").pragma("cache_size", READER_PAGES);
        // All at once and for good: one that was opened later might be to another file of that name.
        let pool = |count| {
            SqlitePoolOptions::new()
                .min_connections(count)
                .max_connections(count)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(options.clone())
        };
        let readers = pool(READERS).await.map_err(refused)?;
        let ahead = pool(1).await.map_err(refused)?;
        let watch = Watch::new();
        let writer = WriteConnection::new(sql, ahead, watch.clone(), path.to_owned(), lock);
        Ok((Self { readers, watch }, writer))
    }

    /// Opens the file for reading only, beside a server that may be running.
    ///
    /// # Errors
    /// When it is not there, is damaged, is newer than this build or is another program's.
    pub async fn read_only(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.display().to_string()));
        }
        let path = &real(path);
        inspect(path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(reading(path).read_only(true))
            .await
            .map_err(|error| refused(path, &error))?;
        Ok(Self { readers, watch: Watch::new() })
    }
}

fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(false)
        .busy_timeout(BUSY)
        .pragma("cache_size", "-12000")
        .pragma("wal_autocheckpoint", CHECKPOINT)
        // What is sorted needs no room on a disk, which may be full.
        .pragma("temp_store", "memory")
}

/// The file itself where a link is given: its log and its lock stand beside it.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// One process owns the file: leases are in its memory.
async fn lock(path: &Path, patience: Duration) -> Result<File, StoreError> {
    let name = disk::beside(path, ".lock");
    // Nothing is written to it, so the right to read it is enough.
    let file = File::open(&name).or_else(|_| File::create(&name)).map_err(|error| unusable(path, &error))?;
    let begun = Instant::now();
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(unusable(path, &error)),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                return Err(StoreError::Locked(path.display().to_string()));
            }
            Err(TryLockError::WouldBlock) => {}
        }
        if !std::mem::replace(&mut told, true) {
            tracing::warn!(
                store.state = Trouble::Locked.code(),
                "another rcs-revoke has {}: it gets {} s to end",
                path.display(),
                patience.as_secs()
            );
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Looks whether this build may touch what is there, without touching it.
async fn inspect(path: &Path) -> Result<(), StoreError> {
    let length = |end| std::fs::metadata(disk::beside(path, end)).map_or(0, |found| found.len());
    if length("") == 0 {
        // SQLite would throw the log away, and what was acknowledged with it.
        let is_new = length("-wal") == 0;
        return if is_new { Ok(()) } else { Err(StoreError::Beheaded(path.display().to_string())) };
    }
    // A first start that was killed leaves a journal, and only who may write can see what stands behind it. Where
    // there is no log, none is made to look.
    let options = match length("-journal") {
        0 => reading(path).read_only(true).immutable(length("-wal") == 0),
        _ => reading(path),
    };
    let mut sql = SqliteConnection::connect_with(&options).await.map_err(|error| refused(path, &error))?;
    let looked = look(path, &mut sql).await;
    // What could not be closed was not opened for writing.
    let _ = sql.close().await;
    looked
}

/// How many tables every version has.
const OUR_TABLES: i64 = 5;
const VERSION_OF: &str = "PRAGMA user_version";

/// Whether it is a database of ours, and not of a newer build.
async fn look(path: &Path, sql: &mut SqliteConnection) -> Result<(), StoreError> {
    let tables = "SELECT count(*), count(*) FILTER
            (WHERE name IN ('messages', 'facts', 'unclaimed', 'sources', 'idempotency'))
        FROM sqlite_schema WHERE type = 'table'";
    let refused = |error: Error| refused(path, &error);
    let found: i64 = sqlx::query_scalar(VERSION_OF).fetch_one(&mut *sql).await.map_err(refused)?;
    let (tables, ours): (i64, i64) = sqlx::query_as(tables).fetch_one(&mut *sql).await.map_err(refused)?;
    let shown = path.display().to_string();
    match found {
        0 if tables == 0 => Ok(()),
        1..=VERSION if ours == OUR_TABLES => Ok(()),
        _ if found > VERSION && ours == OUR_TABLES => Err(StoreError::Newer { path: shown, found }),
        _ => Err(StoreError::Foreign(shown)),
    }
}

fn cut_off(path: &Path) -> Result<usize, StoreError> {
    let log = disk::beside(path, "-wal");
    log::cut_off(&log).map_err(|error| unusable(&log, &error))
}

/// Makes the file if it is not there, for this user alone: it holds phone numbers. `SQLite` gives its log the same
/// rights.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let made = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    made.map(drop).map_err(|error| unusable(path, &error))
}

/// What the machine says against the file or its folder.
fn unusable(path: &Path, error: &std::io::Error) -> StoreError {
    let trouble = Some(disk::trouble(error)).filter(|trouble| *trouble != Trouble::Failing);
    StoreError::Open { path: path.display().to_string(), problem: error.to_string(), trouble }
}

/// What `SQLite` says against it, and where it does not say why, what the machine says.
fn refused(path: &Path, error: &Error) -> StoreError {
    let (path_shown, problem) = (path.display().to_string(), error.to_string());
    let trouble = match Trouble::of(error) {
        Trouble::Corrupt => return StoreError::Damaged { path: path_shown, problem },
        Trouble::Failing => disk::room(path).err().map(|error| disk::trouble(&error)),
        trouble => Some(trouble),
    };
    let trouble = trouble.filter(|trouble| *trouble != Trouble::Failing);
    StoreError::Open { path: path_shown, problem, trouble }
}

/// Brings the file to this version in one step, or leaves it as it was.
async fn migrate(sql: &mut SqliteConnection) -> Result<(), Error> {
    let found: i64 = sqlx::query_scalar(VERSION_OF).fetch_one(&mut *sql).await?;
    let steps: &[&str] = match found {
        0 => &[SCHEMA, SMS, BATCHES],
        1 => &[FROM_VERSION_1, FROM_VERSION_2, FROM_VERSION_3, SMS, BATCHES],
        2 => &[FROM_VERSION_2, FROM_VERSION_3, SMS, BATCHES],
        3 => &[FROM_VERSION_3, BATCHES],
        _ => return Ok(()),
    };
    let mut change = sql.begin().await?;
    for step in steps {
        sqlx::raw_sql(*step).execute(&mut *change).await?;
    }
    sqlx::raw_sql(STAMP).execute(&mut *change).await?;
    change.commit().await
}

#[cfg(test)]
mod tests;
