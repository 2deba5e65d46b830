//! What the main scenarios show, shown.

use rcs_revoke_simulator::{Config, HostName, NewMessage, Provider, scenario};
use serde_json::{Value, json};

use crate::support::{PHONE, Receiver, World, behaviour, offline, rcs};

async fn world(name: &str, base: Config) -> World {
    let scenario = scenario::named(name).unwrap_or_else(|| panic!("a scenario {name}"));
    World::start(scenario.over(base).expect("a world")).await
}

fn text() -> Value {
    json!({ "contentMessage": { "text": "Your code is 1234" } })
}

async fn events_of(world: &World, id: &str, count: usize) -> Value {
    world
        .until(&format!("{count} events"), |running| {
            running.truth_of(id).expect("a message").events.len() == count
        })
        .await;
    let truth = world.running.truth_of(id).expect("a message");
    json!(truth.events.iter().map(|event| json!([event.word, event.code])).collect::<Vec<_>>())
}

#[tokio::test]
async fn the_meanings_of_googles_delete() {
    for (name, status, fate) in [
        ("google-confirmed", 200, "revoked"),
        ("google-legacy-200", 200, "revoked"),
        ("google-always-404", 404, "queued"),
        ("google-race", 200, "delivered"),
    ] {
        let world = world(name, offline()).await;
        world.google_send(HostName::GoogleGlobal, "m1", &text()).await;
        assert_eq!(world.google_revoke("m1").await.expect("an answer").status, status, "{name}");
        let ends = |running: &rcs_revoke_simulator::Running| {
            json!(running.truth_of("m1").expect("a message").message.fate) == fate
        };
        world.until(&format!("{name} ends {fate}"), ends).await;
    }
}

#[tokio::test]
async fn the_regions_of_google() {
    for (name, status) in [("google-region-any", 200), ("google-region-404", 404), ("google-region-403", 403)]
    {
        let world = world(name, offline()).await;
        world.google_send(HostName::GoogleAsia, "m1", &text()).await;
        assert_eq!(world.google_revoke("m1").await.expect("an answer").status, status, "{name}");
    }
}

#[tokio::test]
async fn the_gateway_before_google() {
    let world = world("google-gateway", offline()).await;
    world.google_send(HostName::GoogleGlobal, "m1", &text()).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let answer = world.google_revoke("m1").await.expect("an answer");
        seen.push((answer.status, answer.text.clone(), world.fate("m1")));
    }
    let page = |text: &str| format!("<html>{text}</html>");
    assert_eq!(
        seen[..3],
        [
            (404, page("not here"), json!("queued")),
            (200, String::new(), json!("queued")),
            (200, page("please sign in"), json!("revoked")),
        ]
    );
    assert_eq!(seen[3].0, 404);
}

#[tokio::test]
async fn the_errors_of_google_and_then_all_is_well() {
    let world = world("google-http-errors", offline()).await;
    world.google_send(HostName::GoogleGlobal, "m1", &text()).await;
    let mut seen = Vec::new();
    for _ in 0..9 {
        let answer = world.google_revoke("m1").await.expect("an answer");
        let retry_after = answer.headers.get("retry-after").map(|it| it.to_str().expect("text").to_owned());
        seen.push((answer.status, retry_after));
    }
    let mut expected: Vec<(u16, Option<String>)> =
        [400, 401, 403, 403, 429, 429, 500, 503, 504].map(|status| (status, None)).into();
    expected[4].1 = Some("15".to_owned());
    assert_eq!(seen, expected);
    assert_eq!(world.fate("m1"), "revoked", "the 504 came after the effect");
}

#[tokio::test]
async fn the_errors_of_vonage_and_then_all_is_well() {
    let world = world("vonage-http-errors", offline()).await;
    assert_eq!(world.vonage_send(&rcs("r1")).await.status, 402);
    let id = world.vonage_message("r1").await;
    let mut seen = Vec::new();
    for _ in 0..7 {
        seen.push(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status);
    }
    assert_eq!(seen, [401, 404, 422, 429, 500, 503, 202]);
}

