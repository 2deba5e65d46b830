//! Vonage's refusals in all their known shapes, and Google's undocumented statuses.

use http::Method;
use rcs_revoke_simulator::config::{Agent, ProblemType, RateLimitHeaders, UnauthorizedBody, UnsupportedBody};
use rcs_revoke_simulator::{Config, HostName, NewMessage, Provider};
use serde_json::{Value, json};

use crate::support::{Answer, PHONE, World, offline, rcs};

const PATCH: &str = r#"{"status":"revoked"}"#;

fn with(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = offline();
    change(&mut config);
    config
}

async fn patch(world: &World, id: &str, token: String) -> Answer {
    let path = format!("/v1/messages/{id}");
    world.send(HostName::VonageEu, Method::PATCH, &path, &[("authorization", token)], PATCH).await
}

#[tokio::test]
async fn both_bodies_of_422_and_of_401() {
    for (unsupported, title) in [
        (UnsupportedBody::EmptyType, "Operation not supported"),
        (UnsupportedBody::UnprocessableEntity, "Unprocessable Entity"),
    ] {
        let world = World::start(with(|config| config.vonage.answers.unsupported = unsupported)).await;
        let mut sms = rcs("r1");
        (sms["channel"], sms["from"]) = (json!("sms"), json!("Demo"));
        let id = world.vonage_send(&sms).await.json()["message_uuid"].as_str().expect("an id").to_owned();
        let answer = patch(&world, &id, world.vonage_token(&json!({}))).await;
        assert_eq!((answer.status, &answer.json()["title"]), (422, &json!(title)));
        assert_eq!(answer.json()["type"] == "", unsupported == UnsupportedBody::EmptyType);
    }
    for (unauthorized, anchor) in
        [(UnauthorizedBody::Credentials, "#unathorized"), (UnauthorizedBody::Unprovisioned, "#unprovisioned")]
    {
        let world = World::start(with(|config| config.vonage.answers.unauthorized = unauthorized)).await;
        let answer = patch(&world, "any", "Bearer x.y.z".to_owned()).await;
        assert_eq!(answer.status, 401);
        assert!(answer.json()["type"].as_str().expect("a type").ends_with(anchor));
    }
}

