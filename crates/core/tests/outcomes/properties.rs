//! What must hold for any facts, however they conflict.

use std::mem::discriminant;

use crate::seeds::holds;
use arbtest::arbitrary::{Result, Unstructured};
use rcs_revoke_core::fact::{Event, Fact};
use rcs_revoke_core::outcome::{Doubt, Proof, Verdict};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{Ack, Assessment, Evidence, Timestamp, assess};

use crate::check::{listed, same};
use crate::facts::{at, event, event_from, unknown_expiry_word, unknown_word, withdrawn};
use crate::random::{Scene, fact};

impl Scene {
    fn assess(&self, evidence: &Evidence, now: Timestamp) -> Assessment {
        assess(evidence, &self.source, &self.policy, now)
    }

    fn any_instant(&self, u: &mut Unstructured<'_>) -> Result<Timestamp> {
        u.choose(&self.turns()).copied()
    }

    /// An instant at which every fact lies in the past, where there is one among the turns.
    fn later_instant(&self, u: &mut Unstructured<'_>) -> Result<Timestamp> {
        let latest = self.facts.iter().map(Fact::at).max().unwrap_or(at(0));
        let turns: Vec<_> = self.turns().into_iter().filter(|turn| *turn >= latest).collect();
        u.choose(&turns).copied()
    }

    fn with(&self, added: Fact) -> Evidence {
        let mut evidence = self.evidence();
        evidence.record(added);
        evidence
    }
}

#[test]
fn random_facts_mean_what_the_oracle_says() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let now = scene.later_instant(u)?;
        same(&scene.evidence(), &scene.source, &scene.policy, now);
        Ok(())
    });
}

#[test]
fn order_duplicates_and_grouping_never_matter() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let whole = scene.evidence();
        let mut shuffled = scene.facts.clone();
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, u.int_in_range(0..=index)?);
        }
        let (mut left, mut right) = (scene.nothing_known(), scene.nothing_known());
        for fact in shuffled {
            match u.int_in_range(0..=2)? {
                0 => left.extend([fact]),
                1 => right.extend([fact]),
                _ => {
                    left.record(fact.clone());
                    right.record(fact);
                }
            }
        }
        let mut joined = right.clone();
        joined.merge(left.clone());
        left.merge(right.clone());
        assert_eq!(left, joined, "joining is commutative");
        left.merge(right);
        assert_eq!(left, whole, "joining is idempotent and associative");
        let json = serde_json::to_string(&whole).expect("evidence is JSON");
        assert_eq!(serde_json::from_str::<Evidence>(&json).ok(), Some(whole), "{json}");
        Ok(())
    });
}

/// Nothing panics either, at instants near both ends of time.
#[test]
fn the_table_is_total() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let ends = [i64::MIN, 0, i64::MAX].map(Timestamp::from_millis);
        for now in scene.turns().into_iter().step_by(5).chain(ends) {
            let assessment = scene.assess(&scene.evidence(), now);
            assert_eq!(assessment.outcome.verdict.row().code, assessment.outcome.verdict.code());
        }
        Ok(())
    });
}

#[test]
fn a_delivery_is_absorbing() {
    holds(|u| {
        let mut scene = Scene::any(u)?;
        scene.facts.push(event("first", Event::Delivered, 30));
        for _ in 0..3 {
            let evidence = scene.evidence();
            let now = scene.any_instant(u)?;
            let assessment = scene.assess(&evidence, now);
            assert_eq!(assessment.outcome.verdict.code(), "delivered", "{}", listed(&evidence));
            assert!(!matches!(assessment.step, Step::Send { .. }), "{}", listed(&evidence));
            scene.facts.push(fact(u, scene.source.provider)?);
        }
        Ok(())
    });
}

#[test]
fn revoked_is_said_only_with_proof() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let evidence = scene.evidence();
        let now = scene.any_instant(u)?;
        if let Verdict::Revoked { proof } = scene.assess(&evidence, now).outcome.verdict {
            let proven = evidence.facts().any(|fact| match (proof, fact) {
                (Proof::Event, Fact::Event(event)) => event.event == Event::ExpiryRevoked,
                (Proof::Answer, Fact::Answered(answered)) => {
                    answered.ack == Ack::Accepted && scene.source.revoke_ack == RevokeAck::Confirmed
                }
                _ => false,
            });
            assert!(proven, "{}", listed(&evidence));
        }
        Ok(())
    });
}

#[test]
fn an_unknown_word_never_changes_an_outcome() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let now = scene.any_instant(u)?;
        let seconds = u.int_in_range(0..=100)?;
        let with = scene.with(event_from("new", unknown_word(), seconds, None));
        let (before, after) = (scene.assess(&scene.evidence(), now), scene.assess(&with, now));
        assert_eq!(before.outcome.verdict, after.outcome.verdict, "{}", listed(&with));
        assert_eq!(before.step, after.step, "{}", listed(&with));
        assert!(after.outcome.flags.unknown_word);
        Ok(())
    });
}

