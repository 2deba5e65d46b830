//! Which source a verified event belongs to, among those that share a secret: never a guess.

use rcs_revoke_core::fact::Event;
use rcs_revoke_core::webhook::{IncomingEvent, claim};
use rcs_revoke_core::{AgentId, MessageId, Provider, Source, SourceId, Timestamp};

const UUID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

fn id(text: &str) -> SourceId {
    SourceId::parse(text).expect("letters are a source id")
}

fn google(name: &str, agent: &str) -> Source {
    let mut source = Source::new(id(name), Provider::GoogleRbm);
    source.agent = AgentId::parse(agent).ok();
    source
}

fn vonage(name: &str, sender: Option<&str>, application: Option<&str>) -> Source {
    let mut source = Source::new(id(name), Provider::Vonage);
    source.sender = sender.map(|sender| sender.parse().expect("letters are a sender"));
    source.application = application.map(|text| text.parse().expect("a UUID is an application id"));
    source
}

fn event(provider: Provider) -> IncomingEvent {
    IncomingEvent {
        provider,
        agent: None,
        application: None,
        sender: None,
        message: MessageId::parse(UUID).expect("a UUID is an id"),
        identity: "e1".to_owned(),
        event: Event::Delivered,
        event_time: Some("2026-11-20T10:00:00Z".to_owned()),
        phone: "+447700900000".parse().ok(),
        workflow: true,
        raw: "{}".to_owned(),
    }
}

fn claimed(event: &IncomingEvent, known: Option<&str>, sharing: &[Source]) -> Option<String> {
    let known = known.map(id);
    claim(event, known.as_ref(), sharing).map(|source| source.id.to_string())
}

#[test]
fn the_agent_picks_the_source_at_google() {
    let sharing = [google("shop", "shop"), google("bank", "bank"), vonage("otp", None, None)];
    let mut event = event(Provider::GoogleRbm);
    assert_eq!(claimed(&event, None, &sharing), None, "two may be meant");
    event.agent = AgentId::parse("bank").ok();
    assert_eq!(claimed(&event, None, &sharing).as_deref(), Some("bank"));
    event.agent = AgentId::parse("other").ok();
    assert_eq!(claimed(&event, None, &sharing), None, "no source has that agent");
}

#[test]
fn application_and_sender_pick_the_source_at_vonage() {
    const OTHER: &str = "11111111-2222-4333-8444-555555555555";
    let sharing = [
        vonage("one", Some("Demo"), Some(UUID)),
        vonage("two", Some("Shop"), Some(UUID)),
        vonage("three", Some("Demo"), Some(OTHER)),
    ];
    let mut event = event(Provider::Vonage);
    event.application = UUID.parse().ok();
    assert_eq!(claimed(&event, None, &sharing), None, "two have that application");
    event.sender = "Shop".parse().ok();
    assert_eq!(claimed(&event, None, &sharing).as_deref(), Some("two"));
    event.application = OTHER.parse().ok();
    assert_eq!(claimed(&event, None, &sharing), None, "each name contradicts another source");
    // A source that leaves its names open contradicts nothing.
    assert_eq!(claimed(&event, None, &[vonage("open", None, None)]).as_deref(), Some("open"));
}

#[test]
fn what_is_known_of_the_message_wins_among_those_that_share_the_secret() {
    let sharing = [vonage("one", None, None), vonage("two", None, None)];
    let event = event(Provider::Vonage);
    assert_eq!(claimed(&event, None, &sharing), None);
    assert_eq!(claimed(&event, Some("two"), &sharing).as_deref(), Some("two"));
    assert_eq!(claimed(&event, Some("three"), &sharing), None);
    assert_eq!(claimed(&event, Some("three"), &sharing[..1]).as_deref(), Some("one"));
}

#[test]
fn an_event_becomes_a_fact_with_all_that_it_says() {
    let mut event = event(Provider::GoogleRbm);
    assert!(event.message_ref().is_err(), "an id is unique only within its agent");
    event.agent = AgentId::parse("shop").ok();
    let message = event.message_ref().expect("agent and id are a key");
    assert_eq!(message.to_string(), format!("google_rbm:shop@rbm.goog:{UUID}"));
    let received_at = Timestamp::from_millis(1_800_000_000_000);
    let fact = event.clone().into_fact(received_at);
    assert_eq!((fact.identity, fact.event, fact.received_at), (event.identity, event.event, received_at));
    assert_eq!((fact.event_time, fact.phone, fact.raw), (event.event_time, event.phone, event.raw));
    assert!(fact.workflow);
}
