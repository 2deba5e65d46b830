//! Google: the token endpoint, sending and revoking.

use http::Method;
use rcs_revoke_simulator::config::RegionRule;
use rcs_revoke_simulator::{HostName, NewMessage, Provider};
use serde_json::{Value, json};

use crate::support::{PHONE, World, behaviour, offline};

const ID: &str = "0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d";

fn text() -> Value {
    json!({ "contentMessage": { "text": "Your code is 1234" }, "messageTrafficType": "AUTHENTICATION" })
}

#[tokio::test]
async fn a_message_is_sent_and_revoked() {
    let world = World::start(offline()).await;
    let mut body = text();
    body["ttl"] = json!("600s");
    let sent = world.google_send(HostName::GoogleEurope, ID, &body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert_eq!(sent.json()["name"], format!("phones/{PHONE}/agentMessages/{ID}"));
    assert!(sent.json()["expireTime"].is_string() && sent.json()["ttl"].is_null());

    let revoked = world.google_revoke(ID).await.expect("an answer");
    assert_eq!((revoked.status, revoked.json()), (200, json!({})));
    let again = world.google_revoke(ID).await.expect("an answer");
    assert_eq!((again.status, &again.json()["error"]["status"]), (404, &json!("NOT_FOUND")));

    let truth = world.running.truth_of(ID).expect("a message").message;
    assert_eq!(truth.host, HostName::GoogleEurope);
    assert_eq!(
        json!(truth.revokes.iter().map(|it| (it.effect, it.answer)).collect::<Vec<_>>()),
        json!([["removed", { "status": 200 }], ["none", { "status": 404 }]])
    );
    assert_eq!(world.fate(ID), "revoked");
}

#[tokio::test]
async fn tokens_are_given_for_a_right_assertion_only() {
    let world = World::start(offline()).await;
    for is_padded in [false, true] {
        let answer = world.ask_token(&world.assertion(&json!({}), is_padded)).await;
        assert_eq!((answer.status, &answer.json()["token_type"]), (200, &json!("Bearer")), "{}", answer.text);
    }
    // What Google's libraries for Node and Python sign, whatever address they then ask.
    let played = json!({ "aud": "https://oauth2.googleapis.com/token" });
    assert_eq!(world.ask_token(&world.assertion(&played, false)).await.status, 200);
    let now = world.running.now_ms() / 1000;
    let wrong = [
        (json!({ "aud": "https://oauth2.example.com/token" }), "invalid_grant"),
        (json!({ "iss": "somebody@else" }), "invalid_grant"),
        (json!({ "exp": now + 7200 }), "invalid_grant"),
        (json!({ "iat": now - 8000, "exp": now - 5000 }), "invalid_grant"),
        (json!({ "exp": null }), "invalid_grant"),
        (json!({ "scope": "https://www.googleapis.com/auth/businesscommunications" }), "invalid_scope"),
    ];
    for (claims, error) in wrong {
        let answer = world.ask_token(&world.assertion(&claims, false)).await;
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!(error)), "{claims}");
    }
    let other = World::start(offline()).await;
    let stranger = world
        .ask_token(&other.assertion(
            &json!({ "aud": format!("{}/token", world.running.base_url(HostName::GoogleToken)) }),
            false,
        ))
        .await;
    assert_eq!(stranger.json()["error_description"], "Invalid JWT Signature.");
}

