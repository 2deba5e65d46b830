//! What is kept beside the facts is kept long enough, and not without end.

use rcs_revoke_core::{Span, Timestamp};

use super::{Bench, bench, delivered, message};
use crate::ledger::tidier::tidy;
use crate::store::unclaimed::{Kind, Unclaimed};

async fn keep(bench: &Bench, kind: Kind, name: &str, received_at: Timestamp) {
    let kept = Unclaimed {
        digest: name.to_owned(),
        kind,
        provider: "vonage".to_owned(),
        source: "otp".to_owned(),
        message: None,
        received_at: received_at.as_millis(),
        event: None,
        headers: "[]".to_owned(),
        body: String::new(),
    };
    bench.ledger.keep(kept, None).await.unwrap();
}

async fn kept(bench: &Bench) -> Vec<String> {
    let kept = bench.store.unclaimed_after("", 100).await.unwrap();
    kept.into_iter().map(|kept| kept.digest).collect()
}

#[tokio::test]
async fn asides_go_before_what_a_source_may_claim() {
    let bench = bench().await;
    let now = bench.clock.now();
    keep(&bench, Kind::Unclaimed, "event, oldest", now - Span::days(37)).await;
    keep(&bench, Kind::Unclaimed, "event", now - Span::days(2)).await;
    keep(&bench, Kind::Unreadable, "unreadable", now - Span::days(3)).await;
    keep(&bench, Kind::Aside, "aside, older", now - Span::days(1)).await;
    keep(&bench, Kind::Aside, "aside", now).await;
    for (most, left) in [
        (5, &["aside", "aside, older", "event", "event, oldest", "unreadable"][..]),
        (4, &["aside", "event", "event, oldest", "unreadable"]),
        (2, &["event", "event, oldest"]),
        (1, &["event"]),
    ] {
        tidy(&bench.ledger, &bench.store, now, most).await.unwrap();
        assert_eq!(kept(&bench).await, left, "{most} at most");
    }
}

#[tokio::test]
async fn what_nobody_can_claim_any_more_is_forgotten_and_no_fact_is() {
    let bench = bench().await;
    let now = bench.clock.now();
    bench.record(vec![delivered(now)]).await;
    keep(&bench, Kind::Unclaimed, "event", now).await;
    bench.ledger.remember("key", "digest", None).await.unwrap();
    for (later, is_kept, is_remembered) in [
        (Span::days(6), true, true),
        (Span::days(8), true, false),
        (Span::days(37), true, false),
        (Span::days(39), false, false),
    ] {
        tidy(&bench.ledger, &bench.store, now + later, 10).await.unwrap();
        assert_eq!(!kept(&bench).await.is_empty(), is_kept, "{later:?}");
        assert_eq!(bench.store.given("key").await.unwrap().is_some(), is_remembered, "{later:?}");
    }
    assert_eq!(bench.store.message(&message()).await.unwrap().unwrap().evidence.len(), 1);
}