#[tokio::test]
async fn problems_come_in_either_content_type_and_without_a_detail() {
    for (problem_type, of_404, of_422) in [
        (ProblemType::Mixed, "application/problem+json", "application/json"),
        (ProblemType::Json, "application/json", "application/json"),
        (ProblemType::ProblemJson, "application/problem+json", "application/problem+json"),
    ] {
        for detail in [true, false] {
            let world = World::start(with(|config| {
                config.vonage.answers.problem_type = problem_type;
                config.vonage.answers.detail = detail;
                config.vonage.answers.malformed_id = 422;
            }))
            .await;
            let unknown = "00000000-0000-4000-8000-000000000000";
            for (id, status, media_type) in [(unknown, 404, of_404), ("malformed", 422, of_422)] {
                let answer = patch(&world, id, world.vonage_token(&json!({}))).await;
                assert_eq!(
                    (answer.status, answer.headers["content-type"].to_str().ok()),
                    (status, Some(media_type))
                );
                assert_eq!(answer.json()["detail"].is_string(), detail);
                assert!(answer.json()["title"].is_string());
            }
        }
    }
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_again() {
    for (headers, retry_after_s, digits) in [
        (RateLimitHeaders::Milliseconds, 15, Some(13)),
        (RateLimitHeaders::Seconds, 1, Some(10)),
        (RateLimitHeaders::None, 0, None),
    ] {
        let world = World::start(with(|config| {
            config.vonage.answers.rate_limit_headers = headers;
            config.vonage.answers.retry_after_s = retry_after_s;
            config.vonage.rate_limit = serde_json::from_value(json!({ "per_second": 1 })).expect("a limit");
            config.clock.scale = 0.001;
            config.vonage.rate_limit.as_mut().expect("a limit").virtual_seconds = true;
        }))
        .await;
        let token = world.vonage_token(&json!({}));
        assert_eq!(patch(&world, "any", token.clone()).await.status, 404);
        let answer = patch(&world, "any", token).await;
        assert_eq!(answer.status, 429);
        let header = |name: &str| answer.headers.get(name).map(|it| it.to_str().expect("text").to_owned());
        assert_eq!(header("retry-after"), (retry_after_s > 0).then(|| retry_after_s.to_string()));
        assert_eq!(header("x-ratelimit-reset").map(|it| it.len()), digits);
        let limit = digits.map(|_| "1".to_owned());
        assert_eq!(
            (header("x-ratelimit-limit"), header("x-ratelimit-remaining")),
            (limit, digits.map(|_| "0".to_owned()))
        );
    }
}

#[tokio::test]
async fn another_applications_token_is_not_this_ones() {
    for status in [404, 401] {
        let world = World::start(with(|config| config.vonage.answers.other_application = status)).await;
        let id = world.vonage_message("r1").await;
        assert_eq!(patch(&world, &id, world.vonage_other_token()).await.status, status);
        assert_eq!(world.fate(&id), "queued");
        let headers = [("authorization", world.vonage_other_token())];
        let body = rcs("r2").to_string();
        let sent = world.send(HostName::VonageApi, Method::POST, "/v1/messages", &headers, body).await;
        assert_eq!((sent.status, &sent.json()["title"]), (422, &json!("Invalid sender")));
        let claims = json!({ "application_id": world.running.credentials().vonage_other_application.id });
        assert_eq!(patch(&world, &id, world.vonage_token(&claims)).await.status, 401, "the key is another's");
    }
}

#[tokio::test]
async fn a_token_lives_at_least_half_a_minute() {
    let world = World::start(offline()).await;
    let now = world.running.now_ms() / 1000;
    for (life, status) in [(29, 401), (30, 404)] {
        // Of the same second as the end: a token that is signed in the next one lives a second less.
        let token = world.vonage_token(&json!({ "iat": now, "exp": now + life }));
        assert_eq!(patch(&world, "any", token).await.status, status);
    }
}

#[tokio::test]
async fn the_limits_of_a_life_can_be_those_of_the_older_specification() {
    let world = World::start(with(|config| {
        config.vonage.shortest_ttl_s = 300;
        config.vonage.longest_ttl_s = 2_592_000;
    }))
    .await;
    for (ttl, status) in [(299, 422), (300, 202), (2_592_000, 202), (2_592_001, 422)] {
        let mut body = rcs("r1");
        body["ttl"] = json!(ttl);
        assert_eq!(world.vonage_send(&body).await.status, status, "{ttl}");
    }
}

#[tokio::test]
async fn each_undocumented_case_of_google_has_a_status_of_its_own() {
    let mut config = offline();
    config.clock.scale = 1000.0;
    config.google.agents.push(Agent { id: "other_agent".to_owned(), webhook_url: None });
    let answers = &mut config.google.answers;
    answers.delivered = 409;
    answers.second_revoke = 410;
    answers.after_expiry = 411;
    answers.after_purge = 412;
    answers.unknown_id = 413;
    answers.other_phone = 414;
    answers.other_agent = 415;
    let world = World::start(config).await;
    let create = |id: &str, more: Value| {
        let mut message = json!({ "provider": "google", "phone": PHONE, "id": id });
        for (name, value) in more.as_object().expect("an object") {
            message[name] = value.clone();
        }
        let message: NewMessage = serde_json::from_value(message).expect("a message");
        assert_eq!(message.provider, Provider::Google);
        world.running.create_message(message).expect("a message");
    };
    create("delivered", json!({ "behaviour": { "delivery": { "kind": "delivered_before_revoke" } } }));
    create("revoked", json!({}));
    create("expired", json!({ "ttl_s": 1 }));
    create("purged", json!({ "sent_at_ms": world.running.now_ms() - 31 * 86_400_000 }));
    create("other-phone", json!({ "phone": "12223334444" }));
    create("other-agent", json!({ "agent": "other_agent" }));
    let gone = |id: &'static str, fate: &'static str| {
        let world = &world;
        async move { world.until(fate, |_| world.fate(id) == fate).await }
    };
    gone("expired", "expired").await;
    gone("purged", "purged").await;
    assert_eq!(world.google_revoke("revoked").await.expect("an answer").status, 200);
    for (id, status) in [
        ("delivered", 409),
        ("revoked", 410),
        ("expired", 411),
        ("purged", 412),
        ("unknown", 413),
        ("other-phone", 414),
        ("other-agent", 415),
    ] {
        assert_eq!(world.google_revoke(id).await.expect("an answer").status, status, "{id}");
    }
}
