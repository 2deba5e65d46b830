//! What each row comes to: the core says which source fits, the server's knowledge and a person's choice help it.

use std::collections::BTreeMap;

use rcs_revoke_api::Lookup;
use rcs_revoke_core::import::{Entry, Found, KnownMessage, Resolution, resolve};
use rcs_revoke_core::outcome::{Sureness, Tone, row_of};
use rcs_revoke_core::{MessageRef, Policy, Source, SourceId, Span};

use super::Choices;
use super::known::KnownMap;
use super::plan::Plan;
use super::sheet::{Ready, Sheet, State};

/// What is needed to say what a row comes to.
pub struct Desk<'a> {
    pub sources: &'a [Source],
    /// What each of them has in force.
    pub policies: &'a BTreeMap<SourceId, Policy>,
    pub known: &'a KnownMap,
    pub choices: &'a Choices,
    pub now: i64,
    /// Whether the server is still being asked what it knows.
    pub is_asking: bool,
}

impl Desk<'_> {
    /// Settles the row at `at` and counts it in the plan.
    pub fn settle(&self, sheet: &mut Sheet, at: usize, plan: &mut Plan) {
        let line = &sheet.lines[at];
        let state = match &line.row.found {
            Found::Problem(_) => {
                plan.bad += 1;
                return;
            }
            Found::Duplicate { of_line, .. } => State::Folded { line: *of_line },
            Found::Entry(entry) => match self.of_entry(entry, plan) {
                State::Ready(ready) => match sheet.first.get(&ready.message) {
                    Some(first) if *first != at => State::Folded { line: sheet.lines[*first].row.line },
                    _ => {
                        sheet.first.insert(ready.message.clone(), at);
                        State::Ready(ready)
                    }
                },
                other => other,
            },
        };
        plan.count(&state, at, self);
        sheet.lines[at].state = state;
    }

    fn of_entry(&self, entry: &Entry, plan: &mut Plan) -> State {
        let found = self.known.get(entry.id.as_str()).map_or(&[][..], Vec::as_slice);
        // One id known at several agents says nothing about which is meant: a person must.
        let known = match found {
            [only] => known_message(only),
            _ => None,
        };
        match resolve(entry, self.sources, known.as_ref()) {
            Resolution::Ready { message, source } => self.ready(entry, found, message, source),
            // What the server knows may still supply the number, or the source.
            _ if self.is_asking && found.is_empty() => State::Pending,
            Resolution::Problem { message, .. } => State::Problem(message),
            Resolution::Choose { candidates } => {
                let chosen = self.choices.get(&candidates);
                plan.choose(candidates);
                chosen.map_or(State::Choose, |chosen| self.chosen(entry, found, chosen))
            }
        }
    }

    /// A person said which source it is: the core is asked again as if only that one were configured.
    fn chosen(&self, entry: &Entry, found: &[Lookup], chosen: &SourceId) -> State {
        let only: Vec<Source> = self.sources.iter().filter(|source| source.id == *chosen).cloned().collect();
        let known = found
            .iter()
            .find(|lookup| lookup.source.as_deref() == Some(chosen.as_str()))
            .and_then(known_message);
        match resolve(entry, &only, known.as_ref()) {
            Resolution::Ready { message, source } => self.ready(entry, found, message, source),
            Resolution::Problem { message, .. } => State::Problem(message),
            Resolution::Choose { .. } => State::Choose,
        }
    }

    fn ready(&self, entry: &Entry, found: &[Lookup], message: MessageRef, source: SourceId) -> State {
        let key = message.to_string();
        let known = found.iter().find(|lookup| lookup.message == key);
        if let Some(known) = known.filter(|known| has_reached(&known.outcome)) {
            return State::LeftOut { outcome: known.outcome.clone() };
        }
        let sent_at = known
            .and_then(|known| known.sent_at)
            .or(entry.sent_at.map(rcs_revoke_core::Timestamp::as_millis));
        let provider = message.provider();
        let life = match self.policies.get(&source) {
            Some(policy) => policy.lifetimes(provider),
            None => provider.adapter().lifetimes(),
        };
        let closes =
            life.window.zip(sent_at).map(|(window, sent)| sent + millis(window) - millis(life.window_guard));
        let window_closes = known.and_then(|known| known.window_closes).or(closes);
        State::Ready(Box::new(Ready { message, source, sent_at, window_closes }))
    }
}

fn millis(span: Span) -> i64 {
    span.as_millis()
}

fn known_message(lookup: &Lookup) -> Option<KnownMessage> {
    let source = SourceId::parse(lookup.source.as_deref()?).ok()?;
    Some(KnownMessage { source, has_recipient: lookup.has_recipient })
}

/// Whether that outcome says that the message has surely reached the person.
fn has_reached(outcome: &str) -> bool {
    row_of(outcome).is_some_and(|row| row.tone == Tone::Reached && row.sureness == Sureness::Proven)
}
