//! The facts about SMS, wishes of the message's own, and people who want no more advertising.

use rcs_revoke_core::Fact;
use rcs_revoke_core::fact::{Event, Requested};
use rcs_revoke_simulator::{Channel, JournalEntry, Truth};

use crate::compare::Lie;
use crate::script::{Deed, Scripted};

/// The most wishes that a message makes by itself: one on its date, and one before an SMS.
const MOST_OWN: usize = 2;

/// Whether the message's class or its own date made the wish.
pub fn is_own(wish: &Requested) -> bool {
    wish.by.starts_with("class ") || wish.by == "registration"
}

/// Whether the server sent it, and not a provider's own failover.
pub(super) fn is_sms_of_ours(truth: &Truth) -> bool {
    truth.message.channel == Channel::Sms && truth.message.workflow.is_none()
}

/// Facts that nobody stands behind.
pub(super) fn invented(scripted: &Scripted, facts: &[Fact], journal: &[JournalEntry]) -> Vec<Lie> {
    let own = facts.iter().filter(|fact| matches!(fact, Fact::Requested(wish) if is_own(wish))).count();
    let may_be_own = scripted.instead.revoke_at.is_some()
        || scripted.instead.class.is_some()
        || scripted.sender.class.is_some();
    let ordered = |number: u32| scripted.deeds.iter().any(|(_, deed)| *deed == Deed::Order { number });
    let said = |raw: &str| journal.iter().any(|entry| entry.credible && entry.payload == raw);
    let is_invented = |fact: &&Fact| match fact {
        Fact::Requested(wish) => is_own(wish) && (!may_be_own || own > MOST_OWN),
        Fact::FallbackOrdered(order) => !ordered(order.fallback),
        Fact::FallbackAnswered(answer) => !is_meant(facts, answer.fallback),
        Fact::FallbackStatus(status) => !is_meant(facts, status.fallback),
        Fact::Event(event) if event.event == Event::Unsubscribed => !said(&event.raw),
        _ => false,
    };
    facts.iter().filter(is_invented).map(|fact| Lie::InventedFact(fact.key())).collect()
}

fn is_meant(facts: &[Fact], number: u32) -> bool {
    facts.iter().any(|fact| matches!(fact, Fact::FallbackIntended(intent) if intent.fallback == number))
}

/// Statuses of SMS that the server took and does not have.
pub(super) fn forgotten(facts: &[Fact], own: &[&Truth]) -> Vec<Lie> {
    let mut lies = Vec::new();
    for fact in facts {
        let Fact::FallbackIntended(intent) = fact else { continue };
        let carries = |truth: &&&Truth| {
            let reference = truth.message.client_ref.as_deref();
            reference.is_some_and(|reference| intent.request.contains(reference))
        };
        let has = |word: &str| {
            facts.iter().any(|fact| {
                matches!(fact, Fact::FallbackStatus(status)
                    if status.fallback == intent.fallback && meaning(word) == Some(status.event.code()))
            })
        };
        for event in own.iter().filter(carries).flat_map(|truth| &truth.events) {
            if event.acknowledged && event.credible && meaning(&event.word).is_some() && !has(&event.word) {
                lies.push(Lie::ForgottenEvent(format!("{} of SMS {}", event.word, intent.fallback)));
            }
        }
    }
    lies
}

/// Vonage's words in ours.
fn meaning(word: &str) -> Option<&'static str> {
    match word {
        "submitted" => Some("submitted"),
        "delivered" => Some("delivered"),
        "rejected" | "undeliverable" => Some("not_delivered"),
        _ => None,
    }
}
