//! What is damaged in the file harms nothing but itself.

use rcs_revoke_core::{Fact, MessageRef, SourceId};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::{Bench, bench, delivered, message};
use crate::ledger::rebuild::{compare, rebuild};
use crate::ledger::{Change, Reply};
use crate::store::StoreError;

const OTHER: &str = "vonage:bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab";

/// Changes the file behind the ledger's back.
async fn damage(bench: &Bench, statement: &'static str) {
    let path = bench.folder.path().join("rcs-revoke.db");
    let mut sql = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    sqlx::raw_sql(statement).execute(&mut sql).await.unwrap();
    sql.close().await.unwrap();
}

fn record(message: MessageRef, fact: Fact) -> Vec<Change> {
    vec![Change::Record { message, source: Some(SourceId::parse("otp").unwrap()), facts: vec![fact] }]
}

/// Changes the damaged message and another one at once, and says what became of the first.
async fn change_both(bench: &Bench) -> Result<Vec<Reply>, StoreError> {
    let fact = || delivered(bench.clock.now());
    let other = MessageRef::parse(OTHER).unwrap();
    let (damaged, sound) = tokio::join!(
        bench.ledger.change(record(message(), fact())),
        bench.ledger.change(record(other.clone(), fact()))
    );
    assert_eq!(sound.unwrap(), [Reply::Done]);
    assert!(bench.store.message(&other).await.unwrap().is_some());
    damaged
}

#[tokio::test]
async fn a_message_that_cannot_be_changed_fails_alone() {
    for statement in [
        // Not a number where one is read without asking: the program panics over it.
        "UPDATE messages SET version = 'x'",
        "UPDATE facts SET fact = '{}'",
    ] {
        let bench = bench().await;
        bench.record(vec![delivered(bench.clock.now())]).await;
        damage(&bench, statement).await;
        for _ in 0..2 {
            let failed = change_both(&bench).await;
            assert!(failed.is_err(), "{statement}");
        }
    }
}

#[tokio::test]
async fn a_view_that_cannot_be_read_is_made_again() {
    let bench = bench().await;
    bench.record(vec![delivered(bench.clock.now())]).await;
    damage(&bench, "UPDATE messages SET view = '{}'").await;
    assert_eq!(bench.store.changed_after(0, 10).await.unwrap(), [(1, None)]);
    assert_eq!(compare(&bench.store, &bench.sources).await.unwrap().differing, [super::ID]);
    rebuild(&bench.ledger, &bench.store).await.unwrap();
    let (_, view) = bench.store.changed_after(0, 10).await.unwrap().remove(0);
    assert_eq!(view.unwrap().message, super::ID);
    assert_eq!(bench.ledger.counts(), [("delivered".to_owned(), 1)].into());
    assert!(compare(&bench.store, &bench.sources).await.unwrap().differing.is_empty());
}
