//! What must hold for any facts at any instant, whatever the table says about them: the properties of the design,
//! each read from the facts alone. The exhaustive check asks them of every set, the random one of many more.

mod sms;

use std::mem::discriminant;

use rcs_revoke_core::explain::explain;
use rcs_revoke_core::fact::{Event, Fact};
use rcs_revoke_core::outcome::{Doubt, Proof, Verdict};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::step::{Brings, Step};
use rcs_revoke_core::{Ack, Assessment, Evidence, Policy, Source, Timestamp, assess};

use crate::oracle::OwnIds;

/// Facts, an instant, and what the core makes of them.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub evidence: &'a Evidence,
    pub source: &'a Source,
    pub policy: &'a Policy,
    pub now: Timestamp,
    pub assessment: &'a Assessment,
}

/// Everything that holds for one set at one instant.
pub fn hold(look: Look<'_>) -> Result<(), String> {
    look.is_explained()?;
    look.states_only_what_was_stated()?;
    look.delivery_is_absorbing()?;
    look.hides_no_effect()?;
    look.asks_no_wish_twice_at_once()?;
    look.makes_a_wish_once()?;
    sms::hold(look)
}

impl Look<'_> {
    fn verdict(&self) -> &Verdict {
        &self.assessment.outcome.verdict
    }

    fn told(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.evidence.facts().any(|fact| matches!(fact, Fact::Event(event) if wanted(&event.event)))
    }

    fn ack(&self, attempt: u32) -> Option<&Ack> {
        self.evidence.facts().find_map(|fact| match fact {
            Fact::Answered(answered) if answered.attempt == attempt => Some(&answered.ack),
            _ => None,
        })
    }

    /// The table is total, and what is said for its row cites facts that there are.
    fn is_explained(&self) -> Result<(), String> {
        if self.verdict().row().code != self.verdict().code() {
            return Err("a row has another code than its outcome".into());
        }
        let explanation = explain(self.evidence, self.source, self.policy, self.now);
        if explanation.sentence.to_string().is_empty() || explanation.short.to_string().is_empty() {
            return Err("an outcome without a sentence".into());
        }
        let needs_none = matches!(self.verdict(), Verdict::Watched | Verdict::Lapsed);
        if explanation.cites.is_empty() && !needs_none {
            return Err("an outcome that rests on no fact".into());
        }
        let keys: Vec<String> = self.evidence.facts().map(Fact::key).collect();
        match explanation.cites.iter().find(|cited| !keys.contains(cited)) {
            Some(cited) => Err(format!("a fact is cited that there is not\n  {cited}")),
            None => Ok(()),
        }
    }

    /// What the provider must have stated, it stated; *revoked* may instead rest on an answer, where that is
    /// believed.
    fn states_only_what_was_stated(&self) -> Result<(), String> {
        let stated = match self.verdict() {
            Verdict::Delivered { .. } => self.told(|event| matches!(event, Event::Delivered | Event::Read)),
            Verdict::NotDelivered { .. } => self.told(|event| matches!(event, Event::NotDelivered { .. })),
            Verdict::Revoked { proof: Proof::Event } => self.told(|event| *event == Event::ExpiryRevoked),
            Verdict::Revoked { proof: Proof::Answer } => {
                self.source.revoke_ack == RevokeAck::Confirmed && self.was_accepted()
            }
            Verdict::PresumedRevoked | Verdict::Unconfirmed | Verdict::Settling { .. } => self.was_accepted(),
            _ => true,
        };
        if stated { Ok(()) } else { Err("more is said than was told".into()) }
    }

    fn was_accepted(&self) -> bool {
        self.evidence
            .facts()
            .any(|fact| matches!(fact, Fact::Answered(answered) if answered.ack == Ack::Accepted))
    }

    fn delivery_is_absorbing(&self) -> Result<(), String> {
        if !self.told(|event| matches!(event, Event::Delivered | Event::Read)) {
            return Ok(());
        }
        match (self.verdict(), &self.assessment.step) {
            (Verdict::Delivered { .. }, Step::Done | Step::WaitUntil { .. })
                if self.assessment.sms.is_none() =>
            {
                Ok(())
            }
            _ => Err("a delivery is not the last word".into()),
        }
    }

    /// An attempt that may have had an effect is never hidden, by a withdrawal least of all.
    fn hides_no_effect(&self) -> Result<(), String> {
        let may_have_worked =
            |ack: Option<&Ack>| matches!(ack, None | Some(Ack::Accepted | Ack::Unknown { .. }));
        let effect = self.evidence.facts().any(|fact| match fact {
            Fact::Attempted(attempted) => may_have_worked(self.ack(attempted.attempt)),
            Fact::Answered(answered) => may_have_worked(Some(&answered.ack)),
            _ => false,
        });
        let hidden = ["withdrawn", "planned", "refused", "watched"].contains(&self.verdict().code());
        if effect && hidden { Err("an attempt that may have had an effect is hidden".into()) } else { Ok(()) }
    }

    /// While an attempt that counts for a wish is open, no other is made for it. (Another wish, made after that
    /// attempt began, need not wait: its attempt is what somebody asked for anew.)
    fn asks_no_wish_twice_at_once(&self) -> Result<(), String> {
        let Step::Send { wish, .. } = &self.assessment.step else {
            return Ok(());
        };
        let made = self.evidence.facts().find_map(|fact| match fact {
            Fact::Requested(requested) if requested.wish == *wish => Some(requested.at),
            _ => None,
        });
        let open = self.evidence.facts().any(|fact| match fact {
            Fact::Attempted(attempted) => {
                let for_it = attempted.wish == *wish || made.is_some_and(|made| attempted.begun_at >= made);
                let deadline = attempted.begun_at + self.policy.request_timeout + self.policy.request_margin;
                for_it && self.ack(attempted.attempt).is_none() && self.now < deadline
            }
            _ => false,
        });
        if open { Err("a second attempt for a wish while one is open".into()) } else { Ok(()) }
    }
    /// A wish of the class's own has one of two ids; once it is recorded, nobody is asked to record one again.
    fn makes_a_wish_once(&self) -> Result<(), String> {
        let Step::Request { requested } = &self.assessment.step else {
            return Ok(());
        };
        let OwnIds { dated, again } = OwnIds::of(self.evidence.message());
        if requested.wish != dated && requested.wish != again {
            return Err("a wish of the class has another id than it should have".into());
        }
        let mut recorded = self.evidence.clone();
        if !recorded.record(Fact::Requested(requested.clone())) {
            return Err("a wish is asked for that was made".into());
        }
        // Once more may follow the date at once, where an event has told already how it ended.
        match assess(&recorded, self.source, self.policy, self.now).step {
            Step::Request { requested: next } if requested.wish == again || next.wish != again => {
                Err("a wish that was recorded is asked for again".into())
            }
            _ => Ok(()),
        }
    }
}

