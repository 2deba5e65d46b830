//! Webhooks about our SMS, and about what people want of an agent's advertising.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::fact::{
    Event, FallbackAnswered, FallbackIntended, FallbackStatus, Registered, Registrar,
};
use rcs_revoke_core::fallback::{self, Because, Offer};
use rcs_revoke_core::id::{AgentId, SenderId};
use rcs_revoke_core::source::SmsSender;
use rcs_revoke_core::webhook::Verdict;
use rcs_revoke_core::{E164, Fact, MessageRef, Provider, Source, SourceId, Timestamp};
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tempfile::TempDir;

use crate::clock::{SharedClock, System};
use crate::config::ReadySource;
use crate::config::ready::CredentialConfig;
use crate::ledger::rebuild::{compare, rebuild};
use crate::ledger::{Change, Heard, Ledger, Reply, WebhookEvent};
use crate::sources::Sources;
use crate::store::Store;
use crate::store::unclaimed::{Kind, Unclaimed};

const PHONE: &str = "+447700900001";
const SMS: &str = "bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab";

/// Sources of two secrets: `tickets`, `offers` and `texts` share one; `stranger` has another, and an agent of the same
/// name.
pub(super) fn sources() -> Vec<ReadySource> {
    let source = |id: &str, agent: Option<&str>, group: &str| {
        let id = SourceId::parse(id).unwrap();
        let provider = if agent.is_some() { Provider::GoogleRbm } else { Provider::Vonage };
        let mut source = Source::new(id, provider);
        source.agent = agent.map(|agent| AgentId::parse(agent).unwrap());
        source.sms = Some(SmsSender {
            source: SourceId::parse("texts").unwrap(),
            from: SenderId::parse("Shop").unwrap(),
            host: "vonage.eu".parse().unwrap(),
        });
        ReadySource {
            policy: provider.adapter().policy(),
            label: source.id.to_string(),
            source,
            credential: CredentialConfig::GoogleAmbient,
            account: group.to_owned(),
            webhook: None,
            webhook_group: group.to_owned(),
        }
    };
    vec![
        source("offers", Some("offers"), "one"),
        source("stranger", Some("tickets"), "two"),
        source("texts", None, "one"),
        source("tickets", Some("tickets"), "one"),
    ]
}

pub(super) struct Bench {
    pub(super) ledger: Ledger,
    pub(super) store: Store,
    pub(super) sources: Arc<Sources>,
    pub(super) now: Timestamp,
    folder: TempDir,
}

async fn open(folder: TempDir, ready: &[ReadySource]) -> Bench {
    let (store, sql) = Store::open(&folder.path().join("a.db")).await.unwrap();
    let sources = Arc::new(Sources::new(ready, HashMap::new()));
    let clock: SharedClock = Arc::new(System);
    let now = clock.now();
    let ledger = Ledger::start(sql, Arc::clone(&sources), clock).await.unwrap();
    Bench { ledger, store, sources, now, folder }
}

pub(super) async fn bench() -> Bench {
    open(tempfile::tempdir().unwrap(), &sources()).await
}

pub(super) fn ticket(id: &str) -> MessageRef {
    MessageRef::parse(&format!("google_rbm:tickets@rbm.goog:{id}")).unwrap()
}

/// A call that was verified, as it would be kept.
pub(super) fn call(source: &str, body: String, received_at: Timestamp) -> Unclaimed {
    let provider = if source == "texts" { "vonage" } else { "google_rbm" };
    Unclaimed {
        digest: Unclaimed::digest_of(provider, source, body.as_bytes()),
        kind: Kind::Aside,
        provider: provider.to_owned(),
        source: source.to_owned(),
        message: None,
        received_at: received_at.as_millis(),
        event: None,
        headers: "[]".to_owned(),
        body,
    }
}

/// What follows from a call.
pub(super) fn heard(call: Unclaimed, kept: bool) -> Change {
    let received_at = Timestamp::from_millis(call.received_at);
    match call.read_again().unwrap() {
        Verdict::Sms(event) => Change::Sms(Box::new(WebhookEvent { event: *event, received_at, call, kept })),
        Verdict::Consent(event) => {
            Change::Consent(Box::new(WebhookEvent { event: *event, received_at, call, kept }))
        }
        other => panic!("{other:?}"),
    }
}

fn status(word: &str, reference: Option<&str>) -> String {
    let mut status = json!({
        "message_uuid": SMS.to_uppercase(), "to": "447700900001", "from": "Shop", "channel": "sms",
        "timestamp": "2026-11-20T10:00:20Z", "status": word,
    });
    if let Some(reference) = reference {
        status["client_ref"] = json!(reference);
    }
    status.to_string()
}

