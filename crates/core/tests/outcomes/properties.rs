//! What must hold for any facts, however they conflict.

use crate::seeds::holds;
use arbtest::arbitrary::{Result, Unstructured};
use rcs_revoke_core::explain::{Side, timeline};
use rcs_revoke_core::fact::{Event, Fact};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{Ack, Assessment, E164, Evidence, Timestamp, assess};

use crate::check::{knows_the_same, listed, same};
use crate::facts::{at, event, event_from, unknown_expiry_word, unknown_word, withdrawn};
use crate::laws::{self, Look};
use crate::oracle::joined;
use crate::random::{Scene, fact};

impl Scene {
    fn assess(&self, evidence: &Evidence, now: Timestamp) -> Assessment {
        assess(evidence, &self.source, &self.policy, now)
    }

    fn obeys(&self, evidence: &Evidence, now: Timestamp, assessment: &Assessment) -> Result<(), String> {
        laws::hold(Look { evidence, source: &self.source, policy: &self.policy, now, assessment })
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
        let (facts, evidence) = (joined(&scene.facts), scene.evidence());
        let assessment = same(&facts, &evidence, &scene.source, &scene.policy, now);
        let known = knows_the_same(&facts, &evidence, &scene.source, &scene.policy);
        let laws = known.and_then(|()| scene.obeys(&evidence, now, &assessment));
        assert_eq!(laws, Ok(()), "at {now}{}", listed(&evidence));
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
            let acts = matches!(
                assessment.step,
                Step::Send { .. } | Step::Request { .. } | Step::SendFallback { .. }
            );
            assert!(!acts && assessment.sms.is_none(), "{}", listed(&evidence));
            scene.facts.push(fact(u, scene.source.provider)?);
        }
        Ok(())
    });
}

#[test]
fn nothing_is_said_that_was_not_told_at_any_instant() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let evidence = scene.evidence();
        let now = scene.any_instant(u)?;
        let laws = scene.obeys(&evidence, now, &scene.assess(&evidence, now));
        assert_eq!(laws, Ok(()), "at {now}{}", listed(&evidence));
        Ok(())
    });
}

#[test]
fn a_word_that_is_not_known_changes_nothing_for_the_better() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let now = scene.any_instant(u)?;
        let seconds = u.int_in_range(0..=100)?;
        let (word, fact) = if u.arbitrary()? {
            (unknown_word(), event_from("new", unknown_word(), seconds, None))
        } else {
            (unknown_expiry_word(), event("new", unknown_expiry_word(), seconds))
        };
        let with = scene.with(fact);
        let (before, after) = (scene.assess(&scene.evidence(), now), scene.assess(&with, now));
        assert_eq!(laws::holds_for_a_word(&word, &after, &before), Ok(()), "at {now}{}", listed(&with));
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
        let laws = scene.obeys(&evidence, now, &scene.assess(&evidence, now));
        assert_eq!(laws, Ok(()), "at {now}{}", listed(&evidence));
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

#[test]
fn time_moves_an_outcome_only_along_its_edges_and_announces_it() {
    holds(|u| {
        let scene = Scene::any(u)?;
        let evidence = scene.evidence();
        let latest = scene.facts.iter().map(Fact::at).max().unwrap_or(at(0));
        let looks: Vec<_> =
            scene.turns().into_iter().map(|turn| (turn, scene.assess(&evidence, turn))).collect();
        for pair in looks.windows(2) {
            let [(then, before), (now, after)] = pair else { continue };
            let (before, after) = ((*then, before), (*now, after));
            let mut laws = laws::was_announced(before, after);
            if *then >= latest {
                laws = laws.and_then(|()| laws::moves_along_an_edge(&evidence, before, after));
            }
            assert_eq!(laws, Ok(()), "{}", listed(&evidence));
        }
        Ok(())
    });
}

/// It tells every fact in the order in which they came, ends with the outcome of now, and hides every number.
#[test]
fn a_timeline_tells_it_all_and_ends_now() {
    holds(|u| {
        let mut scene = Scene::any(u)?;
        for fact in &mut scene.facts {
            if let Fact::Event(event) = fact {
                event.raw = format!("{{\"to\":\"{}\"}}", event.phone.as_ref().map_or("", E164::digits));
            }
        }
        let evidence = scene.evidence();
        let now = scene.later_instant(u)?;
        let entries = timeline(&evidence, &scene.source, &scene.policy, now);
        let text = listed(&evidence);
        assert!(entries.is_sorted_by_key(|entry| entry.at), "{entries:?}{text}");
        let ours = entries.iter().filter(|entry| entry.side != Side::Time).count();
        assert_eq!(ours, evidence.len(), "{entries:?}{text}");
        let last = entries.iter().rev().find_map(|entry| entry.outcome.clone());
        let expected = (!evidence.is_empty()).then(|| scene.assess(&evidence, now).outcome);
        assert_eq!(last, expected, "at {now} {entries:?}{text}");
        let shown: String = entries.iter().filter_map(|entry| entry.raw.clone()).collect();
        assert!(!shown.contains("7700900"), "{shown}");
        Ok(())
    });
}