/// An unknown word changes no outcome and no step; an unknown word about expiry never raises the rank.
pub fn holds_for_a_word(word: &Event, with: &Assessment, without: &Assessment) -> Result<(), String> {
    let (verdict, before) = (&with.outcome.verdict, &without.outcome.verdict);
    let holds = match word {
        Event::UnknownWord { .. } => {
            // Whatever it says, it may name another number: then no SMS leaves by itself.
            let names_another = with.outcome.flags.phone_mismatch && !without.outcome.flags.phone_mismatch;
            let same_step = with.step == without.step || (names_another && may_send_an_sms(&without.step));
            verdict == before && same_step && with.outcome.flags.unknown_word
        }
        Event::UnknownExpiryWord { .. } => {
            verdict.row().rank <= before.row().rank && with.outcome.flags.unknown_word
        }
        _ => true,
    };
    if holds {
        Ok(())
    } else {
        Err(format!("an unknown word changed what it may not\n  before {without:?}\n  after  {with:?}"))
    }
}

/// Whether the step is an SMS, awaits one, or asks for a revocation that comes before one.
fn may_send_an_sms(step: &Step) -> bool {
    matches!(
        step,
        Step::SendFallback { .. }
            | Step::Request { .. }
            | Step::WaitUntil { brings: Brings::Fallback | Brings::Stale, .. }
    )
}

/// An assessment and its instant.
pub type At<'a> = (Timestamp, &'a Assessment);

/// Time alone moves an outcome only along its edges.
pub fn moves_along_an_edge(evidence: &Evidence, before: At<'_>, after: At<'_>) -> Result<(), String> {
    let asked = evidence
        .facts()
        .any(|fact| matches!(fact, Fact::Answered(answered) if answered.ack == Ack::Accepted));
    if may_follow(&before.1.outcome.verdict, &after.1.outcome.verdict, asked) {
        Ok(())
    } else {
        Err(format!("time alone moved an outcome where it may not\n  {before:?}\n  {after:?}"))
    }
}

/// Whatever time changes was announced, and nothing in the past is.
pub fn was_announced(before: At<'_>, after: At<'_>) -> Result<(), String> {
    let look = before.1.look_again_at;
    let changed = before.1.outcome.verdict != after.1.outcome.verdict
        || discriminant(&before.1.step) != discriminant(&after.1.step)
        || before.1.sms != after.1.sms;
    if changed && look.is_none_or(|look| look > after.0) {
        return Err(format!("time changed something unannounced\n  {before:?}\n  {after:?}"));
    }
    if look.is_some_and(|look| look <= before.0) {
        return Err(format!("looks again in the past\n  {before:?}"));
    }
    Ok(())
}

/// Which outcome may follow which when nothing but time passes. Lapsed may follow whatever was neither told by
/// the provider nor accepted.
fn may_follow(before: &Verdict, after: &Verdict, asked: bool) -> bool {
    use Verdict as V;
    if discriminant(before) == discriminant(after) {
        return true;
    }
    match (before, after) {
        (V::Settling { .. }, V::Revoked { proof: Proof::Answer } | V::Unconfirmed | V::PresumedRevoked)
        | (V::Settling { .. }, V::Inconclusive { why: Doubt::Expiry })
        | (V::Unconfirmed, V::PresumedRevoked)
        | (V::PresumedDelivered, V::Inconclusive { why: Doubt::NotFound })
        | (V::Planned { .. }, V::Refused { .. }) => true,
        (V::Requesting, after) => !matches!(
            after,
            V::Delivered { .. } | V::NotDelivered { .. } | V::Revoked { proof: Proof::Event }
        ),
        (before, V::Lapsed) => {
            !asked && !matches!(before, V::Delivered { .. } | V::Revoked { .. } | V::NotDelivered { .. })
        }
        _ => false,
    }
}
