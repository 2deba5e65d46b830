//! Pages that cannot be read back: an error for what stood on them, the truth about everything else.

use std::fs;
use std::path::Path;

use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::client::http_client;
use rcs_revoke_tests::server::Server;
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::super::stage::{Stage, settings};
use super::refusing::{check, log, until_state};
use super::starting::{run, sql};

/// Enough for several pages of every index.
const MESSAGES: usize = 2_000;

/// A server with so many watched messages, stopped; and the last one, which is in the simulator.
async fn stopped() -> (Stage, String) {
    let stage = Stage::set().await;
    let items: Vec<Value> = (0..MESSAGES)
        .map(|index| json!({"id": format!("M{index:04}"), "source": "tickets", "phone": format!("+4477009{index:05}")}))
        .collect();
    assert_eq!(stage.post("/api/v1/messages", &items).await.status, 200);
    let created = stage.sent("codes", "+447700900001", Delivery::Never);
    let message = stage.register("codes", &created).await;
    assert_eq!(stage.messages("").await.len(), MESSAGES + 1);
    (stage, message)
}

/// The pages that a table or an index keeps its rows on, in their order, and how long each is.
async fn leaves(path: &Path, name: &str) -> (Vec<usize>, usize) {
    let mut sql = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let leaves = "SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = 'leaf' ORDER BY path";
    let leaves: Vec<i64> = sqlx::query_scalar(leaves).bind(name).fetch_all(&mut sql).await.unwrap();
    let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut sql).await.unwrap();
    sql.close().await.unwrap();
    assert!(leaves.len() > 3, "{name} is on {} pages", leaves.len());
    let size = usize::try_from(size).unwrap();
    (leaves.into_iter().map(|page| (usize::try_from(page).unwrap() - 1) * size).collect(), size)
}

/// Wipes a table that is on one page.
async fn wipe_small(path: &Path, name: &str) {
    let mut sql = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let page = "SELECT pageno FROM dbstat WHERE name = ?1";
    let pages: Vec<i64> = sqlx::query_scalar(page).bind(name).fetch_all(&mut sql).await.unwrap();
    let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut sql).await.unwrap();
    sql.close().await.unwrap();
    let [page] = pages.as_slice() else { panic!("{name} is on {} pages", pages.len()) };
    let (at, size) = (usize::try_from((page - 1) * size).unwrap(), usize::try_from(size).unwrap());
    let mut bytes = fs::read(path).unwrap();
    bytes[at..at + size].fill(0);
    fs::write(path, bytes).unwrap();
}

/// Wipes the middle one of those pages.
async fn wipe(path: &Path, name: &str) {
    let (leaves, size) = leaves(path, name).await;
    let at = leaves[leaves.len() / 2];
    let mut bytes = fs::read(path).unwrap();
    bytes[at..at + size].fill(0);
    fs::write(path, bytes).unwrap();
}

/// Puts one of those pages in the place of another: a disk that wrote to the wrong place.
async fn misplace(path: &Path, name: &str) {
    let (leaves, size) = leaves(path, name).await;
    let mut bytes = fs::read(path).unwrap();
    bytes.copy_within(leaves[1]..leaves[1] + size, leaves[2]);
    fs::write(path, bytes).unwrap();
}

