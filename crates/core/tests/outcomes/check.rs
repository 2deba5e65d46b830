//! Compares the core with the oracle.

use rcs_revoke_core::fact::Fact;
use rcs_revoke_core::fallback::{Fallback, Offer, fallback};
use rcs_revoke_core::known::Known;
use rcs_revoke_core::step::{Brings, Step};
use rcs_revoke_core::{Assessment, Evidence, Policy, Source, Timestamp, assess};

use crate::oracle::{Judgement, Plan, What, judge, known};

const SHORTEST: i64 = 80;
const LONGEST: i64 = 120;

/// Assesses, and says where the oracle differs. The core may use any jitter; the oracle tries both ends of it. The
/// oracle is given the facts as it joins them itself.
pub fn compare(
    facts: &[Fact],
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    now: Timestamp,
) -> Result<Assessment, String> {
    let assessment = assess(evidence, source, policy, now);
    let offer = fallback(evidence, source, policy, now);
    let early = judge(evidence.message(), facts, source, policy, now, SHORTEST);
    let Err(problem) = differs(&assessment, &offer, &early) else {
        return Ok(assessment);
    };
    let late = judge(evidence.message(), facts, source, policy, now, LONGEST);
    if differs(&assessment, &offer, &late).is_ok() || between(&assessment, &offer, &early, &late) {
        return Ok(assessment);
    }
    Err(format!("{problem}\n  core   {assessment:?}\n         {offer:?}\n  oracle {early:?}"))
}

/// As [`compare`], with the evidence in the panic.
pub fn same(
    facts: &[Fact],
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    now: Timestamp,
) -> Assessment {
    compare(facts, evidence, source, policy, now)
        .unwrap_or_else(|problem| panic!("at {now}: {problem}\n  facts {}", listed(evidence)))
}

/// Whether the core knows of the message itself what the oracle reads in the same facts.
pub fn knows_the_same(
    facts: &[Fact],
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
) -> Result<(), String> {
    let (ours, theirs) = (Known::of(evidence, policy), known(evidence.message(), facts, source, policy));
    if ours == theirs {
        Ok(())
    } else {
        Err(format!("what is known of the message differs\n  core   {ours:?}\n  oracle {theirs:?}"))
    }
}

/// The facts, one canonical JSON text per line.
pub fn listed(evidence: &Evidence) -> String {
    let lines: Vec<String> = evidence
        .timeline()
        .iter()
        .map(|fact| {
            format!(
                "
    {}",
                fact.canonical()
            )
        })
        .collect();
    lines.concat()
}

fn differs(assessment: &Assessment, offer: &Fallback, judgement: &Judgement) -> Result<(), String> {
    if assessment.outcome.verdict != judgement.verdict {
        return Err("the outcomes differ".into());
    }
    if assessment.outcome.flags != judgement.flags {
        return Err("the flags differ".into());
    }
    if assessment.sms != (offer.offer == Offer::Now).then_some(offer.number) {
        return Err("the SMS that is due is not the one that is offered".into());
    }
    judgement.instead.allows(offer)?;
    judgement.plan.allows(&assessment.step)
}

/// Whether what differs is only the jitter of a wait, which lies between both ends.
fn between(assessment: &Assessment, offer: &Fallback, early: &Judgement, late: &Judgement) -> bool {
    let known = |judgement: &Judgement| {
        judgement.verdict == assessment.outcome.verdict && judgement.flags == assessment.outcome.flags
    };
    let either = |right: &dyn Fn(&Judgement) -> bool| right(early) || right(late);
    let offered = either(&|judgement| judgement.instead.allows(offer).is_ok())
        || match (&early.instead.what, &late.instead.what, offer.offer) {
            (What::At(first), What::At(last), Offer::At { at }) => (*first..=*last).contains(&at),
            (What::Now, What::At(last), Offer::At { at }) => at <= *last,
            _ => false,
        };
    let stepped =
        either(&|judgement| judgement.plan.clone().with_sms(offer).allows(&assessment.step).is_ok());
    either(&known) && offered && (stepped || waits_between(assessment, early, late))
}

fn waits_between(assessment: &Assessment, early: &Judgement, late: &Judgement) -> bool {
    let Step::WaitUntil { at, brings: brings @ (Brings::Retry | Brings::Fallback) } = assessment.step else {
        return false;
    };
    let retries = |plan: &Plan| plan.due.iter().chain(&plan.later).cloned().collect::<Vec<_>>();
    let last = retries(&late.plan);
    // Where the longest wait would end too late for another attempt, a shorter one may still be in time.
    let ends = |brings| matches!(brings, Brings::WindowCloses | Brings::LifeEnds);
    let in_time = early.plan.turns.iter().any(|(brings, end)| ends(*brings) && at < *end);
    let in_bounds = retries(&early.plan).iter().any(|first| {
        let mut last = last.iter().filter(|last| last.wish == first.wish).peekable();
        let before_last = if last.peek().is_none() {
            in_time
        } else {
            last.any(|last| last.brings == brings && at <= last.at)
        };
        first.brings == brings && first.at <= at && before_last
    });
    in_bounds && at > late.plan.now
}
