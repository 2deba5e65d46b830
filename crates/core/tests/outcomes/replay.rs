//! Doing what the core says, as a server does: it records each wish and each intent before anything leaves, gets any
//! answer or none, and looks again when it was told to.

use arbtest::arbitrary::{Result, Unstructured};
use rcs_revoke_core::fact::{Answered, Attempted};
use rcs_revoke_core::fact::{Event, Fact, FallbackAnswered, FallbackIntended, FallbackStatus};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{Ack, Assessment, Evidence, Span, Timestamp, assess};

use crate::check::listed;
use crate::facts::at;
use crate::laws::{self, Look};
use crate::random::{Scene, ack};
use crate::seeds::holds;

/// As many turns as a story takes until nothing but "too many requests" is left to go on with.
const TURNS: usize = 40;

struct Server {
    scene: Scene,
    evidence: Evidence,
    now: Timestamp,
    /// SMS whose requests left, and which may so have reached somebody.
    left: usize,
}

impl Server {
    fn assess(&self) -> Assessment {
        assess(&self.evidence, &self.scene.source, &self.scene.policy, self.now)
    }

    fn record(&mut self, fact: Fact) {
        let text = fact.canonical();
        assert!(self.evidence.record(fact), "done before: {text}{}", listed(&self.evidence));
    }

    /// Does one thing; false where there is nothing to do or to wait for.
    fn turn(&mut self, u: &mut Unstructured<'_>) -> Result<bool> {
        let assessment = self.assess();
        let (evidence, now) = (&self.evidence, self.now);
        let (source, policy) = (&self.scene.source, &self.scene.policy);
        let laws = laws::hold(Look { evidence, source, policy, now, assessment: &assessment });
        assert_eq!(laws, Ok(()), "at {now}{}", listed(evidence));
        // The two do not wait for each other, and either may be first.
        if let Some(number) = assessment.sms
            && (u.arbitrary()? || matches!(assessment.step, Step::SendFallback { .. }))
        {
            self.send_sms(u, number)?;
            return Ok(true);
        }
        match assessment.step {
            Step::Request { requested } => self.record(Fact::Requested(requested)),
            Step::Send { wish, attempt, host } => {
                let begun_at = self.now;
                self.record(Fact::Attempted(Attempted { attempt, wish, host, begun_at }));
                if u.ratio(5, 6)? {
                    self.now = self.now + Span::secs(1);
                    let ack = ack(u)?;
                    self.record(Fact::Answered(Answered {
                        attempt,
                        ack,
                        status: None,
                        body: None,
                        at: self.now,
                    }));
                }
            }
            Step::SendFallback { .. } => unreachable!("an SMS is due"),
            Step::WaitUntil { .. } | Step::AskOperator { .. } | Step::Done => {
                let Some(at) = assessment.look_again_at else { return Ok(false) };
                assert!(at > self.now, "looks again in the past{}", listed(&self.evidence));
                self.now = at;
            }
        }
        Ok(true)
    }

    /// The process may be killed after the intent, and a status may come with or without an answer.
    fn send_sms(&mut self, u: &mut Unstructured<'_>, fallback: u32) -> Result<()> {
        self.record(Fact::FallbackIntended(FallbackIntended {
            fallback,
            at: self.now,
            request: String::new(),
        }));
        let ack = if u.ratio(5, 6)? { Some(ack(u)?) } else { None };
        let surely_nothing =
            matches!(ack, Some(Ack::NotSent { .. } | Ack::NotFound { .. } | Ack::NoEffect { .. }));
        if let Some(ack) = ack {
            self.now = self.now + Span::secs(1);
            let at = self.now;
            self.record(Fact::FallbackAnswered(FallbackAnswered { fallback, ack, provider_id: None, at }));
        }
        if !surely_nothing {
            self.left += 1;
            if u.arbitrary()? {
                let event = u.choose(&[Event::Submitted, Event::NotDelivered { code: "1".into() }])?.clone();
                let (identity, received_at) = (format!("status-{fallback}"), self.now);
                self.record(Fact::FallbackStatus(FallbackStatus { fallback, identity, event, received_at }));
            }
        }
        Ok(())
    }
}

/// By itself one, and one more for each order, be it given in advance; none where the facts at the start tell of one.
#[test]
fn whoever_does_what_the_core_says_sends_one_sms_by_itself() {
    let mut most = 0;
    holds(|u| {
        let scene = Scene::any(u)?;
        let evidence = scene.evidence();
        let now = scene.facts.iter().map(Fact::at).max().unwrap_or(at(0));
        let orders = evidence.facts().filter(|fact| match fact {
            Fact::FallbackOrdered(_) => true,
            Fact::Requested(wish) => wish.hand,
            _ => false,
        });
        let allowed = 1 + orders.count();
        let mut server = Server { scene, evidence, now, left: 0 };
        for _ in 0..TURNS {
            if !server.turn(u)? {
                break;
            }
        }
        assert!(server.left <= allowed, "{} left of {allowed}{}", server.left, listed(&server.evidence));
        most = most.max(server.left);
        Ok(())
    });
    assert!(most > 0, "no SMS ever left");
}
