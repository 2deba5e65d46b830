//! What is opened, and what is left as it was.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use crate::store::{STAMP, Store, StoreError, VERSION};

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    (folder, path)
}

/// Runs statements on a file that may not be ours.
async fn run(path: &Path, statements: &'static str) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut sql = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(statements).execute(&mut sql).await.unwrap();
    sql.close().await.unwrap();
}

/// A database of ours, closed.
async fn closed(path: &Path) {
    let (store, writer) = Store::open(path).await.unwrap();
    store.readers.close().await;
    writer.sql.close().await.unwrap();
}

#[tokio::test]
async fn nobody_else_on_the_machine_reads_the_file() {
    let (folder, path) = place();
    let _held = Store::open(&path).await.unwrap();
    for end in ["", "-wal", "-shm"] {
        let file = folder.path().join(format!("a.db{end}"));
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn the_stamp_writes_the_version() {
    assert!(STAMP.ends_with(&format!("= {VERSION}")));
}

#[tokio::test]
async fn a_file_of_the_first_version_becomes_one_of_this() {
    let (_folder, path) = place();
    let (store, mut writer) = Store::open(&path).await.unwrap();
    let schema = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
        UNION SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c ORDER BY 1";
    let wanted: Vec<String> = sqlx::query_scalar(schema).fetch_all(&store.readers).await.unwrap();
    let back = "DROP INDEX messages_sms_due; DROP INDEX messages_sms_open;
        ALTER TABLE messages DROP COLUMN sms_due_at; ALTER TABLE messages DROP COLUMN sms_via;
        ALTER TABLE messages DROP COLUMN sms_open;
        DROP INDEX unclaimed_age; DROP INDEX idempotency_age; PRAGMA user_version = 1";
    sqlx::raw_sql(back).execute(&mut writer.sql).await.unwrap();
    store.readers.close().await;
    drop(writer);
    let (store, _held) = Store::open(&path).await.unwrap();
    let found: Vec<String> = sqlx::query_scalar(schema).fetch_all(&store.readers).await.unwrap();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn one_process_owns_the_file() {
    let (_folder, path) = place();
    let _held = Store::open(&path).await.unwrap();
    assert!(matches!(Store::open(&path).await, Err(StoreError::Locked(_))));
}

#[tokio::test]
async fn what_is_not_for_this_build_is_left_as_it_was() {
    let cases = [
        ("PRAGMA journal_mode = DELETE; PRAGMA user_version = 9", true),
        ("CREATE TABLE notes (text)", false),
        ("CREATE TABLE notes (text); PRAGMA user_version = 1", false),
        ("CREATE TABLE notes (text); PRAGMA user_version = -1", false),
    ];
    let is_right = |error: &StoreError, of_ours: bool| match error {
        StoreError::Newer { found: 9, .. } => of_ours,
        StoreError::Foreign(_) => !of_ours,
        _ => false,
    };
    for (statements, of_ours) in cases {
        let (_folder, path) = place();
        if of_ours {
            closed(&path).await;
        }
        run(&path, statements).await;
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(&path).await.map(drop).unwrap_err();
        assert!(is_right(&error, of_ours), "{statements}: {error}");
        let error = Store::read_only(&path).await.map(drop).unwrap_err();
        assert!(is_right(&error, of_ours), "{statements}: {error}");
        assert!(before == std::fs::read(&path).unwrap(), "{statements}");
    }
}

#[tokio::test]
async fn what_is_no_database_any_more_is_left_as_it_was() {
    let (_folder, path) = place();
    closed(&path).await;
    let sound = std::fs::read(&path).unwrap();
    let wipe = |from: usize, to: usize| {
        let mut bytes = sound.clone();
        bytes[from..to].fill(0xff);
        bytes
    };
    // The magic, the page size, the page that names every table.
    for bytes in [b"no database at all".to_vec(), wipe(0, 16), wipe(16, 18), wipe(100, 4_096)] {
        std::fs::write(&path, &bytes).unwrap();
        let error = Store::open(&path).await.map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert!(bytes == std::fs::read(&path).unwrap());
    }
}

#[tokio::test]
async fn a_log_whose_database_is_gone_is_not_thrown_away() {
    let (_folder, path) = place();
    let held = Store::open(&path).await.unwrap();
    let log = path.with_file_name("a.db-wal");
    let bytes = std::fs::read(&log).unwrap();
    assert!(!bytes.is_empty());
    drop(held);
    std::fs::write(&log, &bytes).unwrap();
    for end in ["gone", "empty"] {
        match end {
            "gone" => std::fs::remove_file(&path).unwrap(),
            _ => std::fs::write(&path, "").unwrap(),
        }
        let error = Store::open(&path).await.map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Beheaded(_)), "{end}: {error}");
        assert_eq!(std::fs::read(&log).unwrap().len(), bytes.len(), "{end}");
    }
}
