//! One message, its source, and a clock: what every story begins with.

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::explain::explain;
use rcs_revoke_core::fact::{
    Answered, Attempted, Event, Fact, Life, ProviderEvent, Registered, Registrar, Requested, Then, Withdrawn,
};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::outcome::Verdict;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{
    AgentId, Assessment, E164, Evidence, Host, MessageRef, Policy, Provider, Source, SourceId, Span, Step,
    Timestamp, assess,
};

pub const T: Timestamp = Timestamp::from_millis(1_795_168_800_000);

/// One message, its source, and a clock that stands `at` seconds after sending.
pub struct Story {
    pub evidence: Evidence,
    pub source: Source,
    pub policy: Policy,
}

impl Story {
    pub fn vonage() -> Self {
        let mut source = Source::new(SourceId::parse("otp-eu").unwrap(), Provider::Vonage);
        source.launch_country = Some("DE".parse().unwrap());
        source.listening_since = Some(T - Span::days(1));
        Self::new(source, "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab")
    }

    pub fn google(revoke_ack: RevokeAck) -> Self {
        let mut source = Source::new(SourceId::parse("tickets").unwrap(), Provider::GoogleRbm);
        source.agent = Some(AgentId::parse("my_agent").unwrap());
        source.host = Some("google.europe".parse().unwrap());
        source.revoke_ack = revoke_ack;
        source.listening_since = Some(T - Span::days(1));
        Self::new(source, "google_rbm:my_agent@rbm.goog:0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d")
    }

    pub fn new(source: Source, message: &str) -> Self {
        let policy = source.provider.adapter().policy();
        Self { evidence: Evidence::new(MessageRef::parse(message).unwrap()), source, policy }
    }

    pub fn registered(mut self, life: Life) -> Self {
        self.evidence.record(Fact::Registered(Registered {
            by: Registrar::Api("call-1".to_owned()),
            received_at: T,
            sent_at: Some(T),
            life: Some(life),
            class: None,
            phone: Some(E164::parse("+447700900000").unwrap()),
            host: None,
            failover: None,
            fallback_text: None,
            revoke_at: None,
        }));
        self
    }

    pub fn wished(mut self, id: &str, at: i64) -> Self {
        self.evidence.record(Fact::Requested(Requested {
            wish: WishId::parse(id).unwrap(),
            by: "operator".to_owned(),
            at: T + Span::secs(at),
            not_before: None,
            then: Then::Nothing,
            reason: Some("Wrong discount code".to_owned()),
            override_window: false,
            hand: false,
            batch: None,
        }));
        self
    }

    pub fn withdrawn(mut self, id: &str, at: i64) -> Self {
        let (wish, by) = (WishId::parse(id).unwrap(), "operator".to_owned());
        self.evidence.record(Fact::Withdrawn(Withdrawn { wish, by, at: T + Span::secs(at) }));
        self
    }

    pub fn begun(mut self, attempt: u32, host: &str, at: i64) -> Self {
        let (wish, host) = (WishId::parse("rev_1").unwrap(), host.parse::<Host>().unwrap());
        let begun_at = T + Span::secs(at);
        self.evidence.record(Fact::Attempted(Attempted { attempt, wish, host, begun_at }));
        self
    }

    pub fn attempted(mut self, attempt: u32, host: &str, at: i64, ack: Ack) -> Self {
        self = self.begun(attempt, host, at);
        let at = T + Span::secs(at);
        self.evidence.record(Fact::Answered(Answered { attempt, ack, status: None, body: None, at }));
        self
    }

    pub fn told(mut self, event: Event, at: i64) -> Self {
        self.evidence.record(Fact::Event(ProviderEvent {
            identity: format!("{event:?}{at}"),
            event,
            received_at: T + Span::secs(at),
            event_time: None,
            phone: None,
            workflow: false,
            raw: String::new(),
        }));
        self
    }

    pub fn at(&self, seconds: i64) -> Assessment {
        assess(&self.evidence, &self.source, &self.policy, T + Span::secs(seconds))
    }

    pub fn verdict(&self, seconds: i64) -> Verdict {
        self.at(seconds).outcome.verdict
    }

    pub fn sentence(&self, seconds: i64) -> String {
        explain(&self.evidence, &self.source, &self.policy, T + Span::secs(seconds)).sentence.to_string()
    }

    #[track_caller]
    pub fn sends(&self, seconds: i64, expected: &str) {
        let Step::Send { host, .. } = self.at(seconds).step else {
            panic!("expected a request to {expected}, got {:?}", self.at(seconds).step);
        };
        assert_eq!(host.name(), expected);
    }
}