async fn restart(stage: Stage, harm: impl AsyncFnOnce(&Path)) -> Stage {
    let Stage { world, server, folder, .. } = stage;
    server.stop().await.unwrap();
    harm(&folder.path().join("server.db")).await;
    let server = Server::start(&built_program("rcs-revoke"), folder.path(), &settings(&world, 30)).await;
    let server = server.unwrap_or_else(|error| panic!("{error:#}"));
    Stage { world, server, folder, http: http_client() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_page_harms_nothing_but_what_stood_on_it() {
    let (stage, sound) = stopped().await;
    let stage = restart(stage, async |path| wipe(path, "facts").await).await;
    let (mut read, mut refused) = (0, Vec::new());
    for index in 0..MESSAGES {
        let message = format!("google_rbm:tickets@rbm.goog:M{index:04}");
        let reply = stage.get(&format!("/api/v1/messages/{message}")).await;
        match reply.status.as_u16() {
            200 => {
                assert_eq!(reply.json()["outcome"]["outcome"], "watched", "{}", reply.text());
                read += 1;
            }
            503 => {
                assert_eq!(reply.code(), "store_unavailable");
                refused.push(message);
            }
            other => panic!("{other}: {}", reply.text()),
        }
    }
    assert!(read > MESSAGES / 2 && !refused.is_empty(), "{read} read, {} refused", refused.len());
    until_state(&stage, "corrupt").await;
    // One that is damaged fails, together with others or alone; one that is not goes its way.
    let wish = |message: &str| json!({"items": [{"message": message}]});
    let wishes = (wish(&refused[0]), wish(&sound));
    let (damaged, other) = tokio::join!(
        stage.post("/api/v1/revocations", &wishes.0),
        stage.post("/api/v1/revocations", &wishes.1),
    );
    assert_eq!((damaged.status.as_u16(), other.status.as_u16()), (503, 202), "{}", damaged.text());
    assert!(damaged.text().contains("Nothing was changed"), "{}", damaged.text());
    stage.until(&sound, "unconfirmed").await;
    let log = log(stage.folder.path());
    assert_eq!(log.matches("store.state=\"corrupt\"").count(), 1, "{log}");

    let (is_sound, said) = check(stage.folder.path(), None);
    assert!(!is_sound && said.contains("the database is damaged"), "{said}");
    for message in &refused {
        assert!(said.contains(&format!("{message} cannot be read")), "{message}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_lies_is_found_and_made_again() {
    let (stage, _) = stopped().await;
    let stage = restart(stage, async |path| {
        for index in ["messages_outcome", "messages_seq", "messages_id", "messages_phone"] {
            misplace(path, index).await;
        }
    })
    .await;
    // It finds too few messages or one twice, and says nothing false about any.
    let listed = stage.get("/api/v1/messages?limit=500&outcome=watched").await;
    let listed = listed.json()["items"].as_array().cloned().unwrap_or_default();
    assert!(listed.iter().all(|view| view["outcome"]["outcome"] == "watched"));
    let (is_sound, said) = check(stage.folder.path(), None);
    assert!(!is_sound && said.contains("damaged: "), "{said}");
    let stage = restart(stage, async |path| {
        let made = run(&built_program("rcs-revoke"), &["rebuild"], path.parent().unwrap());
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    })
    .await;
    let (is_sound, said) = check(stage.folder.path(), None);
    assert!(is_sound && said.contains("2001 messages") && said.contains(" 0 differ, 0 damaged"), "{said}");
    assert_eq!(stage.messages("outcome=watched").await.len(), MESSAGES + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_every_start_needs_and_cannot_read_ends_it() {
    let (stage, _) = stopped().await;
    let Stage { world: _world, server, folder, .. } = stage;
    server.stop().await.unwrap();
    let path = folder.path().join("server.db");
    wipe_small(&path, "tallies").await;
    let before = fs::read(&path).unwrap();
    let ended = run(&built_program("rcs-revoke"), &["serve"], folder.path());
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(said.contains("is damaged") && said.contains("rebuild --check"), "{said}");
    assert!(before == fs::read(&path).unwrap());
    let (is_sound, said) = check(folder.path(), None);
    assert!(!is_sound && said.contains("damaged: "), "{said}");
    // What is counted can be counted again.
    let new = folder.path().join("new.db");
    let into = ["rebuild", "--into", new.to_str().unwrap()];
    let copied = run(&built_program("rcs-revoke"), &into, folder.path());
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    assert!(before == fs::read(&path).unwrap());
    let (is_sound, said) = check(folder.path(), Some(&new));
    assert!(is_sound && said.contains("2001 messages") && said.contains(" 0 differ, 0 damaged"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_read_of_damaged_tables_is_saved() {
    let (stage, sound) = stopped().await;
    let Stage { world, server, folder, .. } = stage;
    server.stop().await.unwrap();
    let path = folder.path().join("server.db");
    wipe(&path, "messages").await;
    wipe(&path, "facts").await;
    wipe(&path, "messages_seq").await;
    let new = folder.path().join("new.db");
    let into = ["rebuild", "--into", new.to_str().unwrap()];
    let copied = run(&built_program("rcs-revoke"), &into, folder.path());
    let said = String::from_utf8_lossy(&copied.stdout).into_owned();
    assert_eq!(copied.status.code(), Some(1), "{}", String::from_utf8_lossy(&copied.stderr));
    assert!(
        said.contains("lost: the source of message") && said.contains("lost: facts of message"),
        "{said}"
    );
    let (is_sound, said) = check(folder.path(), Some(&new));
    assert!(is_sound && said.contains("2001 messages") && said.contains(" 0 differ, 0 damaged"), "{said}");
    fs::rename(&new, &path).unwrap();
    let server = Server::start(&built_program("rcs-revoke"), folder.path(), &settings(&world, 30)).await;
    let server = server.unwrap_or_else(|error| panic!("{error:#}"));
    let all = server.api.messages("").await.unwrap();
    assert_eq!(all.len(), MESSAGES + 1);
    assert!(all.iter().all(|view| view.outcome.verdict.code() == "watched"));
    assert_eq!(server.api.message(&sound).await.unwrap().view.message, sound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meaning_that_was_tampered_with_is_found_and_made_again() {
    let (stage, message) = stopped().await;
    let stage = restart(stage, async |path| {
        let tamper = "UPDATE messages SET outcome = 'delivered',
            view = json_set(view, '$.outcome.outcome', 'delivered') WHERE id = 'M0007'";
        sql(path, tamper).await;
    })
    .await;
    let tampered = "google_rbm:tickets@rbm.goog:M0007";
    let (is_sound, said) = check(stage.folder.path(), None);
    assert!(
        !is_sound && said.contains(&format!("differs: {tampered}")) && said.contains(" 1 differ"),
        "{said}"
    );
    let stage = restart(stage, async |path| {
        let made = run(&built_program("rcs-revoke"), &["rebuild"], path.parent().unwrap());
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    })
    .await;
    stage.until(tampered, "watched").await;
    stage.until(&message, "watched").await;
    assert!(check(stage.folder.path(), None).0);
}
