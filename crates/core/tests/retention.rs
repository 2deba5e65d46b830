//! A message is forgotten only when nothing more can happen to it, and long after.

use rcs_revoke_core::fact::{Event, Life, ProviderEvent, Registered, Registrar, Requested, Then};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::retention::{SHORTEST, forgotten_from, may_be_forgotten};
use rcs_revoke_core::{
    Evidence, Fact, MessageRef, Policy, Provider, Source, SourceId, Span, Timestamp, assess,
};

const SENT: i64 = 1_800_000_000_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(SENT + millis)
}

fn terms() -> (Source, Policy) {
    let source = Source::new(SourceId::parse("otp").expect("it is well formed"), Provider::Vonage);
    let policy = source.provider.adapter().policy();
    (source, policy)
}

/// A message that was sent with an hour to live.
fn registered() -> Evidence {
    let mut evidence = Evidence::new(
        MessageRef::parse("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab").expect("it is well formed"),
    );
    evidence.record(Fact::Registered(Registered {
        by: Registrar::Api("call-1".to_owned()),
        received_at: at(0),
        sent_at: Some(at(0)),
        life: Some(Life::Ttl { ttl: Span::hours(1) }),
        class: None,
        phone: None,
        host: None,
        failover: None,
        fallback_text: None,
        revoke_at: None,
    }));
    evidence
}

fn delivered(millis: i64) -> Fact {
    Fact::Event(ProviderEvent {
        identity: "delivered".to_owned(),
        event: Event::Delivered,
        received_at: at(millis),
        event_time: None,
        phone: None,
        workflow: false,
        raw: String::new(),
    })
}

fn wished(wish: &str, not_before: Option<i64>) -> Fact {
    Fact::Requested(Requested {
        wish: WishId::parse(wish).expect("it is well formed"),
        by: "ops".to_owned(),
        at: at(10),
        not_before: not_before.map(at),
        then: Then::Nothing,
        reason: None,
        override_window: false,
        hand: false,
        batch: None,
    })
}

fn from(evidence: &Evidence, keep: Span, now: i64) -> Option<Timestamp> {
    let (source, policy) = terms();
    forgotten_from(evidence, &source, &policy, keep, at(now))
}

#[test]
fn it_counts_from_the_last_webhook_that_may_come() {
    let mut evidence = registered();
    evidence.record(delivered(1_000));
    let life_and_tail = HOUR + 7 * DAY;
    assert_eq!(from(&evidence, Span::days(40), 60 * DAY), Some(at(life_and_tail + 40 * DAY)));
    let (source, policy) = terms();
    for (now, may) in [(life_and_tail + 40 * DAY - 1, false), (life_and_tail + 40 * DAY, true)] {
        assert_eq!(may_be_forgotten(&evidence, &source, &policy, Span::days(40), at(now)), may);
    }
}

#[test]
fn a_fact_that_comes_later_is_kept_as_long() {
    let mut evidence = registered();
    evidence.record(delivered(30 * DAY));
    assert_eq!(from(&evidence, SHORTEST, 90 * DAY), Some(at(30 * DAY + 38 * DAY)));
}

#[test]
fn nothing_is_kept_for_less_than_the_shortest() {
    let mut evidence = registered();
    evidence.record(delivered(1_000));
    assert_eq!(from(&evidence, Span::ZERO, 90 * DAY), from(&evidence, SHORTEST, 90 * DAY));
}

#[test]
fn while_anything_is_due_or_can_change_it_is_never_forgotten() {
    let (source, policy) = terms();
    let mut due = registered();
    due.record(wished("w1", None));
    let mut planned = registered();
    planned.record(wished("w1", Some(30 * HOUR)));
    for evidence in [registered(), due, planned] {
        let mut now = at(0);
        // Through every instant at which time alone changes something.
        while let Some(next) = assess(&evidence, &source, &policy, now).look_again_at {
            let (keep, far) = (Span::ZERO, now + Span::days(1_000));
            assert_eq!(forgotten_from(&evidence, &source, &policy, keep, now), None, "at {now}");
            assert!(next > now && next < far);
            now = next;
        }
        assert!(forgotten_from(&evidence, &source, &policy, Span::ZERO, now).is_some(), "at last, at {now}");
    }
}

#[test]
fn of_nothing_nothing_is_known() {
    let evidence = Evidence::new(
        MessageRef::parse("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab").expect("it is well formed"),
    );
    assert_eq!(from(&evidence, SHORTEST, 1_000 * DAY), None);
}
