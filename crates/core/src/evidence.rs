//! Evidence: the set of all facts of one message. Joining sets is commutative, associative and idempotent, so
//! the order, number and grouping in which facts arrive never matter.

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::id::MessageRef;
use crate::prelude::*;
use crate::sort;

/// Everything we know of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "EvidenceJson", into = "EvidenceJson")]
pub struct Evidence {
    message: MessageRef,
    /// The facts with their keys, in the order of these. Messages have few, and most come in order: a map would be
    /// faster only for thousands, and several kilobytes in a web page.
    facts: Vec<(String, Box<Fact>)>,
}

/// The JSON form: the message and its facts, in the order of their keys.
#[derive(Serialize, Deserialize)]
struct EvidenceJson {
    message: MessageRef,
    facts: Vec<Fact>,
}

impl From<EvidenceJson> for Evidence {
    fn from(json: EvidenceJson) -> Self {
        let mut evidence = Self::new(json.message);
        evidence.extend(json.facts);
        evidence
    }
}

impl From<Evidence> for EvidenceJson {
    fn from(evidence: Evidence) -> Self {
        Self { message: evidence.message.clone(), facts: evidence.into_facts().collect() }
    }
}

impl Evidence {
    /// No facts yet.
    pub const fn new(message: MessageRef) -> Self {
        Self { message, facts: Vec::new() }
    }

    /// The message that all this is about.
    pub const fn message(&self) -> &MessageRef {
        &self.message
    }

    /// Adds a fact and says whether that changed anything. Of two facts with one key, the smaller by time and
    /// canonical JSON stays, whichever came first.
    pub fn record(&mut self, fact: Fact) -> bool {
        let key = fact.key();
        match self.facts.binary_search_by(|(held, _)| held.cmp(&key)) {
            Ok(place) => {
                let held = &mut self.facts[place].1;
                let smaller = fact.precedes(held);
                if smaller {
                    **held = fact;
                }
                smaller
            }
            Err(place) => {
                self.facts.insert(place, (key, Box::new(fact)));
                true
            }
        }
    }

    /// Adds all facts of the same message from elsewhere.
    pub fn merge(&mut self, other: Self) {
        debug_assert_eq!(self.message, other.message, "evidence of two messages is never merged");
        self.extend(other.into_facts());
    }

    fn into_facts(self) -> impl Iterator<Item = Fact> {
        self.facts.into_iter().map(|(_, fact)| *fact)
    }

    /// All facts, in the order of their keys.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().map(|(_, fact)| &**fact)
    }

    /// All facts, in the order in which we did them or were told; within one instant a cause comes before what
    /// followed from it.
    pub fn timeline(&self) -> Vec<&Fact> {
        let facts: Vec<&Fact> = self.facts().collect();
        let rank = |place: usize| (facts[place].at(), facts[place].place());
        let order = sort::order(facts.len(), &|a, b| rank(a) < rank(b));
        order.into_iter().map(|place| facts[place]).collect()
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The number that the next attempt gets.
    pub fn next_attempt(&self) -> u32 {
        let number = |fact: &Fact| match fact {
            Fact::Attempted(attempted) => attempted.attempt,
            Fact::Answered(answered) => answered.attempt,
            _ => 0,
        };
        self.facts().map(number).max().unwrap_or(0).saturating_add(1)
    }
}

/// Many at once are sorted once: recorded one by one, facts that come in the worst order would be moved again and again.
impl Extend<Fact> for Evidence {
    fn extend<T: IntoIterator<Item = Fact>>(&mut self, facts: T) {
        let new = facts.into_iter().map(|fact| (fact.key(), Box::new(fact)));
        let all = core::mem::take(&mut self.facts).into_iter().chain(new).collect();
        for (key, fact) in sort::sorted(all, |(key, _), (other, _)| key < other) {
            match self.facts.last_mut() {
                Some((last, held)) if *last == key => {
                    if fact.precedes(held) {
                        *held = fact;
                    }
                }
                _ => self.facts.push((key, fact)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Evidence;
    use crate::fact::{Fact, FallbackIntended};
    use crate::time::Timestamp;

    fn intended(number: u32) -> Fact {
        let at = Timestamp::from_millis(i64::from(number % 3));
        Fact::FallbackIntended(FallbackIntended { fallback: number / 2, at, request: number.to_string() })
    }

    #[test]
    fn many_facts_at_once_are_as_many_one_by_one() {
        let empty = Evidence::new("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab".parse().unwrap());
        let mut one_by_one = empty.clone();
        for number in 0..20_000 {
            one_by_one.record(intended(number));
        }
        let mut at_once = empty.clone();
        at_once.extend((0..20_000).rev().map(intended));
        assert_eq!(at_once, one_by_one);
        let mut merged = empty;
        merged.extend((0..15_000).map(intended));
        merged.merge(at_once);
        assert_eq!(merged, one_by_one);
    }
}