#[tokio::test]
async fn what_follows_a_revocation_at_vonage() {
    for (name, count, events, fate) in [
        ("vonage-silence", 1, json!([]), "revoked"),
        ("vonage-rejected-1360", 2, json!([["rejected", 1360]]), "revoked"),
        ("vonage-rejected-other", 2, json!([["rejected", 1330]]), "revoked"),
        ("vonage-undeliverable", 2, json!([["undeliverable", 1100]]), "revoked"),
        ("vonage-late-delivered", 2, json!([["delivered", null]]), "delivered"),
    ] {
        let world = world(name, offline()).await;
        let id = world.vonage_message("r1").await;
        events_of(&world, &id, 1).await;
        assert_eq!(world.vonage_revoke(HostName::VonageEu, &id).await.expect("an answer").status, 202);
        let seen = events_of(&world, &id, count).await;
        assert_eq!(
            (&seen.as_array().expect("events")[1..], world.fate(&id)),
            (&events.as_array().expect("events")[..], json!(fate)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_end_of_a_life() {
    for (name, google, vonage) in [
        ("expiry-revoked", json!(["TTL_EXPIRATION_REVOKED"]), json!(["rejected"])),
        ("expiry-revoke-failed", json!(["TTL_EXPIRATION_REVOKE_FAILED"]), json!(["rejected"])),
        ("expiry-both", json!(["DELIVERED", "TTL_EXPIRATION_REVOKED"]), json!(["delivered", "rejected"])),
        ("expiry-neither", json!([]), json!([])),
        ("expiry-unknown-word", json!(["TTL_EXPIRATION_UNSPECIFIED"]), json!(["expired"])),
    ] {
        let mut base = offline();
        base.clock.scale = 1000.0;
        let world = world(name, base).await;
        for (provider, words) in [(Provider::Google, google), (Provider::Vonage, vonage)] {
            let message =
                NewMessage { ttl_s: Some(20), submitted: Some(false), ..NewMessage::new(provider, PHONE) };
            let id = world.running.create_message(message).expect("a message").id;
            let ended = |running: &rcs_revoke_simulator::Running| {
                let truth = running.truth_of(&id).expect("a message");
                truth.message.expired_at_ms.is_some()
                    && json!(truth.events.iter().map(|it| &it.word).collect::<Vec<_>>()) == words
            };
            world.until(&format!("{name} {words}"), ended).await;
        }
    }
}

#[tokio::test]
async fn a_scenario_is_played_while_the_world_runs() {
    let world = World::start(offline()).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    world.running.play(scenario::named("signature-missing").expect("a scenario")).expect("played");
    let message = |id: &str| NewMessage {
        id: Some(id.to_owned()),
        behaviour: Some(behaviour(json!({ "delivery": { "kind": "online", "after_ms": 1 } }))),
        ..NewMessage::new(Provider::Google, PHONE)
    };
    world.running.create_message(message("m1")).expect("a message");
    let arrived = receiver.wait_for(1).await;
    assert!(!arrived[0].headers.contains_key("x-goog-signature"));
    world.until("the event has ended", |running| running.journal()[0].ended).await;
    let entry = world.running.journal().remove(0);
    assert!(entry.acknowledged && !entry.credible, "an unsigned event proves nothing, whoever takes it");

    world.running.play(scenario::named("signature-good").expect("a scenario")).expect("played");
    world.running.create_message(message("m2")).expect("a message");
    let arrived = receiver.wait_for(2).await;
    assert!(arrived[1].headers.contains_key("x-goog-signature"));
    world.until("the event has ended", |running| running.journal()[1].ended).await;
    assert!(world.running.journal()[1].credible);
}

#[tokio::test]
async fn chaos_is_the_same_world_for_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let mut base = Config { seed: 21, ..Config::default() };
        base.clock = rcs_revoke_simulator::ClockConfig { origin_ms: Some(1_900_000_000_000), ..base.clock };
        let world = world("chaos", base).await;
        let mut seen = Vec::new();
        for number in 0..40 {
            for provider in [Provider::Google, Provider::Vonage] {
                let message = NewMessage {
                    id: Some(format!("00000000-0000-4000-8000-0000000000{number:02}")),
                    ..NewMessage::new(provider, PHONE)
                };
                let id = world.running.create_message(message).expect("a message").id;
                seen.push(json!(world.running.truth_of(&id).expect("a message").message.behaviour));
            }
        }
        runs.push(seen);
    }
    assert_eq!(runs[0], runs[1]);
    let deliveries: std::collections::BTreeSet<String> =
        runs[0].iter().map(|it| it["delivery"]["kind"].to_string()).collect();
    assert!(deliveries.len() >= 4, "a varied world: {deliveries:?}");
}
