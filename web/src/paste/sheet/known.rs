//! What the server knows of the ids of the rows.

use std::collections::HashMap;

use rcs_revoke_api::Lookup;
use rcs_revoke_core::SourceId;

use super::{NEVER, Sheet, Slot, before_id, small, some};

/// What the server knows of an id.
#[derive(Clone, Copy)]
pub(super) struct Fact {
    sent: i64,
    closes: i64,
    /// The message's key up to its id.
    before_id: u16,
    source: u16,
    outcome: u16,
    has_recipient: bool,
}

/// What the server knows of an id, with its names.
pub struct KnownFact<'a> {
    /// The message's key up to its id.
    pub before_id: &'a str,
    pub source: Option<&'a SourceId>,
    pub outcome: &'a str,
    pub has_recipient: bool,
    pub sent_at: Option<i64>,
    pub window_closes: Option<i64>,
}

impl Sheet {
    /// What the server knows of the id of a row; an id may be known at several providers or agents.
    pub fn known(&self, at: usize) -> Vec<KnownFact<'_>> {
        let Some(slot) = self.slots.get(at) else { return Vec::new() };
        let known = |fact: &Fact| KnownFact {
            before_id: self.names.before_id.get(fact.before_id).map_or("", |text| text),
            source: self.names.sources.get(fact.source).and_then(Option::as_ref),
            outcome: self.names.outcomes.get(fact.outcome).map_or("", |text| text),
            has_recipient: fact.has_recipient,
            sent_at: some(fact.sent),
            window_closes: some(fact.closes),
        };
        self.facts_of(slot).iter().map(known).collect()
    }

    pub(super) fn facts_of(&self, slot: &Slot) -> &[Fact] {
        let from = slot.known as usize;
        self.facts.get(from..from + usize::from(slot.known_len)).unwrap_or_default()
    }

    /// Takes what the server said of the ids of these rows; of the others of them nothing is known.
    pub fn learn(&mut self, rows: core::ops::Range<usize>, found: &[Lookup]) {
        let mut by_id: HashMap<&str, Vec<&Lookup>> = HashMap::new();
        for lookup in found {
            by_id.entry(lookup.id.as_str()).or_default().push(lookup);
        }
        for at in rows {
            let found = self.id(at).and_then(|id| by_id.get(id)).map_or(&[][..], Vec::as_slice);
            let known = small(self.facts.len());
            for lookup in found {
                let fact = self.fact(lookup);
                self.facts.push(fact);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                slot.known = known;
                slot.known_len = u8::try_from(found.len()).unwrap_or(u8::MAX);
            }
        }
    }

    fn fact(&mut self, lookup: &Lookup) -> Fact {
        let source = lookup.source.as_deref().and_then(|source| SourceId::parse(source).ok());
        Fact {
            sent: lookup.sent_at.unwrap_or(NEVER),
            closes: lookup.window_closes.unwrap_or(NEVER),
            before_id: self.names.before_id.number(before_id(&lookup.message).into()),
            source: self.names.sources.number(source),
            outcome: self.names.outcomes.number(lookup.outcome.as_str().into()),
            has_recipient: lookup.has_recipient,
        }
    }
}
