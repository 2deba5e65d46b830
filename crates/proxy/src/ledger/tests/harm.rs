//! What is damaged in the file harms nothing but itself.

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::fact::Answered;
use rcs_revoke_core::{Fact, MessageRef, SourceId};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::{Bench, bench, delivered, message};
use crate::ledger::rebuild::{compare, rebuild};
use crate::ledger::{Change, Reply};
use crate::store::{StoreError, Trouble};

const OTHER: &str = "vonage:bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab";

/// Changes the file behind the ledger's back.
pub(super) async fn damage(bench: &Bench, statement: &'static str) {
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
        // So that the message is read again.
        bench.ledger.change(vec![Change::Recount]).await.unwrap();
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
    let rebuilt = rebuild(&bench.ledger, &bench.store).await.unwrap();
    assert_eq!((rebuilt.messages, rebuilt.failed.len()), (1, 0));
    let (_, view) = bench.store.changed_after(0, 10).await.unwrap().remove(0);
    assert_eq!(view.unwrap().message, super::ID);
    assert_eq!(bench.ledger.counts(), [("delivered".to_owned(), 1)].into());
    assert!(compare(&bench.store, &bench.sources).await.unwrap().differing.is_empty());
}

#[tokio::test]
async fn whatever_is_tampered_with_is_found_and_mended() {
    for statement in [
        "UPDATE messages SET outcome = 'watched'",
        "UPDATE messages SET id = 'another'",
        "UPDATE messages SET due_at = 1",
        "UPDATE messages SET look_at = NULL",
        "UPDATE messages SET folded_at = folded_at - 3600000",
        "UPDATE messages SET phone_reversed = '1'",
        "UPDATE messages SET sent_at = 1",
        "UPDATE messages SET window_closes = 1",
        "UPDATE messages SET version = version + 1",
        "UPDATE messages SET view = json_set(view, '$.outcome.outcome', 'watched')",
        "UPDATE messages SET view = json_set(view, '$.recipient', '+49…1')",
        "UPDATE messages SET view = json_set(view, '$.changed_at', 1)",
        "UPDATE messages SET view = json_set(view, '$.why[0]', 'because')",
    ] {
        let bench = bench().await;
        bench.ledger.wish(bench.wish("rev_1", false)).await.unwrap();
        let begun = bench.ledger.begin(&message()).await.unwrap().unwrap();
        let at = bench.clock.now();
        let answer =
            Answered { attempt: begun.attempt, ack: Ack::Accepted, status: Some(202), body: None, at };
        bench.ledger.answered(&message(), Fact::Answered(answer)).await.unwrap();
        let found = compare(&bench.store, &bench.sources).await.unwrap();
        assert!(found.is_sound(), "{statement}: {found:?}");
        damage(&bench, statement).await;
        let found = compare(&bench.store, &bench.sources).await.unwrap();
        assert_eq!(
            (&found.differing[..], found.damage.len()),
            (&[super::ID.to_owned()][..], 0),
            "{statement}"
        );
        rebuild(&bench.ledger, &bench.store).await.unwrap();
        let found = compare(&bench.store, &bench.sources).await.unwrap();
        assert!(found.is_sound(), "{statement}: {found:?}");
        assert_eq!(bench.outcome().await, "settling", "{statement}");
    }
}

#[tokio::test]
async fn what_cannot_be_mended_is_said() {
    let bench = bench().await;
    bench.record(vec![delivered(bench.clock.now())]).await;
    let other = MessageRef::parse(OTHER).unwrap();
    bench.ledger.change(record(other, delivered(bench.clock.now()))).await.unwrap();
    damage(&bench, "UPDATE facts SET fact = '{}' WHERE n = 1; INSERT INTO facts VALUES (99, 'a', '{}')")
        .await;
    let found = compare(&bench.store, &bench.sources).await.unwrap();
    assert_eq!((found.messages, found.differing.len(), found.damage.len()), (1, 0, 2), "{found:?}");
    let rebuilt = rebuild(&bench.ledger, &bench.store).await.unwrap();
    assert_eq!((rebuilt.messages, rebuilt.failed), (1, vec![message()]));
    assert_eq!(bench.store.watch().trouble(), Some(Trouble::Corrupt));
    assert!(bench.store.watch().takes_writes());
}