pub(super) fn consent(word: &str, event: &str, sent: Option<Timestamp>) -> String {
    let payload = json!({
        "senderPhoneNumber": PHONE, "eventType": word, "eventId": event, "agentId": "tickets@rbm.goog",
        "sendTime": sent.map(|sent| sent.to_string()),
    });
    json!({ "message": { "data": STANDARD.encode(payload.to_string()) } }).to_string()
}

impl Bench {
    pub(super) async fn change(&self, changes: Vec<Change>) -> Vec<Reply> {
        self.ledger.change(changes).await.unwrap()
    }

    /// A message of advertising to that person, by its sender's word.
    pub(super) fn registered(&self, id: &str, source: &str) -> Change {
        let registered = Registered {
            by: Registrar::Api(id.to_owned()),
            received_at: self.now,
            sent_at: Some(self.now),
            life: None,
            class: Some("promotional".to_owned()),
            phone: Some(E164::parse(PHONE).unwrap()),
            host: None,
            failover: None,
            fallback_text: Some("Hello".to_owned()),
            revoke_at: None,
        };
        let facts = vec![Fact::Registered(registered)];
        Change::Record { message: ticket(id), source: Some(SourceId::parse(source).unwrap()), facts }
    }

    fn intended(&self, id: &str) -> Change {
        let intent = FallbackIntended { fallback: 1, at: self.now, request: String::new() };
        let facts = vec![Fact::FallbackIntended(intent)];
        Change::Record { message: ticket(id), source: None, facts }
    }

    fn answered(&self, id: &str) -> Change {
        let provider_id = Some(SMS.to_owned());
        let answer = FallbackAnswered { fallback: 1, ack: Ack::Accepted, provider_id, at: self.now };
        Change::Record { message: ticket(id), source: None, facts: vec![Fact::FallbackAnswered(answer)] }
    }

    /// One message with an SMS that is on its way.
    async fn with_sms() -> Self {
        let bench = bench().await;
        bench.change(vec![bench.registered("M1", "tickets"), bench.intended("M1")]).await;
        bench
    }

    /// What was told of the first SMS of a message.
    async fn told(&self, id: &str) -> Vec<Event> {
        let held = self.store.message(&ticket(id)).await.unwrap().unwrap();
        let told = held.evidence.facts().filter_map(|fact| match fact {
            Fact::FallbackStatus(FallbackStatus { fallback: 1, event, .. }) => Some(event.clone()),
            _ => None,
        });
        told.collect()
    }

    /// Whether an SMS is ruled out because the person wants no more, by everything that is known of the message.
    pub(super) async fn is_barred(&self, id: &str) -> bool {
        let held = self.store.message(&ticket(id)).await.unwrap().unwrap();
        let entry = self.sources.find(held.source.as_deref().unwrap()).unwrap();
        let offer = fallback::fallback(&held.evidence, &entry.snapshot(), &entry.policy, self.now).offer;
        offer == Offer::No { because: Because::Unsubscribed }
    }

    async fn kept(&self) -> usize {
        self.store.unclaimed_after("", 100).await.unwrap().len()
    }

    /// Changes the file behind the ledger's back.
    async fn run(&self, statement: &'static str) {
        let path = self.folder.path().join("a.db");
        let mut sql = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut sql).await.unwrap();
        sql.close().await.unwrap();
    }

    pub(super) async fn restarted(self, ready: &[ReadySource]) -> Self {
        let Self { ledger, store, folder, .. } = self;
        store.readers.close().await;
        ledger.close().await;
        open(folder, ready).await
    }
}

fn reference() -> String {
    fallback::reference(&ticket("M1"), 1)
}

#[tokio::test]
async fn a_status_is_known_by_our_reference_before_any_answer() {
    let bench = Bench::with_sms().await;
    let delivered = || call("texts", status("delivered", Some(&reference())), bench.now);
    for _ in 0..2 {
        let replies = bench.change(vec![heard(delivered(), false)]).await;
        assert_eq!(replies, [Reply::Heard(Heard::Recorded(ticket("M1")))]);
    }
    assert_eq!((bench.told("M1").await, bench.kept().await), (vec![Event::Delivered], 0));
    // The RCS message itself is none the wiser.
    let held = bench.store.message(&ticket("M1")).await.unwrap().unwrap();
    assert_eq!(held.outcome.as_deref(), Some("watched"));
}

