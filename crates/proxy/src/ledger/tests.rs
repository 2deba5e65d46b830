//! The ledger on a real file: what is recorded once stays once, and everything can be made again.

use std::collections::HashMap;
use std::sync::Arc;

use rcs_revoke_api::Taken;
use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::fact::{Answered, Event, Life, ProviderEvent, Registered, Registrar, Requested, Then};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::webhook::IncomingEvent;
use rcs_revoke_core::{Fact, MessageRef, Provider, SourceId, Timestamp};
use tempfile::TempDir;

use super::rebuild::compare;
use super::{Change, Heard, Ledger, Reply, WebhookEvent, Wish, Withdrawal};
use crate::clock::{SharedClock, System};
use crate::config::{Config, Ready, check};
use crate::sources::Sources;
use crate::store::unclaimed::{Kind, Unclaimed};
use crate::store::{Projection, Store};

mod batches;
mod forgetting;
mod harm;
mod hooks;
mod instead;
mod keeping;

const ID: &str = "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const KEY: &str = include_str!("../../tests/throw-away-key.pem");

struct Bench {
    ledger: Ledger,
    store: Store,
    sources: Arc<Sources>,
    clock: SharedClock,
    folder: TempDir,
}

/// A second sender whose webhooks are signed with the same secret.
const SHARING: &str = "signature_secret = { file = \"key.pem\" }\n[sources.otp-too]\nprovider = \"vonage\"\n\
    application = \"11111111-2222-4333-8444-555555555555\"\nprivate_key = { file = \"key.pem\" }\n\
    signature_secret = { file = \"key.pem\" }\n";

fn ready(folder: &TempDir, more: &str) -> Ready {
    std::fs::write(folder.path().join("key.pem"), KEY).unwrap();
    let file = folder.path().join("a.toml");
    let text = "[sources.otp]\nprovider = \"vonage\"\nsender = \"A\"\nlaunch_country = \"DE\"\n\
                application = \"11111111-2222-4333-8444-555555555555\"\nprivate_key = { file = \"key.pem\" }\n";
    std::fs::write(&file, format!("{text}{more}")).unwrap();
    check::check(&Config::load(Some(&file)).unwrap()).unwrap()
}

async fn open(folder: TempDir, more: &str) -> Bench {
    open_at(folder, more, Arc::new(System)).await
}

async fn open_at(folder: TempDir, more: &str, clock: SharedClock) -> Bench {
    let ready = ready(&folder, more);
    let (store, mut sql) = Store::open(&ready.database).await.unwrap();
    let learnt = crate::store::sources::learnt(&mut sql.sql).await.unwrap();
    let sources = Arc::new(Sources::new(&ready.sources, learnt));
    let ledger = Ledger::start(sql, Arc::clone(&sources), Arc::clone(&clock)).await.unwrap();
    Bench { ledger, store, sources, clock, folder }
}

async fn bench() -> Bench {
    open(tempfile::tempdir().unwrap(), "").await
}

fn message() -> MessageRef {
    MessageRef::parse(ID).unwrap()
}

fn delivered(at: Timestamp) -> Fact {
    Fact::Event(ProviderEvent {
        identity: "delivered-1".to_owned(),
        event: Event::Delivered,
        received_at: at,
        event_time: None,
        phone: None,
        workflow: false,
        raw: String::new(),
    })
}

impl Bench {
    fn wish(&self, id: &str, again: bool) -> Wish {
        let requested = Requested {
            wish: WishId::parse(id).unwrap(),
            by: "operator".to_owned(),
            at: self.clock.now(),
            not_before: None,
            then: Then::Nothing,
            reason: None,
            override_window: false,
            hand: false,
            batch: None,
        };
        Wish { message: message(), source: None, requested, registered: None, again, replace: false }
    }

    async fn record(&self, facts: Vec<Fact>) {
        let source = Some(SourceId::parse("otp").unwrap());
        self.ledger.change(vec![Change::Record { message: message(), source, facts }]).await.unwrap();
    }

