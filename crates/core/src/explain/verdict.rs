//! What is said of an outcome: its templates, filled with what is known.

use crate::ack::Ack;
use crate::assess::case::Case;
use crate::assess::told::{Attempt, State};
use crate::explain::Explanation;
use crate::explain::cites::states;
use crate::explain::ended::ended;
use crate::explain::places::Places;
use crate::outcome::{Doubt, Outcome, Proof, Verdict};
use crate::prelude::*;
use crate::text::split_once;
use crate::time::Timestamp;

impl Case<'_> {
    /// Says why the outcome is what it is.
    pub(super) fn say(&self, outcome: &Outcome, now: Timestamp) -> Explanation {
        let verdict = &outcome.verdict;
        let attempt = self.told_of(verdict);
        let next = self.next_wish(now).map(|(_, next)| next);
        let code = self.code_and_meaning(verdict);
        let event = self.told.events.iter().rfind(|event| states(verdict, &event.event));
        let mut places = Places {
            who: self.adapter().label(),
            host: "an unknown host",
            what: &code,
            next: "",
            source: self.source.id.as_str(),
            at: event.map(|event| event.received_at),
            then: self.instant_of(verdict),
            due: next.map(|next| next.due),
            end: self.told.known.horizon,
        };
        if let Some(next) = next {
            places.next = next.host.label();
        }
        if let Some(attempt) = attempt {
            if let Some(host) = attempt.host {
                places.host = host.label();
            }
            places.at = Some(attempt.begun_at);
            if let State::Ended(ack, at) = attempt.state(now) {
                places.at = Some(at);
                places.what = ended(ack);
            }
        }
        let template = self.template(verdict, attempt, next.map(|next| next.host), now);
        let (short, sentence) = split_once(template, "\n").unwrap_or((template, template));
        Explanation {
            short: places.fill(short),
            sentence: places.fill(sentence),
            notes: self.notes(outcome, &places),
            cites: self.cites(verdict, attempt, now),
        }
    }

    /// The attempt that the sentence tells of.
    fn told_of(&self, verdict: &Verdict) -> Option<&Attempt<'_>> {
        match verdict {
            Verdict::Delivered { raced: true, .. }
            | Verdict::Revoked { proof: Proof::Answer }
            | Verdict::Settling { .. }
            | Verdict::PresumedRevoked
            | Verdict::Unconfirmed => self.told.attempts.get(self.told.accepted?.latest),
            Verdict::Requesting | Verdict::Refused { .. } => self.told.attempts.last(),
            Verdict::Inconclusive { why: Doubt::NotFound } => {
                let not_found =
                    |attempt: &&Attempt<'_>| matches!(attempt.answer, Some((Ack::NotFound { .. }, _)));
                self.told.attempts.iter().rfind(not_found)
            }
            _ => None,
        }
    }

    /// The provider's code for why it is not delivered, with what it means where we know.
    fn code_and_meaning(&self, verdict: &Verdict) -> String {
        let Verdict::NotDelivered { code } = verdict else {
            return String::new();
        };
        let mut said = code.clone();
        if let Some(meaning) = self.evidence.message().provider().answers().code_meaning(code) {
            said.push_str(": ");
            said.push_str(meaning);
        }
        said
    }

    /// The instant that the outcome itself is about.
    fn instant_of(&self, verdict: &Verdict) -> Option<Timestamp> {
        match verdict {
            Verdict::Delivered { at: then, .. } | Verdict::Settling { until: then } => Some(*then),
            Verdict::Planned { not_before } => *not_before,
            Verdict::Refused { .. } => self.told.known.window_closes,
            Verdict::PresumedDelivered => self.presumed_until(),
            _ => None,
        }
    }
}
