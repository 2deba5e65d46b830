//! What stops a batch, and what goes on afterwards: pauses, aborts, dates, kills.

use std::collections::BTreeMap;
use std::ops::Range;

use rcs_revoke_core::recall::{State, is_under_way};
use rcs_revoke_simulator::{FaultKind, NewFault, Route};
use serde_json::json;

use super::{
    asked, give, is_consistent, is_sound, items_of, plan, requests, sent, shown, slow, taken, text_of,
    until_over, upload, view_of, waits,
};
use crate::proxy::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_is_effective_within_a_second_and_outlives_a_kill() {
    let stage = slow(20).await;
    let created = sent(&stage, 120);
    let view = view_of(&upload(&stage, "?source=codes", text_of(&created), &[]).await);
    let started = give(&stage, &view.batch, "start", json!({"expect": 120})).await;
    assert_eq!(started.status, 200, "{}", started.text());
    waits("some are asked for", || asked(&stage) >= 10).await;
    let paused = taken(&stage, &view.batch, "pause").await;
    assert_eq!(paused.state, State::Paused);
    let effective = stage.world.now_ms() + 1_000;
    waits("a while passes", || stage.world.now_ms() > effective + 1_500).await;
    let stage = stage.kill_and_start(20).await;
    assert_eq!(shown(&stage, &view.batch).await.state, State::Paused, "it was written down");
    let restarted = stage.world.now_ms();
    waits("a while passes", || stage.world.now_ms() > restarted + 1_500).await;
    let still = shown(&stage, &view.batch).await;
    assert!(still.progress.waiting > 0 && still.progress.seconds_left.is_none(), "{still:#?}");
    is_consistent(&stage, &still).await;
    let resumed_at = stage.world.now_ms();
    assert_eq!(taken(&stage, &view.batch, "resume").await.state, State::Running);
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.progress.outcomes.get("unconfirmed"), Some(&120), "{end:#?}");
    let truth = stage.world.truth();
    let revokes = truth.iter().flat_map(|truth| &truth.message.revokes);
    assert_eq!(revokes.filter(|revoke| (effective..resumed_at).contains(&revoke.at_ms)).count(), 0);
    assert_eq!((asked(&stage), requests(&stage)), (120, 120));
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_paused_batch_had_begun_is_not_repeated_before_it_goes_on() {
    let stage = Stage::set().await;
    let created = sent(&stage, 5);
    // The first try fails in a way that is tried again.
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        ..NewFault::new(FaultKind::Status { status: 503, retry_after: None, body: None, after_effect: false })
    });
    let view = plan(&stage, &json!({"items": items_of(&created)})).await;
    taken(&stage, &view.batch, "start").await;
    waits("each is asked for", || asked(&stage) == 5).await;
    taken(&stage, &view.batch, "pause").await;
    let effective = stage.world.now_ms() + 1_000;
    stage.world.remove_faults(None);
    // The first two repetitions would come after one and five seconds.
    waits("a while passes", || stage.world.now_ms() > effective + 6_000).await;
    let resumed_at = stage.world.now_ms();
    let truth = stage.world.truth();
    let late = truth.iter().flat_map(|truth| &truth.message.revokes);
    assert_eq!(late.filter(|revoke| (effective..resumed_at).contains(&revoke.at_ms)).count(), 0);
    taken(&stage, &view.batch, "resume").await;
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.progress.outcomes.get("unconfirmed"), Some(&5), "{end:#?}");
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_asked_for_when_it_was_aborted_never_is() {
    let stage = slow(20).await;
    let created = sent(&stage, 120);
    // Those that are tried again are taken back, too.
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        count: Some(3),
        ..NewFault::new(FaultKind::Status { status: 429, retry_after: None, body: None, after_effect: false })
    });
    let view = view_of(&upload(&stage, "?source=codes", text_of(&created), &[]).await);
    give(&stage, &view.batch, "start", json!({"expect": 120})).await;
    waits("some are asked for", || asked(&stage) >= 20).await;
    let aborted = taken(&stage, &view.batch, "abort").await;
    assert_eq!(aborted.state, State::Aborted);
    let effective = stage.world.now_ms() + 1_000;
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.state, State::Aborted);
    assert!(end.progress.waiting > 0, "{end:#?}");
    assert!(!end.progress.outcomes.iter().any(|(code, count)| is_under_way(code) && *count > 0), "{end:#?}");
    assert!(end.progress.outcomes.get("withdrawn").is_some_and(|count| (1..=3).contains(count)), "{end:#?}");
    is_consistent(&stage, &end).await;
    waits("a while passes", || stage.world.now_ms() > effective + 6_000).await;
    let truth = stage.world.truth();
    let late =
        truth.iter().flat_map(|truth| &truth.message.revokes).filter(|revoke| revoke.at_ms >= effective);
    assert_eq!(late.count(), 0);
    assert_eq!(asked(&stage) as u64 + end.progress.waiting, 120);
    let stage = stage.kill_and_start(20).await;
    let started = stage.world.now_ms();
    waits("a while passes", || stage.world.now_ms() > started + 1_500).await;
    assert_eq!(shown(&stage, &view.batch).await.progress, end.progress, "an end is an end");
    assert_eq!(asked(&stage) as u64 + end.progress.waiting, 120);
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_for_before_its_time() {
    let stage = Stage::set().await;
    let created = sent(&stage, 3);
    let begins = stage.world.now_ms() + 4_000;
    let view = plan(&stage, &json!({"items": items_of(&created), "terms": {"not_before": begins}})).await;
    taken(&stage, &view.batch, "start").await;
    let held = shown(&stage, &view.batch).await;
    assert_eq!(held.trouble.map(|trouble| trouble.code).as_deref(), Some("not_before"));
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.progress.outcomes.get("unconfirmed"), Some(&3));
    for truth in stage.world.truth() {
        assert!(truth.message.revokes.iter().all(|revoke| revoke.at_ms >= begins), "{truth:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_batch_goes_on_by_itself_and_loses_and_doubles_nothing() {
    const COUNT: usize = 240;
    let mut stage = slow(30).await;
    let created = sent(&stage, COUNT);
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        ..NewFault::new(FaultKind::Latency { ms: 120, jitter_ms: 0, after_effect: false })
    });
    let view = view_of(&upload(&stage, "?source=codes&reason=wrong", text_of(&created), &[]).await);
    give(&stage, &view.batch, "start", json!({"expect": COUNT})).await;
    let mut kills = Vec::new();
    for kill in 1..=3 {
        waits("some more are asked for", || asked(&stage) >= kill * 40).await;
        let before = stage.world.now_ms();
        stage = stage.kill_and_start(30).await;
        kills.push(before..stage.world.now_ms());
    }
    assert!(asked(&stage) < COUNT, "it was killed too late to show anything");
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(end.state, State::Done);
    assert_eq!(end.progress.outcomes, BTreeMap::from([("unconfirmed".into(), COUNT as u64)]), "{end:#?}");
    assert_eq!((end.progress.waiting, end.progress.left_out, end.progress.moved), (0, 0, 0));
    is_consistent(&stage, &end).await;
    for created in &created {
        let truth = stage.world.truth_of(&created.id).unwrap();
        let detail = stage.server.api.message(&format!("vonage:{}", created.id)).await.unwrap();
        let attempts =
            detail.timeline.iter().filter(|entry| entry.title.to_string().contains("api-")).count();
        let seen = &truth.message.revokes;
        assert!((1..=attempts).contains(&seen.len()), "each was written down before it left: {detail:#?}");
        for pair in seen.windows(2) {
            let (first, second) = (pair[0].at_ms, pair[1].at_ms);
            // A request that the kill left without an answer, as one does that arrived a moment before it.
            let is_cut =
                |kill: &Range<i64>| first < kill.end && first > kill.start - 2_000 && second > kill.start;
            assert!(kills.iter().any(is_cut), "asked for twice without cause: {seen:?}, kills {kills:?}");
        }
    }
    is_sound(stage).await;
}