    async fn outcome(&self) -> String {
        self.store.message(&message()).await.unwrap().unwrap().projection.unwrap().outcome
    }
}

#[tokio::test]
async fn a_fact_told_twice_changes_nothing() {
    let bench = bench().await;
    let at = bench.clock.now();
    bench.record(vec![delivered(at)]).await;
    let seq = *bench.ledger.changes().borrow();
    bench.record(vec![delivered(at)]).await;
    assert_eq!(*bench.ledger.changes().borrow(), seq);
    assert_eq!(bench.ledger.counts(), [("delivered".to_owned(), 1)].into());
}

#[tokio::test]
async fn pressing_twice_makes_one_wish() {
    let bench = bench().await;
    let made = |id: &str| Taken::Made { wish: id.to_owned() };
    assert_eq!(bench.ledger.wish(bench.wish("rev_1", false)).await.unwrap(), made("rev_1"));
    assert_eq!(
        bench.ledger.wish(bench.wish("rev_2", false)).await.unwrap(),
        Taken::Already { wish: "rev_1".to_owned() }
    );
    assert_eq!(
        bench.ledger.wish(bench.wish("rev_1", false)).await.unwrap(),
        made("rev_1"),
        "the same wish given again"
    );
    assert_eq!(
        bench.ledger.wish(bench.wish("rev_3", true)).await.unwrap(),
        Taken::Already { wish: "rev_1".to_owned() },
        "nothing was asked yet, so there is nothing to ask again"
    );
}

#[tokio::test]
async fn an_answered_message_can_be_asked_for_again() {
    let bench = bench().await;
    bench.ledger.wish(bench.wish("rev_1", false)).await.unwrap();
    let begun = bench.ledger.begin(&message()).await.unwrap().unwrap();
    assert!(bench.ledger.begin(&message()).await.unwrap().is_none(), "an attempt is open");
    let answer = Answered {
        attempt: begun.attempt,
        ack: Ack::Accepted,
        status: Some(202),
        body: None,
        at: bench.clock.now(),
    };
    bench.ledger.answered(&message(), Fact::Answered(answer)).await.unwrap();
    assert_eq!(bench.outcome().await, "settling");
    assert_eq!(bench.sources.find("otp").unwrap().learnt().hosts, [begun.host]);
    assert!(matches!(bench.ledger.wish(bench.wish("rev_2", false)).await.unwrap(), Taken::Already { .. }));
    assert!(matches!(bench.ledger.wish(bench.wish("rev_2", true)).await.unwrap(), Taken::Made { .. }));
}

/// What a host teaches one source of a sender holds for the others, also for one that is configured later.
#[tokio::test]
async fn sources_of_one_sender_learn_together() {
    let more = |id: &str, sender: &str| {
        format!(
            "[sources.{id}]\nprovider = \"vonage\"\nsender = \"{sender}\"\n\
             application = \"11111111-2222-4333-8444-555555555555\"\nprivate_key = {{ file = \"key.pem\" }}\n"
        )
    };
    let both = more("otp-too", "A") + &more("other", "B");
    let bench = open(tempfile::tempdir().unwrap(), &both).await;
    bench
        .ledger
        .wish(Wish { source: SourceId::parse("otp").ok(), ..bench.wish("rev_1", false) })
        .await
        .unwrap();
    let begun = bench.ledger.begin(&message()).await.unwrap().unwrap();
    let (status, body, at) = (Some(202), None, bench.clock.now());
    let answer = Answered { attempt: begun.attempt, ack: Ack::Accepted, status, body, at };
    bench.ledger.answered(&message(), Fact::Answered(answer)).await.unwrap();
    let hosts = |sources: &Sources, id: &str| sources.find(id).unwrap().learnt().hosts;
    assert_eq!(hosts(&bench.sources, "otp-too"), [begun.host]);
    assert_eq!(hosts(&bench.sources, "other"), []);
    let Bench { ledger, store, sources, folder, .. } = bench;
    drop((store, sources));
    ledger.close().await;
    let later = open(folder, &(both + &more("otp-later", "A"))).await;
    assert_eq!(hosts(&later.sources, "otp-too"), [begun.host]);
    assert_eq!(hosts(&later.sources, "otp-later"), [begun.host]);
}

