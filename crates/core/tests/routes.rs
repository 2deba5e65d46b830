//! Where the next request goes, in order, and what is said about it.

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::explain::next_host;
use rcs_revoke_core::fact::{Answered, Attempted, Registered, Registrar, Requested, Then};
use rcs_revoke_core::id::{SenderId, WishId};
use rcs_revoke_core::{
    AgentId, Evidence, Fact, Host, MessageRef, Provider, Source, SourceId, Step, Timestamp, assess,
};

const SENT: i64 = 1_800_000_000_000;
const UUID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
/// When a request for the message leaves last, in seconds after sending.
const LAST: i64 = 86_400 - 60;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(SENT + seconds * 1_000)
}

fn host(name: &str) -> Host {
    name.parse().expect("it is well formed")
}

fn source(provider: Provider) -> Source {
    let mut source = Source::new(SourceId::parse("shop").expect("it is well formed"), provider);
    source.agent = (provider == Provider::GoogleRbm)
        .then(|| AgentId::parse("shop@rbm.goog").expect("it is well formed"));
    source
}

/// A message that was sent at zero at that host, and wished away ten seconds later.
fn evidence(provider: Provider, sent_at_host: Option<&str>) -> Evidence {
    let key = match provider {
        Provider::GoogleRbm => format!("google_rbm:shop@rbm.goog:{UUID}"),
        Provider::Vonage => format!("vonage:{UUID}"),
    };
    let mut evidence = Evidence::new(MessageRef::parse(&key).expect("it is well formed"));
    evidence.record(Fact::Registered(Registered {
        by: Registrar::Api("call-1".to_owned()),
        received_at: at(0),
        sent_at: Some(at(0)),
        life: None,
        class: None,
        phone: Some("+447700900000".parse().expect("it is well formed")),
        host: sent_at_host.map(host),
        failover: None,
        fallback_text: None,
        revoke_at: None,
    }));
    evidence.record(Fact::Requested(Requested {
        wish: WishId::parse("w1").expect("it is well formed"),
        by: "ops".to_owned(),
        at: at(10),
        not_before: None,
        then: Then::Nothing,
        reason: None,
        override_window: false,
        hand: false,
        batch: None,
    }));
    evidence
}

fn asked(evidence: &mut Evidence, attempt: u32, name: &str, seconds: i64, ack: Ack) {
    let wish = WishId::parse("w1").expect("it is well formed");
    evidence.record(Fact::Attempted(Attempted { attempt, wish, host: host(name), begun_at: at(seconds) }));
    evidence.record(Fact::Answered(Answered { attempt, ack, status: None, body: None, at: at(seconds) }));
}

fn asks(evidence: &Evidence, source: &Source, seconds: i64) -> Option<&'static str> {
    let policy = source.provider.adapter().policy();
    match assess(evidence, source, &policy, at(seconds)).step {
        Step::Send { host, .. } => Some(host.name()),
        _ => None,
    }
}

/// The host, and the sentence about it.
fn said(evidence: &Evidence, source: &Source) -> (&'static str, String) {
    let policy = source.provider.adapter().policy();
    let next = next_host(evidence, source, &policy, at(200));
    assert_eq!(asks(evidence, source, 200), Some(next.host.name()), "it says what it does");
    (next.host.name(), next.why.to_string())
}

#[test]
fn a_404_asks_the_others_in_order_and_only_within_the_window() {
    let mut source = source(Provider::Vonage);
    source.learnt = vec![host("vonage.ap")];
    let mut told = evidence(Provider::Vonage, None);
    for (attempt, name) in [(1, "vonage.ap"), (2, "vonage.us"), (3, "vonage.eu")] {
        assert_eq!(asks(&told, &source, 100), Some(name));
        assert_eq!(asks(&told, &source, LAST - 1), Some(name));
        assert_eq!(asks(&told, &source, LAST), None, "the window has closed");
        asked(&mut told, attempt, name, 100, Ack::NotFound { proper: true });
    }
    assert_eq!(asks(&told, &source, 200), None, "every region was asked");
}

#[test]
fn it_is_said_why_a_host_is_asked() {
    let mut vonage = source(Provider::Vonage);
    let mut told = evidence(Provider::Vonage, None);
    assert_eq!(
        said(&told, &vonage),
        ("vonage.us", "api-us, because nothing is known of where it was sent: the others follow.".to_owned())
    );
    vonage.launch_country = Some("DE".parse().expect("it is well formed"));
    assert_eq!(
        said(&told, &vonage),
        (
            "vonage.eu",
            "api-eu, because the agent was launched in DE, which the provider's table says.".to_owned()
        )
    );
    vonage.learnt = vec![host("vonage.ap")];
    assert_eq!(
        said(&told, &vonage),
        ("vonage.ap", "api-ap, because it accepted an earlier request of this source.".to_owned())
    );
    vonage.host = Some(host("vonage.us"));
    assert_eq!(said(&told, &vonage), ("vonage.us", "api-us, because the configuration says so.".to_owned()));
    asked(&mut told, 1, "vonage.us", 100, Ack::NotFound { proper: true });
    assert_eq!(
        said(&told, &vonage),
        ("vonage.ap", "api-ap, because those before it do not know the message.".to_owned())
    );
}

#[test]
fn the_host_that_sent_revokes_at_google() {
    let mut google = source(Provider::GoogleRbm);
    google.learnt = vec![host("google.us")];
    google.host = Some(host("google.asia"));
    let told = evidence(Provider::GoogleRbm, Some("google.europe"));
    assert_eq!(
        said(&told, &google),
        ("google.europe", "Google's host europe, because the message was sent there.".to_owned())
    );
}

#[test]
fn sources_that_send_as_one_are_told_from_others() {
    let named = |id: &str, sender: Option<&str>| {
        let mut source = source(Provider::Vonage);
        source.id = SourceId::parse(id).expect("it is well formed");
        source.sender = sender.map(|sender| SenderId::parse(sender).expect("it is well formed"));
        source
    };
    let one = named("one", Some("Acme"));
    assert!(one.sends_as(&named("two", Some("Acme"))) && one.sends_as(&one));
    assert!(!one.sends_as(&named("two", Some("Other"))));
    assert!(!named("one", None).sends_as(&named("two", None)), "nothing says that they are one");
    let mut google = source(Provider::GoogleRbm);
    google.id = SourceId::parse("again").expect("it is well formed");
    assert!(google.sends_as(&source(Provider::GoogleRbm)) && !google.sends_as(&one));
}
