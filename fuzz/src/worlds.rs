//! What holds for every set of facts of one message, at every instant.

use std::collections::BTreeSet;

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::explain::{explain, timeline};
use rcs_revoke_core::fact::Event;
use rcs_revoke_core::outcome::{Proof, Verdict};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{Assessment, Evidence, Fact, Known, Policy, Source, Span, Step, Timestamp, assess};

/// Facts, the source of their message, and an instant.
#[derive(Debug)]
pub struct World {
    pub evidence: Evidence,
    pub source: Source,
    pub policy: Policy,
    pub now: Timestamp,
}

impl World {
    /// Checks everything.
    pub fn check(&self) {
        let assessment = self.assess(&self.evidence, self.now);
        self.order_never_matters(&assessment);
        self.survives_json(&assessment);
        self.claims_no_more_than_was_told(&assessment.outcome.verdict);
        self.steps_forward(&assessment);
        self.changes_only_when_announced(&assessment);
        self.is_explained();
    }

    fn assess(&self, evidence: &Evidence, now: Timestamp) -> Assessment {
        assess(evidence, &self.source, &self.policy, now)
    }

    fn order_never_matters(&self, assessment: &Assessment) {
        let facts: Vec<&Fact> = self.evidence.facts().collect();
        let mut backwards = Evidence::new(self.evidence.message().clone());
        backwards.extend(facts.iter().rev().chain(facts.first()).map(|fact| (*fact).clone()));
        assert_eq!(backwards, self.evidence);
        assert_eq!(&self.assess(&backwards, self.now), assessment);
    }

    fn survives_json(&self, assessment: &Assessment) {
        let json = serde_json::to_string(&self.evidence).expect("evidence is JSON");
        assert_eq!(serde_json::from_str::<Evidence>(&json).expect("its own JSON"), self.evidence);
        let json = serde_json::to_string(assessment).expect("an assessment is JSON");
        assert_eq!(&serde_json::from_str::<Assessment>(&json).expect("its own JSON"), assessment);
    }

    fn was_told(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.evidence.facts().any(|fact| matches!(fact, Fact::Event(told) if wanted(&told.event)))
    }

    fn was_answered(&self, wanted: impl Fn(&Ack) -> bool) -> bool {
        self.evidence.facts().any(|fact| matches!(fact, Fact::Answered(answered) if wanted(&answered.ack)))
    }

    fn claims_no_more_than_was_told(&self, verdict: &Verdict) {
        let delivered = self.was_told(|event| matches!(event, Event::Delivered | Event::Read));
        assert_eq!(matches!(verdict, Verdict::Delivered { .. }), delivered, "{verdict:?}");
        let confirmed = self.source.revoke_ack == RevokeAck::Confirmed;
        let holds = match verdict {
            Verdict::Revoked { proof: Proof::Event } => self.was_told(|event| *event == Event::ExpiryRevoked),
            Verdict::Revoked { proof: Proof::Answer } => confirmed && self.was_answered(Ack::is_accepted),
            Verdict::NotDelivered { code } => {
                self.was_told(|event| matches!(event, Event::NotDelivered { code: told } if told == code))
            }
            Verdict::Settling { .. } | Verdict::PresumedRevoked | Verdict::Unconfirmed => {
                self.was_answered(Ack::is_accepted)
            }
            Verdict::PresumedDelivered => {
                confirmed && self.was_answered(|ack| *ack == Ack::NotFound { proper: true })
            }
            _ => true,
        };
        assert!(holds, "{verdict:?} without its proof");
    }

    /// What comes next lies ahead, and never asks for what is already decided.
    fn steps_forward(&self, assessment: &Assessment) {
        assert!(assessment.look_again_at.is_none_or(|look| look > self.now), "{assessment:?}");
        match &assessment.step {
            Step::WaitUntil { at, .. } => assert!(*at > self.now, "{assessment:?}"),
            Step::Send { attempt, host, .. } => {
                let provider = self.evidence.message().provider();
                assert!(provider.hosts().any(|own| own == *host), "{host} is no host of {provider:?}");
                assert_eq!(*attempt, self.evidence.next_attempt());
                let is_closed = self.was_told(|event| {
                    matches!(
                        event,
                        Event::Delivered | Event::Read | Event::ExpiryRevoked | Event::NotDelivered { .. }
                    )
                });
                assert!(!is_closed, "{assessment:?}");
                let over = Known::of(&self.evidence, &self.policy).horizon.is_some_and(|end| end <= self.now);
                assert!(!over, "{assessment:?}");
            }
            Step::SendFallback { fallback } => assert_eq!(Some(*fallback), assessment.sms),
            Step::Request { .. } | Step::AskOperator { .. } | Step::Done => {}
        }
    }

    fn changes_only_when_announced(&self, assessment: &Assessment) {
        let far = self.now + Span::days(60);
        let last = assessment.look_again_at.map_or(far, |look| look - Span::millis(1));
        let later = self.assess(&self.evidence, last);
        assert_eq!(later.outcome.verdict, assessment.outcome.verdict, "unannounced, at {last}");
    }

    fn is_explained(&self) {
        let keys: BTreeSet<String> = self.evidence.facts().map(Fact::key).collect();
        let explanation = explain(&self.evidence, &self.source, &self.policy, self.now);
        assert!(!explanation.short.is_empty() && !explanation.sentence.is_empty());
        for cited in &explanation.cites {
            assert!(keys.contains(cited), "cites {cited}, which is no fact");
        }
        assert!(timeline(&self.evidence, &self.source, &self.policy, self.now).len() >= keys.len());
    }
}
