//! What must never be: a second SMS, one for who has the message, one that nobody allowed.

use std::collections::BTreeMap;

use rcs_revoke_core::Fact;
use rcs_revoke_simulator::{JournalEntry, SendSeen, Truth};

use super::told::{Intent, intents, orders, wishes};
use super::{Message, Misdeed};

/// How much older than an intent the facts may be on which it rests: an event may have been received, and not be
/// written down yet.
pub struct Slack(pub i64);

/// What is known of the SMS of one message, by its own reference.
#[derive(Debug, Default)]
pub struct Sent<'a> {
    /// What was taken, by reference: each is one SMS on a phone.
    pub taken: BTreeMap<&'a str, Vec<&'a Truth>>,
    /// What arrived, taken or not.
    pub seen: BTreeMap<&'a str, Vec<&'a SendSeen>>,
}

impl<'a> Sent<'a> {
    /// Sorts the books.
    pub fn of(books: &'a [Truth], sends: &'a [SendSeen]) -> Self {
        let mut sent = Self::default();
        for truth in books.iter().filter(|truth| truth.message.workflow.is_none()) {
            if let Some(reference) = &truth.message.client_ref {
                sent.taken.entry(reference).or_default().push(truth);
            }
        }
        for send in sends {
            if let Some(reference) = &send.client_ref {
                sent.seen.entry(reference).or_default().push(send);
            }
        }
        sent
    }

    /// Whether the provider sent it.
    pub fn was_taken(&self, intent: &Intent<'_>) -> bool {
        intent.reference().is_some_and(|reference| self.taken.contains_key(reference))
    }
}

/// Everything that is wrong with the SMS of one message.
pub fn judge(
    message: &Message<'_>,
    sent: &Sent<'_>,
    unsubscribed: &[&JournalEntry],
    slack: &Slack,
) -> Vec<Misdeed> {
    let intents = intents(&message.facts);
    let mut misdeeds = Vec::new();
    let mut before: Option<&Intent<'_>> = None;
    for intent in &intents {
        let Some(reference) = intent.reference() else { continue };
        let taken = sent.taken.get(reference).map_or(&[][..], Vec::as_slice);
        if taken.len() > 1 {
            misdeeds.push(Misdeed::Twice { reference: reference.to_owned(), times: taken.len() });
        }
        misdeeds.extend(taken.first().and_then(|sms| to_the_wrong_number(message, sms)));
        misdeeds.extend(against_the_rules(message, intent, unsubscribed, slack));
        if taken.is_empty() {
            continue;
        }
        if let Some(before) = before
            && !was_ordered(message, before, intent)
        {
            misdeeds.push(Misdeed::Second { first: before.number, second: intent.number });
        }
        before = Some(intent);
    }
    misdeeds
}

fn to_the_wrong_number(message: &Message<'_>, sms: &Truth) -> Option<Misdeed> {
    let expected = message.scripted.registered_phone();
    (sms.message.phone != expected).then(|| Misdeed::WrongNumber(sms.message.phone.clone()))
}

/// Whether an operator ordered the later one although the earlier may have left.
fn was_ordered(message: &Message<'_>, before: &Intent<'_>, intent: &Intent<'_>) -> bool {
    let by_number =
        |(number, at): &(u32, i64)| (before.number + 1..=intent.number).contains(number) && *at <= intent.at;
    let facts = message.until(intent.at);
    orders(&facts).iter().any(by_number)
        || wishes(&facts).iter().any(|wish| wish.hand && wish.at >= before.at)
}

fn against_the_rules(
    message: &Message<'_>,
    intent: &Intent<'_>,
    unsubscribed: &[&JournalEntry],
    slack: &Slack,
) -> Option<Misdeed> {
    let acknowledged = |entry: &&JournalEntry| acknowledged_at(entry).is_some_and(|at| at < intent.at);
    let delivered =
        |entry: &&&JournalEntry| matches!(entry.word.as_str(), "DELIVERED" | "READ" | "delivered" | "read");
    let events: Vec<&JournalEntry> = message.truth.events.iter().collect();
    if events.iter().filter(delivered).any(&acknowledged) {
        return Some(Misdeed::AfterDelivery { number: intent.number });
    }
    // What was known before the intent was written down: its own facts are none of it.
    let facts = message.before(intent);
    let class = message.terms.class(&facts);
    if class.is_some_and(crate::classes::Class::is_advertising) && unsubscribed.iter().any(&acknowledged) {
        return Some(Misdeed::Unsubscribed { number: intent.number });
    }
    let allows = |facts: &[&Fact], now| message.terms.says(facts, now).allows();
    let recent = facts.iter().map(|fact| fact.at().as_millis()).filter(|at| *at > intent.at - slack.0);
    let is_allowed = allows(&facts, intent.at)
        || recent.clone().any(|at| {
            let earlier: Vec<&Fact> =
                facts.iter().filter(|fact| fact.at().as_millis() < at).copied().collect();
            allows(&earlier, intent.at) || allows(&earlier, at - 1)
        });
    (!is_allowed)
        .then(|| Misdeed::NotAllowed { number: intent.number, says: message.terms.says(&facts, intent.at) })
}

/// When a receiver's yes was there.
fn acknowledged_at(entry: &JournalEntry) -> Option<i64> {
    let yes = |status: &Option<u16>| status.is_some_and(|status| (200..300).contains(&status));
    let genuine = entry.hand_overs.iter().filter(|over| yes(&over.status));
    genuine.map(|over| over.ended_at_ms).min()
}
