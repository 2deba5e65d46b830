//! SMS at Vonage: what becomes of them, what their requests are answered, and the book of those requests.

use http::Method;
use rcs_revoke_simulator::config::RateLimit;
use rcs_revoke_simulator::{Channel, Config, HostName, RevokeAnswer};
use serde_json::{Value, json};

use crate::support::{Receiver, World, behaviour, rcs};

fn sms(client_ref: &str) -> Value {
    let mut body = rcs(client_ref);
    (body["channel"], body["from"], body["ttl"]) = (json!("sms"), json!("Demo"), json!(1_800));
    body
}

/// A world in which every SMS behaves so, and every RCS message stays queued.
fn world(delivery: &Value) -> Config {
    let mut config = Config::default();
    config.clock.scale = 1_000.0;
    config.vonage.behaviour = behaviour(json!({ "delivery": { "kind": "never" } }));
    let share =
        json!([{ "weight": 1, "behaviour": { "delivery": delivery, "webhook": { "duplicate": 1.0 } } }]);
    config.vonage.sms_mix = serde_json::from_value(share).expect("a mix");
    config
}

#[tokio::test]
async fn an_sms_has_a_fate_of_its_own_and_every_status_names_its_reference() {
    let cases = [
        (json!({ "kind": "online", "after_ms": 1 }), "delivered", Value::Null),
        (json!({ "kind": "rejected", "code": 1170, "after_ms": 1 }), "rejected", json!("1170")),
        (json!({ "kind": "undeliverable", "code": 1260, "after_ms": 1 }), "undeliverable", json!("1260")),
        (json!({ "kind": "never" }), "rejected", json!("1360")),
    ];
    for (delivery, word, code) in cases {
        let world = World::start(world(&delivery)).await;
        let receiver = Receiver::start(&[]).await;
        receiver.serve(&world);
        let rcs = world.vonage_message("r1").await;
        assert_eq!(world.vonage_send(&sms("r1/sms")).await.status, 202);
        let of_sms = |it: &Value| it["channel"] == "sms";
        let mut count = 1;
        let statuses = loop {
            let arrived = receiver.wait_for(count).await;
            let bodies = arrived.iter().map(|it| serde_json::from_slice(&it.body).expect("JSON"));
            let statuses: Vec<Value> = bodies.filter(of_sms).collect();
            if statuses.len() >= 4 {
                break statuses;
            }
            count = arrived.len() + 1;
        };
        assert!(statuses.iter().all(|it| it["client_ref"] == "r1/sms" && it["usage"]["currency"] == "EUR"));
        let told: Vec<&Value> = statuses.iter().filter(|it| it["status"] == word).collect();
        assert_eq!(told.len(), 2, "{word} comes twice: {statuses:?}");
        assert_eq!(told[0]["error"]["title"], code);
        assert_eq!(world.fate(&rcs), "queued", "the mix of SMS is no matter of RCS");
    }
}

#[tokio::test]
async fn a_request_is_taken_or_not_whatever_its_answer() {
    let faults = [
        (json!({ "kind": "status", "status": 401 }), false),
        (json!({ "kind": "status", "status": 402 }), false),
        (json!({ "kind": "status", "status": 422 }), false),
        (json!({ "kind": "status", "status": 429, "retry_after": "7" }), false),
        (json!({ "kind": "status", "status": 503 }), false),
        (json!({ "kind": "status", "status": 504, "after_effect": true }), true),
        (json!({ "kind": "reset_before" }), false),
        (json!({ "kind": "reset_after" }), true),
    ];
    let world = World::start(world(&json!({ "kind": "never" }))).await;
    let headers = [("authorization", world.vonage_token(&json!({})))];
    for (number, (fault, is_taken)) in faults.into_iter().enumerate() {
        let status = fault["status"].as_u64();
        let spec = json!({ "route": "vonage.send", "phone": "447700900000", "count": 1, "fault": fault });
        world.running.add_fault(serde_json::from_value(spec).expect("a fault"));
        let client_ref = format!("r{number}/sms");
        let body = sms(&client_ref).to_string();
        let answer = world.try_send(HostName::VonageApi, Method::POST, "/v1/messages", &headers, body).await;
        assert_eq!(answer.map(|answer| u64::from(answer.status)), status, "{fault}");
        let seen = world.running.sends().pop().expect("a request in the book");
        assert_eq!((seen.channel, seen.client_ref.as_ref()), (Some(Channel::Sms), Some(&client_ref)));
        assert_eq!(seen.phone.as_deref(), Some("+447700900000"));
        let heard = |answer| match answer {
            RevokeAnswer::Status(status) => Some(u64::from(status)),
            RevokeAnswer::Reset => None,
        };
        assert_eq!(heard(seen.answer.expect("an answer")), status, "{fault}");
        let named = |it: &rcs_revoke_simulator::Truth| it.message.client_ref.as_ref() == Some(&client_ref);
        let taken = world.running.truth().into_iter().find(named).map(|it| it.message.id);
        assert_eq!((seen.message.as_ref(), taken.is_some()), (taken.as_ref(), is_taken), "{fault}");
    }
}

#[tokio::test]
async fn who_gives_up_meanwhile_does_not_know_whether_it_was_taken() {
    for (after_effect, is_taken) in [(false, false), (true, true)] {
        let world = World::start(world(&json!({ "kind": "never" }))).await;
        let hold = json!({ "kind": "latency", "ms": 60_000, "after_effect": after_effect });
        let spec = json!({ "route": "vonage.send", "fault": hold });
        world.running.add_fault(serde_json::from_value(spec).expect("a fault"));
        let body = sms("r1/sms");
        let arrived = world.until("the request is there", |running| {
            running.sends().first().is_some_and(|seen| seen.message.is_some() == is_taken)
        });
        tokio::select! {
            answer = world.vonage_send(&body) => panic!("an answer: {}", answer.text),
            () = arrived => {}
        }
        assert_eq!(world.running.truth().len(), usize::from(is_taken));
    }
}

#[tokio::test]
async fn sending_and_revoking_share_one_limit() {
    let mut config = world(&json!({ "kind": "never" }));
    config.vonage.rate_limit = Some(RateLimit { per_second: 2, enforce: true, virtual_seconds: false });
    let world = World::start(config).await;
    let id = world.vonage_message("r1").await;
    let (sms, other) = (sms("r1/sms"), sms("r2/sms"));
    let (one, two, three) = tokio::join!(
        world.vonage_send(&sms),
        world.vonage_revoke(HostName::VonageEu, &id),
        world.vonage_send(&other)
    );
    let statuses = [one.status, two.expect("an answer").status, three.status];
    assert_eq!(statuses.iter().filter(|status| **status == 202).count(), 1, "{statuses:?}");
    assert_eq!(
        world.control(Method::GET, "/sends", Value::Null).await.json().as_array().map(Vec::len),
        Some(3)
    );
}
