//! Webhooks in: the status of every case, and that what is refused changes nothing.

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use rcs_revoke_api::MessageDetail;
use rcs_revoke_core::fallback::SmsState;
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::{Channel, NewConsent, Running};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use super::fallback::until;
use super::stage::{Reply, Stage, settings, world_config};

pub const UUID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

impl Stage {
    pub async fn hook(&self, path: &str, headers: &[(&str, String)], body: impl Into<Bytes>) -> Reply {
        self.call(Method::POST, &format!("{}/webhooks/{path}", self.server.webhooks), headers, body.into())
            .await
    }

    pub fn google(&self, payload: &Value) -> (Vec<(&'static str, String)>, String) {
        let payload = payload.to_string();
        let mut mac = Hmac::<Sha512>::new_from_slice(self.world.credentials().google_client_token.as_bytes())
            .expect("a key of any length");
        mac.update(payload.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let body = json!({"message": {"data": STANDARD.encode(&payload)}}).to_string();
        (vec![("x-goog-signature", signature)], body)
    }

    pub fn vonage(&self, body: &str) -> Vec<(&'static str, String)> {
        vec![(
            "authorization",
            format!("Bearer {}", self.token(&json!({"alg": "HS256", "typ": "JWT"}), body, None)),
        )]
    }

    fn token(&self, header: &Value, body: &str, secret: Option<&str>) -> String {
        let credentials = self.world.credentials();
        let mut hash = String::new();
        for byte in Sha256::digest(body) {
            write!(hash, "{byte:02x}").expect("a string takes everything");
        }
        let claims = json!({
            "iat": 1_795_168_800, "jti": "j", "iss": "Vonage", "payload_hash": hash,
            "api_key": credentials.vonage_api_key, "application_id": credentials.vonage_application_id,
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(&claims));
        let secret = secret.unwrap_or(&credentials.vonage_signature_secret);
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
        mac.update(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }
}

pub fn google_event(agent: &str, kind: &str) -> Value {
    json!({
        "senderPhoneNumber": "+447700900001", "eventType": kind, "eventId": "E1", "messageId": "M1",
        "agentId": format!("{agent}@rbm.goog"), "sendTime": "2026-11-20T10:00:00.123456Z",
    })
}

pub fn vonage_status(status: &str, from: &str) -> String {
    json!({
        "message_uuid": UUID, "to": "447700900001", "from": from, "channel": "rcs",
        "timestamp": "2026-11-20T10:00:00Z", "status": status,
    })
    .to_string()
}

async fn stage() -> Stage {
    Stage::with(world_config(), |world| {
        let application = &world.credentials().vonage_application_id;
        settings(world, 30)
            + &format!(
                "[sources.mute]\nprovider = \"vonage\"\napplication = \"{application}\"\n\
                 private_key = {{ file = \"vonage-private-key.pem\" }}\n\
                 [sources.quiet]\nprovider = \"google_rbm\"\nagent = \"quiet\"\nkey_file = \"google-service-account.json\"\n"
            )
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn google_hears_the_status_of_every_case() {
    let stage = stage().await;
    let path = "google_rbm/tickets";
    let (good, body) = stage.google(&google_event("tickets", "DELIVERED"));
    for time in ["new", "seen before", "replayed"] {
        assert_eq!(stage.hook(path, &good, body.clone()).await.status, 200, "{time}");
    }
    let listed = stage.messages("").await;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].source.as_deref(), listed[0].version),
        (Some("tickets"), 1),
        "a replay changes nothing"
    );

    let (headers, body_of) = stage.google(&json!({"something": "new"}));
    assert_eq!(stage.hook(path, &headers, body_of).await.status, 200, "an event that nobody knows");
    let (headers, body_of) = stage.google(&google_event("stranger", "DELIVERED"));
    assert_eq!(stage.hook(path, &headers, body_of).await.status, 200, "an agent that nobody knows");
    let (headers, body_of) = stage.google(&google_event("offers", "DELIVERED"));
    assert_eq!(stage.hook(path, &headers, body_of).await.status, 200, "another source of the same secret");
    assert_eq!(stage.messages("source=offers").await.len(), 1);

    let token = &stage.world.credentials().google_client_token;
    let handshake = |token: &str| json!({"clientToken": token, "secret": "s3cret"}).to_string();
    let reply = stage.hook(path, &[], handshake(token)).await;
    assert_eq!((reply.status.as_u16(), reply.text().as_str()), (200, "s3cret"));
    let reply = stage.hook(path, &[], handshake("wrong")).await;
    assert_eq!(reply.status, 403);
    assert!(!reply.text().contains("s3cret"));

    assert_eq!(stage.hook(path, &[], body.clone()).await.status, 401, "no signature");
    let wrong = [("x-goog-signature", STANDARD.encode([0_u8; 64]))];
    assert_eq!(stage.hook(path, &wrong, body.clone()).await.status, 401, "wrong signature");
    for malformed in ["not json", "{}", r#"{"message":{"data":"%%%"}}"#] {
        assert_eq!(stage.hook(path, &good, malformed).await.status, 400, "{malformed}");
    }
    assert_eq!(stage.hook("google_rbm/quiet", &good, body.clone()).await.status, 503, "no secret configured");
    assert_eq!(stage.hook("google_rbm/nobody", &good, body.clone()).await.status, 404);
    assert_eq!(
        stage.hook("google_rbm/codes", &good, body.clone()).await.status,
        404,
        "a source of the other provider"
    );
    assert_eq!(stage.hook("fax/tickets", &good, body).await.status, 404);
    assert_eq!(stage.hook(path, &good, vec![b' '; (1 << 20) + 1]).await.status, 413);
    let url = format!("{}/webhooks/{path}", stage.server.webhooks);
    assert_eq!(stage.call(Method::GET, &url, &good, Bytes::new()).await.status, 405);

    let sources = stage.get("/api/v1/sources").await.json();
    let tickets =
        sources.as_array().unwrap().iter().find(|one| one["source"]["id"] == "tickets").unwrap().clone();
    assert!(tickets["refused_webhooks"].as_u64() >= Some(6), "{tickets}");
    assert!(tickets["last_webhook_at"].is_i64());
}

#[tokio::test(flavor = "multi_thread")]
async fn vonage_hears_the_status_of_every_case() {
    let stage = stage().await;
    let path = "vonage/codes";
    let body = vonage_status("delivered", "Codes");
    let good = stage.vonage(&body);
    for time in ["new", "seen before", "replayed"] {
        assert_eq!(stage.hook(path, &good, body.clone()).await.status, 200, "{time}");
    }
    let listed = stage.messages("").await;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].source.as_deref(), listed[0].version),
        (Some("codes"), 1),
        "a replay changes nothing"
    );

    for (kept, case) in [
        (json!({"something": "new"}).to_string(), "an event that nobody knows"),
        ("not json".to_owned(), "no JSON"),
        (vonage_status("delivered", "Stranger").replace('a', "b"), "a sender that nobody knows"),
        (vonage_status("delivered", "Codes").replace("rcs", "sms"), "another channel"),
    ] {
        assert_eq!(stage.hook(path, &stage.vonage(&kept), kept.clone()).await.status, 200, "{case}");
    }
    assert_eq!(stage.messages("").await.len(), 1, "kept, and no fact about a message");

    assert_eq!(stage.hook(path, &[], body.clone()).await.status, 503, "unsigned: it comes again signed");
    let bearer = |token: String| [("authorization", format!("Bearer {token}"))];
    let hs256 = json!({"alg": "HS256", "typ": "JWT"});
    for (token, case) in [
        (stage.token(&hs256, &body, Some("another secret")), "wrong secret"),
        (stage.token(&hs256, "another body", None), "wrong payload hash"),
        (stage.token(&json!({"alg": "none"}), &body, None), "no algorithm"),
        (stage.token(&json!({"alg": "HS512"}), &body, None), "wrong algorithm"),
        ("no.token".to_owned(), "no token"),
    ] {
        assert_eq!(
            stage.hook(path, &bearer(token), body.clone()).await.status,
            503,
            "{case}: a 4xx would lose the event"
        );
    }
    assert_eq!(stage.hook("vonage/mute", &good, body.clone()).await.status, 503, "no secret configured");
    assert_eq!(stage.hook("vonage/nobody", &good, body.clone()).await.status, 503);
    assert_eq!(stage.hook(path, &good, vec![b' '; (1 << 20) + 1]).await.status, 413);
    let url = format!("{}/webhooks/{path}", stage.server.webhooks);
    assert_eq!(stage.call(Method::PUT, &url, &good, Bytes::new()).await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_came_before_its_message_is_claimed_later() {
    let stage = stage().await;
    // Without a sender in it, either source of this secret may have sent it.
    let body = vonage_status("delivered", "Codes").replace("\"from\":\"Codes\",", "");
    assert_eq!(stage.hook("vonage/codes", &stage.vonage(&body), body.clone()).await.status, 200);
    assert!(stage.messages("").await.is_empty(), "nobody guesses");
    let known = stage.post("/api/v1/messages", &json!({"id": UUID, "source": "alerts"})).await;
    assert_eq!(known.status, 200);
    let detail = stage.until(&format!("vonage:{UUID}"), "delivered").await;
    assert_eq!(detail.view.source.as_deref(), Some("alerts"));
    assert!(!detail.view.deaf);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_an_sms_is_told_by_its_own_webhooks() {
    let stage = Stage::with(world_config(), |world| {
        settings(world, 30).replace("[sources.codes]", "[sources.codes]\nsms_from = \"Acme\"")
    })
    .await;
    let created = stage.sent("codes", "+447700900001", Delivery::Never);
    let body = json!({ "id": created.id, "source": "codes", "phone": created.phone, "sent_at": created.sent_at_ms,
        "class": "transactional", "fallback_text": "Your code is 1234" });
    assert_eq!(stage.post("/api/v1/messages", &body).await.status, 200);
    let message = format!("vonage:{}", created.id);
    stage.revoke(&[&message]).await;
    stage.until(&message, "unconfirmed").await;
    let order = json!({ "message": message, "fallback": 1 });
    assert_eq!(stage.post("/api/v1/fallbacks", &order).await.status, 202);
    let detail = until(&stage, &message, |detail| {
        detail.sms_instead.sent.iter().any(|sms| sms.state == SmsState::Delivered)
    });
    let detail = detail.await;
    assert_eq!(detail.sms_instead.sent.len(), 1);
    let statuses = |detail: &MessageDetail| {
        (told(detail, "SMS 1: Submitted"), told(detail, "SMS 1: Delivered"), told(detail, "Delivered"))
    };
    assert_eq!(statuses(&detail), (1, 1, 0), "{:#?}", detail.timeline);
    assert_eq!(detail.view.outcome.verdict.code(), "unconfirmed");
    // The same again, and one of an SMS that somebody else sent.
    let sms = stage.world.truth().into_iter().find(|truth| truth.message.channel == Channel::Sms).unwrap();
    let version = detail.view.version;
    for event in &sms.events {
        let headers = stage.vonage(&event.payload);
        assert_eq!(stage.hook("vonage/codes", &headers, event.payload.clone()).await.status, 200);
    }
    let other = sms.events[0].payload.replace(&sms.message.id, UUID).replace("rr-", "xx-");
    assert_eq!(stage.hook("vonage/codes", &stage.vonage(&other), other.clone()).await.status, 200);
    let again = stage.server.api.message(&message).await.unwrap();
    assert_eq!((again.view.version, statuses(&again)), (version, (1, 1, 0)));
    assert_eq!(stage.messages("").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_unsubscribes_gets_no_sms_of_advertising_any_more() {
    let with_sms = |world: &Running| {
        let settings = settings(world, 30).replace("[sources.codes]", "[sources.codes]\nsms_from = \"Acme\"");
        settings.replace("[sources.tickets]", "[sources.tickets]\nsms_source = \"codes\"")
    };
    let stage = Stage::with(world_config(), with_sms).await;
    let register = async |stage: &Stage, phone: &str| {
        let created = stage.sent("tickets", phone, Delivery::Never);
        let body = json!({ "id": created.id, "source": "tickets", "phone": phone, "sent_at": created.sent_at_ms,
            "class": "promotional", "fallback_text": "Hello", "host": created.host.name() });
        let reply = stage.post("/api/v1/messages", &body).await;
        reply.json()["results"][0]["message"].as_str().unwrap().to_owned()
    };
    let is_barred = |detail: &MessageDetail| {
        let next = serde_json::to_value(&detail.sms_instead.next).unwrap();
        next["offer"] == "no" && next["because"] == "unsubscribed"
    };
    let (one, other) = ("+447700900001", "+447700900002");
    let (before, of_another) = (register(&stage, one).await, register(&stage, other).await);
    stage.revoke(&[&before, &of_another]).await;
    let consent = |subscribed| NewConsent { phone: one.to_owned(), agent: None, subscribed };
    stage.world.consent(&consent(false)).expect("the simulator takes it");
    let barred = until(&stage, &before, is_barred).await;
    assert_eq!(told(&barred, "The person wants no more"), 1, "the word that was typed besides is no event");
    let order = json!({ "message": before, "fallback": 1 });
    let refused = stage.post("/api/v1/fallbacks", &order).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "fallback_not_offered"));
    let stage = stage.kill_and_start_with(with_sms).await;
    let after = register(&stage, one).await;
    until(&stage, &after, is_barred).await;
    let detail = stage.server.api.message(&of_another).await.unwrap();
    assert!(!is_barred(&detail), "somebody else said nothing");
    let [said, _] = stage.world.consent(&consent(true)).expect("the simulator takes it");
    while !stage.world.journal()[said.id].acknowledged {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let welcome = register(&stage, one).await;
    assert!(!is_barred(&stage.server.api.message(&welcome).await.unwrap()));
}

/// How many entries of the timeline begin so.
fn told(detail: &MessageDetail, title: &str) -> usize {
    detail.timeline.iter().filter(|entry| entry.title.to_string().starts_with(title)).count()
}
