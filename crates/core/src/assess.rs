//! Evidence in, outcome and next step out: the one function that decides what happened and what comes next.
//!
//! Pure: the same facts at the same instant give the same answer on every machine, whatever the order in which
//! they came.

use serde::{Deserialize, Serialize};

use crate::ack::Ack;
use crate::assess::case::Case;
use crate::assess::schedule::Next;
use crate::assess::told::Wish;
use crate::evidence::Evidence;
use crate::fallback::Offer;
use crate::host::Host;
use crate::id::WishId;
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::source::Source;
use crate::step::{Brings, Question, Step};
use crate::time::Timestamp;

pub(crate) mod case;
mod fallback;
mod own;
mod schedule;
pub(crate) mod sms;
mod table;
pub(crate) mod told;

/// What the facts of one message mean at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What happened.
    pub outcome: Outcome,
    /// What comes next.
    pub step: Step,
    /// The number of the SMS that is to leave now, whatever else does: the two do not wait for each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<u32>,
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
        let due = self.due(now);
        let question = self.question(now);
        let own = self.own_wish(now).is_some();
        let looks_at_sms = self.may_fall_back();
        let offer = looks_at_sms.then(|| self.fallback(now).offer);
        let sms = self.sms_due(now);
        // What is due can change, too: a window closes, say, before anybody could ask. Where nothing is due yet, that
        // it will be is the next action.
        let change = self.next_turn(now, &|at| {
            self.verdict(at) != outcome.verdict
                || self.question(at) != question
                || self.due(at) != due
                || self.own_wish(at).is_some() != own
                || (looks_at_sms && Some(self.fallback(at).offer) != offer)
        });
        let now_due = if let Some(requested) = self.own_wish(now) {
            Some(Step::Request { requested })
        } else if let Some((wish, host)) = due {
            Some(Step::Send { wish: wish.clone(), attempt: self.evidence.next_attempt(), host })
        } else {
            sms.map(|fallback| Step::SendFallback { fallback })
        };
        // What is due now is no action to wait for; beside an SMS another may be.
        let action = self.next_action(now).filter(|(at, _)| *at > now);
        if let Some(step) = now_due {
            let look_again_at = action.into_iter().chain(change).map(|(at, _)| at).min();
            return Assessment { outcome, step, sms, look_again_at };
        }
        let step = match (question, action.or(change)) {
            (Some(question), _) => Step::AskOperator { question },
            (None, Some((at, brings))) => Step::WaitUntil { at, brings },
            (None, None) => Step::Done,
        };
        let look_again_at = match (action, change) {
            (Some((action, _)), Some((change, _))) => Some(action.min(change)),
            (either, other) => either.or(other).map(|(at, _)| at),
        };
        Assessment { outcome, step, sms, look_again_at }
    }

    /// The open wish that is attempted next, the first if several are at once.
    pub(crate) fn next_wish(&self, now: Timestamp) -> Option<(&Wish, Next)> {
        let mut first: Option<(&Wish, Next)> = None;
        for wish in self.open_wishes() {
            if let Some(next) = self.next_attempt(wish, now)
                && first.is_none_or(|(_, first)| next.due < first.due)
            {
                first = Some((wish, next));
            }
        }
        first
    }

    /// What is due: the wish to attempt, the longest due first, and where.
    fn due(&self, now: Timestamp) -> Option<(&WishId, Host)> {
        let (wish, next) = self.next_wish(now)?;
        (next.due <= now).then_some((&wish.id, next.host))
    }

    /// What we do or stop waiting for next, while nothing is due.
    fn next_action(&self, now: Timestamp) -> Option<(Timestamp, Brings)> {
        let mut first = First::default();
        for wish in self.open_wishes() {
            if let Some(next) = self.next_attempt(wish, now) {
                let begins = self.latest_for(wish).is_none();
                first.or(next.due, if begins { Brings::Start } else { Brings::Retry });
            }
        }
        for attempt in &self.told.attempts {
            if attempt.is_open(now) {
                first.or(attempt.deadline, Brings::Overdue);
            }
        }
        if let Some(Offer::At { at }) = self.may_fall_back().then(|| self.fallback(now).offer) {
            first.or(at, Brings::Fallback);
        }
        first.0
    }

    /// The number of the SMS that is to leave now, by itself or on an order.
    fn sms_due(&self, now: Timestamp) -> Option<u32> {
        let fallback = self.may_fall_back().then(|| self.fallback(now))?;
        (fallback.offer == Offer::Now).then_some(fallback.number)
    }

    /// The first instant at which time alone changes the outcome.
    pub(crate) fn next_change(&self, outcome: &Outcome, now: Timestamp) -> Option<(Timestamp, Brings)> {
        self.next_turn(now, &|at| self.verdict(at) != outcome.verdict)
    }

    /// The first instant at which time alone brings such a turn.
    fn next_turn(&self, now: Timestamp, turns: &dyn Fn(Timestamp) -> bool) -> Option<(Timestamp, Brings)> {
        let mut next = self.next_instant(now);
        while let Some((at, _)) = next {
            if turns(at) {
                break;
            }
            next = self.next_instant(at);
        }
        next
    }

    /// The first instant after another at which time alone can change anything.
    fn next_instant(&self, after: Timestamp) -> Option<(Timestamp, Brings)> {
        let known = &self.told.known;
        let mut first = First::default();
        let mut then = |at: Option<Timestamp>, brings| {
            if let Some(at) = at.filter(|at| *at > after) {
                first.or(at, brings);
            }
        };
        for attempt in &self.told.attempts {
            match attempt.answer {
                None => then(Some(attempt.deadline), Brings::Overdue),
                Some((Ack::Accepted, at)) => then(Some(at + self.settle()), Brings::Settled),
                Some(_) => {}
            }
        }
        then(known.window_closes, Brings::WindowCloses);
        then(known.horizon, Brings::LifeEnds);
        then(known.horizon.map(|end| end + self.told.life.tail), Brings::LastWebhook);
        then(self.presumed_until(), Brings::PresumptionEnds);
        then(self.unregistered_date(), Brings::Start);
        if self.may_fall_back() {
            then(self.stale_at(), Brings::Stale);
            then(self.next_sms_instant(after), Brings::Fallback);
        }
        first.0
    }

    /// What only a person can tell, while there is still something to try.
    pub(crate) fn question(&self, now: Timestamp) -> Option<Question> {
        let waits =
            !self.can_be_built() && self.open_wishes().any(|wish| self.next_if_built(wish, now).is_some());
        waits.then_some(Question::Recipient)
    }
}

/// The first of several instants, with what it brings.
#[derive(Default)]
struct First(Option<(Timestamp, Brings)>);

impl First {
    fn or(&mut self, at: Timestamp, brings: Brings) {
        if self.0.is_none_or(|first| (at, brings) < first) {
            self.0 = Some((at, brings));
        }
    }
}
