//! The wishes of one message: which are live, which command only repeats one, what can still be withdrawn, and why
//! another would come to nothing.

use rcs_revoke_core::fact::Requested;
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::wish::{LiveWish, closed_because, live, repeated, was_made, withdrawable};
use rcs_revoke_core::{Evidence, Provider, Source, SourceId, Span, Timestamp};
use serde_json::{Value, json};

const SENT: i64 = 1_800_000_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(SENT) + Span::secs(seconds)
}

fn millis(seconds: i64) -> i64 {
    at(seconds).as_millis()
}

fn id(text: &str) -> WishId {
    WishId::parse(text).expect("letters and digits are a wish id")
}

fn registered() -> Value {
    json!({ "fact": "registered", "by": { "kind": "api", "id": "call-1" }, "received_at": millis(1), "sent_at": SENT })
}

fn wish(wish: &str, seconds: i64) -> Value {
    json!({ "fact": "requested", "wish": wish, "by": "ops", "at": millis(seconds) })
}

fn later(id: &str, seconds: i64, not_before: i64) -> Value {
    let mut wish = wish(id, seconds);
    wish["not_before"] = json!(millis(not_before));
    wish
}

fn withdrawn(wish: &str, seconds: i64) -> Value {
    json!({ "fact": "withdrawn", "wish": wish, "by": "ops", "at": millis(seconds) })
}

fn attempted(number: u32, wish: &str, seconds: i64) -> Value {
    json!({ "fact": "attempted", "attempt": number, "wish": wish, "host": "vonage.eu", "begun_at": millis(seconds) })
}

fn answered(number: u32, ack: &str, seconds: i64) -> Value {
    json!({ "fact": "answered", "attempt": number, "ack": ack, "reason": "unsupported", "at": millis(seconds) })
}

fn delivered(seconds: i64) -> Value {
    json!({ "fact": "event", "identity": "e1", "event": "delivered", "received_at": millis(seconds) })
}

fn evidence(facts: &[Value]) -> Evidence {
    let message = "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
    serde_json::from_value(json!({ "message": message, "facts": facts })).expect("these are facts")
}

fn google(facts: &[Value]) -> Evidence {
    let message = "google_rbm:shop@rbm.goog:12345xyz";
    serde_json::from_value(json!({ "message": message, "facts": facts })).expect("these are facts")
}

fn source(evidence: &Evidence) -> Source {
    let provider = evidence.message().provider();
    let mut source = Source::new(SourceId::parse("shop").expect("letters are a source id"), provider);
    source.agent = evidence.message().agent().cloned();
    source
}

/// What a command repeats that wants the message to be revoked at once, and nothing to follow.
fn repeats(facts: &[Value], seconds: i64, again: bool) -> Option<WishId> {
    repeats_as(facts, seconds, &wish("new", seconds), again)
}

fn repeats_as(facts: &[Value], seconds: i64, wanted: &Value, again: bool) -> Option<WishId> {
    let evidence = evidence(facts);
    let policy = Provider::Vonage.adapter().policy();
    let wanted: Requested = serde_json::from_value(wanted.clone()).expect("this is a wish");
    repeated(&evidence, &source(&evidence), &policy, at(seconds), &wanted, again).map(|wish| wish.id)
}

fn can_be_withdrawn(evidence: &Evidence, seconds: i64) -> Option<WishId> {
    let policy = evidence.message().provider().adapter().policy();
    withdrawable(evidence, &source(evidence), &policy, at(seconds))
}

fn closed(evidence: &Evidence, seconds: i64) -> Option<String> {
    let policy = evidence.message().provider().adapter().policy();
    closed_because(evidence, &source(evidence), &policy, at(seconds)).map(|why| why.to_string())
}

#[test]
fn live_wishes_come_latest_first_and_say_how_far_they_are() {
    let evidence = evidence(&[
        wish("w1", 10),
        attempted(1, "w1", 11),
        answered(1, "unknown", 12),
        wish("w2", 20),
        attempted(2, "w2", 21),
        answered(2, "accepted", 22),
        wish("w3", 30),
        wish("w4", 40),
        withdrawn("w4", 41),
    ]);
    let expected = [("w3", 30, false, false), ("w2", 20, true, true), ("w1", 10, true, true)];
    let expected: Vec<LiveWish> = expected
        .into_iter()
        .map(|(wish, seconds, begun, answered)| LiveWish {
            id: id(wish),
            at: at(seconds),
            begun,
            answered,
            then_sms: false,
        })
        .collect();
    assert_eq!(live(&evidence), expected);
    assert!(was_made(&evidence, &id("w4")));
    assert!(!was_made(&evidence, &id("w5")));
}

