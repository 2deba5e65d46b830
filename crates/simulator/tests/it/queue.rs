//! Google's queues: who waits for whom, and events that are handed over again.

use http::Method;
use rcs_revoke_simulator::config::{Agent, WebhookQueue};
use rcs_revoke_simulator::{Config, NewEvent, NewMessage, Provider, Replay};
use serde_json::json;

use crate::support::{PHONE, Receiver, World, behaviour, offline};

/// A world with two agents, of which the second has a webhook of its own.
async fn world(queue: WebhookQueue, partner: &Receiver, own: &Receiver) -> World {
    let mut config = offline();
    config.clock.scale = 100.0;
    config.google.webhook_queue = queue;
    config.google.webhook_url = Some(partner.url.clone());
    config.google.agents = vec![
        Agent { id: "shared".to_owned(), webhook_url: None },
        Agent { id: "own".to_owned(), webhook_url: Some(own.url.clone()) },
    ];
    World::start(config).await
}

fn happen(world: &World, agent: &str, id: &str) {
    let message = NewMessage {
        agent: Some(agent.to_owned()),
        id: Some(id.to_owned()),
        ..NewMessage::new(Provider::Google, PHONE)
    };
    world.running.create_message(message).expect("a message");
    let event =
        NewEvent { message: Some(id.to_owned()), word: Some("DELIVERED".to_owned()), ..NewEvent::default() };
    world.running.emit_event(&event).expect("an event");
}

/// Whether an event has been tried while the first one was not yet taken.
fn overtook(world: &World, id: usize) -> bool {
    let journal = world.running.journal();
    let taken = journal[0].hand_overs.last().expect("a try").ended_at_ms;
    journal[id].hand_overs[0].at_ms < taken
}

#[tokio::test]
async fn a_failing_event_holds_up_its_queue() {
    for (queue, shared_overtakes, own_overtakes) in [
        (WebhookQueue::EachForItself, true, true),
        (WebhookQueue::PerWebhook, false, true),
        (WebhookQueue::PerPartner, false, false),
    ] {
        let partner = Receiver::start(&[503, 503, 503]).await;
        let own = Receiver::start(&[]).await;
        let world = world(queue, &partner, &own).await;
        happen(&world, "shared", "first");
        partner.wait_for(1).await;
        happen(&world, "shared", "second");
        happen(&world, "own", "third");
        world
            .until("all have ended", |running| {
                let journal = running.journal();
                journal.len() == 3 && journal.iter().all(|entry| entry.ended && entry.acknowledged)
            })
            .await;
        assert_eq!(
            (overtook(&world, 1), overtook(&world, 2)),
            (shared_overtakes, own_overtakes),
            "{queue:?}"
        );
        let quiet = world.running.quiet(0);
        assert_eq!((quiet.queued, quiet.in_flight), (0, 0));
    }
}

#[tokio::test]
async fn who_waits_is_freed_when_the_queue_is_given_up() {
    let partner = Receiver::start(&[503; 100]).await;
    let own = Receiver::start(&[]).await;
    let world = world(WebhookQueue::PerPartner, &partner, &own).await;
    happen(&world, "shared", "first");
    partner.wait_for(1).await;
    happen(&world, "own", "second");
    world.until("the second waits", |running| running.quiet(0).queued == 1).await;
    let free = json!({ "google": { "webhook_queue": "each_for_itself" } });
    assert_eq!(world.control(Method::PATCH, "/config", free).await.status, 200);
    own.wait_for(1).await;
}

#[tokio::test]
async fn an_event_without_an_address_holds_nobody_up() {
    let mut config = offline();
    config.google.webhook_queue = WebhookQueue::PerPartner;
    let world = World::start(config).await;
    for _ in 0..2 {
        let event =
            NewEvent { provider: Some(Provider::Google), raw: Some(json!({})), ..NewEvent::default() };
        world.running.emit_event(&event).expect("an event");
    }
    world
        .until("both are lost", |running| running.journal().iter().all(|entry| entry.lost && entry.ended))
        .await;
}

#[tokio::test]
async fn an_event_is_replayed_hours_later_byte_for_byte() {
    let mut config = Config::default();
    config.clock.scale = 100_000.0;
    config.google.behaviour = behaviour(json!({
        "delivery": { "kind": "online", "after_ms": 1 }, "webhook": { "replay": 1.0, "replay_after_ms": 21_600_000 },
    }));
    let world = World::start(config).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    world.running.create_message(NewMessage::new(Provider::Google, PHONE)).expect("a message");
    let arrived = receiver.wait_for(2).await;
    let data = |n: usize| {
        let envelope: serde_json::Value = serde_json::from_slice(&arrived[n].body).expect("JSON");
        (envelope["message"]["data"].clone(), arrived[n].headers["x-goog-signature"].clone())
    };
    assert_eq!(data(0), data(1));
    world.until("it has ended", |running| running.journal()[0].ended).await;
    let entry = world.running.journal().remove(0);
    assert!(entry.hand_overs[1].at_ms - entry.at_ms >= 21_600_000);
}

#[tokio::test]
async fn any_event_of_the_journal_can_be_replayed() {
    let world = World::start(offline()).await;
    let event =
        NewEvent { provider: Some(Provider::Vonage), raw: Some(json!({ "n": 1 })), ..NewEvent::default() };
    world.running.emit_event(&event).expect("an event");
    world.until("it is lost", |running| running.journal()[0].lost).await;
    let receiver = Receiver::start(&[]).await;
    receiver.serve(&world);
    let again = json!({ "event": 0, "copies": 2 });
    assert_eq!(world.control(Method::POST, "/replay", again).await.status, 201);
    let arrived = receiver.wait_for(2).await;
    assert_eq!(arrived[0].body, arrived[1].body);
    world.until("it has ended", |running| running.journal()[0].ended).await;
    assert!(!world.running.journal()[0].lost);
    let unknown = Replay { event: 7, copies: None, delay_ms: 0 };
    assert!(world.running.replay_event(&unknown).is_err());
}