#[tokio::test]
async fn asking_again_twice_makes_one_wish() {
    let bench = bench().await;
    bench.ledger.wish(bench.wish("rev_1", false)).await.unwrap();
    let begun = bench.ledger.begin(&message()).await.unwrap().unwrap();
    let long_ago = bench.clock.now() - rcs_revoke_core::Span::minutes(5);
    let answer =
        Answered { attempt: begun.attempt, ack: Ack::Accepted, status: Some(202), body: None, at: long_ago };
    bench.ledger.answered(&message(), Fact::Answered(answer)).await.unwrap();
    assert_eq!(bench.outcome().await, "unconfirmed");
    // One that began in the very millisecond of a wish would count for it.
    let later = bench.clock.now() + rcs_revoke_core::Span::millis(1);
    let again = |id: &str| {
        let mut wish = bench.wish(id, true);
        wish.requested.at = later;
        wish
    };
    assert!(matches!(bench.ledger.wish(again("rev_2")).await.unwrap(), Taken::Made { .. }));
    assert_eq!(bench.outcome().await, "unconfirmed", "the first answer still names the outcome");
    assert_eq!(bench.ledger.wish(again("rev_3")).await.unwrap(), Taken::Already { wish: "rev_2".to_owned() });
}

#[tokio::test]
async fn a_wish_is_withdrawn_once() {
    let bench = bench().await;
    bench.ledger.wish(bench.wish("rev_1", false)).await.unwrap();
    let withdraw = || Change::Withdraw { message: message(), by: "operator".to_owned() };
    let replies = bench.ledger.change(vec![withdraw(), withdraw()]).await.unwrap();
    assert_eq!(replies, [Reply::Withdrawn(Withdrawal::InTime), Reply::Withdrawn(Withdrawal::Nothing)]);
    assert_eq!(bench.outcome().await, "withdrawn");
    assert!(bench.ledger.begin(&message()).await.unwrap().is_none());
}

#[tokio::test]
async fn an_attempt_that_nobody_will_answer_is_taken_up() {
    let first = bench().await;
    first.ledger.wish(first.wish("rev_1", false)).await.unwrap();
    first.ledger.begin(&message()).await.unwrap().unwrap();
    let Bench { ledger, store, folder, .. } = first;
    store.readers.close().await;
    drop((ledger, store));
    let second = loop {
        // The first writer ends when its last sender is gone; until then it holds the file.
        let ready = ready(&folder, "");
        match Store::open(&ready.database).await {
            Ok((store, sql)) => {
                drop((store, sql));
                break open(folder, "").await;
            }
            Err(_) => tokio::task::yield_now().await,
        }
    };
    super::looker::take_up(&second.ledger, &second.store).await.unwrap();
    let held = second.store.message(&message()).await.unwrap().unwrap();
    let unknown =
        |fact: &&Fact| matches!(fact, Fact::Answered(answer) if matches!(answer.ack, Ack::Unknown { .. }));
    assert_eq!(held.evidence.facts().filter(unknown).count(), 1);
}

