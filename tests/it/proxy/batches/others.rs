//! Batches beside others: repeated, sharing messages, overtaken by deliveries, watched live.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use rcs_revoke_api::BatchView;
use rcs_revoke_core::recall::State;
use rcs_revoke_simulator::{FaultKind, NewFault, Route};
use serde_json::json;

use super::{
    PATIENCE, is_consistent, is_sound, items_of, plan, requests, sent, shown, slow, taken, until_over,
};
use crate::proxy::stage::{Stage, auth};

#[tokio::test(flavor = "multi_thread")]
async fn what_fell_short_is_selected_for_another_batch_and_moves_there() {
    let stage = Stage::set().await;
    let created = sent(&stage, 6);
    for created in &created[..2] {
        stage.world.add_fault(NewFault {
            route: Some(Route::VonageRevoke),
            message: Some(created.id.clone()),
            ..NewFault::new(FaultKind::Status {
                status: 403,
                retry_after: None,
                body: None,
                after_effect: false,
            })
        });
    }
    let first = plan(&stage, &json!({"items": items_of(&created)})).await;
    taken(&stage, &first.batch, "start").await;
    let ended = until_over(&stage, &first.batch).await;
    assert_eq!(ended.progress.outcomes, BTreeMap::from([("refused".into(), 2), ("unconfirmed".into(), 4)]));
    assert_eq!(ended.retriable, 6);
    stage.world.remove_faults(None);
    let select = json!({"batch": first.batch, "outcome": "refused,inconclusive"});
    let second = plan(&stage, &json!({"select": select, "terms": {"again": true}})).await;
    assert_eq!(second.plan.counts.ask, 2, "{:#?}", second.plan);
    assert_eq!(shown(&stage, &first.batch).await.progress.moved, 0, "a plan moves nothing");
    taken(&stage, &second.batch, "start").await;
    let repeated = until_over(&stage, &second.batch).await;
    assert_eq!(repeated.progress.outcomes, BTreeMap::from([("unconfirmed".into(), 2)]));
    let ended = shown(&stage, &first.batch).await;
    assert_eq!(
        (ended.progress.moved, ended.progress.outcomes.get("unconfirmed")),
        (2, Some(&4)),
        "{ended:#?}"
    );
    is_consistent(&stage, &ended).await;
    is_consistent(&stage, &repeated).await;
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_two_batches_is_asked_for_once_unless_again_is_said() {
    let stage = Stage::set().await;
    let created = sent(&stage, 6);
    let one = plan(&stage, &json!({"items": items_of(&created[..4])})).await;
    let other = plan(&stage, &json!({"items": items_of(&created[2..])})).await;
    assert_eq!((one.plan.counts.ask, other.plan.counts.ask), (4, 4));
    taken(&stage, &one.batch, "start").await;
    let one = until_over(&stage, &one.batch).await;
    taken(&stage, &other.batch, "start").await;
    let other = until_over(&stage, &other.batch).await;
    assert_eq!(one.progress.outcomes.get("unconfirmed"), Some(&4));
    assert_eq!(
        (other.progress.outcomes.get("unconfirmed"), other.progress.left_out),
        (Some(&2), 2),
        "{other:#?}"
    );
    assert_eq!(shown(&stage, &one.batch).await.progress.moved, 0);
    assert_eq!(requests(&stage), 6);
    is_consistent(&stage, &one).await;
    is_consistent(&stage, &other).await;
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_between_plan_and_start_is_not_asked_for() {
    let stage = Stage::set().await;
    let created = sent(&stage, 2);
    let late = stage.register("codes", &created[0]).await;
    let view = plan(&stage, &json!({"items": items_of(&created)})).await;
    assert_eq!(view.plan.counts.ask, 2);
    let delivered: rcs_revoke_simulator::NewEvent =
        serde_json::from_value(json!({"message": created[0].id, "word": "delivered"})).unwrap();
    stage.world.emit_event(&delivered).unwrap();
    stage.until(&late, "delivered").await;
    taken(&stage, &view.batch, "start").await;
    let end = until_over(&stage, &view.batch).await;
    assert_eq!(
        end.progress.outcomes,
        BTreeMap::from([("delivered".into(), 1), ("unconfirmed".into(), 1)]),
        "{end:#?}"
    );
    assert!(stage.world.truth_of(&created[0].id).unwrap().message.revokes.is_empty());
    is_consistent(&stage, &end).await;
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_watched_live_without_its_messages() {
    let stage = slow(20).await;
    let created = sent(&stage, 60);
    let view = plan(&stage, &json!({"items": items_of(&created)})).await;
    let (name, value) = auth();
    let request = Request::get(format!("{}/api/v1/events?messages=false", stage.base())).header(name, value);
    let answer = stage.http.request(request.body(Full::new(Bytes::new())).unwrap()).await.unwrap();
    let mut body = answer.into_body();
    taken(&stage, &view.batch, "start").await;
    let mut text = String::new();
    let mut names = BTreeSet::new();
    let mut seen: Vec<(Instant, BatchView)> = Vec::new();
    let watched = async {
        loop {
            while let Some((event, rest)) = text.clone().split_once("\n\n") {
                rest.clone_into(&mut text);
                let field =
                    |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let Some(name) = field("event:") else { continue };
                names.insert(name.to_owned());
                if name == "batch" {
                    seen.push((Instant::now(), serde_json::from_str(field("data:").unwrap()).unwrap()));
                }
            }
            if seen.last().is_some_and(|(_, view)| view.ended_at.is_some()) {
                return;
            }
            let frame = body.frame().await.expect("it goes on").expect("the connection holds");
            text += &String::from_utf8_lossy(&frame.into_data().unwrap_or_default());
        }
    };
    tokio::time::timeout(PATIENCE, watched).await.expect("the end comes");
    assert_eq!(names, BTreeSet::from(["batch".to_owned(), "hello".to_owned()]), "no event of a message");
    let asked: Vec<u64> = seen.iter().map(|(_, view)| 60 - view.progress.waiting).collect();
    assert!(asked.is_sorted() && asked.iter().any(|asked| (1..60).contains(asked)), "{asked:?}");
    let rates: Vec<u32> = seen.iter().map(|(_, view)| view.progress.rate).collect();
    assert!(rates.iter().any(|rate| *rate > 0) && rates.iter().all(|rate| *rate <= 21), "{rates:?}");
    let (first, last) = (seen.first().unwrap().0, seen.last().unwrap().0);
    let most = (last - first).as_millis() / 450 + 3;
    assert!(seen.len() as u128 <= most, "{} events in {:?}", seen.len(), last - first);
    let end = &seen.last().unwrap().1;
    assert_eq!((end.state, end.progress.outcomes.get("unconfirmed")), (State::Done, Some(&60)));
    assert_eq!(end.progress.history.requests.iter().sum::<u32>(), 60);
}
