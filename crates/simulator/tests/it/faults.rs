//! Faults on the way to an operation and back.

use rcs_revoke_simulator::HostName;
use serde_json::{Value, json};

use crate::support::{World, offline};

async fn world_with(fault: Value) -> (World, String) {
    let world = World::start(offline()).await;
    let id = world.vonage_message("r1").await;
    world.running.add_fault(serde_json::from_value(fault).expect("a fault"));
    (world, id)
}

fn seen(world: &World, id: &str) -> Value {
    let revokes = world.running.truth_of(id).expect("a message").message.revokes;
    json!(revokes.iter().map(|it| (it.effect, it.answer)).collect::<Vec<_>>())
}

#[tokio::test]
async fn a_reset_comes_before_or_after_the_effect() {
    for (kind, effect, fate) in [("reset_before", "none", "queued"), ("reset_after", "removed", "revoked")] {
        let fault = json!({ "route": "vonage.revoke", "count": 1, "fault": { "kind": kind } });
        let (world, id) = world_with(fault).await;
        assert!(world.vonage_revoke(HostName::VonageEu, &id).await.is_none(), "{kind}");
        assert_eq!(world.fate(&id), fate);
        assert_eq!(seen(&world, &id), json!([[effect, "reset"]]));
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, 202);
        assert_eq!(
            world.running.stats().routes[&rcs_revoke_simulator::Route::VonageRevoke].answers["reset"],
            1
        );
    }
}

#[tokio::test]
async fn statuses_come_with_the_providers_bodies() {
    for status in [401, 403, 404, 422, 429, 500, 503, 504] {
        let fault =
            json!({ "count": 2, "fault": { "kind": "status", "status": status, "retry_after": "15" } });
        let (world, id) = world_with(fault).await;
        world
            .running
            .create_message(
                serde_json::from_value(json!({ "provider": "google", "phone": "447700900000", "id": "g1" }))
                    .expect("a message"),
            )
            .expect("a message");
        let token = world.running.add_fault(
            serde_json::from_value(
                json!({ "route": "google.token", "count": 0, "fault": { "kind": "reset_before" } }),
            )
            .expect("a fault"),
        );
        assert_eq!(token, 2);
        let vonage = world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer");
        assert_eq!((vonage.status, vonage.headers["retry-after"].as_bytes()), (status, b"15".as_slice()));
        assert!(vonage.json()["title"].is_string());
        assert_eq!(world.fate(&id), "queued");
        assert_eq!(seen(&world, &id), json!([["none", { "status": status }]]));
    }
}

#[tokio::test]
async fn google_says_its_faults_in_its_own_words() {
    let words = [
        (401, "UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED"),
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
    ];
    let world = World::start(offline()).await;
    let message = json!({ "provider": "google", "phone": "447700900000", "id": "g1" });
    world.running.create_message(serde_json::from_value(message).expect("a message")).expect("a message");
    for (status, word) in words {
        let fault = json!({ "route": "google.revoke", "message": "g1", "count": 1, "fault": { "kind": "status", "status": status } });
        world.running.add_fault(serde_json::from_value(fault).expect("a fault"));
        let answer = world.google_revoke("g1").await.expect("an answer");
        assert_eq!((answer.status, &answer.json()["error"]["status"]), (status, &json!(word)));
    }
    assert_eq!(world.fate("g1"), "queued");
}

#[tokio::test]
async fn a_server_error_may_come_after_the_effect() {
    let fault = json!({ "route": "vonage.revoke", "fault": { "kind": "status", "status": 504, "after_effect": true } });
    let (world, id) = world_with(fault).await;
    assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, 504);
    assert_eq!(world.fate(&id), "revoked");
}

#[tokio::test]
async fn a_body_can_be_garbage() {
    let fault = json!({ "route": "vonage.revoke", "fault": { "kind": "status", "status": 404, "body": "<html>gateway</html>" } });
    let (world, id) = world_with(fault).await;
    let answer = world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer");
    assert_eq!((answer.status, answer.text.as_str()), (404, "<html>gateway</html>"));
    assert_eq!(answer.headers["content-type"], "text/html");
}

#[tokio::test]
async fn a_fault_strikes_only_what_it_is_aimed_at() {
    for aim in [
        json!({ "route": "google.revoke" }),
        json!({ "host": "vonage.us" }),
        json!({ "message": "another" }),
        json!({ "phone": "12223334444" }),
        json!({ "probability": 0.0 }),
        json!({ "skip": 1 }),
    ] {
        let mut fault = json!({ "fault": { "kind": "reset_before" } });
        for (name, value) in aim.as_object().expect("an object") {
            fault[name] = value.clone();
        }
        let (world, id) = world_with(fault).await;
        assert_eq!(
            world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status,
            202,
            "{aim}"
        );
    }
}

#[tokio::test]
async fn latency_delays_the_answer() {
    let fault = json!({ "route": "vonage.revoke", "fault": { "kind": "latency", "ms": 120 } });
    let (world, id) = world_with(fault).await;
    let began = std::time::Instant::now();
    assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, 202);
    assert!(began.elapsed().as_millis() >= 120);
}

#[tokio::test]
async fn the_token_endpoint_has_faults_of_its_own() {
    let world = World::start(offline()).await;
    for (status, error) in [(400, "invalid_grant"), (503, "internal_failure")] {
        let fault =
            json!({ "route": "google.token", "count": 1, "fault": { "kind": "status", "status": status } });
        world.running.add_fault(serde_json::from_value(fault).expect("a fault"));
        let answer = world.ask_token(&world.assertion(&json!({}), false)).await;
        assert_eq!((answer.status, &answer.json()["error"]), (status, &json!(error)));
    }
    assert_eq!(world.ask_token(&world.assertion(&json!({}), false)).await.status, 200);
}
