//! What each row comes to: the core says which source fits, the server's knowledge and a person's choice help it.

use std::collections::BTreeMap;

use rcs_revoke_core::import::{Entry, KnownMessage, Resolution, resolve};
use rcs_revoke_core::outcome::{Sureness, Tone, row_of};
use rcs_revoke_core::{MessageRef, Policy, Source, SourceId, Span};

use super::Choices;
use super::plan::Plan;
use super::sheet::{KnownFact, Settled, Sheet, before_id};

/// What is needed to say what a row comes to.
pub struct Desk<'a> {
    pub sources: &'a [Source],
    /// What each of them has in force.
    pub policies: &'a BTreeMap<SourceId, Policy>,
    pub choices: &'a Choices,
    pub now: i64,
    /// Whether the server is still being asked what it knows.
    pub is_asking: bool,
}

impl Desk<'_> {
    /// Settles the row at `at` and counts it in the plan.
    pub fn settle(&self, sheet: &mut Sheet, at: usize, plan: &mut Plan) {
        if !sheet.is_settled_by_reading(at)
            && let Some(entry) = sheet.entry(at)
        {
            let settled = self.of_entry(&entry, &sheet.known(at), plan);
            sheet.settle(at, settled);
        }
        plan.count(&sheet.state(at), at, self);
    }

    fn of_entry(&self, entry: &Entry, found: &[KnownFact<'_>], plan: &mut Plan) -> Settled {
        // One id known at several agents says nothing about which is meant: a person must.
        let known = match found {
            [only] => known_message(only),
            _ => None,
        };
        match resolve(entry, self.sources, known.as_ref()) {
            Resolution::Ready { message, source } => self.ready(entry, found, message, source),
            // What the server knows may still supply the number, or the source.
            _ if self.is_asking && found.is_empty() => Settled::Pending,
            Resolution::Problem { message, .. } => Settled::Problem(message),
            Resolution::Choose { candidates } => {
                let chosen = self.choices.get(&candidates);
                plan.choose(candidates);
                chosen.map_or(Settled::Choose, |chosen| self.chosen(entry, found, chosen))
            }
        }
    }

    /// A person said which source it is: the core is asked again as if only that one were configured.
    fn chosen(&self, entry: &Entry, found: &[KnownFact<'_>], chosen: &SourceId) -> Settled {
        let only: Vec<Source> = self.sources.iter().filter(|source| source.id == *chosen).cloned().collect();
        let known = found.iter().find(|known| known.source == Some(chosen)).and_then(known_message);
        match resolve(entry, &only, known.as_ref()) {
            Resolution::Ready { message, source } => self.ready(entry, found, message, source),
            Resolution::Problem { message, .. } => Settled::Problem(message),
            Resolution::Choose { .. } => Settled::Choose,
        }
    }

    fn ready(
        &self,
        entry: &Entry,
        found: &[KnownFact<'_>],
        message: MessageRef,
        source: SourceId,
    ) -> Settled {
        let key = message.text();
        let known = found.iter().find(|known| known.before_id == before_id(&key));
        if let Some(known) = known.filter(|known| has_reached(known.outcome)) {
            return Settled::LeftOut(known.outcome.to_owned());
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
        Settled::Ready { message, source, sent_at, window_closes }
    }
}

fn millis(span: Span) -> i64 {
    span.as_millis()
}

fn known_message(known: &KnownFact<'_>) -> Option<KnownMessage> {
    Some(KnownMessage { source: known.source?.clone(), has_recipient: known.has_recipient })
}

/// Whether that outcome says that the message has surely reached the person.
fn has_reached(outcome: &str) -> bool {
    row_of(outcome).is_some_and(|row| row.tone == Tone::Reached && row.sureness == Sureness::Proven)
}
