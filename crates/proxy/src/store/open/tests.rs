//! What is opened, and what is left as it was.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use crate::store::salvage::salvage;
use crate::store::{STAMP, Store, StoreError, VERSION, consents};

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
    writer.close().await;
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

/// What makes a file of this version one of the version before, and that one of the version before it.
const BACK: [&str; 3] = [
    "DROP INDEX messages_batch; DROP INDEX messages_due; DROP INDEX messages_closing;
     ALTER TABLE messages DROP COLUMN batch; ALTER TABLE messages DROP COLUMN due_batch;
     CREATE INDEX messages_due ON messages (source, due_at) WHERE due_at IS NOT NULL;
     DROP TABLE batches; DROP TABLE batch_items; DROP TABLE batch_notes; DROP TABLE tallies; PRAGMA user_version = 3",
    "DROP INDEX messages_sms_due; DROP INDEX messages_sms_open; DROP INDEX messages_duplicate; ALTER TABLE messages DROP COLUMN sms_due_at;
     ALTER TABLE messages DROP COLUMN sms_via; ALTER TABLE messages DROP COLUMN sms_open;
     DROP TABLE sms; DROP TABLE consents; PRAGMA user_version = 2",
    "DROP INDEX unclaimed_age; DROP INDEX idempotency_age; PRAGMA user_version = 1",
];

/// All columns of all tables, and all indexes.
async fn shape(store: &Store) -> Vec<(String, String, String)> {
    let shape = "SELECT m.name, c.name, c.type || c.\"notnull\" || c.pk
            FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
        UNION ALL SELECT name, tbl_name, '' FROM sqlite_schema WHERE type = 'index' ORDER BY 1, 2";
    sqlx::query_as(shape).fetch_all(&store.readers).await.unwrap()
}

#[tokio::test]
async fn a_file_of_an_older_version_becomes_one_of_this() {
    for steps in 1..=BACK.len() {
        let (_folder, path) = place();
        closed(&path).await;
        let wanted = shape(&Store::read_only(&path).await.unwrap()).await;
        for back in &BACK[..steps] {
            run(&path, back).await;
        }
        let (store, _held) = Store::open(&path).await.unwrap();
        assert_eq!(shape(&store).await, wanted, "{steps} versions older");
    }
}

#[tokio::test]
async fn what_can_be_read_of_an_older_file_is_copied_into_one_of_this() {
    for steps in 1..=BACK.len() {
        let (folder, path) = place();
        closed(&path).await;
        run(&path, "INSERT INTO sources VALUES ('otp', '{}')").await;
        for back in &BACK[..steps] {
            run(&path, back).await;
        }
        let into = folder.path().join("b.db");
        let lost = salvage(&path, &into).await.unwrap().0;
        assert!(lost.is_empty(), "{lost:?}");
        assert_eq!(Store::read_only(&into).await.unwrap().learnt().await.unwrap().len(), 1, "{steps}");
    }
}

#[tokio::test]
async fn who_wants_no_more_is_copied_too() {
    let (folder, path) = place();
    closed(&path).await;
    run(
        &path,
        "INSERT INTO consents VALUES ('tickets@rbm.goog', '+447700900001', 'tickets', 'E1', 0, 1, '{}')",
    )
    .await;
    let into = folder.path().join("b.db");
    assert!(salvage(&path, &into).await.unwrap().0.is_empty());
    let (_store, mut writer) = Store::open(&into).await.unwrap();
    assert!(consents::any_no(&mut writer.sql).await.unwrap());
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