#[tokio::test]
async fn a_status_without_our_reference_waits_for_the_answer() {
    for together in [true, false] {
        let bench = Bench::with_sms().await;
        let submitted = heard(call("texts", status("submitted", None), bench.now), false);
        let delivered = heard(call("texts", status("delivered", Some("of another")), bench.now), false);
        let changes = vec![submitted, delivered, bench.answered("M1")];
        if together {
            let replies = bench.change(changes).await;
            assert_eq!(replies[0], Reply::Heard(Heard::Unclaimed), "nobody can know yet");
        } else {
            for change in changes {
                bench.change(vec![change]).await;
            }
        }
        assert_eq!(bench.told("M1").await.len(), 2, "{together}");
        assert_eq!(bench.kept().await, 0, "{together}");
        let late = heard(call("texts", status("rejected", None), bench.now), false);
        let replies = bench.change(vec![late]).await;
        assert_eq!(replies, [Reply::Heard(Heard::Recorded(ticket("M1")))], "{together}");
    }
}

#[tokio::test]
async fn a_secret_that_does_not_speak_for_the_sender_tells_nothing() {
    let mut ready = sources();
    ready[2].webhook_group = "three".to_owned();
    let bench = open(tempfile::tempdir().unwrap(), &ready).await;
    bench.change(vec![bench.registered("M1", "tickets"), bench.intended("M1")]).await;
    let mut foreign = call("texts", status("delivered", Some(&reference())), bench.now);
    foreign.source = "offers".to_owned();
    foreign.digest = Unclaimed::digest_of("vonage", "offers", foreign.body.as_bytes());
    assert_eq!(bench.change(vec![heard(foreign, false)]).await, [Reply::Heard(Heard::Unclaimed)]);
    bench.change(vec![bench.answered("M1")]).await;
    assert_eq!((bench.told("M1").await, bench.kept().await), (vec![], 1));
}

#[tokio::test]
async fn an_sms_of_nobody_is_kept_and_tried_again() {
    let bench = bench().await;
    let stranger = call("texts", status("delivered", Some(&reference())), bench.now);
    assert_eq!(bench.change(vec![heard(stranger, false)]).await, [Reply::Heard(Heard::Unclaimed)]);
    assert_eq!(bench.kept().await, 1);
    assert!(
        bench.sources.find("texts").unwrap().learnt().listening_since.is_none(),
        "which source it was is open"
    );
    bench.change(vec![bench.registered("M1", "tickets"), bench.intended("M1")]).await;
    let kept = bench.store.unclaimed_after("", 10).await.unwrap().remove(0);
    assert_eq!(kept.kind, Kind::Aside);
    bench.change(vec![heard(kept, true)]).await;
    assert_eq!((bench.told("M1").await, bench.kept().await), (vec![Event::Delivered], 0));
    assert!(bench.sources.find("texts").unwrap().learnt().listening_since.is_some());
}

#[tokio::test]
async fn the_names_of_sms_are_made_again_from_the_facts() {
    let bench = Bench::with_sms().await;
    bench.change(vec![bench.answered("M1")]).await;
    let differing = async || compare(&bench.store, &bench.sources).await.unwrap().differing.len();
    assert_eq!(differing().await, 0);
    for harm in [
        "DELETE FROM sms",
        "UPDATE sms SET n = n + 1",
        "UPDATE sms SET fallback = 2",
        "UPDATE sms SET provider_id = NULL",
    ] {
        bench.run(harm).await;
        assert_eq!(differing().await, 1, "{harm}");
        rebuild(&bench.ledger, &bench.store).await.unwrap();
        assert_eq!(differing().await, 0, "{harm}");
    }
    let by_id = heard(call("texts", status("delivered", None), bench.now), false);
    assert_eq!(bench.change(vec![by_id]).await, [Reply::Heard(Heard::Recorded(ticket("M1")))]);
}

