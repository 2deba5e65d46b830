//! Google's handshake with a webhook.

use http::Method;
use rcs_revoke_simulator::config::Handshake;
use serde_json::{Value, json};

use crate::support::{Receiver, World, offline};

/// What a webhook answers to a handshake: right, or with the mistakes that are known.
async fn receiver(world: &World, mistake: &'static str) -> Receiver {
    let token = world.running.credentials().google_client_token.clone();
    Receiver::answering(move |body| {
        let body: Value = serde_json::from_slice(body).expect("JSON");
        let secret = body["secret"].as_str().expect("a secret");
        match mistake {
            "none" if body["clientToken"] != token => (403, "wrong token".to_owned()),
            "none" | "echoes" => (200, secret.to_owned()),
            "labels" => (200, format!("secret: {secret}")),
            "creates" => (201, secret.to_owned()),
            _ => (200, String::new()),
        }
    })
    .await
}

#[tokio::test]
async fn only_the_bare_secret_with_200_is_an_answer() {
    let world = World::start(offline()).await;
    for (mistake, verified) in
        [("none", true), ("labels", false), ("creates", false), ("says nothing", false)]
    {
        let receiver = receiver(&world, mistake).await;
        let seen = world.control(Method::POST, "/handshakes", json!({ "url": receiver.url })).await.json();
        assert_eq!(seen["verified"], verified, "{mistake}: {seen}");
        assert_eq!(receiver.wait_for(1).await[0].headers["x-goog-webhook-type"], "verification");
    }
}

#[tokio::test]
async fn a_wrong_token_shows_who_gives_the_secret_away() {
    let world = World::start(offline()).await;
    for (mistake, echoed, status) in [("none", false, 403), ("echoes", true, 200)] {
        let receiver = receiver(&world, mistake).await;
        let command = json!({ "url": receiver.url, "token": "wrong" });
        let seen = world.control(Method::POST, "/handshakes", command).await.json();
        assert_eq!((&seen["echoed"], &seen["status"]), (&json!(echoed), &json!(status)), "{mistake}");
    }
    let nowhere = world.control(Method::POST, "/handshakes", json!({})).await;
    assert_eq!(nowhere.status, 422);
    let dead = json!({ "url": "http://127.0.0.1:9/" });
    assert!(world.control(Method::POST, "/handshakes", dead).await.json()["error"].is_string());
}

#[tokio::test]
async fn a_webhook_that_is_set_is_asked() {
    for (handshake, verified) in [(Handshake::RightToken, true), (Handshake::WrongToken, false)] {
        let mut config = offline();
        config.google.handshake = handshake;
        let world = World::start(config).await;
        let receiver = receiver(&world, "none").await;
        receiver.serve(&world);
        world.until("the handshake was made", |running| running.handshakes().len() == 1).await;
        let seen = world.running.handshakes().remove(0);
        assert_eq!((seen.url, seen.verified, seen.echoed), (receiver.url.clone(), verified, verified));
        receiver.serve(&world);
        assert!(world.running.quiet(0).quiet, "the same address is not asked again");
        let list = world.control(Method::GET, "/handshakes", Value::Null).await.json();
        assert_eq!(list.as_array().map(Vec::len), Some(1));
    }
}