#[tokio::test]
async fn both_agent_forms_and_both_encodings_of_plus_mean_the_same() {
    let world = World::start(offline()).await;
    let token = world.google_token().await;
    let digits = PHONE.trim_start_matches('+');
    for (n, (plus, agent)) in
        [("+", "demo_agent"), ("%2B", "demo_agent%40rbm.goog"), ("+", "demo_agent@rbm.goog")]
            .into_iter()
            .enumerate()
    {
        let id = format!("m{n}");
        world.google_send(HostName::GoogleGlobal, &id, &text()).await;
        let path = format!("/v1/phones/{plus}{digits}/agentMessages/{id}?agentId={agent}");
        let answer = world
            .send(HostName::GoogleUs, Method::DELETE, &path, &[("authorization", token.clone())], "")
            .await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_revocation_is_refused_for_what_is_wrong_with_it() {
    let world = World::start(offline()).await;
    world.google_send(HostName::GoogleGlobal, ID, &text()).await;
    let token = world.google_token().await;
    let cases = [
        (
            401,
            "Bearer ya29.forged".to_owned(),
            format!("/v1/phones/{PHONE}/agentMessages/{ID}?agentId=demo_agent"),
            "",
        ),
        (403, token.clone(), format!("/v1/phones/{PHONE}/agentMessages/{ID}"), ""),
        (403, token.clone(), format!("/v1/phones/{PHONE}/agentMessages/{ID}?agentId="), ""),
        (403, token.clone(), format!("/v1/phones/{PHONE}/agentMessages/{ID}?agentId=another"), ""),
        (400, token.clone(), format!("/v1/phones/{PHONE}/agentMessages/{ID}?agentId=demo_agent"), "{}"),
        (404, token.clone(), format!("/v1/phones/+12223334444/agentMessages/{ID}?agentId=demo_agent"), ""),
        (404, token.clone(), format!("/v1/phones/{PHONE}/agentMessages/unknown?agentId=demo_agent"), ""),
    ];
    for (status, token, path, body) in cases {
        let answer = world
            .send(HostName::GoogleGlobal, Method::DELETE, &path, &[("authorization", token)], body)
            .await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(status)), "{path}");
    }
    let lost = world.send(HostName::GoogleGlobal, Method::DELETE, "/v2/nothing", &[], "").await;
    assert_eq!((lost.status, lost.text.starts_with('<')), (404, true));
    assert_eq!(world.fate(ID), "queued");
}

#[tokio::test]
async fn another_region_answers_what_it_is_told_to() {
    for (rule, status) in
        [(RegionRule::AnyHost, 200), (RegionRule::NotFound, 404), (RegionRule::Forbidden, 403)]
    {
        let mut config = offline();
        config.google.regions = rule;
        let world = World::start(config).await;
        world.google_send(HostName::GoogleEurope, ID, &text()).await;
        assert_eq!(world.google_revoke(ID).await.expect("an answer").status, status);
    }
}

#[tokio::test]
async fn the_meaning_of_delete_can_be_chosen() {
    let cases = [
        (json!({ "revoke": "confirmed" }), 200, "revoked"),
        (json!({ "revoke": "legacy" }), 200, "revoked"),
        (json!({ "revoke": "always_404" }), 404, "queued"),
        (json!({ "revoke": "race", "race_after_ms": 1 }), 200, "delivered"),
        (json!({ "delivery": { "kind": "races_revoke", "after_ms": 1 } }), 200, "delivered"),
        (json!({ "delivery": { "kind": "delivered_before_revoke" } }), 404, "delivered"),
        (json!({ "delivery": { "kind": "delivered_before_revoke" }, "revoke": "legacy" }), 200, "delivered"),
    ];
    let world = World::start(offline()).await;
    for (n, (chosen, status, fate)) in cases.into_iter().enumerate() {
        let id = format!("m{n}");
        world.running.set_message_behaviour(&id, &behaviour(chosen.clone()));
        world.google_send(HostName::GoogleGlobal, &id, &text()).await;
        assert_eq!(world.google_revoke(&id).await.expect("an answer").status, status, "{chosen}");
        world
            .until(&format!("{chosen} ends {fate}"), |running| {
                json!(running.truth_of(&id).expect("a message").message.fate) == fate
            })
            .await;
    }
}

#[tokio::test]
async fn a_bad_message_is_not_sent() {
    let world = World::start(offline()).await;
    let mut both = text();
    both["ttl"] = json!("10s");
    both["expireTime"] = json!("2100-01-01T00:00:00Z");
    let mut long = text();
    long["contentMessage"]["text"] = json!("x".repeat(3073));
    for body in [both, long, json!({}), json!("text")] {
        let answer = world.google_send(HostName::GoogleGlobal, ID, &body).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    assert!(world.running.truth().is_empty());
}

#[tokio::test]
async fn an_access_token_ends_on_the_virtual_clock() {
    let mut config = offline();
    config.google.token_lifetime_s = 60;
    config.clock.scale = 1000.0;
    let world = World::start(config).await;
    let message = NewMessage { id: Some(ID.to_owned()), ..NewMessage::new(Provider::Google, PHONE) };
    world.running.create_message(message).expect("a message");
    let token = world.google_token().await;
    let given = world.running.now_ms();
    world.until("the token has ended", |running| running.now_ms() > given + 61_000).await;
    let path = format!("/v1/phones/{PHONE}/agentMessages/{ID}?agentId=demo_agent");
    let answer =
        world.send(HostName::GoogleGlobal, Method::DELETE, &path, &[("authorization", token)], "").await;
    assert_eq!((answer.status, &answer.json()["error"]["status"]), (401, &json!("UNAUTHENTICATED")));
    assert_eq!(world.fate(ID), "queued");
}
