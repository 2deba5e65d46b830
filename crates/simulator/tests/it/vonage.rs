//! Vonage: sending and revoking.

use http::Method;
use rcs_revoke_simulator::config::{LateAnswer, RateLimit, Sender};
use rcs_revoke_simulator::{HostName, NewMessage, Provider};
use serde_json::{Value, json};

use crate::support::{World, behaviour, offline, rcs};

#[tokio::test]
async fn a_message_is_sent_and_revoked_where_its_sender_lives() {
    let mut config = offline();
    config.vonage.senders.push(Sender { name: "BrazilAgent".to_owned(), region: HostName::VonageUs });
    let world = World::start(config).await;
    let mut body = rcs("r1");
    body["from"] = json!("BrazilAgent");
    let id = world.vonage_send(&body).await.json()["message_uuid"].as_str().expect("a UUID").to_owned();

    for host in [HostName::VonageApi, HostName::VonageEu, HostName::VonageAp] {
        let answer = world.vonage_revoke(host, &id).await.expect("an answer");
        assert_eq!((answer.status, &answer.json()["title"]), (404, &json!("Not Found")), "{host}");
    }
    let answer = world.vonage_revoke(HostName::VonageUs, &id).await.expect("an answer");
    assert_eq!((answer.status, answer.text.as_str()), (202, ""));
    assert!(answer.headers.contains_key("x-request-id"));
    assert_eq!(world.fate(&id), "revoked");
    assert_eq!(world.running.truth_of(&id).expect("a message").message.revokes.len(), 4);
}

#[tokio::test]
async fn callers_prove_who_they_are() {
    let world = World::start(offline()).await;
    let id = world.vonage_message("r1").await;
    let now = world.running.now_ms() / 1000;
    let stranger = World::start(offline()).await;
    let foreign = json!({ "application_id": world.running.credentials().vonage_application_id });
    let wrong = [
        String::new(),
        world.vonage_basic(),
        "Bearer x.y.z".to_owned(),
        stranger.vonage_token(&foreign),
        world.vonage_token(&json!({ "application_id": "00000000-0000-4000-8000-000000000000" })),
        world.vonage_token(&json!({ "iat": now - 2000, "exp": now - 1000 })),
        world.vonage_token(&json!({ "iat": now - 1000, "exp": null })),
        world.vonage_token(&json!({ "exp": now + 90_000 })),
        world.vonage_token(&json!({ "iat": now + 600, "exp": now + 900 })),
        world.vonage_token(&json!({ "jti": null })),
    ];
    let path = format!("/v1/messages/{id}");
    for token in wrong {
        let headers = [("authorization", token)];
        let answer =
            world.send(HostName::VonageEu, Method::PATCH, &path, &headers, r#"{"status":"revoked"}"#).await;
        assert_eq!(answer.status, 401, "{headers:?}");
    }
    let headers = [("authorization", world.vonage_basic())];
    let sent =
        world.send(HostName::VonageApi, Method::POST, "/v1/messages", &headers, rcs("r2").to_string()).await;
    assert_eq!(sent.status, 202);
    assert_eq!(world.fate(&id), "queued");
}

#[tokio::test]
async fn only_a_revocation_is_taken_in_any_spelling_of_its_json() {
    let world = World::start(offline()).await;
    let id = world.vonage_message("r1").await;
    let headers = [("authorization", world.vonage_token(&json!({})))];
    let path = format!("/v1/messages/{id}");
    for (body, status) in [
        (r#"{"status":"read"}"#, 422),
        (r#"{"status":"delivered"}"#, 422),
        ("{}", 422),
        ("{", 422),
        ("{ \"status\" :\n\"revoked\" }", 202),
    ] {
        let answer = world.send(HostName::VonageEu, Method::PATCH, &path, &headers, body).await;
        assert_eq!(answer.status, status, "{body}");
    }
}

#[tokio::test]
async fn the_undocumented_answers_can_be_chosen() {
    let day = 25 * 3_600_000;
    for (late, status) in [
        (LateAnswer::AcceptedWithoutEffect, 202),
        (LateAnswer::NotFound, 404),
        (LateAnswer::Unprocessable, 422),
    ] {
        let mut config = offline();
        config.vonage.answers.late = late;
        let world = World::start(config).await;
        let id = created(&world, &json!({ "sent_at_ms": world.running.now_ms() - day }));
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, status);
        assert_eq!(world.fate(&id), "queued");
    }
    for (status, second, delivered) in [(202, 202, 202), (204, 404, 422)] {
        let mut config = offline();
        config.vonage.answers.success = status;
        config.vonage.answers.second_revoke = second;
        config.vonage.answers.already_delivered = delivered;
        let world = World::start(config).await;
        let id = created(&world, &json!({}));
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, status);
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, second);
        let here = json!({ "behaviour": { "delivery": { "kind": "delivered_before_revoke" } } });
        let id = created(&world, &here);
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, delivered);
        assert_eq!(world.fate(&id), "delivered");
    }
}

#[tokio::test]
async fn an_sms_cannot_be_revoked() {
    let world = World::start(offline()).await;
    let id = created(&world, &json!({ "channel": "sms" }));
    let answer = world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer");
    assert_eq!((answer.status, &answer.json()["type"]), (422, &json!("")));
}

