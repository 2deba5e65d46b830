//! A group that is prepared while another is written: nothing of it is mixed up, and nothing of it stands on what failed.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::fact::Answered;
use rcs_revoke_core::{Fact, MessageRef};

use super::harm::damage;
use super::{Bench, bench};
use crate::ledger::rebuild::compare;

/// More than some groups take.
const MANY: u32 = 300;

fn message(n: u32) -> MessageRef {
    MessageRef::parse(&format!("vonage:aaaaaaaa-bbbb-4ccc-8ddd-{n:012}")).unwrap()
}

/// Records the answer to one attempt of every message at once; for which it failed.
async fn answer_all(bench: &Bench, attempt: u32) -> Vec<u32> {
    let at = bench.clock.now();
    let all = (0..MANY).map(|n| {
        let body = Some(format!("answer for {n}."));
        let answer = Fact::Answered(Answered { attempt, ack: Ack::Accepted, status: Some(202), body, at });
        async move { bench.ledger.answered(&message(n), answer).await.err().map(|_| n) }
    });
    join_all(all).await.into_iter().flatten().collect()
}

/// How often each message changed; no change has the number of another.
async fn versions(bench: &Bench) -> Vec<i64> {
    let changed = bench.store.changed_after(0, 10_000).await.unwrap();
    let numbers: BTreeSet<i64> = changed.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(numbers.len(), changed.len());
    changed.into_iter().map(|(_, view)| view.unwrap().version).collect()
}

#[tokio::test]
async fn groups_that_overlap_are_written_as_if_they_did_not() {
    let bench = bench().await;
    for attempt in 1..=3 {
        assert_eq!(answer_all(&bench, attempt).await, [0; 0]);
        assert_eq!(versions(&bench).await, vec![i64::from(attempt); MANY as usize]);
    }
    let found = compare(&bench.store, &bench.sources).await.unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(bench.ledger.counts().values().sum::<u64>(), u64::from(MANY));
}

#[tokio::test]
async fn what_was_prepared_upon_a_group_that_fails_is_prepared_again() {
    let bench = bench().await;
    assert_eq!(answer_all(&bench, 1).await, [0; 0]);
    damage(
        &bench,
        "CREATE TRIGGER one_fails BEFORE INSERT ON facts WHEN NEW.fact LIKE '%answer for 17.%'
            BEGIN SELECT RAISE(ABORT, 'not this one'); END",
    )
    .await;
    assert_eq!(answer_all(&bench, 2).await, [17]);
    damage(&bench, "DROP TRIGGER one_fails").await;
    let mut versions = versions(&bench).await;
    versions.sort_unstable();
    assert_eq!((versions[0], versions[1]), (1, 2));
    let found = compare(&bench.store, &bench.sources).await.unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(answer_all(&bench, 2).await, [0; 0], "it is made again once it can be");
    let found = compare(&bench.store, &bench.sources).await.unwrap();
    assert!(found.is_sound(), "{found:?}");
}
