//! Vonage's workflows: the next message is sent when the one before is rejected.

use http::Method;
use rcs_revoke_simulator::{Config, HostName, scenario};
use serde_json::{Value, json};

use crate::support::{Receiver, World, behaviour, offline, rcs};

fn with_failover() -> Value {
    let mut body = rcs("r1");
    body["failover"] = json!([{
        "channel": "sms", "message_type": "text", "to": "447700900000", "from": "Demo",
        "text": "Your code is 1234", "client_ref": "r1/sms",
    }]);
    body
}

/// A world in which RCS is refused and an SMS arrives.
fn refusing() -> Config {
    let mut config = Config::default();
    config.vonage.behaviour = behaviour(json!({ "delivery": { "kind": "online", "after_ms": 1 } }));
    config
}

async fn send(world: &World) -> (String, String) {
    let answer = world.vonage_send(&with_failover()).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let text = |name: &str| answer.json()[name].as_str().expect("text").to_owned();
    (text("message_uuid"), text("workflow_id"))
}

#[tokio::test]
async fn a_refused_message_is_followed_by_the_next() {
    let shapes = [
        (json!("workflow_id"), json!({ "workflow_id": "W", "items_number": "1", "items_total": "2" })),
        (json!("id"), json!({ "id": "W", "item_number": 1, "items_total": 2 })),
        (json!("total_items"), json!({ "id": "W", "item_number": 1, "total_items": 2 })),
    ];
    for (shape, expected) in shapes {
        let mut config = refusing();
        config.vonage.behaviour.webhook = behaviour(json!({ "webhook": { "workflow": shape } })).webhook;
        let world = World::start(config).await;
        let receiver = Receiver::start(&[]).await;
        let refused = json!({ "kind": "rejected", "code": 1300, "after_ms": 1 });
        let only_rcs =
            json!({ "vonage": { "mix": [{ "weight": 1, "behaviour": { "delivery": refused } }] } });
        assert_eq!(world.control(Method::PATCH, "/config", only_rcs).await.status, 200);
        receiver.serve(&world);
        let (id, workflow) = send(&world).await;
        world.until("the next was sent", |running| running.truth().len() == 2).await;
        let truth = world.running.truth();
        let places: Vec<(u32, u32)> = truth
            .iter()
            .filter_map(|it| it.message.workflow.as_ref())
            .map(|place| (place.number, place.total))
            .collect();
        assert_eq!(places, [(1, 2), (2, 2)]);
        assert_eq!(json!(truth[1].message.channel), "sms");
        assert_eq!(truth[1].message.client_ref.as_deref(), Some("r1/sms"));
        let statuses = receiver.wait_for(2).await;
        let mut statuses = statuses.iter().map(|it| serde_json::from_slice::<Value>(&it.body).expect("JSON"));
        let status = statuses.find(|it| it["message_uuid"] == json!(id)).expect("a status of the first");
        let expected: Value =
            serde_json::from_str(&expected.to_string().replace('W', &workflow)).expect("JSON");
        assert_eq!(status["workflow"], expected);
    }
}

#[tokio::test]
async fn whether_a_revocation_goes_on_to_the_next_is_a_choice() {
    for (name, messages) in [("vonage-failover", 1), ("vonage-failover-after-revoke", 2)] {
        let scenario = scenario::named(name).expect("a scenario");
        let mut config = scenario.over(offline()).expect("a world");
        config.vonage.mix.clear();
        config.vonage.behaviour.after_revoke =
            behaviour(json!({ "after_revoke": { "kind": "rejected_1360", "after_ms": 1 } })).after_revoke;
        let world = World::start(config).await;
        let (id, _) = send(&world).await;
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, 202);
        let rejected = |running: &rcs_revoke_simulator::Running| {
            running.truth_of(&id).expect("a message").events.iter().any(|it| it.word == "rejected")
        };
        world.until("the rejection is reported", rejected).await;
        assert_eq!(world.running.truth().len(), messages, "{name}");
    }
}

#[tokio::test]
async fn a_bad_failover_is_refused_as_a_whole() {
    let world = World::start(offline()).await;
    let mut bad = with_failover();
    bad["failover"][0]["to"] = json!("+1");
    for failover in [bad["failover"].clone(), json!("sms")] {
        let mut body = rcs("r1");
        body["failover"] = failover;
        assert_eq!(world.vonage_send(&body).await.status, 422);
    }
    assert!(world.running.truth().is_empty());
    let mut without = rcs("r1");
    without["failover"] = json!([]);
    assert!(world.vonage_send(&without).await.json()["workflow_id"].is_null());
}

#[tokio::test]
async fn the_control_api_makes_workflows_too() {
    let mut config = offline();
    config.clock.scale = 1000.0;
    let world = World::start(config).await;
    let message = json!({
        "provider": "vonage", "phone": "447700900000", "ttl_s": 20,
        "failover": [{ "provider": "vonage", "phone": "447700900000", "channel": "sms", "agent": "Demo" }],
    });
    assert_eq!(world.control(Method::POST, "/messages", message).await.status, 201);
    world.until("the life of the first has ended", |running| running.truth().len() == 2).await;
    let foreign = json!({ "provider": "google", "phone": "447700900000", "failover": [{ "provider": "vonage", "phone": "447700900000" }] });
    assert_eq!(world.control(Method::POST, "/messages", foreign).await.status, 422);
}
