//! Messages are forgotten long after anything could happen to them, and never without having been written elsewhere.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rcs_revoke_api::MessageQuery;
use rcs_revoke_core::fact::{Registered, Registrar};
use rcs_revoke_core::{Evidence, Fact, MessageRef, SourceId, Span, Timestamp};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{Bench, delivered, message, open_at};
use crate::clock::Clock;
use crate::config::Retention;
use crate::ledger::pruner::{PruneError, Pruner};
use crate::ledger::rebuild::compare;
use crate::ledger::{Change, Reply};
use crate::store::write::FORGET;

const OTHER: &str = "vonage:bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab";
const LATEST: &str = "vonage:cccccccc-bbbb-4ccc-8ddd-0123456789ab";
const START: i64 = 1_795_168_800_000;
/// A message without an end of its own lives for 30 days, its webhooks come for 7 more, and it is kept for 40.
const FORGOTTEN_AFTER: Span = Span::days(30 + 7 + 40);

/// A clock that shows what it is set to.
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn scale(&self) -> f64 {
        1.0
    }
}

struct Desk {
    bench: Bench,
    hands: Arc<Hands>,
    retention: Retention,
}

fn at(later: Span) -> Timestamp {
    Timestamp::from_millis(START) + later
}

fn sent(at: Timestamp) -> Fact {
    Fact::Registered(Registered {
        by: Registrar::Api("call".to_owned()),
        received_at: at,
        sent_at: Some(at),
        life: None,
        class: None,
        phone: Some("+447700900000".parse().unwrap()),
        host: None,
        failover: None,
        fallback_text: None,
        revoke_at: None,
    })
}

impl Desk {
    async fn new(folder: TempDir) -> Self {
        let hands = Arc::new(Hands(AtomicI64::new(START)));
        let export = Some(folder.path().join("forgotten"));
        let bench = open_at(folder, "", hands.clone()).await;
        Self { bench, hands, retention: Retention { keep: Span::days(40), export } }
    }

    /// Two messages that were sent and delivered at the start, and a later one.
    async fn with_messages() -> Self {
        let desk = Self::new(tempfile::tempdir().unwrap()).await;
        for key in [message().to_string().as_str(), OTHER] {
            desk.record(key, vec![sent(at(Span::ZERO)), delivered(at(Span::ZERO))]).await;
        }
        desk.hands.0.store(at(Span::days(70)).as_millis(), Ordering::Relaxed);
        desk.record(LATEST, vec![sent(at(Span::days(70)))]).await;
        desk
    }

    async fn record(&self, key: &str, facts: Vec<Fact>) {
        let record = record(key, facts);
        assert_eq!(self.bench.ledger.change(vec![record]).await.unwrap(), [Reply::Done]);
    }

    async fn prune(&self, later: Span) -> Result<u64, PruneError> {
        self.hands.0.store(at(later).as_millis(), Ordering::Relaxed);
        let Bench { ledger, store, sources, .. } = &self.bench;
        let pruner = Pruner { ledger, store, sources, retention: &self.retention };
        pruner.prune(at(later), &CancellationToken::new()).await
    }

    fn file(&self, later: Span) -> PathBuf {
        let day = at(later).to_string();
        let day = day.split('T').next().unwrap();
        self.bench.folder.path().join("forgotten").join(format!("rcs-revoke-{day}.ndjson"))
    }

    /// The messages that the file of a day holds.
    fn exported(&self, later: Span) -> Vec<String> {
        let text = std::fs::read_to_string(self.file(later)).unwrap_or_default();
        let line = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let evidence: Evidence = serde_json::from_value(line["evidence"].clone()).unwrap();
            assert_eq!((line["source"].as_str(), evidence.len()), (Some("otp"), 2), "{line}");
            assert_eq!(line["message"], evidence.message().to_string());
            evidence.message().to_string()
        };
        text.lines().map(line).collect()
    }

    async fn keys(&self) -> Vec<String> {
        self.bench.store.keys_after("", 10).await.unwrap()
    }

    /// Runs a statement behind the ledger's back.
    async fn run(&self, statement: &'static str) {
        let path = self.bench.folder.path().join("rcs-revoke.db");
        let mut sql = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut sql).await.unwrap();
        sql.close().await.unwrap();
    }
}

fn record(key: &str, facts: Vec<Fact>) -> Change {
    let source = Some(SourceId::parse("otp").unwrap());
    Change::Record { message: MessageRef::parse(key).unwrap(), source, facts }
}

#[tokio::test]
async fn what_is_long_over_is_written_elsewhere_and_forgotten() {
    let desk = Desk::with_messages().await;
    let early = FORGOTTEN_AFTER + Span::millis(-1);
    assert_eq!(desk.prune(early).await.unwrap(), 0);
    assert_eq!(desk.exported(early), [""; 0]);
    assert_eq!(desk.prune(FORGOTTEN_AFTER).await.unwrap(), 2);
    assert_eq!(desk.exported(FORGOTTEN_AFTER), [message().to_string(), OTHER.to_owned()]);
    // Nothing of them is left anywhere, and nothing else has changed.
    let Bench { ledger, store, sources, .. } = &desk.bench;
    assert_eq!(desk.keys().await, [LATEST]);
    assert_eq!(ledger.counts(), [("watched".to_owned(), 1)].into());
    assert!(store.lookup(&[message().id().to_string()]).await.unwrap().is_empty());
    assert!(store.message(&message()).await.unwrap().is_none());
    let page = store.page(&MessageQuery::default(), 10).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(store.changed_after(0, 10).await.unwrap().len(), 1, "who follows the changes misses none");
    let found = compare(store, sources).await.unwrap();
    assert!(found.is_sound() && found.facts == 1, "{found:?}");
    assert_eq!(desk.prune(FORGOTTEN_AFTER).await.unwrap(), 0);
}

