//! A migration or a first start that is killed at any step: the file is of the one version or the other, never half.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use rcs_revoke_tests::built_program;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::disk::Disk;
use super::starting::{folder, run, sql};

const KILLED: i32 = 9;
/// More changes of files than any of these runs makes.
const ENOUGH: usize = 200_000;

/// The version of this build.
const NEWEST: i64 = 4;

/// A database of version 1 with so many kept webhooks, each with so long a body.
async fn first_version(path: &Path, kept: usize, body: usize) {
    assert!(run(&built_program("rcs-revoke"), &["rebuild"], path.parent().unwrap()).status.success());
    let statements = format!(
        "DROP INDEX messages_sms_due; DROP INDEX messages_sms_open; DROP INDEX messages_duplicate;
        ALTER TABLE messages DROP COLUMN sms_due_at; ALTER TABLE messages DROP COLUMN sms_via;
        ALTER TABLE messages DROP COLUMN sms_open; DROP TABLE sms; DROP TABLE consents;
        DROP INDEX messages_batch; DROP INDEX messages_due; DROP INDEX messages_closing;
        ALTER TABLE messages DROP COLUMN batch; ALTER TABLE messages DROP COLUMN due_batch;
        CREATE INDEX messages_due ON messages (source, due_at) WHERE due_at IS NOT NULL;
        DROP TABLE batches; DROP TABLE batch_items; DROP TABLE batch_notes; DROP TABLE tallies;
        DROP INDEX unclaimed_age; DROP INDEX idempotency_age; PRAGMA user_version = 1;
         INSERT INTO unclaimed WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {kept})
            SELECT printf('%064x', i), 'aside', 'vonage', 'codes', NULL, i, NULL,
                '[[\"authorization\",\"Bearer a.b.c\"]]', hex(zeroblob({body} / 2)) FROM n;
         INSERT INTO idempotency VALUES ('key', 'digest', NULL, 1)"
    );
    sql(path, &statements).await;
}

/// Which version it is, wholly; with as much in it as before.
async fn version(path: &Path, kept: i64) -> i64 {
    let mut sql = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut sql).await.unwrap();
    let number = async |query: &'static str, sql: &mut SqliteConnection| {
        sqlx::query_scalar::<_, i64>(query).fetch_one(sql).await.unwrap()
    };
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut sql).await.unwrap();
    assert_eq!(sound, "ok");
    let indexes = "SELECT count(*) FROM sqlite_schema WHERE name IN
        ('unclaimed_age', 'idempotency_age', 'messages_sms_due', 'messages_sms_open', 'sms_provider_id',
        'messages_batch', 'messages_closing')";
    let indexes = number(indexes, &mut sql).await;
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('sms', 'consents', 'batches', 'tallies')";
    let tables = number(tables, &mut sql).await;
    let all = number("SELECT count(*) FROM unclaimed", &mut sql).await;
    let cleaned = number("SELECT count(*) FROM unclaimed WHERE headers = '[]'", &mut sql).await;
    let given = number("SELECT count(*) FROM idempotency", &mut sql).await;
    sql.close().await.unwrap();
    assert_eq!((all, given), (kept, 1));
    match version {
        1 => assert_eq!((indexes, tables, cleaned), (0, 0, 0)),
        NEWEST => assert_eq!((indexes, tables, cleaned), (7, 4, kept)),
        other => panic!("version {other}"),
    }
    version
}

/// Kills `rebuild`, which migrates as every start does, at steps that far apart, and says how often it was killed in
/// each version.
async fn killed_at_every(step: usize, kept: usize, body: usize) -> [usize; 2] {
    let (disk, place) = (Disk::sound(), folder());
    let (program, path) = (disk.program(&[]), place.path().join("server.db"));
    first_version(&path, kept, body).await;
    let kept = i64::try_from(kept).unwrap();
    assert_eq!(version(&path, kept).await, 1);
    let old = fs::read(&path).unwrap();
    let mut found = [0; 2];
    for (round, change) in (1..ENOUGH).step_by(step).enumerate() {
        fs::write(&path, &old).unwrap();
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(place.path().join(format!("server.db{end}")));
        }
        disk.kill_at(change, round % 2 == 1);
        let ended = run(&program, &["rebuild"], place.path());
        disk.heal();
        let was_killed = ended.status.signal() == Some(KILLED);
        assert!(was_killed || ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        let left = version(&path, kept).await;
        let next = run(&program, &["rebuild"], place.path());
        assert!(next.status.success(), "{change}: {}", String::from_utf8_lossy(&next.stderr));
        assert_eq!(version(&path, kept).await, NEWEST, "{change}");
        if !was_killed {
            assert_eq!(left, NEWEST);
            break;
        }
        found[usize::from(left == NEWEST)] += 1;
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_killed_at_every_step_is_whole_or_not_begun() {
    let [old, new] = killed_at_every(1, 20, 200).await;
    println!("killed {old} times before the commit, {new} times after it");
    assert!(old > 10 && new > 0, "{old} and {new}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_big_one_spills_before_its_commit_and_is_whole_too() {
    // More than the memory that one connection may fill.
    let [old, new] = killed_at_every(2_501, 7_500, 3_000).await;
    println!("killed {old} times before the commit, {new} times after it");
    assert!(old > 3, "{old} and {new}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_killed_at_every_step_can_be_made_again() {
    let disk = Disk::sound();
    let program = disk.program(&[]);
    for change in 1..ENOUGH {
        let place = folder();
        disk.kill_at(change, change % 2 == 1);
        let first = run(&program, &["rebuild"], place.path());
        disk.heal();
        let next = run(&program, &["rebuild"], place.path());
        assert!(next.status.success(), "{change}: {}", String::from_utf8_lossy(&next.stderr));
        let checked = run(&program, &["rebuild", "--check"], place.path());
        assert!(checked.status.success(), "{change}: {}", String::from_utf8_lossy(&checked.stderr));
        if first.status.signal() != Some(KILLED) {
            assert!(change > 10, "{change} steps");
            return;
        }
    }
}
