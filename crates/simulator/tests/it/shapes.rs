//! Webhooks in the shapes that are known, and with signatures that are to be refused.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rcs_revoke_simulator::{NewMessage, Provider};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use crate::support::{Arrived, PHONE, Receiver, World, behaviour, offline};

/// A world whose messages are delivered at once and whose webhooks travel so.
async fn world(webhook: &Value, statuses: &[u16]) -> (World, Receiver) {
    let mut config = offline();
    config.clock.scale = 100.0;
    let chosen = behaviour(json!({ "delivery": { "kind": "online", "after_ms": 1 }, "webhook": webhook }));
    (config.google.behaviour, config.vonage.behaviour) = (chosen.clone(), chosen);
    let world = World::start(config).await;
    let receiver = Receiver::start(statuses).await;
    receiver.serve(&world);
    (world, receiver)
}

fn create(world: &World, provider: Provider) {
    let message = NewMessage { submitted: Some(false), ..NewMessage::new(provider, PHONE) };
    world.running.create_message(message).expect("a message");
}

#[tokio::test]
async fn google_may_leave_out_what_is_optional() {
    for is_there in [true, false] {
        let webhook = json!({ "send_time": is_there, "attributes": is_there, "type_header": is_there });
        let (world, receiver) = world(&webhook, &[]).await;
        create(&world, Provider::Google);
        let arrived = receiver.wait_for(1).await.remove(0);
        let envelope: Value = serde_json::from_slice(&arrived.body).expect("JSON");
        let data = STANDARD.decode(envelope["message"]["data"].as_str().expect("data")).expect("base64");
        let event: Value = serde_json::from_slice(&data).expect("JSON");
        assert_eq!(event["sendTime"].is_string(), is_there);
        assert_eq!(envelope["message"]["attributes"].is_object(), is_there);
        assert_eq!(arrived.headers.contains_key("x-goog-webhook-type"), is_there);
        assert!(event["eventId"].is_string() && envelope["message"]["publishTime"].is_string());
    }
}

/// Whether a Google webhook is signed with this token over its own event.
fn google_signed(arrived: &Arrived, token: &str) -> bool {
    let envelope: Value = serde_json::from_slice(&arrived.body).expect("JSON");
    let data = STANDARD.decode(envelope["message"]["data"].as_str().expect("data")).expect("base64");
    let mut mac = Hmac::<Sha512>::new_from_slice(token.as_bytes()).expect("a key");
    mac.update(&data);
    arrived
        .headers
        .get("x-goog-signature")
        .is_some_and(|it| it.as_bytes() == STANDARD.encode(mac.finalize().into_bytes()).as_bytes())
}

fn claims(arrived: &Arrived) -> Option<(String, Value)> {
    let token = arrived.headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")?.to_owned();
    let claims = token.split('.').nth(1)?;
    let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    Some((token, claims))
}

/// Whether a Vonage webhook's token is signed with this secret, and whether it speaks about its own body.
fn vonage_signed(arrived: &Arrived, secret: &str) -> (bool, bool) {
    let Some((token, claims)) = claims(arrived) else { return (false, false) };
    let (signed, signature) = token.rsplit_once('.').expect("a token");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(signed.as_bytes());
    let digits: Vec<String> =
        Sha256::digest(&arrived.body).iter().map(|byte| format!("{byte:02x}")).collect();
    (
        signature == URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()),
        claims["payload_hash"] == digits.concat(),
    )
}

#[tokio::test]
async fn every_kind_of_signature_is_what_it_is_called() {
    for (signature, google, vonage, old) in [
        ("good", true, (true, true), false),
        ("bad", false, (false, true), false),
        ("missing", false, (false, false), false),
        ("stale", false, (false, true), true),
        ("wrong_hash", false, (true, false), false),
    ] {
        let (world, receiver) = world(&json!({ "signature": signature }), &[]).await;
        let credentials = world.running.credentials();
        create(&world, Provider::Google);
        let arrived = receiver.wait_for(1).await.remove(0);
        assert_eq!(google_signed(&arrived, &credentials.google_client_token), google, "{signature}");
        assert_eq!(google_signed(&arrived, &credentials.google_old_client_token), old, "{signature}");
        create(&world, Provider::Vonage);
        let arrived = receiver.wait_for(2).await.remove(1);
        assert_eq!(vonage_signed(&arrived, &credentials.vonage_signature_secret), vonage, "{signature}");
        assert_eq!(vonage_signed(&arrived, &credentials.vonage_old_signature_secret).0, old, "{signature}");
        world.until("both have ended", |running| running.journal().iter().all(|it| it.ended)).await;
        assert!(
            world.running.journal().iter().all(|it| it.credible == (signature == "good") && it.handed_over)
        );
    }
}

#[tokio::test]
async fn a_wrong_signature_may_heal_with_the_retry() {
    let webhook = json!({ "signature": "missing", "signature_tries": 2 });
    let (world, receiver) = world(&webhook, &[503, 503]).await;
    create(&world, Provider::Vonage);
    let arrived = receiver.wait_for(3).await;
    let signed: Vec<bool> = arrived.iter().map(|it| it.headers.contains_key("authorization")).collect();
    assert_eq!(signed, [false, false, true]);
    world.until("it has ended", |running| running.journal()[0].ended).await;
    let entry = world.running.journal().remove(0);
    let signatures: Vec<Value> = entry.hand_overs.iter().map(|it| json!(it.signature)).collect();
    assert_eq!(signatures, ["missing", "missing", "good"]);
    assert!(entry.credible && entry.acknowledged);
}

#[tokio::test]
async fn a_retry_carries_a_new_token_or_the_first_one() {
    for same_token in [true, false] {
        let (world, receiver) = world(&json!({ "same_token": same_token }), &[503]).await;
        create(&world, Provider::Vonage);
        let arrived = receiver.wait_for(2).await;
        let token = |n: usize| claims(&arrived[n]).expect("a token").0;
        assert_eq!(token(0) == token(1), same_token);
        assert_eq!(
            vonage_signed(&arrived[1], &world.running.credentials().vonage_signature_secret),
            (true, true)
        );
    }
}

#[tokio::test]
async fn a_code_is_text_or_a_number() {
    for numeric in [true, false] {
        let (world, receiver) = world(&json!({ "numeric_title": numeric }), &[]).await;
        world.running.set_phone_behaviour(
            PHONE,
            &behaviour(json!({ "delivery": { "kind": "rejected", "code": 1310, "after_ms": 1 } })),
        );
        create(&world, Provider::Vonage);
        let status: Value = serde_json::from_slice(&receiver.wait_for(1).await[0].body).expect("JSON");
        let expected = if numeric { json!(1310) } else { json!("1310") };
        assert_eq!((&status["status"], &status["error"]["title"]), (&json!("rejected"), &expected));
        assert!(status["workflow"].is_null());
    }
}
