//! Capability checks of both providers.

use http::Method;
use rcs_revoke_simulator::{HostName, scenario};
use serde_json::{Value, json};

use crate::support::{Answer, World, offline};

async fn world() -> World {
    let scenario = scenario::named("capabilities").expect("a scenario");
    World::start(scenario.over(offline()).expect("a world")).await
}

/// Each phone of the scenario with the status that it is answered.
const PHONES: [(&str, u16); 3] = [("447700900001", 200), ("447700900002", 404), ("447700900003", 403)];

#[tokio::test]
async fn google_says_what_a_phone_can() {
    let world = world().await;
    let token = world.google_token().await;
    for (phone, status) in PHONES {
        let path = format!("/v1/phones/+{phone}/capabilities?requestId=r1&agentId=demo_agent");
        let headers = [("authorization", token.clone())];
        let answer = world.send(HostName::GoogleUs, Method::GET, &path, &headers, "").await;
        assert_eq!(answer.status, status, "{phone}");
        assert_eq!(answer.json()["features"].is_array(), status == 200);
        let path = format!("/v1/phones/+{phone}/agentMessages?messageId=m{phone}&agentId=demo_agent");
        let text = json!({ "contentMessage": { "text": "x" } }).to_string();
        let sent = world.send(HostName::GoogleUs, Method::POST, &path, &headers, text).await;
        assert_eq!(sent.status, status, "a message is answered alike");
    }
    for path in [
        "/v1/phones/+447700900001/capabilities?agentId=demo_agent",
        "/v1/phones/+447700900001/capabilities?requestId=r1",
    ] {
        let headers = [("authorization", token.clone())];
        let status = world.send(HostName::GoogleUs, Method::GET, path, &headers, "").await.status;
        assert_eq!(status, if path.contains("agentId") { 400 } else { 403 }, "{path}");
    }
}

async fn batch(world: &World, count: usize, agent_in_body: bool) -> Answer {
    let phones = PHONES.iter().map(|(phone, _)| format!("+{phone}"));
    let more = (0..).map(|n| format!("+4477010{n:05}"));
    let users: Vec<String> = phones.chain(more).take(count).collect();
    let mut body = json!({ "users": users });
    let mut path = "/v1/users:batchGet".to_owned();
    if agent_in_body {
        body["agentId"] = json!("demo_agent@rbm.goog");
    } else {
        path.push_str("?agentId=demo_agent");
    }
    let headers = [("authorization", world.google_token().await)];
    world.send(HostName::GoogleGlobal, Method::POST, &path, &headers, body.to_string()).await
}

#[tokio::test]
async fn google_checks_many_phones_at_once_within_its_limits() {
    let world = world().await;
    for (count, status) in [(499, 400), (500, 200), (10_000, 200), (10_001, 400)] {
        assert_eq!(batch(&world, count, true).await.status, status, "{count}");
    }
    let answer = batch(&world, 500, false).await.json();
    let reachable = answer["reachableUsers"].as_array().expect("a list");
    assert_eq!(reachable.len(), 498);
    assert!(reachable.contains(&json!("+447700900001")) && !reachable.contains(&json!("+447700900002")));
    let headers = [("authorization", world.google_token().await)];
    let nobody = world.send(HostName::GoogleGlobal, Method::POST, "/v1/users:batchGet", &headers, "{}").await;
    assert_eq!(nobody.status, 403);
}

#[tokio::test]
async fn vonage_says_what_a_phone_can() {
    let world = world().await;
    let check = async |sender: &str, phone: &str, token: String| {
        let path = format!("/v1/channel-manager/rcs/agents/{sender}/google/phones/{phone}/capabilities");
        world.send(HostName::VonageApi, Method::GET, &path, &[("authorization", token)], "").await
    };
    for (phone, status) in PHONES {
        let answer = check("DemoAgent", phone, world.vonage_token(&json!({}))).await;
        assert_eq!(answer.status, status, "{phone}");
    }
    assert_eq!(check("Nobody", PHONES[0].0, world.vonage_token(&json!({}))).await.status, 403);
    assert_eq!(check("DemoAgent", PHONES[0].0, world.vonage_other_token()).await.status, 403);
    assert_eq!(check("DemoAgent", PHONES[0].0, world.vonage_basic()).await.status, 401);
    let routes = world.control(Method::GET, "/stats", Value::Null).await.json()["routes"].clone();
    assert_eq!(routes["vonage.capabilities"]["requests"], 6);
}
