//! What the providers' texts leave open is a setting, and each setting changes the decision that it is about.

use rcs_revoke_core::ack::{Ack, NoEffect};
use rcs_revoke_core::fact::{Answered, Attempted, Life, Registered, Registrar, Requested, Then};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::outcome::Verdict;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::truth::TruthFault;
use rcs_revoke_core::{
    AgentId, Evidence, Fact, Host, Known, MessageRef, Policy, Provider, Say, Source, SourceId, Span, Step,
    Timestamp, Truth, assess,
};

const SENT: i64 = 1_800_000_000_000;
const UUID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(SENT + seconds * 1_000)
}

struct World {
    evidence: Evidence,
    source: Source,
    policy: Policy,
}

impl World {
    /// A message that was sent at zero and wished away ten seconds later.
    fn new(provider: Provider, life: Life, truth: Truth) -> Self {
        let agent = AgentId::parse("shop@rbm.goog").expect("it is well formed");
        let mut source = Source::new(SourceId::parse("shop").expect("it is well formed"), provider);
        source.agent = (provider == Provider::GoogleRbm).then(|| agent.clone());
        let key = match provider {
            Provider::GoogleRbm => format!("google_rbm:{agent}:{UUID}"),
            Provider::Vonage => format!("vonage:{UUID}"),
        };
        let mut evidence = Evidence::new(MessageRef::parse(&key).expect("it is well formed"));
        let host = source.provider.adapter().route(&source, None).first();
        evidence.record(Fact::Registered(Registered {
            by: Registrar::Api("call-1".to_owned()),
            received_at: at(0),
            sent_at: Some(at(0)),
            life: Some(life),
            class: None,
            phone: Some("+447700900000".parse().expect("it is well formed")),
            host: (provider == Provider::GoogleRbm).then_some(host),
            failover: None,
            fallback_text: None,
            revoke_at: None,
        }));
        evidence.record(Fact::Requested(Requested {
            wish: wish(),
            by: "ops".to_owned(),
            at: at(10),
            not_before: None,
            then: Then::Nothing,
            reason: None,
            override_window: false,
            hand: false,
            batch: None,
        }));
        Self { evidence, source, policy: Policy { truth, ..provider.adapter().policy() } }
    }

    fn asked(&mut self, attempt: u32, host: &str, seconds: i64, ack: Ack) {
        let host: Host = host.parse().expect("it is well formed");
        self.evidence.record(Fact::Attempted(Attempted {
            attempt,
            wish: wish(),
            host,
            begun_at: at(seconds),
        }));
        let (status, body, at) = (None, None, at(seconds));
        self.evidence.record(Fact::Answered(Answered { attempt, ack, status, body, at }));
    }

    fn step(&self, seconds: i64) -> Step {
        assess(&self.evidence, &self.source, &self.policy, at(seconds)).step
    }

    fn verdict(&self, seconds: i64) -> Verdict {
        assess(&self.evidence, &self.source, &self.policy, at(seconds)).outcome.verdict
    }

    fn asks(&self, seconds: i64) -> Option<&'static str> {
        match self.step(seconds) {
            Step::Send { host, .. } => Some(host.name()),
            _ => None,
        }
    }
}

fn wish() -> WishId {
    WishId::parse("w1").expect("it is well formed")
}

const NOT_FOUND: Ack = Ack::NotFound { proper: true };
const DAY: i64 = 86_400;

#[test]
fn other_hosts_of_google_are_asked_only_if_the_operator_says_so() {
    let mut careful = World::new(Provider::GoogleRbm, Life::None, Truth::default());
    let mut asking = World::new(
        Provider::GoogleRbm,
        Life::None,
        Truth { ask_other_hosts: Some(true), ..Truth::default() },
    );
    for world in [&mut careful, &mut asking] {
        world.asked(1, "google.global", 10, NOT_FOUND);
    }
    assert_eq!(careful.asks(100), None);
    assert_eq!(asking.asks(100), Some("google.us"));
    for (attempt, host) in [(2, "google.us"), (3, "google.europe"), (4, "google.asia")] {
        assert_eq!(asking.asks(100), Some(host));
        asking.asked(attempt, host, 100, NOT_FOUND);
    }
    // A 404 of Google still proves nothing, wherever it comes from.
    assert_eq!(asking.asks(200), None);
    assert_eq!(asking.verdict(200).code(), "inconclusive");
}

#[test]
fn other_regions_of_vonage_can_be_left_alone() {
    let mut world =
        World::new(Provider::Vonage, Life::None, Truth { ask_other_hosts: Some(false), ..Truth::default() });
    world.asked(1, "vonage.us", 100, NOT_FOUND);
    assert_eq!(world.asks(101), None);
    assert_eq!(world.verdict(101).code(), "refused");
    world.policy.truth = Truth::default();
    assert_eq!(world.asks(101), Some("vonage.eu"));
}