/// Who follows the changes would miss one that gets a number of before.
#[tokio::test]
async fn no_number_is_given_twice_after_a_restart() {
    let desk = Desk::with_messages().await;
    let later = Span::days(200);
    desk.hands.0.store(at(later).as_millis(), Ordering::Relaxed);
    desk.bench.ledger.look(vec![MessageRef::parse(LATEST).unwrap()]).await.unwrap();
    let before = *desk.bench.ledger.changes().borrow();
    // Long after everything, also after the latest message.
    let forgotten = desk.prune(Span::days(400)).await.unwrap();
    assert_eq!((forgotten, desk.keys().await), (2, vec![LATEST.to_owned()]));
    let Desk { bench: Bench { ledger, store, folder, .. }, .. } = desk;
    drop(store);
    ledger.close().await;
    let again = Desk::new(folder).await;
    assert_eq!(*again.bench.ledger.changes().borrow(), before);
}

#[tokio::test]
async fn what_cannot_be_written_elsewhere_is_kept() {
    let desk = Desk::with_messages().await;
    let file = desk.file(FORGOTTEN_AFTER);
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    // A disk without room.
    std::os::unix::fs::symlink("/dev/full", &file).unwrap();
    let error = desk.prune(FORGOTTEN_AFTER).await.unwrap_err();
    assert!(matches!(error, PruneError::Export { .. }), "{error}");
    assert_eq!(desk.keys().await.len(), 3);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(desk.prune(FORGOTTEN_AFTER).await.unwrap(), 2);
    assert_eq!(desk.exported(FORGOTTEN_AFTER).len(), 2);
}

#[tokio::test]
async fn what_was_written_elsewhere_but_not_forgotten_is_written_again() {
    let desk = Desk::with_messages().await;
    desk.run("CREATE TRIGGER crash BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'crash'); END").await;
    assert!(desk.prune(FORGOTTEN_AFTER).await.is_err());
    assert_eq!((desk.keys().await.len(), desk.exported(FORGOTTEN_AFTER).len()), (3, 2));
    let found = compare(&desk.bench.store, &desk.bench.sources).await.unwrap();
    assert!(found.is_sound() && found.facts == 5, "nothing of it is half forgotten: {found:?}");
    desk.run("DROP TRIGGER crash").await;
    assert_eq!(desk.prune(FORGOTTEN_AFTER).await.unwrap(), 2);
    assert_eq!((desk.keys().await.len(), desk.exported(FORGOTTEN_AFTER).len()), (1, 4));
}

#[tokio::test]
async fn without_an_export_nothing_is_written() {
    let mut desk = Desk::with_messages().await;
    desk.retention.export = None;
    assert_eq!(desk.prune(FORGOTTEN_AFTER).await.unwrap(), 2);
    assert!(!desk.bench.folder.path().join("forgotten").exists());
}

#[tokio::test]
async fn what_changed_since_it_was_written_is_kept() {
    let desk = Desk::with_messages().await;
    desk.hands.0.store(at(FORGOTTEN_AFTER).as_millis(), Ordering::Relaxed);
    let forget = |version, keep| Change::ForgetMessage { message: message(), version, keep };
    let keep = Span::days(40);
    let late = |identity: &str| {
        let Fact::Event(event) = delivered(at(FORGOTTEN_AFTER)) else { unreachable!() };
        Fact::Event(rcs_revoke_core::fact::ProviderEvent { identity: identity.to_owned(), ..event })
    };
    let first = message().to_string();
    for (changes, expected) in [
        (vec![forget(2, keep)], vec![Reply::Forgotten(false)]),
        (vec![forget(1, Span::days(41))], vec![Reply::Forgotten(false)]),
        (
            vec![record(&first, vec![late("late")]), forget(1, keep)],
            vec![Reply::Done, Reply::Forgotten(false)],
        ),
    ] {
        assert_eq!(desk.bench.ledger.change(changes).await.unwrap(), expected);
        assert_eq!(desk.keys().await.len(), 3);
    }
    // What is heard in the same moment begins the message anew.
    let forget = Change::ForgetMessage { message: MessageRef::parse(OTHER).unwrap(), version: 1, keep };
    let changes = vec![forget, record(OTHER, vec![late("later")])];
    assert_eq!(desk.bench.ledger.change(changes).await.unwrap(), [Reply::Forgotten(true), Reply::Done]);
    let held = desk.bench.store.message(&MessageRef::parse(OTHER).unwrap()).await.unwrap().unwrap();
    assert_eq!((held.evidence.len(), held.version), (1, 1));
    assert_eq!(desk.bench.ledger.counts().values().sum::<u64>(), 3);
    assert!(compare(&desk.bench.store, &desk.bench.sources).await.unwrap().is_sound());
}

/// A table that names messages by their numbers keeps no row of one that is forgotten.
#[tokio::test]
async fn every_table_that_names_a_message_forgets_it() {
    let desk = Desk::new(tempfile::tempdir().unwrap()).await;
    let query = "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.name = 'n' ORDER BY t.name";
    let tables: Vec<String> = sqlx::query_scalar(query).fetch_all(&desk.bench.store.readers).await.unwrap();
    for table in &tables {
        let statement = format!("DELETE FROM {table} WHERE n IN ");
        assert!(FORGET.iter().any(|forget| forget.starts_with(&statement)), "{table}");
    }
    assert_eq!(tables.len(), FORGET.len(), "{tables:?}");
}