#[test]
fn a_command_repeats_a_wish_that_is_under_way() {
    let planned = [registered(), later("w1", 10, 600)];
    let asking = [registered(), wish("w1", 10), attempted(1, "w1", 11)];
    for again in [false, true] {
        assert_eq!(repeats(&[registered()], 20, again), None);
        assert_eq!(repeats_as(&planned, 20, &later("new", 20, 600), again), Some(id("w1")));
        assert_eq!(repeats(&planned, 20, again), None, "at once is earlier than planned");
        assert_eq!(repeats(&asking, 20, again), Some(id("w1")));
    }
}

#[test]
fn only_revoke_again_asks_anew_for_what_was_answered() {
    let facts = [registered(), wish("w1", 10), attempted(1, "w1", 11), answered(1, "accepted", 12)];
    assert_eq!(repeats(&facts, 100, false), Some(id("w1")));
    assert_eq!(repeats(&facts, 100, true), None);
    let waiting = [&facts[..], &[later("w2", 50, 600)]].concat();
    assert_eq!(repeats_as(&waiting, 100, &later("new", 100, 700), true), Some(id("w2")));
    assert_eq!(repeats(&waiting, 100, true), None, "at once is earlier than planned");
}

#[test]
fn what_shall_follow_makes_another_wish() {
    let mut then_sms = wish("new", 20);
    then_sms["then"] = json!("fallback");
    let asking = [registered(), wish("w1", 10), attempted(1, "w1", 11)];
    assert_eq!(repeats_as(&asking, 20, &then_sms, false), None);
    let both = [&asking[..], &[then_sms.clone()]].concat();
    assert_eq!(repeats_as(&both, 30, &then_sms, false), Some(id("new")));
    then_sms["hand"] = json!(true);
    assert_eq!(repeats_as(&both, 30, &then_sms, false), None, "an SMS in any case is more");
}

#[test]
fn a_refused_wish_is_not_repeated_because_another_is_planned() {
    let facts = [
        registered(),
        wish("w1", 10),
        attempted(1, "w1", 11),
        answered(1, "no_effect", 12),
        later("w2", 5, 600),
    ];
    assert_eq!(repeats(&facts, 100, false), None);
}

#[test]
fn a_refused_wish_stands_in_nobodys_way() {
    let facts = [registered(), wish("w1", 10), attempted(1, "w1", 11), answered(1, "no_effect", 12)];
    for again in [false, true] {
        assert_eq!(repeats(&facts, 100, again), None);
    }
}

#[test]
fn a_withdrawal_must_still_stop_something() {
    let asking = evidence(&[registered(), wish("w1", 10), attempted(1, "w1", 11)]);
    assert_eq!(can_be_withdrawn(&evidence(&[registered(), wish("w1", 10)]), 10), Some(id("w1")));
    assert_eq!(can_be_withdrawn(&asking, 12), Some(id("w1")));
    let both = evidence(&[registered(), wish("w1", 10), later("w2", 20, 600)]);
    assert_eq!(can_be_withdrawn(&both, 30), Some(id("w2")));
    // Without the number nothing can be sent, but once it is known it will be.
    assert_eq!(can_be_withdrawn(&google(&[registered(), wish("w1", 10)]), 20), Some(id("w1")));
    let facts = [registered(), wish("w1", 10), attempted(1, "w1", 11), answered(1, "accepted", 12)];
    assert_eq!(can_be_withdrawn(&evidence(&facts), 100), None);
    assert_eq!(can_be_withdrawn(&evidence(&[registered(), wish("w1", 10), withdrawn("w1", 11)]), 12), None);
}

#[test]
fn one_more_wish_is_refused_with_a_reason_or_not_at_all() {
    assert_eq!(closed(&evidence(&[registered()]), 20), None);
    assert_eq!(closed(&google(&[registered()]), 20), None);
    let accepted = [registered(), wish("w1", 10), attempted(1, "w1", 11), answered(1, "accepted", 12)];
    assert_eq!(closed(&evidence(&accepted), 100), None);
    let told = closed(&evidence(&[registered(), delivered(15)]), 20);
    assert_eq!(told.as_deref(), Some("Reached the person"));
    let late = closed(&evidence(&[registered()]), 90_000);
    assert!(late.as_ref().is_some_and(|why| why.starts_with("The 24-hour window closed at ")), "{late:?}");
}
