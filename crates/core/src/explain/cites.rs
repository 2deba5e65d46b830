//! The facts that a sentence rests on.

use crate::ack::Ack;
use crate::assess::case::Case;
use crate::assess::told::{Attempt, State};
use crate::fact::{Event, Fact};
use crate::outcome::{Doubt, Proof, Verdict};
use crate::prelude::*;
use crate::time::Timestamp;

impl Case<'_> {
    /// The keys of the facts that the verdict rests on, `attempt` being the one that its sentence tells of.
    pub(super) fn cites(
        &self,
        verdict: &Verdict,
        attempt: Option<&Attempt<'_>>,
        now: Timestamp,
    ) -> Vec<String> {
        let mut keys = Vec::new();
        self.cite(&mut keys, &|fact| match fact {
            Fact::Event(told) => states(verdict, &told.event),
            Fact::Withdrawn(_) => *verdict == Verdict::Withdrawn,
            Fact::Requested(_) => match verdict {
                Verdict::Planned { .. } => true,
                Verdict::Refused { .. } => attempt.is_none(),
                _ => false,
            },
            Fact::Answered(answer) => {
                *verdict == Verdict::PresumedDelivered && matches!(answer.ack, Ack::NotFound { .. })
            }
            _ => false,
        });
        for other in &self.told.attempts {
            let cited = match verdict {
                Verdict::Inconclusive { why: Doubt::EffectUnknown } => {
                    matches!(other.state(now), State::Ended(Ack::Unknown { .. }, _))
                }
                _ => attempt.is_some_and(|attempt| attempt.number == other.number),
            };
            if cited {
                self.cite(&mut keys, &|fact| tells_the_end(fact, other));
            }
        }
        if matches!(verdict, Verdict::Delivered { contradicts: true, .. }) {
            self.cite(&mut keys, &|fact| match fact {
                Fact::Event(told) => matches!(told.event, Event::ExpiryRevoked | Event::NotDelivered { .. }),
                _ => false,
            });
        }
        keys
    }

    fn cite(&self, keys: &mut Vec<String>, wanted: &dyn Fn(&Fact) -> bool) {
        for fact in self.evidence.facts() {
            if wanted(fact) {
                keys.push(fact.key());
            }
        }
    }
}

/// Whether the event is one of those that state the verdict.
pub(super) const fn states(verdict: &Verdict, event: &Event) -> bool {
    match event {
        Event::Delivered | Event::Read => matches!(verdict, Verdict::Delivered { .. }),
        Event::ExpiryRevoked => matches!(verdict, Verdict::Revoked { proof: Proof::Event }),
        Event::NotDelivered { .. } => matches!(verdict, Verdict::NotDelivered { .. }),
        Event::ExpiryRevokeFailed | Event::UnknownExpiryWord { .. } => {
            matches!(verdict, Verdict::Inconclusive { why: Doubt::Expiry })
        }
        Event::Submitted | Event::Unsubscribed | Event::UnknownWord { .. } => false,
    }
}

/// Whether the fact tells how an attempt ended: its answer, or for want of one the attempt itself.
fn tells_the_end(fact: &Fact, of: &Attempt<'_>) -> bool {
    match fact {
        Fact::Answered(answer) => answer.attempt == of.number,
        Fact::Attempted(attempt) => attempt.attempt == of.number && of.answer.is_none(),
        _ => false,
    }
}
