//! The `SQLite` file: opened, migrated, read. It is written by one connection only, which belongs to the ledger.
//!
//! Lists of keys and rows travel as one JSON argument, so every statement is a constant that is prepared once.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, SqlitePool};

pub mod idempotency;
pub mod messages;
pub mod projection;
pub mod sources;
pub mod unclaimed;
pub mod write;

pub use projection::Projection;

/// The schema's version that this build writes.
const VERSION: i64 = 2;
/// Writes that version; it changes together with it.
pub(crate) const STAMP: &str = "PRAGMA user_version = 2";
const SCHEMA: &str = include_str!("store/schema.sql");
/// What a file of version 1 lacks, and what it should not have kept: the tokens that signed webhooks.
const FROM_VERSION_1: &str = "CREATE INDEX unclaimed_age ON unclaimed (kind, received_at);
    CREATE INDEX idempotency_age ON idempotency (at);
    UPDATE unclaimed SET headers = '[]';";

/// Something went wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It was written by a newer build.
    #[error(
        "{path} was written by a newer version of rcs-revoke (schema {found}, this version knows {VERSION}): use that version, nothing was changed"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its schema's version.
        found: i64,
    },
    /// Another process has it.
    #[error("{0} is in use by another rcs-revoke: stop that one, or give this one another `database`")]
    Locked(String),
    /// It cannot be opened.
    #[error("{path} cannot be opened: {problem}")]
    Open {
        /// The file.
        path: String,
        /// Why.
        problem: String,
    },
    /// It is not there.
    #[error("there is no database at {0}")]
    Missing(String),
    /// `SQLite` refused.
    #[error("the database refused: {0}")]
    Sqlite(#[from] sqlx::Error),
    /// A stored text is not what this build wrote.
    #[error("the database holds a text that cannot be read back: {0}")]
    Json(#[from] serde_json::Error),
    /// The writer has stopped.
    #[error("the database is closed")]
    Closed,
    /// The program failed over it.
    #[error(
        "this made rcs-revoke itself fail, and nothing of it was written: please report it, with the log"
    )]
    Defect,
    /// What was to be written with others failed with them.
    #[error("not written: {0}")]
    Batch(String),
}

/// The database as everybody reads it.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) readers: SqlitePool,
}

/// The one connection that writes, and the lock that keeps other processes away.
#[derive(Debug)]
pub struct WriteConnection {
    pub(crate) sql: SqliteConnection,
    _lock: File,
}

impl Store {
    /// Opens the file for reading and writing; makes it if it is not there.
    ///
    /// # Errors
    /// When it cannot be opened, is in use, or is newer than this build.
    pub async fn open(path: &Path) -> Result<(Self, WriteConnection), StoreError> {
        let lock = lock(path)?;
        create_private(path)?;
        let options = options(path);
        let mut sql =
            SqliteConnection::connect_with(&options).await.map_err(|error| open_error(path, &error))?;
        migrate(path, &mut sql).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok((Self { readers }, WriteConnection { sql, _lock: lock }))
    }

    /// Opens the file for reading only, beside a server that may be running.
    ///
    /// # Errors
    /// When it is not there, or is of another version.
    pub async fn read_only(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.display().to_string()));
        }
        let options = options(path).pragma("query_only", "on");
        let readers = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(|error| open_error(path, &error))?;
        let found: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&readers).await?;
        if found > VERSION {
            return Err(StoreError::Newer { path: path.display().to_string(), found });
        }
        Ok(Self { readers })
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(false)
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", "-16000")
}

fn open_error(path: &Path, error: &sqlx::Error) -> StoreError {
    StoreError::Open { path: path.display().to_string(), problem: error.to_string() }
}

/// Makes the file if it is not there, for this user alone: it holds phone numbers. `SQLite` gives its log the same
/// rights.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let made = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    made.map(drop)
        .map_err(|error| StoreError::Open { path: path.display().to_string(), problem: error.to_string() })
}

/// One process owns the file: leases are in its memory.
fn lock(path: &Path) -> Result<File, StoreError> {
    let shown = path.display().to_string();
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::create(PathBuf::from(name))
        .map_err(|error| StoreError::Open { path: shown.clone(), problem: error.to_string() })?;
    file.try_lock().map_err(|_| StoreError::Locked(shown))?;
    Ok(file)
}

async fn migrate(path: &Path, sql: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *sql)
        .await
        .map_err(|error| open_error(path, &error))?;
    let step = match found {
        0 => SCHEMA,
        1 => FROM_VERSION_1,
        VERSION => return Ok(()),
        found => return Err(StoreError::Newer { path: path.display().to_string(), found }),
    };
    let mut change = sql.begin().await?;
    sqlx::raw_sql(step).execute(&mut *change).await?;
    sqlx::raw_sql(STAMP).execute(&mut *change).await?;
    change.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{Store, StoreError};

    #[tokio::test]
    async fn nobody_else_on_the_machine_reads_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let _held = Store::open(&path).await.unwrap();
        for end in ["", "-wal", "-shm"] {
            let file = folder.path().join(format!("a.db{end}"));
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", file.display());
        }
    }

    #[test]
    fn the_stamp_writes_the_version() {
        assert!(super::STAMP.ends_with(&format!("= {}", super::VERSION)));
    }

    #[tokio::test]
    async fn a_file_of_the_first_version_becomes_one_of_this() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (store, mut writer) = Store::open(&path).await.unwrap();
        let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
        let wanted: Vec<String> = sqlx::query_scalar(indexes).fetch_all(&store.readers).await.unwrap();
        let back = "DROP INDEX unclaimed_age; DROP INDEX idempotency_age; PRAGMA user_version = 1";
        sqlx::raw_sql(back).execute(&mut writer.sql).await.unwrap();
        store.readers.close().await;
        drop(writer);
        let (store, _held) = Store::open(&path).await.unwrap();
        let found: Vec<String> = sqlx::query_scalar(indexes).fetch_all(&store.readers).await.unwrap();
        assert_eq!(found, wanted);
    }

    #[tokio::test]
    async fn a_newer_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (store, mut writer) = Store::open(&path).await.unwrap();
        sqlx::raw_sql("PRAGMA user_version = 9").execute(&mut writer.sql).await.unwrap();
        store.readers.close().await;
        drop(writer);
        assert!(matches!(Store::open(&path).await, Err(StoreError::Newer { found: 9, .. })));
    }

    #[tokio::test]
    async fn one_process_owns_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let _held = Store::open(&path).await.unwrap();
        assert!(matches!(Store::open(&path).await, Err(StoreError::Locked(_))));
    }
}
