//! The alphabets are representative: every kind of fact, word, answer and conflict stands in one of them.

use std::collections::BTreeSet;

use rcs_revoke_core::fact::Fact;
use serde_json::Value;

use super::all;

/// What a fact is: its kind with the word, ack or reason that it carries.
fn kind(fact: &Fact) -> String {
    let json = serde_json::to_value(fact).expect("facts are JSON");
    let parts = ["fact", "event", "ack", "reason"].iter().filter_map(|field| json.get(field));
    let parts: Vec<&str> = parts.filter_map(Value::as_str).collect();
    parts.join(" ")
}

#[test]
fn every_kind_of_fact_stands_in_an_alphabet() {
    let worlds = all();
    let kinds: BTreeSet<String> = worlds.iter().flat_map(|world| &world.facts).map(kind).collect();
    let expected = [
        "registered",
        "requested",
        "withdrawn",
        "attempted",
        "answered accepted",
        "answered not_found",
        "answered no_effect invalid",
        "answered no_effect credentials",
        "answered no_effect permission",
        "answered no_effect unsupported",
        "answered no_effect throttled",
        "answered no_effect no_credit",
        "answered not_sent",
        "answered unknown",
        "event submitted",
        "event delivered",
        "event read",
        "event expiry_revoked",
        "event expiry_revoke_failed",
        "event not_delivered",
        "event unsubscribed",
        "event unknown_expiry_word",
        "event unknown_word",
        "fallback_ordered",
        "fallback_intended",
        "fallback_answered accepted",
        "fallback_answered not_sent",
        "fallback_answered no_effect invalid",
        "fallback_answered no_effect throttled",
        "fallback_answered no_effect credentials",
        "fallback_answered not_found",
        "fallback_answered unknown",
        "fallback_status submitted",
        "fallback_status delivered",
        "fallback_status not_delivered",
        "fallback_status unknown_word",
    ];
    for kind in expected {
        assert!(kinds.contains(kind), "no world has {kind}: {kinds:?}");
    }
}

#[test]
fn every_kind_of_fact_that_can_be_told_twice_is_told_in_two_ways() {
    let mut twice = BTreeSet::new();
    for world in all() {
        for (place, fact) in world.facts.iter().enumerate() {
            let twin = |other: &&Fact| other.key() == fact.key() && *other != fact;
            for twin in world.facts[place + 1..].iter().filter(twin) {
                twice.insert(kind(fact));
                twice.insert(kind(twin));
            }
        }
    }
    let expected = [
        "registered",
        "requested",
        "withdrawn",
        "attempted",
        "answered accepted",
        "answered not_found",
        "answered unknown",
        "answered no_effect throttled",
        "event delivered",
        "event read",
        "event not_delivered",
        "event unknown_word",
        "event expiry_revoked",
        "event submitted",
        "fallback_ordered",
        "fallback_intended",
        "fallback_answered accepted",
        "fallback_answered not_sent",
        "fallback_status submitted",
        "fallback_status delivered",
    ];
    for kind in expected {
        assert!(twice.contains(kind), "{kind} has no twin with its key: {twice:?}");
    }
}

/// Two registrations that differ, a number that an event and a registration name differently, orphans of both
/// kinds: whatever a flag or a stand-in is made for.
#[test]
fn every_conflict_stands_in_an_alphabet() {
    let worlds = all();
    let some = |wanted: fn(&Fact, &Fact) -> bool| {
        worlds.iter().any(|world| world.facts.iter().any(|a| world.facts.iter().any(|b| wanted(a, b))))
    };
    let differing = |a: &Fact, b: &Fact| match (a, b) {
        (Fact::Registered(a), Fact::Registered(b)) => a.by != b.by && a.phone != b.phone && b.phone.is_some(),
        _ => false,
    };
    let other_number = |a: &Fact, b: &Fact| match (a, b) {
        (Fact::Registered(a), Fact::Event(b)) => a.phone.is_some() && b.phone.is_some() && a.phone != b.phone,
        _ => false,
    };
    assert!(some(differing), "two registrations that differ");
    assert!(some(other_number), "an event that names another number");
    let orphan = worlds.iter().any(|world| {
        let begun = |number| {
            world.facts.iter().any(|fact| matches!(fact, Fact::Attempted(begun) if begun.attempt == number))
        };
        world.facts.iter().any(|fact| matches!(fact, Fact::Answered(ended) if !begun(ended.attempt)))
    });
    assert!(orphan, "an answer whose attempt is in no set (all others are orphans in some)");
}

#[test]
fn every_fact_of_an_alphabet_is_its_json() {
    for fact in all().iter().flat_map(|world| &world.facts) {
        let json = serde_json::to_string(fact).expect("facts are JSON");
        assert_eq!(serde_json::from_str::<Fact>(&json).ok().as_ref(), Some(fact), "{json}");
        assert_eq!(serde_json::from_str::<Fact>(&fact.canonical()).ok().as_ref(), Some(fact), "{json}");
    }
}