#[test]
fn an_unknown_expiry_word_never_raises_the_rank() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let now = scene.any_instant(u)?;
        let seconds = u.int_in_range(0..=100)?;
        let with = scene.with(event("new", unknown_expiry_word(), seconds));
        let rank = |evidence: &Evidence| scene.assess(evidence, now).outcome.verdict.row().rank;
        assert!(rank(&with) <= rank(&scene.evidence()), "{}", listed(&with));
        Ok(())
    });
}

#[test]
fn a_withdrawal_hides_no_attempt_that_may_have_had_an_effect() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let now = scene.later_instant(u)?;
        let mut evidence = scene.evidence();
        evidence.extend((1..=3).map(|wish| withdrawn(wish, 0)));
        let answered = |number| {
            evidence.facts().find_map(|fact| match fact {
                Fact::Answered(answered) if answered.attempt == number => Some(answered.ack.clone()),
                _ => None,
            })
        };
        let effect = evidence.facts().any(|fact| {
            matches!(fact, Fact::Attempted(attempted)
                if matches!(answered(attempted.attempt), None | Some(Ack::Accepted | Ack::Unknown { .. })))
        });
        let code = scene.assess(&evidence, now).outcome.verdict.code();
        let hidden = ["withdrawn", "planned", "refused", "watched"].contains(&code);
        assert!(!(effect && hidden), "{code}{}", listed(&evidence));
        Ok(())
    });
}

/// The wish is answered, the message closed, or its window closed: nothing is sent. Read from the facts alone.
#[test]
fn nothing_is_sent_where_nothing_can_be_gained() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let evidence = scene.evidence();
        let now = scene.later_instant(u)?;
        let Step::Send { wish, .. } = scene.assess(&evidence, now).step else { return Ok(()) };
        let requested = evidence.facts().find_map(|fact| match fact {
            Fact::Requested(requested) if requested.wish == wish => Some(requested),
            _ => None,
        });
        let text = listed(&evidence);
        if let Some(requested) = requested {
            assert!(requested.not_before.is_none_or(|not_before| now >= not_before), "{text}");
            for fact in evidence.facts() {
                if let Fact::Attempted(attempted) = fact
                    && attempted.begun_at >= requested.at
                {
                    let accepted = evidence.facts().any(|fact| {
                        matches!(fact, Fact::Answered(answered)
                            if answered.attempt == attempted.attempt && answered.ack == Ack::Accepted)
                    });
                    assert!(!accepted, "an answered wish{text}");
                }
            }
        }
        for fact in evidence.facts() {
            let closing = matches!(fact, Fact::Event(event) if matches!(event.event,
                Event::Delivered | Event::Read | Event::NotDelivered { .. } | Event::ExpiryRevoked));
            assert!(!closing, "a closed message{text}");
            let gone = matches!(fact, Fact::Withdrawn(withdrawn) if withdrawn.wish == wish);
            assert!(!gone, "a withdrawn wish{text}");
        }
        let lifetimes = scene.source.provider.adapter().lifetimes();
        if let Some(window) = lifetimes.window
            && requested.is_some_and(|requested| !requested.override_window)
        {
            let latest = evidence.facts().map(Fact::at).chain([at(1)]).max().unwrap_or(now);
            assert!(now < latest + window, "a closed window{text}");
        }
        Ok(())
    });
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

#[test]
fn time_alone_moves_an_outcome_only_along_its_edges() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let evidence = scene.evidence();
        let asked = evidence
            .facts()
            .any(|fact| matches!(fact, Fact::Answered(answered) if answered.ack == Ack::Accepted));
        let latest = scene.facts.iter().map(Fact::at).max().unwrap_or(at(0));
        let turns = scene.turns().into_iter().filter(|turn| *turn >= latest);
        let verdicts: Vec<_> =
            turns.map(|turn| (turn, scene.assess(&evidence, turn).outcome.verdict)).collect();
        for pair in verdicts.windows(2) {
            let (before, after) = (&pair[0].1, &pair[1].1);
            let at = pair[1].0;
            assert!(
                may_follow(before, after, asked),
                "{before:?} then {after:?} at {at}{}",
                listed(&evidence)
            );
        }
        Ok(())
    });
}

#[test]
fn whatever_time_changes_was_announced() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let evidence = scene.evidence();
        let turns = scene.turns();
        let mut before: Option<(Timestamp, Assessment)> = None;
        for now in turns {
            let assessment = scene.assess(&evidence, now);
            let look = assessment.look_again_at;
            assert!(
                look.is_none_or(|look| look > now),
                "looks again in the past, at {now} {assessment:?}{}",
                listed(&evidence)
            );
            if let Some((then, earlier)) = &before {
                let changed = earlier.outcome.verdict != assessment.outcome.verdict
                    || discriminant(&earlier.step) != discriminant(&assessment.step);
                let announced = earlier.look_again_at.is_some_and(|look| look <= now);
                assert!(
                    !changed || announced,
                    "from {then} {earlier:?}\nto {now} {assessment:?}{}",
                    listed(&evidence)
                );
            }
            before = Some((now, assessment));
        }
        Ok(())
    });
}