#[tokio::test]
async fn an_event_and_the_choice_of_its_source_may_come_together() {
    let bench = open(tempfile::tempdir().unwrap(), SHARING).await;
    let received_at = bench.clock.now();
    let event = IncomingEvent {
        provider: Provider::Vonage,
        agent: None,
        application: None,
        sender: None,
        message: message().id().clone(),
        identity: "delivered-1".to_owned(),
        event: Event::Delivered,
        event_time: None,
        phone: None,
        workflow: false,
        raw: String::new(),
    };
    let call = Unclaimed {
        digest: "d".to_owned(),
        kind: Kind::Unclaimed,
        provider: "vonage".to_owned(),
        source: "otp".to_owned(),
        message: Some(ID.to_owned()),
        received_at: received_at.as_millis(),
        event: Some(serde_json::to_string(&event).unwrap()),
        headers: "[]".to_owned(),
        body: String::new(),
    };
    let event = WebhookEvent { event, received_at, call, kept: false };
    let mut wish = bench.wish("rev_1", false);
    wish.source = Some(SourceId::parse("otp").unwrap());
    // One list is one group: the wish is not loaded again between the two.
    let changes = vec![Change::Event(Box::new(event)), Change::Wish(Box::new(wish))];
    let replies = bench.ledger.change(changes).await.unwrap();
    assert_eq!(replies[0], Reply::Heard(Heard::Unclaimed), "two senders may have sent it");
    assert_eq!(bench.outcome().await, "delivered");
    assert!(bench.store.unclaimed_after("", 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_keeps_its_source_and_says_so() {
    let bench = open(tempfile::tempdir().unwrap(), SHARING).await;
    bench.record(vec![delivered(bench.clock.now())]).await;
    let source = Some(SourceId::parse("otp-too").unwrap());
    let change = Change::Record { message: message(), source, facts: Vec::new() };
    let replies = bench.ledger.change(vec![change]).await.unwrap();
    assert!(matches!(&replies[..], [Reply::Refused(none)] if none.code == "source_differs"), "{replies:?}");
}

#[tokio::test]
async fn what_is_stored_is_what_the_facts_say() {
    let bench = bench().await;
    bench.ledger.wish(bench.wish("rev_1", false)).await.unwrap();
    bench.record(vec![delivered(bench.clock.now())]).await;
    let found = compare(&bench.store, &Sources::new(&ready(&bench.folder, "").sources, HashMap::new()))
        .await
        .unwrap();
    assert_eq!((found.messages, found.facts, found.differing.len()), (1, 2, 0));
}

#[tokio::test]
async fn an_unknown_source_or_none_that_fits_is_refused() {
    let bench = bench().await;
    let mut wish = bench.wish("rev_1", false);
    wish.source = Some(SourceId::parse("nobody").unwrap());
    let refused = bench.ledger.wish(wish).await.unwrap();
    assert!(matches!(refused, Taken::Refused { code, .. } if code == "unknown_source"));
    let mut wish = bench.wish("rev_1", false);
    wish.message = MessageRef::parse("google_rbm:agent@rbm.goog:123").unwrap();
    let refused = bench.ledger.wish(wish).await.unwrap();
    assert!(matches!(refused, Taken::Refused { code, .. } if code == "no_source"));
    assert!(bench.ledger.counts().is_empty(), "nothing was made");
}

#[tokio::test]
async fn what_is_due_is_looked_at_when_its_time_is_over() {
    let bench = bench().await;
    let now = bench.clock.now();
    let mut wish = bench.wish("rev_1", false);
    wish.registered = Some(Registered {
        by: Registrar::Operator("rev_1".to_owned()),
        received_at: now,
        sent_at: Some(now),
        life: Some(Life::None),
        class: None,
        phone: None,
        host: None,
        failover: None,
        fallback_text: None,
        revoke_at: None,
    });
    bench.ledger.wish(wish).await.unwrap();
    let held = bench.store.message(&message()).await.unwrap().unwrap();
    let projection = held.projection.unwrap();
    assert!(projection.due_at.is_some());
    let look_at = projection.look_at.expect("nobody may ever send it, and its life ends");
    let entry = bench.sources.find("otp").unwrap();
    let of =
        |at| Projection::of(&held.evidence, &entry.snapshot(), &entry.policy, Timestamp::from_millis(at)).0;
    assert!(of(look_at - 1).due_at.is_some());
    assert!(of(look_at).due_at.is_none());
}