#[tokio::test]
async fn a_bad_message_is_refused_with_its_reason() {
    let world = World::start(offline()).await;
    let cases = [
        (json!({ "channel": "fax" }), "Unsupported channel"),
        (json!({ "message_type": "sonnet" }), "Invalid message type"),
        (json!({ "from": "Nobody" }), "Invalid sender"),
        (json!({ "to": "+447700900000" }), "Invalid recipient"),
        (json!({ "ttl": 19 }), "Invalid params"),
        (json!({ "ttl": 259_201 }), "Invalid params"),
        (json!({ "text": "x".repeat(3073) }), "Invalid params"),
        (json!({ "client_ref": "x".repeat(101) }), "Invalid client reference"),
        (json!({ "webhook_version": "v2" }), "Invalid params"),
    ];
    for (change, title) in cases {
        let mut body = rcs("r1");
        for (name, value) in change.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let answer = world.vonage_send(&body).await;
        assert_eq!((answer.status, &answer.json()["title"]), (422, &json!(title)), "{change}");
    }
    assert!(world.running.truth().is_empty());
}

#[tokio::test]
async fn the_rate_limit_counts_sending_and_revoking_together() {
    let mut config = offline();
    config.vonage.rate_limit = Some(RateLimit { per_second: 3, enforce: true, virtual_seconds: true });
    // A virtual second takes 100 real ones, so that all arrive within one on any machine.
    config.clock.scale = 0.01;
    let world = World::start(config).await;
    let id = created(&world, &json!({}));
    let revoke = || world.vonage_revoke(HostName::VonageEu, &id);
    let body = rcs("r1");
    let send = || world.vonage_send(&body);
    let (revokes, sends) = tokio::join!(async { tokio::join!(revoke(), revoke(), revoke()) }, async {
        tokio::join!(send(), send())
    });
    let ends = [revokes.0, revokes.1, revokes.2].map(|answer| answer.expect("an answer").status);
    let statuses = [&ends[..], &[sends.0.status, sends.1.status]].concat();
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 2, "{statuses:?}");
    let stats = world.running.stats();
    assert_eq!((stats.keys["vonage"].requests, stats.keys["vonage"].violations), (5, 2));
    assert_eq!(stats.keys["vonage"].busiest_second, 5);
}

#[tokio::test]
async fn the_order_of_requests_changes_no_fate() {
    let mut fates = Vec::new();
    for order in [["a", "b", "c", "d"], ["d", "c", "b", "a"]] {
        let mut config = offline();
        config.seed = 11;
        config.vonage.mix = serde_json::from_value(json!([
            { "weight": 1, "behaviour": { "delivery": { "kind": "never" } } },
            { "weight": 1, "behaviour": { "delivery": { "kind": "races_revoke", "after_ms": 7 } } },
        ]))
        .expect("a mix");
        let world = World::start(config).await;
        let mut seen: Vec<(String, String, Value)> = Vec::new();
        for client_ref in order {
            let id = world.vonage_message(client_ref).await;
            let behaviour = json!(world.running.truth_of(&id).expect("a message").message.behaviour);
            seen.push((client_ref.to_owned(), id, behaviour));
        }
        seen.sort_by(|one, other| one.0.cmp(&other.0));
        fates.push(seen);
    }
    assert_eq!(fates[0], fates[1]);
}

fn created(world: &World, more: &Value) -> String {
    let mut message = json!({ "provider": "vonage", "phone": "447700900000" });
    for (name, value) in more.as_object().expect("an object") {
        message[name] = value.clone();
    }
    let message: NewMessage = serde_json::from_value(message).expect("a message");
    assert_eq!(message.provider, Provider::Vonage);
    world.running.create_message(message).expect("a message").id
}

#[tokio::test]
async fn what_follows_a_revocation_can_be_chosen() {
    let cases = [
        (json!({ "kind": "silence" }), "revoked", Value::Null),
        (json!({ "kind": "rejected_1360", "after_ms": 1 }), "revoked", json!(["rejected", 1360])),
        (
            json!({ "kind": "rejected_other", "after_ms": 1, "code": 1330 }),
            "revoked",
            json!(["rejected", 1330]),
        ),
        (json!({ "kind": "undeliverable", "after_ms": 1 }), "revoked", json!(["undeliverable", 1100])),
        (json!({ "kind": "late_delivered", "after_ms": 1 }), "delivered", json!(["delivered", null])),
    ];
    let world = World::start(offline()).await;
    for (after_revoke, fate, event) in cases {
        let id = created(&world, &json!({ "submitted": false }));
        world.running.set_message_behaviour(&id, &behaviour(json!({ "after_revoke": after_revoke })));
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, 202);
        let last = |running: &rcs_revoke_simulator::Running| {
            let truth = running.truth_of(&id).expect("a message");
            let event = truth.events.last().map_or(Value::Null, |it| json!([it.word, it.code]));
            (json!(truth.message.fate), event)
        };
        world
            .until(&format!("{after_revoke}"), |running| last(running) == (json!(fate), event.clone()))
            .await;
    }
}
