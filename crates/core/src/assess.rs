//! Evidence in, outcome and next step out: the one function that decides what happened and what comes next.
//!
//! Pure: the same facts at the same instant give the same answer on every machine, whatever the order in which
//! they came.

use serde::{Deserialize, Serialize};

use crate::assess::case::{Attempt, Case, State};
use crate::evidence::Evidence;
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::prelude::*;
use crate::sort;
use crate::source::Source;
use crate::step::{Brings, Question, Step};
use crate::time::Timestamp;

pub(crate) mod case;
mod schedule;
mod table;

/// What the facts of one message mean at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What happened.
    pub outcome: Outcome,
    /// What comes next.
    pub step: Step,
    /// When time alone may change one of the two; none if it never will.
    pub look_again_at: Option<Timestamp>,
}

/// Derives outcome and next step from all facts, as of `now`.
pub fn assess(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> Assessment {
    Case::new(evidence, source, policy).assess(now)
}

/// What happened, as of `now`.
pub fn outcome(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> Outcome {
    Case::new(evidence, source, policy).outcome(now)
}

/// What comes next, as of `now`.
pub fn next_step(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> Step {
    assess(evidence, source, policy, now).step
}

impl Case<'_> {
    pub(crate) fn assess(&self, now: Timestamp) -> Assessment {
        let outcome = self.outcome(now);
        if let Some(step) = self.due(now) {
            let look_again_at = self.next_turn_while_due(&outcome, &step, now);
            return Assessment { outcome, step, look_again_at };
        }
        let action = self.next_action(now);
        let change = self.next_turn(&outcome, now);
        let look_again_at = [action, change].into_iter().flatten().map(|(at, _)| at).min();
        let step = match (self.question(now), action.or(change)) {
            (Some(question), _) => Step::AskOperator { question },
            (None, Some((at, brings))) => Step::WaitUntil { at, brings },
            (None, None) => Step::Done,
        };
        Assessment { outcome, step, look_again_at }
    }

    /// The attempt that is due, the longest due first.
    fn due(&self, now: Timestamp) -> Option<Step> {
        let (wish, next) = self
            .open_wishes()
            .filter_map(|wish| self.next_attempt(wish, now).map(|next| (wish, next)))
            .filter(|(_, next)| next.due <= now)
            .min_by_key(|(_, next)| next.due)?;
        Some(Step::Send { wish: wish.id.clone(), attempt: self.evidence.next_attempt(), host: next.host })
    }

    /// What we do or stop waiting for next, while nothing is due.
    fn next_action(&self, now: Timestamp) -> Option<(Timestamp, Brings)> {
        let planned = self.open_wishes().filter_map(|wish| {
            let next = self.next_attempt(wish, now)?;
            let first = self.attempts_for(wish).next().is_none();
            Some((next.due, if first { Brings::Start } else { Brings::Retry }))
        });
        let open = self
            .attempts
            .iter()
            .filter(|attempt| attempt.state(now) == State::Open)
            .map(|attempt| (attempt.deadline, Brings::Overdue));
        planned.chain(open).min()
    }

    /// The first instant at which time alone changes the outcome.
    pub(crate) fn next_change(&self, outcome: &Outcome, now: Timestamp) -> Option<(Timestamp, Brings)> {
        self.later_instants(now).into_iter().find(|(at, _)| self.verdict(*at) != outcome.verdict)
    }

    /// The first instant at which time alone changes the outcome, or what a person is asked.
    fn next_turn(&self, outcome: &Outcome, now: Timestamp) -> Option<(Timestamp, Brings)> {
        let question = self.question(now);
        let turns = |at| self.verdict(at) != outcome.verdict || self.question(at) != question;
        self.later_instants(now).into_iter().find(|(at, _)| turns(*at))
    }

    /// The first instant at which time alone changes the outcome, or what is due: a window closes, say, before
    /// anybody could ask.
    fn next_turn_while_due(&self, outcome: &Outcome, step: &Step, now: Timestamp) -> Option<Timestamp> {
        let turns = |at| self.verdict(at) != outcome.verdict || self.due(at).as_ref() != Some(step);
        self.later_instants(now).into_iter().map(|(at, _)| at).find(|at| turns(*at))
    }

    fn later_instants(&self, now: Timestamp) -> Vec<(Timestamp, Brings)> {
        let mut instants = self.instants();
        instants.retain(|(at, _)| *at > now);
        sort::by_key(&mut instants, |instant| *instant);
        instants
    }

    /// Every instant at which time alone can change anything.
    fn instants(&self) -> Vec<(Timestamp, Brings)> {
        let known = &self.known;
        let settled = self.acceptances().map(|at| (at + self.policy.settle, Brings::Settled));
        let overdue = |attempt: &Attempt<'_>| attempt.answer.is_none().then_some(attempt.deadline);
        let ends = [
            (known.window_closes, Brings::WindowCloses),
            (known.horizon, Brings::LifeEnds),
            (known.horizon.map(|end| end + self.life.tail), Brings::LastWebhook),
            (self.presumed_until(), Brings::PresumptionEnds),
        ];
        settled
            .chain(self.attempts.iter().filter_map(overdue).map(|at| (at, Brings::Overdue)))
            .chain(ends.into_iter().filter_map(|(at, brings)| Some((at?, brings))))
            .collect()
    }

    /// What only a person can tell, while there is still something to try.
    fn question(&self, now: Timestamp) -> Option<Question> {
        let waits =
            !self.can_be_built() && self.open_wishes().any(|wish| self.next_if_built(wish, now).is_some());
        waits.then_some(Question::Recipient)
    }
}
