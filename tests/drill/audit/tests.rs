//! The audit catches what it is there for: each test changes one thing that a truthful store would not have.

use rcs_revoke_core::fact::{Answered, Attempted, Event, ProviderEvent, Requested, Then};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::{Ack, Fact, Timestamp};
use rcs_revoke_simulator::{Config, HostName, NewEvent, NewMessage, Running, Simulator, Truth};

use super::{Ledger, forgotten, invented, unwritten};
use crate::compare::Lie;
use crate::script::{Deed, Scripted, draw};

const NOW: Timestamp = Timestamp::from_millis(crate::clock::ORIGIN);

/// A message of the script whose sender wishes it away once.
fn scripted() -> Scripted {
    let wished = |one: &Scripted| one.deeds.iter().any(|(_, deed)| matches!(deed, Deed::Wish { .. }));
    draw(1, 200, 1_000_000).into_iter().find(|one| one.sender.agent == "DrillEurope" && wished(one)).unwrap()
}

/// The books of a world in which one event about the message was made up and goes nowhere.
async fn books(scripted: &Scripted) -> (Running, Truth) {
    let simulator = Simulator::start(Config::default()).await.unwrap();
    let new = NewMessage::new(scripted.sender.provider, scripted.phone.clone());
    simulator.create_message(NewMessage { id: Some(scripted.id.clone()), ..new }).unwrap();
    let event = NewEvent {
        message: Some(scripted.id.clone()),
        word: Some("delivered".to_owned()),
        delay_ms: 3_600_000,
        ..NewEvent::default()
    };
    simulator.emit_event(&event).unwrap();
    let truth = simulator.truth_of(&scripted.id).unwrap();
    (simulator, truth)
}

fn wish(name: &str) -> WishId {
    WishId::parse(&format!("rev_{name}")).unwrap()
}

fn requested(name: &str) -> Fact {
    Fact::Requested(Requested {
        wish: wish(name),
        by: "operator".to_owned(),
        at: NOW,
        not_before: None,
        then: Then::Nothing,
        reason: None,
        override_window: false,
        hand: false,
        batch: None,
    })
}

fn attempted(attempt: u32) -> Fact {
    Fact::Attempted(Attempted {
        attempt,
        wish: wish("one"),
        host: HostName::VonageEu.name().parse().unwrap(),
        begun_at: NOW,
    })
}

fn answered(attempt: u32, ack: Ack, status: Option<u16>) -> Fact {
    Fact::Answered(Answered { attempt, ack, status, body: None, at: NOW })
}

fn heard(raw: &str) -> Fact {
    Fact::Event(ProviderEvent {
        identity: raw.to_owned(),
        event: Event::Delivered,
        received_at: NOW,
        event_time: None,
        phone: None,
        workflow: false,
        raw: raw.to_owned(),
    })
}

#[tokio::test]
async fn an_event_that_was_not_handed_over_is_invented() {
    let scripted = scripted();
    let (_simulator, mut truth) = books(&scripted).await;
    let fact = heard(&truth.events.last().unwrap().payload);
    assert_eq!(invented(&scripted, &truth, std::slice::from_ref(&fact)), [Lie::InventedFact(fact.key())]);
    truth.events.last_mut().unwrap().credible = true;
    assert_eq!(invented(&scripted, &truth, &[fact]), []);
    let other = heard("{}");
    assert_eq!(invented(&scripted, &truth, std::slice::from_ref(&other)), [Lie::InventedFact(other.key())]);
}

#[tokio::test]
async fn an_event_that_was_acknowledged_must_be_there() {
    let scripted = scripted();
    let (_simulator, mut truth) = books(&scripted).await;
    assert_eq!(forgotten(&truth, &[]), []);
    let event = truth.events.last_mut().unwrap();
    (event.credible, event.acknowledged) = (true, true);
    let fact = heard(&event.payload);
    assert_eq!(forgotten(&truth, &[]), [Lie::ForgottenEvent("delivered".to_owned())]);
    assert_eq!(forgotten(&truth, &[fact]), []);
}

#[tokio::test]
async fn a_wish_that_nobody_made_is_invented() {
    let scripted = scripted();
    let (_simulator, truth) = books(&scripted).await;
    let wishes = scripted.deeds.iter().filter(|(_, deed)| matches!(deed, Deed::Wish { .. })).count();
    let facts: Vec<Fact> = (0..=wishes).map(|number| requested(&number.to_string())).collect();
    assert_eq!(invented(&scripted, &truth, &facts[..wishes]), []);
    assert_eq!(invented(&scripted, &truth, &facts).len(), wishes + 1);
}

#[tokio::test]
async fn an_answer_that_nobody_gave_is_invented() {
    let scripted = scripted();
    let (_simulator, truth) = books(&scripted).await;
    let facts = [attempted(1), answered(1, Ack::Accepted, Some(202))];
    let lie = Lie::InventedFact(format!("{} answered 202", HostName::VonageEu));
    assert_eq!(invented(&scripted, &truth, &facts), [lie]);
}

#[tokio::test]
async fn a_request_must_have_been_written_down_before_it_left() {
    let scripted = scripted();
    let (simulator, _) = books(&scripted).await;
    let facts = [attempted(1), answered(1, Ack::Unknown { retry_after: None }, None)];
    revoke(&simulator, &scripted.id).await;
    let truth = simulator.truth_of(&scripted.id).unwrap();
    assert_eq!(truth.message.revokes.len(), 1, "the simulator counts requests whatever it answers");
    assert_eq!(unwritten(&truth, &Ledger::of(&facts)), None);
    assert_eq!(unwritten(&truth, &Ledger::of(&[])), Some(Lie::UnwrittenRequest { seen: 1, written: 0 }));
    let unsent =
        answered(1, Ack::NotSent { why: rcs_revoke_core::ack::SendFailure::ConnectionRefused }, None);
    let facts = [attempted(1), unsent];
    assert_eq!(unwritten(&truth, &Ledger::of(&facts)), Some(Lie::UnwrittenRequest { seen: 1, written: 0 }));
}

async fn revoke(simulator: &Running, id: &str) {
    let request =
        http::Request::patch(format!("{}/v1/messages/{id}", simulator.base_url(HostName::VonageEu)));
    let request = request.body(http_body_util::Full::new(bytes::Bytes::from_static(b"{}"))).unwrap();
    rcs_revoke_tests::client::send(&rcs_revoke_tests::client::http_client(), request).await.unwrap();
}
