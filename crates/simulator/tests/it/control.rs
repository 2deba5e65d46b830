//! The control API over HTTP, configuration and start.

use http::Method;
use rcs_revoke_simulator::{Config, HostName, Simulator, StartError};
use serde_json::{Value, json};

use crate::support::{Receiver, World, offline};

#[tokio::test]
async fn a_message_can_be_made_judged_and_watched() {
    let world = World::start(offline()).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    assert_eq!(world.control(Method::GET, "/healthz", Value::Null).await.text, "ok");

    let sent_at_ms = world.running.now_ms() - 3_600_000;
    let message = json!({ "provider": "vonage", "phone": "447700900000", "host": "vonage.us", "sent_at_ms": sent_at_ms });
    let created = world.control(Method::POST, "/messages", message).await;
    assert_eq!((created.status, &created.json()["host"]), (201, &json!("vonage.us")));
    let id = created.json()["id"].as_str().expect("an id").to_owned();

    let fault = json!([{ "message": id, "fault": { "kind": "reset_after" } }, { "fault": { "kind": "latency", "ms": 0 } }]);
    assert_eq!(world.control(Method::POST, "/faults", fault).await.json(), json!({ "ids": [1, 2] }));
    assert_eq!(
        world.control(Method::GET, "/faults", Value::Null).await.json()[0]["fault"]["kind"],
        "reset_after"
    );
    assert_eq!(world.control(Method::DELETE, "/faults/1", Value::Null).await.json(), json!({ "removed": 1 }));
    assert_eq!(world.control(Method::DELETE, "/faults", Value::Null).await.json(), json!({ "removed": 1 }));

    let event = json!({ "message": id, "word": "delivered", "signature": "bad", "copies": 2 });
    let entry = world.control(Method::POST, "/events", event).await;
    assert_eq!((entry.status, &entry.json()["genuine"]), (201, &json!(false)));
    receiver.wait_for(2).await;
    let truth = world.control(Method::GET, &format!("/truth/{id}"), Value::Null).await.json();
    assert_eq!((&truth["fate"], &truth["events"][0]["word"]), (&json!("queued"), &json!("delivered")));
    assert_eq!(world.control(Method::GET, "/truth?provider=google", Value::Null).await.json(), json!([]));

    world.until("the event has ended", |running| running.journal()[0].ended).await;
    let journal =
        world.control(Method::GET, &format!("/journal?since=0&message={id}"), Value::Null).await.json();
    assert_eq!(journal[0]["hand_overs"].as_array().map(Vec::len), Some(2));
    assert_eq!(world.control(Method::GET, "/quiet?within_ms=60000", Value::Null).await.json()["quiet"], true);
    assert!(world.control(Method::GET, "/stats", Value::Null).await.json()["routes"].is_object());
}

#[tokio::test]
async fn a_wrong_command_is_refused() {
    let world = World::start(offline()).await;
    let google = json!({ "provider": "google", "phone": "447700900000", "id": "g1" });
    assert_eq!(world.control(Method::POST, "/messages", google.clone()).await.status, 201);
    let with = |name: &str, value: Value| {
        let mut message = google.clone();
        message[name] = value;
        message
    };
    let cases = [
        ("/messages", google.clone(), 409),
        ("/messages", with("agent", json!("nobody")), 422),
        ("/messages", with("phone", json!("12")), 422),
        ("/messages", with("host", json!("vonage.eu")), 422),
        ("/messages", with("colour", json!("red")), 422),
        ("/behaviour", json!({ "behaviour": {} }), 422),
        ("/behaviour", json!({ "id": "g1", "behaviour": { "delivery": { "kind": "sometimes" } } }), 422),
        ("/events", json!({ "message": "unknown", "word": "DELIVERED" }), 404),
        ("/events", json!({ "message": "g1" }), 422),
    ];
    for (path, body, status) in cases {
        assert_eq!(world.control(Method::POST, path, body.clone()).await.status, status, "{path} {body}");
    }
    let https = json!({ "google": "https://example.com/hook" });
    assert_eq!(world.control(Method::PUT, "/webhooks", https).await.status, 422);
}

#[test]
fn a_configuration_is_read_strictly() {
    let config = Config::from_toml(
        r#"
        seed = 7
        [clock]
        scale = 60.0
        [ports]
        "vonage.eu" = 0
        [google]
        regions = "404_other"
        behaviour = { delivery = { kind = "races_revoke", after_ms = 400 }, webhook = { loss = 0.1 } }
        [[google.mix]]
        weight = 2
        behaviour = { expiry = "both" }
        [vonage.answers]
        late = "accepted_without_effect"
        [phones."+447700900001"]
        delivery = { kind = "never" }
        [[faults]]
        route = "vonage.revoke"
        probability = 0.5
        fault = { kind = "status", status = 503 }
        [[messages]]
        provider = "google"
        phone = "447700900001"
        "#,
    )
    .expect("a configuration");
    assert_eq!((config.seed, config.messages.len(), config.google.mix[0].weight), (7, 1, 2));
    for wrong in [
        "sead = 7",
        "[clock]\nscale = 0.0",
        "[google]\nwebhook_url = \"https://example.com\"",
        "[vonage]\nsenders = [{ name = \"A\", region = \"google.us\" }]",
        "[google.behaviour]\ndelivery = { kind = \"online\", after = 1 }",
    ] {
        assert!(Config::from_toml(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_busy_port_is_named() {
    let world = World::start(offline()).await;
    let port = world
        .running
        .base_url(HostName::VonageEu)
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    let mut config = Config::default();
    config.ports.insert(HostName::VonageUs, port);
    let error = Simulator::start(config).await.expect_err("a busy port");
    assert!(matches!(error, StartError::Port { host: HostName::VonageUs, .. }));
    assert!(error.to_string().contains(&port.to_string()));
}

#[tokio::test]
async fn credentials_can_be_written_and_brought_again() {
    let folder = std::env::temp_dir().join(format!("rcs-revoke-simulator-{}", std::process::id()));
    let world = World::start(offline()).await;
    let written = world.running.credentials().clone();
    written.write_to(&folder).expect("files");
    let mut config = offline();
    config.google.service_account_file = Some(folder.join("google-service-account.json"));
    config.vonage.private_key_file = Some(folder.join("vonage-private-key.pem"));
    config.vonage.other_private_key_file = Some(folder.join("vonage-other-private-key.pem"));
    let again = World::start(config).await;
    std::fs::remove_dir_all(&folder).expect("removed");

    assert_eq!(again.running.credentials(), &written);
    assert!(!format!("{written:?}").contains(&written.vonage_api_secret));
    // The brought key names the token endpoint of the world it was made in.
    assert_eq!(again.ask_token(&again.assertion(&json!({}), false)).await.status, 200);
    assert_eq!(again.vonage_message("r1").await.len(), 36);
}
