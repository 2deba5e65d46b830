//! An SMS instead, as the ledger keeps it: whose account sends it, what a withdrawal stops, who says what a message is.

use std::sync::Arc;

use rcs_revoke_api::Taken;
use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::fact::{Answered, Attempted, Registered, Registrar, Requested, Then};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::{Fact, Known, Span, Timestamp};

use super::hooks::{Bench, bench, call, consent, heard, sources, ticket};
use crate::ledger::{Change, Reply, Wish, Withdrawal};

fn requested(id: &str, then: Then, at: Timestamp) -> Requested {
    Requested {
        wish: WishId::parse(id).unwrap(),
        by: "operator".to_owned(),
        at,
        not_before: None,
        then,
        reason: None,
        override_window: false,
        hand: false,
        batch: None,
    }
}

/// A message with a one-time code, by its sender's word, and more facts.
fn code(bench: &Bench, more: Vec<Fact>) -> Change {
    let Change::Record { message, source, mut facts } = bench.registered("M1", "tickets") else {
        unreachable!("a registration is recorded")
    };
    if let Fact::Registered(registered) = &mut facts[0] {
        registered.class = Some("otp".to_owned());
    }
    facts.extend(more);
    Change::Record { message, source, facts }
}

/// Whether an SMS is due, as it is stored.
async fn is_due(bench: &Bench) -> bool {
    let held = bench.store.message(&ticket("M1")).await.unwrap().unwrap();
    held.projection.unwrap().sms_due_at.is_some()
}

#[tokio::test]
async fn an_sms_leaves_through_the_account_that_is_configured_for_it() {
    let bench = bench().await;
    let order = Change::Order { message: ticket("M1"), fallback: 1, by: "operator".to_owned(), text: None };
    let replies = bench.change(vec![code(&bench, Vec::new()), order]).await;
    assert_eq!(replies[1], Reply::Ordered(Ok(())));
    let send = async |source: &str| {
        let via: Arc<[String]> = Arc::from([source.to_owned()]);
        bench.ledger.begin_sms(&ticket("M1"), via).await.unwrap()
    };
    assert_eq!(send("tickets").await, None, "another account sends it");
    assert!(is_due(&bench).await);
    let begun = send("texts").await.unwrap();
    assert_eq!((begun.fallback, begun.via.as_str()), (1, "texts"));
    assert_eq!(send("texts").await, None, "it was begun");
    assert!(!is_due(&bench).await);
}

#[tokio::test]
async fn a_withdrawal_stops_the_sms_of_a_wish_that_was_answered() {
    let bench = bench().await;
    let then = bench.now - Span::secs(60);
    let wish = requested("rev_1", Then::Fallback, then);
    let host = "google.us".parse().unwrap();
    let asked = vec![
        Fact::Requested(wish.clone()),
        Fact::Attempted(Attempted { attempt: 1, wish: wish.wish, host, begun_at: then }),
        Fact::Answered(Answered { attempt: 1, ack: Ack::Accepted, status: Some(200), body: None, at: then }),
    ];
    bench.change(vec![code(&bench, asked)]).await;
    assert!(is_due(&bench).await, "it was asked for, and nothing proves that it worked");
    let withdraw = Change::Withdraw { message: ticket("M1"), by: "operator".to_owned() };
    assert_eq!(bench.change(vec![withdraw]).await, [Reply::Withdrawn(Withdrawal::TooLate)]);
    assert!(!is_due(&bench).await);
}

#[tokio::test]
async fn an_operators_class_counts_only_where_nobody_else_names_one() {
    let bench = bench().await;
    bench.change(vec![bench.registered("M1", "tickets")]).await;
    let wish = |id: &str| {
        let said = Registered {
            by: Registrar::Operator(id.to_owned()),
            received_at: bench.now,
            sent_at: None,
            life: None,
            class: Some("otp".to_owned()),
            phone: None,
            host: None,
            failover: None,
            fallback_text: None,
            revoke_at: None,
        };
        let requested = requested(&format!("rev_{id}"), Then::Nothing, bench.now);
        let (message, source) = (ticket(id), Some("tickets".parse().unwrap()));
        Change::Wish(Box::new(Wish {
            message,
            source,
            requested,
            registered: Some(said),
            again: false,
            replace: false,
        }))
    };
    let made = bench.change(vec![wish("M1"), wish("M2")]).await;
    assert!(made.iter().all(|reply| matches!(reply, Reply::Taken(Taken::Made { .. }))), "{made:?}");
    for (id, class) in [("M1", "promotional"), ("M2", "otp")] {
        let held = bench.store.message(&ticket(id)).await.unwrap().unwrap();
        let policy = &bench.sources.find("tickets").unwrap().policy;
        assert_eq!(Known::of(&held.evidence, policy).class.as_deref(), Some(class), "{id}");
    }
}

#[tokio::test]
async fn who_unsubscribed_is_heard_whatever_the_source_is_called_now() {
    let bench = bench().await;
    let no_more = call("tickets", consent("UNSUBSCRIBE", "E1", None), bench.now);
    bench.change(vec![heard(no_more, false)]).await;
    let mut renamed = sources();
    renamed[3].source.id = "events".parse().unwrap();
    let bench = bench.restarted(&renamed).await;
    bench.change(vec![bench.registered("M1", "events")]).await;
    assert!(bench.is_barred("M1").await);
}
