//! The configuration, changed while a world runs.

use http::Method;
use rcs_revoke_simulator::{Config, HostName};
use serde_json::{Value, json};

use crate::support::{Receiver, World, offline};

async fn patch(world: &World, part: Value) -> (u16, Value) {
    let answer = world.control(Method::PATCH, "/config", part).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_part_changes_what_it_says_and_nothing_else() {
    let world = World::start(offline()).await;
    let before = world.control(Method::GET, "/config", Value::Null).await.json();
    assert_eq!(before, json!(offline()));

    let id = world.vonage_message("r1").await;
    let (status, after) = patch(&world, json!({ "vonage": { "answers": { "success": 204 } } })).await;
    assert_eq!((status, &after["vonage"]["answers"]["success"]), (200, &json!(204)));
    assert_eq!(after["vonage"]["answers"]["late"], before["vonage"]["answers"]["late"]);
    assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, 204);

    let limit = json!({ "vonage": { "rate_limit": null } });
    assert_eq!(patch(&world, limit).await.1["vonage"]["rate_limit"], Value::Null);
    let online = json!({ "vonage": { "behaviour": { "delivery": { "kind": "online", "after_ms": 1 } } } });
    assert_eq!(patch(&world, online).await.0, 200);
    assert_eq!(world.fate(&id), "revoked");
    let next = world.vonage_message("r2").await;
    world.until("it is delivered", |_| world.fate(&next) == "delivered").await;

    let put_back = world.control(Method::DELETE, "/config", Value::Null).await;
    assert_eq!((put_back.status, put_back.json()), (200, before));
}

#[tokio::test]
async fn what_cannot_change_is_refused_and_named() {
    let world = World::start(offline()).await;
    let before = world.running.config();
    for (part, named) in [
        (json!({ "seed": 8 }), "seed"),
        (json!({ "clock": { "scale": 2.0 } }), "clock"),
        (json!({ "ports": { "vonage.eu": 1 } }), "ports"),
        (json!({ "google": { "client_token": "x" } }), "google.client_token"),
        (json!({ "vonage": { "api_secret": "x" } }), "vonage.api_secret"),
        (json!({ "vonage": { "answers": { "success": 201 } } }), "vonage.answers.success"),
        (json!({ "google": { "answers": { "unknown_id": 302 } } }), "google.answers.unknown_id"),
        (json!({ "google": { "behaviour": { "webhook": { "loss": 2 } } } }), "loss"),
        (json!({ "google": { "colour": "red" } }), "colour"),
        (json!({ "scenarios": ["nonsense"] }), "nonsense"),
        (json!([]), "table"),
    ] {
        let (status, answer) = patch(&world, part.clone()).await;
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(status == 422 && error.contains(named), "{part}: {status} {error}");
    }
    assert_eq!(world.running.config(), before);
}

#[tokio::test]
async fn faults_of_the_configuration_begin_anew_and_others_stay() {
    let world = World::start(offline()).await;
    let kept = json!({ "route": "google.revoke", "fault": { "kind": "reset_before" } });
    world.control(Method::POST, "/faults", kept).await;
    let faults = json!({ "faults": [{ "route": "vonage.revoke", "count": 1, "fault": { "kind": "status", "status": 503 } }] });
    for _ in 0..2 {
        assert_eq!(patch(&world, faults.clone()).await.0, 200);
        let id = world.vonage_message("r1").await;
        for status in [503, 202] {
            assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, status);
        }
    }
    let routes = |list: Value| -> Vec<Value> {
        list.as_array().expect("faults").iter().map(|fault| fault["route"].clone()).collect()
    };
    let all = world.control(Method::GET, "/faults", Value::Null).await.json();
    assert_eq!(routes(all), [json!("google.revoke"), json!("vonage.revoke")]);
    assert_eq!(patch(&world, json!({ "faults": [] })).await.0, 200);
    let left = world.control(Method::GET, "/faults", Value::Null).await.json();
    assert_eq!(routes(left), [json!("google.revoke")]);
}

#[tokio::test]
async fn a_scenario_is_played_by_its_name() {
    let world = World::start(offline()).await;
    let list = world.control(Method::GET, "/scenarios", Value::Null).await.json();
    let names: Vec<&Value> = list.as_array().expect("a list").iter().map(|it| &it["name"]).collect();
    assert!(names.contains(&&json!("chaos")) && list[0]["shows"].is_string());

    let played = world.control(Method::POST, "/scenario", json!({ "name": "vonage-success-200" })).await;
    assert_eq!((played.status, &played.json()["name"]), (200, &json!("vonage-success-200")));
    let id = world.vonage_message("r1").await;
    let answer = world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer");
    assert_eq!((answer.status, answer.headers.contains_key("x-request-id")), (200, false));
    let info = world.control(Method::GET, "/info", Value::Null).await.json();
    assert_eq!(info["scenarios"], json!(["vonage-success-200"]));

    let unknown = world.control(Method::POST, "/scenario", json!({ "name": "nonsense" })).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn where_events_go_is_a_part_of_it() {
    let world = World::start(Config::default()).await;
    let receiver = Receiver::start(&[]).await;
    let (status, config) = patch(&world, json!({ "vonage": { "webhook_url": receiver.url } })).await;
    assert_eq!((status, &config["vonage"]["webhook_url"]), (200, &json!(receiver.url)));
    world.vonage_message("r1").await;
    receiver.wait_for(1).await;
    let other = json!({ "vonage": "http://127.0.0.1:9/" });
    assert_eq!(world.control(Method::PUT, "/webhooks", other.clone()).await.json(), other);
    assert_eq!(world.running.config().vonage.webhook_url.as_deref(), Some("http://127.0.0.1:9/"));
    let put_back = world.control(Method::DELETE, "/config", Value::Null).await.json();
    assert_eq!(put_back["vonage"]["webhook_url"], "http://127.0.0.1:9/", "addresses stay");
}
