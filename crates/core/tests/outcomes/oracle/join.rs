//! Which facts are left when several are one: the second column of the table of facts, written down again.

use rcs_revoke_core::fact::{Fact, Registrar};

/// Of facts with one key the smaller stays, by the time when we heard it and then by its JSON. In that order.
pub fn joined(facts: &[Fact]) -> Vec<Fact> {
    let mut sorted = facts.to_vec();
    sorted.sort_by_cached_key(rank);
    let mut kept: Vec<Fact> = Vec::new();
    for fact in sorted {
        if kept.iter().all(|other| !are_one(other, &fact)) {
            kept.push(fact);
        }
    }
    kept
}

/// By when we heard it, then by its JSON.
pub fn rank(fact: &Fact) -> (i64, String) {
    (fact.at().as_millis(), serde_json::to_string(fact).expect("facts are JSON"))
}

/// Whether two facts have one key.
fn are_one(a: &Fact, b: &Fact) -> bool {
    match (a, b) {
        (Fact::Registered(a), Fact::Registered(b)) => match (&a.by, &b.by) {
            (Registrar::Api(a), Registrar::Api(b))
            | (Registrar::Ledger(a), Registrar::Ledger(b))
            | (Registrar::Operator(a), Registrar::Operator(b)) => a == b,
            _ => false,
        },
        (Fact::Requested(a), Fact::Requested(b)) => a.wish == b.wish,
        (Fact::Withdrawn(a), Fact::Withdrawn(b)) => a.wish == b.wish,
        (Fact::Attempted(a), Fact::Attempted(b)) => a.attempt == b.attempt,
        (Fact::Answered(a), Fact::Answered(b)) => a.attempt == b.attempt,
        (Fact::Event(a), Fact::Event(b)) => a.identity == b.identity,
        (Fact::FallbackOrdered(a), Fact::FallbackOrdered(b)) => a.fallback == b.fallback,
        (Fact::FallbackIntended(a), Fact::FallbackIntended(b)) => a.fallback == b.fallback,
        (Fact::FallbackAnswered(a), Fact::FallbackAnswered(b)) => a.fallback == b.fallback,
        (Fact::FallbackStatus(a), Fact::FallbackStatus(b)) => {
            (a.fallback, &a.identity) == (b.fallback, &b.identity)
        }
        _ => false,
    }
}