#[test]
fn a_young_message_is_asked_for_once_more_everywhere() {
    let mut world = World::new(Provider::Vonage, Life::None, Truth::default());
    for (attempt, host) in [(1, "vonage.us"), (2, "vonage.eu"), (3, "vonage.ap")] {
        world.asked(attempt, host, 70, NOT_FOUND);
    }
    assert_eq!(world.asks(80), None);
    world.policy.truth.young = Some(Span::minutes(2));
    assert_eq!(world.asks(80), Some("vonage.us"));
    world.policy.truth.young = Some(Span::ZERO);
    assert_eq!(world.asks(80), None);
}

#[test]
fn a_403_is_tried_again_as_often_as_said() {
    let refused = Ack::NoEffect { reason: NoEffect::Permission, retry_after: None };
    let mut world = World::new(
        Provider::GoogleRbm,
        Life::None,
        Truth { permission_retries: Some(0), ..Truth::default() },
    );
    world.asked(1, "google.global", 10, refused);
    assert_eq!(world.asks(3_600), None);
    world.policy.truth = Truth::default();
    assert_eq!(world.asks(3_600), Some("google.global"));
}

#[test]
fn the_windows_guard_and_the_lengths_of_lives_move_what_is_known() {
    let known = |provider, life, truth| {
        let world = World::new(provider, life, truth);
        Known::of(&world.evidence, &world.policy)
    };
    let none = Truth::default();
    let guard = Truth { window_guard: Some(Span::minutes(5)), ..none };
    assert_eq!(known(Provider::Vonage, Life::None, none).window_closes, Some(at(DAY - 60)));
    assert_eq!(known(Provider::Vonage, Life::None, guard).window_closes, Some(at(DAY - 300)));
    let longest = Truth { longest_life: Some(Span::hours(72)), ..none };
    assert_eq!(known(Provider::Vonage, Life::None, none).horizon, Some(at(30 * DAY)));
    assert_eq!(known(Provider::Vonage, Life::None, longest).horizon, Some(at(3 * DAY)));
    let ttl = Life::Ttl { ttl: Span::hours(48) };
    let unobserved = Truth { observed_life: Some(Span::hours(24)), ..none };
    assert!(known(Provider::Vonage, ttl, none).end_is_known);
    assert!(!known(Provider::Vonage, ttl, unobserved).end_is_known);
}

#[test]
fn the_last_webhook_comes_when_the_operator_says() {
    let ttl = Life::Ttl { ttl: Span::hours(1) };
    let mut world = World::new(Provider::GoogleRbm, ttl, Truth::default());
    let two_days_later = 3_600 + 2 * DAY;
    assert_eq!(world.verdict(two_days_later).code(), "refused");
    world.policy.truth.webhook_tail = Some(Span::days(1));
    assert_eq!(world.verdict(two_days_later).code(), "lapsed");
}

#[test]
fn a_404_means_delivered_only_while_the_message_is_remembered() {
    let mut world = World::new(Provider::GoogleRbm, Life::None, Truth::default());
    world.source.revoke_ack = RevokeAck::Confirmed;
    world.asked(1, "google.global", 10 * DAY, NOT_FOUND);
    assert_eq!(world.verdict(10 * DAY + 60).code(), "presumed_delivered");
    world.policy.truth.remembered = Some(Span::days(9));
    assert_eq!(world.verdict(10 * DAY + 60).code(), "inconclusive");
}

#[test]
fn what_makes_no_sense_at_a_provider_is_refused() {
    let all = Truth {
        window_guard: Some(Span::hours(24)),
        longest_life: Some(Span::minutes(1)),
        observed_life: Some(Span::hours(24)),
        webhook_tail: Some(Span::days(1)),
        remembered: Some(Span::days(1)),
        permission_retries: Some(11),
        ask_other_hosts: Some(true),
        young: Some(Span::ZERO),
    };
    let keys = |provider: Provider| {
        let faults = all.check(provider);
        assert!(faults.iter().all(|fault| !fault.say().is_empty()));
        faults.iter().map(TruthFault::key).collect::<Vec<_>>()
    };
    assert_eq!(
        keys(Provider::GoogleRbm),
        ["window_guard", "observed_life", "longest_life", "permission_retries"]
    );
    assert_eq!(keys(Provider::Vonage), ["window_guard", "remembered", "longest_life", "permission_retries"]);
    for provider in Provider::ALL {
        assert_eq!(Truth::default().check(*provider), []);
    }
}
