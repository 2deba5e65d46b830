//! A start on a database that cannot be used: one sentence, an exit code, and not a byte changed.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Output};

use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::server::Server;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::super::stage::{Stage, settings};
use super::disk::{Disk, INPUT_OUTPUT, NO_SPACE, READ_ONLY};

/// May go by itself, or needs a person.
const FAILED: i32 = 1;
const NEEDS_A_PERSON: i32 = 3;

/// A folder with a configuration for `rcs-revoke rebuild` and `serve`.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let config = "listen = \"127.0.0.1:0\"\nwebhook_listen = \"127.0.0.1:0\"\ndatabase = \"server.db\"\n";
    fs::write(folder.path().join("server.toml"), config).expect("the folder can be written");
    folder
}

pub fn run(program: &Path, command: &[&str], folder: &Path) -> Output {
    let mut all = Command::new(program);
    all.args(command).arg("--config").arg(folder.join("server.toml"));
    // No terminal, and nothing to wait for: each of these ends by itself.
    all.output().expect("it can be started")
}

/// Runs statements on a database, as a person does with another program.
pub async fn sql(path: &Path, statements: &str) {
    let mut sql = SqliteConnection::connect_with(
        &SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(false),
    )
    .await
    .unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned())).execute(&mut sql).await.unwrap();
    sql.close().await.unwrap();
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What the database is made of, byte by byte.
fn files(folder: &Path) -> Vec<Option<Vec<u8>>> {
    ["server.db", "server.db-wal", "server.db-journal"].map(|name| fs::read(folder.join(name)).ok()).into()
}

fn refuses(folder: &Path, code: i32, words: &str) {
    let before = files(folder);
    let ended = run(&built_program("rcs-revoke"), &["serve"], folder);
    let said = said(&ended);
    assert_eq!(ended.status.code(), Some(code), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("rcs-revoke: ") && last.contains(words), "{said}");
    assert!(before == files(folder), "{words}: it was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_person_ends_at_once_and_changes_nothing() {
    let rebuild = |folder: &Path| {
        let made = run(&built_program("rcs-revoke"), &["rebuild"], folder);
        assert!(made.status.success(), "{}", said(&made));
    };
    let place = folder();
    rebuild(place.path());
    let file = place.path().join("server.db");
    sql(&file, "PRAGMA user_version = 9").await;
    refuses(place.path(), NEEDS_A_PERSON, "newer version");

    sql(&file, "PRAGMA user_version = 3").await;
    let sound = fs::read(&file).unwrap();
    for (from, to) in [(0, 16), (16, 18), (100, 4_096)] {
        let mut bytes = sound.clone();
        bytes[from..to].fill(0xff);
        fs::write(&file, bytes).unwrap();
        refuses(place.path(), NEEDS_A_PERSON, "is damaged");
    }
    fs::write(&file, "").unwrap();
    fs::write(place.path().join("server.db-wal"), b"the last that was acknowledged").unwrap();
    refuses(place.path(), NEEDS_A_PERSON, "is missing or empty, but its log");

    let place = folder();
    sql(&place.path().join("server.db"), "CREATE TABLE notes (text); PRAGMA user_version = 3").await;
    refuses(place.path(), NEEDS_A_PERSON, "another program");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_go_by_itself_ends_too_and_changes_nothing() {
    for (order, words) in [
        ((|disk| disk.refuse_opens(READ_ONLY, ".db")) as fn(&Disk), "cannot be written, only read"),
        (|disk| disk.refuse_writes(NO_SPACE, ".db"), "no room"),
        (|disk| disk.refuse_writes(INPUT_OUTPUT, ".db"), "cannot be used"),
    ] {
        let (place, disk) = (folder(), Disk::sound());
        let program = disk.program(&[]);
        assert!(run(&program, &["rebuild"], place.path()).status.success());
        let before = fs::read(place.path().join("server.db")).unwrap();
        order(&disk);
        let ended = run(&program, &["serve"], place.path());
        assert_eq!(ended.status.code(), Some(FAILED), "{words}: {}", said(&ended));
        assert!(said(&ended).contains(words), "{words}: {}", said(&ended));
        assert!(before == fs::read(place.path().join("server.db")).unwrap(), "{words}");
        disk.heal();
        assert!(run(&program, &["rebuild", "--check"], place.path()).status.success(), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_process_that_takes_over_waits_for_the_one_that_ends() {
    let stage = Stage::set().await;
    let created = stage.sent("codes", "+447700900001", Delivery::Never);
    let message = stage.register("codes", &created).await;
    let Stage { world, server: first, folder, .. } = stage;
    let text = settings(&world, 30);
    let program = built_program("rcs-revoke");
    let second = Server::start(&program, folder.path(), &text);
    let end_first = async {
        // Only once the second one waits.
        let log = folder.path().join("server.log");
        while !fs::read_to_string(&log).unwrap_or_default().contains("another rcs-revoke has") {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        first.stop().await.unwrap();
    };
    let (second, ()) = tokio::join!(second, end_first);
    let second = second.unwrap_or_else(|error| panic!("{error:#}"));
    assert_eq!(second.api.message(&message).await.unwrap().view.message, message);
    // And one that is not let in says so.
    let ended = run(&program, &["rebuild"], folder.path());
    assert_eq!(ended.status.code(), Some(FAILED));
    assert!(said(&ended).contains("in use by another rcs-revoke"), "{}", said(&ended));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_damaged_in_the_middle_is_not_cut_off_silently() {
    let stage = Stage::set().await;
    let mut messages = Vec::new();
    for index in 0..6 {
        let created = stage.sent("codes", &format!("+44770090000{index}"), Delivery::Never);
        messages.push(stage.register("codes", &created).await);
    }
    let Stage { world: _world, server, folder, .. } = stage;
    let process = server.process().expect("it runs").to_string();
    assert!(Command::new("kill").args(["-KILL", &process]).status().unwrap().success());
    drop(server);
    let log = folder.path().join("server.db-wal");
    // In the middle of what was acknowledged.
    let at = fs::metadata(&log).unwrap().len() / 2;
    fs::File::options().write(true).open(&log).unwrap().write_all_at(&[0xa5; 64], at).unwrap();
    let copy = fs::read(&log).unwrap();
    refuses(folder.path(), NEEDS_A_PERSON, "is damaged, and the");
    let checked = run(&built_program("rcs-revoke"), &["rebuild", "--check"], folder.path());
    assert_eq!(checked.status.code(), Some(FAILED));
    assert!(String::from_utf8_lossy(&checked.stdout).contains("commits stand in the log behind"));
    assert!(copy == fs::read(&log).unwrap(), "a check changes nothing");
    let made = run(&built_program("rcs-revoke"), &["rebuild"], folder.path());
    assert!(made.status.success(), "{}", said(&made));
    assert!(String::from_utf8_lossy(&made.stdout).contains("are lost"));
    let checked = run(&built_program("rcs-revoke"), &["rebuild", "--check"], folder.path());
    assert!(checked.status.success(), "{}", said(&checked));
}