#[tokio::test]
async fn who_wants_no_more_is_told_to_messages_before_and_after() {
    let bench = bench().await;
    bench.change(vec![bench.registered("before", "tickets")]).await;
    let no_more = heard(call("tickets", consent("UNSUBSCRIBE", "E1", None), bench.now), false);
    let replies = bench.change(vec![no_more, bench.registered("with", "tickets")]).await;
    assert_eq!(replies[0], Reply::Heard(Heard::Noted));
    bench.change(vec![bench.registered("after", "tickets")]).await;
    for id in ["before", "with", "after"] {
        assert!(bench.is_barred(id).await, "{id}");
        assert!(bench.store.message(&ticket(id)).await.unwrap().unwrap().version > 0);
    }
    assert!(compare(&bench.store, &bench.sources).await.unwrap().is_sound());
    assert!(bench.sources.find("tickets").unwrap().learnt().listening_since.is_some());
    let bench = bench.restarted(&sources()).await;
    bench.change(vec![bench.registered("restarted", "tickets")]).await;
    assert!(bench.is_barred("restarted").await);
    let again = heard(call("tickets", consent("SUBSCRIBE", "E2", None), bench.now), false);
    bench.change(vec![again]).await;
    bench.change(vec![bench.registered("welcome", "tickets")]).await;
    assert!(!bench.is_barred("welcome").await);
    assert!(bench.is_barred("before").await, "what was told stays told");
}

#[tokio::test]
async fn words_that_come_late_or_twice_are_put_in_their_order() {
    let bench = bench().await;
    let [first, second] = [5, 3].map(|minutes| Some(bench.now - rcs_revoke_core::Span::minutes(minutes)));
    let said = |word, event, at| heard(call("tickets", consent(word, event, at), bench.now), false);
    bench.change(vec![said("SUBSCRIBE", "E2", second)]).await;
    bench.change(vec![said("UNSUBSCRIBE", "E1", first)]).await;
    bench.change(vec![bench.registered("M1", "tickets")]).await;
    assert!(!bench.is_barred("M1").await, "it was said before, and came late");
    // Without a time of its own it was said when it came.
    bench.change(vec![said("UNSUBSCRIBE", "E3", None)]).await;
    let mut replayed = call("tickets", consent("SUBSCRIBE", "E2", second), bench.now);
    replayed.received_at += 60_000;
    bench.change(vec![heard(replayed, false), said("UNSUBSCRIBE", "E3", None)]).await;
    bench.change(vec![bench.registered("M2", "tickets")]).await;
    assert!(bench.is_barred("M2").await, "an old word that comes again is no new one");
    assert_eq!(bench.kept().await, 0);
}

#[tokio::test]
async fn a_replay_without_a_time_is_no_new_word() {
    let bench = bench().await;
    let yes = call("tickets", consent("SUBSCRIBE", "E1", None), bench.now - rcs_revoke_core::Span::hours(2));
    let no = call("tickets", consent("UNSUBSCRIBE", "E2", None), bench.now - rcs_revoke_core::Span::hours(1));
    let replay = Unclaimed { received_at: bench.now.as_millis(), ..yes.clone() };
    for call in [yes, no, replay] {
        bench.change(vec![heard(call, false)]).await;
    }
    bench.change(vec![bench.registered("M1", "tickets")]).await;
    assert!(bench.is_barred("M1").await);
}

#[tokio::test]
async fn a_word_holds_for_its_own_agent_and_secret_only() {
    let bench = bench().await;
    let no_more = |source| heard(call(source, consent("UNSUBSCRIBE", "E1", None), bench.now), false);
    bench.change(vec![bench.registered("M1", "tickets")]).await;
    // The same agent's name, with a secret that somebody else has.
    assert_eq!(bench.change(vec![no_more("stranger")]).await, [Reply::Heard(Heard::Noted)]);
    bench.change(vec![bench.registered("M2", "tickets")]).await;
    assert!(!bench.is_barred("M1").await && !bench.is_barred("M2").await);
    // And that word does not stand in the way of the same one with the right secret.
    bench.change(vec![no_more("offers")]).await;
    bench.change(vec![bench.registered("M3", "tickets")]).await;
    for id in ["M1", "M3"] {
        assert!(bench.is_barred(id).await, "{id}");
    }
}

#[tokio::test]
async fn the_word_about_an_agent_that_is_configured_later_is_not_lost() {
    let without = &sources()[..3];
    let bench = open(tempfile::tempdir().unwrap(), without).await;
    let no_more = heard(call("offers", consent("UNSUBSCRIBE", "E1", None), bench.now), false);
    assert_eq!(bench.change(vec![no_more]).await, [Reply::Heard(Heard::Unclaimed)]);
    let bench = bench.restarted(&sources()).await;
    let kept = bench.store.unclaimed_after("", 10).await.unwrap().remove(0);
    bench.change(vec![heard(kept, true)]).await;
    assert_eq!(bench.kept().await, 0);
    bench.change(vec![bench.registered("M1", "tickets")]).await;
    assert!(bench.is_barred("M1").await);
}
