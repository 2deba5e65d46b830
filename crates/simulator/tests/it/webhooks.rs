//! Webhooks: signatures, retries, losses and the journal.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Method;
use rcs_revoke_simulator::{Config, NewEvent, Provider, Running};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use crate::support::{Arrived, Receiver, World, behaviour, offline};

/// A world in which a day takes 14 seconds: pauses are short, and nobody gives up because a machine is busy.
fn hurried() -> Config {
    let mut config = Config::default();
    config.clock.scale = 6_000.0;
    config
}

fn create(world: &World, message: Value) -> String {
    let message = serde_json::from_value(message).expect("a message");
    world.running.create_message(message).expect("a message").id
}

fn google_event(arrived: &Arrived) -> (Vec<u8>, Value) {
    let envelope: Value = serde_json::from_slice(&arrived.body).expect("JSON");
    let data = STANDARD.decode(envelope["message"]["data"].as_str().expect("data")).expect("base64");
    let event = serde_json::from_slice(&data).expect("JSON");
    (data, event)
}

#[tokio::test]
async fn google_signs_the_bytes_of_the_event() {
    for is_pretty in [false, true] {
        let world = World::start(offline()).await;
        let receiver = Receiver::start(&[]).await;
        receiver.serve(&world);
        let chosen =
            json!({ "delivery": { "kind": "online", "after_ms": 1 }, "webhook": { "pretty": is_pretty } });
        create(
            &world,
            json!({ "provider": "google", "phone": "447700900000", "id": "g1", "behaviour": chosen }),
        );

        let arrived = receiver.wait_for(1).await.remove(0);
        let (data, event) = google_event(&arrived);
        let mut mac =
            Hmac::<Sha512>::new_from_slice(world.running.credentials().google_client_token.as_bytes())
                .expect("a key");
        mac.update(&data);
        assert_eq!(arrived.headers["x-goog-signature"], STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(data.contains(&b'\n'), is_pretty);
        assert_eq!(event["eventType"], "DELIVERED");
        assert_eq!(event["senderPhoneNumber"], "+447700900000");
        assert_eq!(event["agentId"], "demo_agent@rbm.goog");
    }
}

#[tokio::test]
async fn vonage_signs_a_hash_of_the_body() {
    let world = World::start(offline()).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    let id = world.vonage_message("r1").await;

    let arrived = receiver.wait_for(1).await.remove(0);
    let body: Value = serde_json::from_slice(&arrived.body).expect("JSON");
    assert_eq!(
        (&body["status"], &body["client_ref"], &body["message_uuid"]),
        (&json!("submitted"), &json!("r1"), &json!(id))
    );
    let token = arrived.headers["authorization"]
        .to_str()
        .expect("text")
        .strip_prefix("Bearer ")
        .expect("a token")
        .to_owned();
    let (signed, signature) = token.rsplit_once('.').expect("a token");
    let mut mac =
        Hmac::<Sha256>::new_from_slice(world.running.credentials().vonage_signature_secret.as_bytes())
            .expect("a key");
    mac.update(signed.as_bytes());
    assert_eq!(signature, URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    let claims: Value = serde_json::from_slice(
        &URL_SAFE_NO_PAD.decode(signed.split_once('.').expect("claims").1).expect("base64"),
    )
    .expect("JSON");
    let hash: String =
        Sha256::digest(&arrived.body).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    assert_eq!(claims["payload_hash"], hash);
    assert_eq!(claims["iss"], "Vonage");
    assert_eq!(claims["application_id"], world.running.credentials().vonage_application_id);
    assert!(claims["exp"].is_null());
}

#[tokio::test]
async fn a_refused_webhook_is_tried_again_as_the_provider_does() {
    let statuses = |provider, answers: Vec<u16>| async move {
        let world = World::start(hurried()).await;
        let receiver = Receiver::start(&answers).await;
        receiver.serve(&world);
        let event = NewEvent { provider: Some(provider), raw: Some(json!({})), ..NewEvent::default() };
        world.running.emit_event(&event).expect("an event");
        world.until("the event has ended", |running| running.journal()[0].ended).await;
        let entry = world.running.journal().remove(0);
        let statuses: Vec<u16> = entry.hand_overs.iter().filter_map(|it| it.status).collect();
        (statuses, entry.acknowledged)
    };
    assert_eq!(statuses(Provider::Google, vec![204, 404, 503]).await, (vec![204, 404, 503, 200], true));
    assert_eq!(statuses(Provider::Vonage, vec![503, 429]).await, (vec![503, 429, 200], true));
    assert_eq!(statuses(Provider::Vonage, vec![503, 401]).await, (vec![503, 401], false));
    assert_eq!(statuses(Provider::Vonage, vec![204]).await, (vec![204], true));
}

#[tokio::test]
async fn a_receiver_that_is_down_is_tried_until_the_provider_gives_up() {
    let mut config = hurried();
    config.clock.scale = 20_000.0;
    let world = World::start(config).await;
    // Port 9 of this machine answers nobody.
    world.running.set_webhook(Provider::Vonage, Some("http://127.0.0.1:9/".to_owned())).expect("a webhook");
    let event = NewEvent { provider: Some(Provider::Vonage), raw: Some(json!({})), ..NewEvent::default() };
    world.running.emit_event(&event).expect("an event");
    world.until("the event has ended", |running| running.journal()[0].ended).await;
    let entry = world.running.journal().remove(0);
    assert!(entry.hand_overs.len() > 1 && !entry.handed_over && !entry.acknowledged);
}

#[tokio::test]
async fn events_can_be_lost_or_doubled() {
    let world = World::start(offline()).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    let online =
        |webhook: Value| json!({ "delivery": { "kind": "online", "after_ms": 1 }, "webhook": webhook });
    for (id, webhook) in [("lost", json!({ "loss": 1.0 })), ("twice", json!({ "duplicate": 1.0 }))] {
        create(
            &world,
            json!({ "provider": "google", "phone": "447700900000", "id": id, "behaviour": online(webhook) }),
        );
    }
    let arrived = receiver.wait_for(2).await;
    assert_eq!(google_event(&arrived[0]), google_event(&arrived[1]));
    world
        .until("both events have ended", |running| {
            let journal = running.journal();
            journal.len() == 2 && journal.iter().all(|entry| entry.ended)
        })
        .await;
    let entry = |id: &str| world.running.truth_of(id).expect("a message").events.remove(0);
    assert!(entry("lost").lost && !entry("lost").handed_over);
    assert_eq!((entry("twice").hand_overs.len(), entry("twice").acknowledged), (2, true));
}

#[tokio::test]
async fn the_end_of_a_life_is_reported_as_chosen() {
    let cases = [
        ("google", "revoked", "expired", json!(["TTL_EXPIRATION_REVOKED"])),
        ("google", "revoke_failed", "queued", json!(["TTL_EXPIRATION_REVOKE_FAILED"])),
        ("google", "both", "delivered", json!(["DELIVERED", "TTL_EXPIRATION_REVOKED"])),
        ("google", "neither", "expired", json!([])),
        ("google", "unknown_word", "expired", json!(["TTL_EXPIRATION_UNSPECIFIED"])),
        ("vonage", "revoked", "expired", json!(["rejected"])),
        ("vonage", "both", "delivered", json!(["delivered", "rejected"])),
        ("vonage", "neither", "expired", json!([])),
    ];
    let mut config = offline();
    config.clock.scale = 1000.0;
    let world = World::start(config).await;
    for (provider, expiry, fate, words) in cases {
        let id = create(
            &world,
            json!({
                "provider": provider, "phone": "447700900000", "ttl_s": 20, "submitted": false, "behaviour": { "expiry": expiry },
            }),
        );
        let ended = |running: &Running| {
            let truth = running.truth_of(&id).expect("a message");
            truth.message.expired_at_ms.is_some()
                && json!(truth.message.fate) == fate
                && json!(truth.events.iter().map(|it| &it.word).collect::<Vec<_>>()) == words
        };
        world.until(&format!("{provider} {expiry}"), ended).await;
    }
}

#[tokio::test]
async fn reading_follows_delivery_and_the_older_format_can_be_had() {
    let world = World::start(offline()).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    let chosen = json!({ "delivery": { "kind": "online", "after_ms": 1 }, "read_after_ms": 30, "webhook": { "v0_1": true } });
    create(
        &world,
        json!({ "provider": "vonage", "phone": "447700900000", "submitted": false, "behaviour": chosen }),
    );
    let words: Vec<Value> = receiver
        .wait_for(2)
        .await
        .iter()
        .map(|arrived| {
            let status: Value = serde_json::from_slice(&arrived.body).expect("JSON");
            assert_eq!(status["to"], json!({ "type": "rcs", "number": "447700900000" }));
            status["status"].clone()
        })
        .collect();
    assert_eq!(words, [json!("delivered"), json!("read")]);
}

#[tokio::test]
async fn a_new_behaviour_changes_what_is_planned() {
    let world = World::start(offline()).await;
    let id = create(&world, json!({ "provider": "google", "phone": "447700900000" }));
    assert!(world.running.quiet(3_600_000).quiet);
    world.running.set_phone_behaviour(
        "+447700900000",
        &behaviour(json!({ "delivery": { "kind": "offline", "for_ms": 600_000 } })),
    );
    assert_eq!(world.running.quiet(3_600_000).pending, 1);
    world.running.set_message_behaviour(
        &id,
        &behaviour(json!({ "delivery": { "kind": "offline_until", "at_ms": 0 } })),
    );
    world
        .until("it is delivered", |running| {
            json!(running.truth_of(&id).expect("a message").message.fate) == "delivered"
        })
        .await;
}

#[tokio::test]
async fn without_an_expiry_the_providers_rules_end_a_life() {
    let mut config = offline();
    config.clock.scale = 10_000_000.0;
    let world = World::start(config).await;
    let google = create(&world, json!({ "provider": "google", "phone": "447700900000" }));
    let vonage = create(&world, json!({ "provider": "vonage", "phone": "447700900000", "submitted": false }));
    let refused = json!({ "delivery": { "kind": "rejected", "code": 1300 } });
    let barred = create(
        &world,
        json!({ "provider": "vonage", "phone": "447700900001", "submitted": false, "behaviour": refused }),
    );
    world.until("all lives have ended", |running| running.quiet(i64::MAX).pending == 0).await;

    let end = |id: &str| {
        let truth = world.running.truth_of(id).expect("a message");
        let hours = truth.message.expired_at_ms.map(|at| (at - truth.message.sent_at_ms) / 3_600_000);
        let events: Vec<Value> = truth.events.iter().map(|it| json!([it.word, it.code])).collect();
        json!([truth.message.fate, hours, events])
    };
    assert_eq!(end(&google), json!(["purged", 30 * 24, []]));
    assert_eq!(end(&vonage), json!(["expired", 72, [["rejected", 1360]]]));
    assert_eq!(end(&barred), json!(["rejected", null, [["rejected", 1300]]]));
}

#[tokio::test]
async fn a_person_who_unsubscribes_is_an_event_and_a_message() {
    let world = World::start(offline()).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    for (subscribed, word, typed) in [(false, "UNSUBSCRIBE", "STOP"), (true, "SUBSCRIBE", "START")] {
        let consent =
            json!({ "phone": "447700900000", "agent": "demo_agent@rbm.goog", "subscribed": subscribed });
        let entries = world.control(Method::POST, "/consents", consent).await;
        assert_eq!(entries.status, 201);
        assert_eq!((&entries.json()[0]["word"], &entries.json()[1]["word"]), (&json!(word), &json!(typed)));
        let arrived = receiver.wait_for(if subscribed { 4 } else { 2 }).await;
        let of = |name: &str, wanted: &str| {
            let events = arrived.iter().map(|arrived| google_event(arrived).1);
            events.filter(|event| event[name] == wanted).collect::<Vec<_>>()
        };
        let (event, text) = (of("eventType", word), of("text", typed));
        assert_eq!((event.len(), text.len()), (1, 1));
        assert!(event[0]["messageId"].is_null() && text[0]["eventType"].is_null());
        for said in [&event[0], &text[0]] {
            assert_eq!(said["senderPhoneNumber"], "+447700900000");
            assert_eq!(said["agentId"], "demo_agent@rbm.goog");
        }
    }
    for (wrong, status) in [
        (json!({ "phone": "447700900000", "agent": "nobody", "subscribed": true }), 422),
        (json!({ "phone": "4477", "subscribed": true }), 422),
        (json!({ "phone": "447700900000" }), 422),
    ] {
        assert_eq!(world.control(Method::POST, "/consents", wrong).await.status, status);
    }
}
