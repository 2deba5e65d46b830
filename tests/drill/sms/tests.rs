//! The judgement catches what it is there for: each test changes one thing in a message that may get an SMS.

use std::time::Duration;

use rcs_revoke_core::ack::NoEffect;
use rcs_revoke_core::fact::{
    Answered, Attempted, Event, FallbackAnswered, FallbackIntended, FallbackOrdered, ProviderEvent,
    Registered, Registrar, Requested, Then,
};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::{Ack, Fact, Timestamp};
use rcs_revoke_simulator::{Channel, Config, NewMessage, Provider, Running, SendSeen, Simulator, Truth};

use super::promptness::{self, Free};
use super::reading::{Says, Terms};
use super::safety::{self, Sent, Slack};
use super::{Message, Misdeed, terms};
use crate::classes::{ALERT, Class, OFFER};
use crate::clock::{DrillClock, ORIGIN};
use crate::script::{Scripted, draw};
use crate::uptime::Freedom;

const SECOND: i64 = 1_000;
/// When its revocation was accepted, and when that has settled.
const ACCEPTED: i64 = 10 * SECOND;
const SETTLED: i64 = ACCEPTED + 20 * SECOND;

fn at(since: i64) -> Timestamp {
    Timestamp::from_millis(ORIGIN + since)
}

/// A message of the class that lets SMS leave wherever they may.
fn scripted() -> Scripted {
    let mut one = draw(1, 200, 1_000_000).into_iter().find(|one| one.sender.agent == "DrillEurope").unwrap();
    (one.instead.class, one.instead.wrong_phone) = (Some(&ALERT), None);
    one
}

fn registered(scripted: &Scripted, class: &Class) -> Registered {
    Registered {
        by: Registrar::Api("one".to_owned()),
        received_at: at(0),
        sent_at: Some(at(0)),
        life: None,
        class: Some(class.name.to_owned()),
        phone: Some(scripted.phone.parse().unwrap()),
        host: None,
        failover: None,
        fallback_text: Some("Your code is 1234".to_owned()),
        revoke_at: None,
    }
}

fn requested(then: Then) -> Requested {
    Requested {
        wish: WishId::parse("rev_one").unwrap(),
        by: "operator".to_owned(),
        at: at(SECOND),
        not_before: None,
        then,
        reason: None,
        override_window: false,
        hand: false,
        batch: None,
    }
}

fn event(event: Event, since: i64, phone: &str) -> Fact {
    Fact::Event(ProviderEvent {
        identity: format!("{event:?}"),
        event,
        received_at: at(since),
        event_time: None,
        phone: Some(phone.parse().unwrap()),
        workflow: false,
        raw: String::new(),
    })
}

fn attempted() -> Fact {
    let wish = WishId::parse("rev_one").unwrap();
    let host = "vonage.eu".parse().unwrap();
    Fact::Attempted(Attempted { attempt: 1, wish, host, begun_at: at(2 * SECOND) })
}

fn answered(ack: Ack) -> Fact {
    Fact::Answered(Answered { attempt: 1, ack, status: None, body: None, at: at(ACCEPTED) })
}

/// Registered, wished away with an SMS to follow, and accepted.
fn facts(scripted: &Scripted) -> Vec<Fact> {
    let registered = Fact::Registered(registered(scripted, &ALERT));
    vec![registered, Fact::Requested(requested(Then::Fallback)), attempted(), answered(Ack::Accepted)]
}

fn intended(number: u32, since: i64) -> Fact {
    let request = format!("POST …\n\n{{\"client_ref\":\"rr-{number}\"}}");
    Fact::FallbackIntended(FallbackIntended { fallback: number, at: at(since), request })
}

fn refused(number: u32, since: i64) -> Fact {
    let ack = Ack::no_effect(NoEffect::Throttled);
    Fact::FallbackAnswered(FallbackAnswered { fallback: number, ack, provider_id: None, at: at(since) })
}

fn says(scripted: &Scripted, facts: &[Fact], since: i64) -> Says {
    let facts: Vec<&Fact> = facts.iter().collect();
    of(scripted).says(&facts, ORIGIN + since)
}

fn of(scripted: &Scripted) -> Terms {
    terms(scripted, None, Duration::from_mins(1)).unwrap()
}

#[test]
fn an_sms_leaves_once_the_answer_has_settled_until_it_is_stale() {
    let scripted = scripted();
    let facts = facts(&scripted);
    assert_eq!(says(&scripted, &facts, SETTLED - 1), Says::Wait);
    assert_eq!(says(&scripted, &facts, SETTLED), Says::Now);
    assert_eq!(says(&scripted, &facts, ALERT.not_after.unwrap()), Says::ByHand);
}

#[test]
fn what_holds_an_sms_back_is_read() {
    let scripted = scripted();
    let phone = scripted.phone.as_str();
    let with = |more: Fact| says(&scripted, &[facts(&scripted), vec![more]].concat(), SETTLED);
    assert_eq!(with(event(Event::Submitted, 0, phone)), Says::Now);
    assert_eq!(with(event(Event::Submitted, 0, "+491510000")), Says::ByHand);
    assert_eq!(with(event(Event::Read, 0, phone)), Says::Never);
    assert_eq!(with(event(Event::NotDelivered { code: "1300".to_owned() }, 0, phone)), Says::Now);
    assert_eq!(with(event(Event::NotDelivered { code: "1240".to_owned() }, 0, phone)), Says::ByHand);
    assert_eq!(with(intended(1, SETTLED)), Says::ByHand);
    let said = |change: fn(&mut Registered)| {
        let mut said = registered(&scripted, &ALERT);
        change(&mut said);
        let mut facts = facts(&scripted);
        facts[0] = Fact::Registered(said);
        says(&scripted, &facts, SETTLED)
    };
    assert_eq!(said(|_| {}), Says::Now);
    assert_eq!(said(|said| said.failover = Some(true)), Says::ByHand);
    assert_eq!(said(|said| said.fallback_text = None), Says::ByHand);
    assert_eq!(said(|said| said.sent_at = None), Says::ByHand);
    assert_eq!(said(|said| said.class = Some("transactional".to_owned())), Says::ByHand);
    let mut facts = facts(&scripted);
    facts[1] = Fact::Requested(requested(Then::Nothing));
    assert_eq!(says(&scripted, &facts, SETTLED), Says::ByHand);
}

#[test]
fn advertising_stops_when_the_person_says_so() {
    let scripted = scripted();
    let mut facts = facts(&scripted);
    facts[0] = Fact::Registered(registered(&scripted, &OFFER));
    assert_eq!(says(&scripted, &facts, SETTLED), Says::Now);
    facts.push(event(Event::Unsubscribed, SETTLED, &scripted.phone));
    assert_eq!(says(&scripted, &facts, SETTLED), Says::Never);
}

#[test]
fn without_a_result_it_leaves_at_fallback_by() {
    let scripted = scripted();
    let mut facts = facts(&scripted);
    facts[3] = answered(Ack::no_effect(NoEffect::Permission));
    let by = SECOND + ALERT.fallback_by.unwrap();
    assert_eq!(says(&scripted, &facts, by - 1), Says::Wait);
    assert_eq!(says(&scripted, &facts, by), Says::Now);
}

#[test]
fn where_nothing_is_known_it_is_asked_once_more_first() {
    let scripted = scripted();
    let phone = scripted.phone.as_str();
    let doubt = event(Event::UnknownExpiryWord { word: "expired".to_owned() }, SETTLED, phone);
    let facts = [facts(&scripted), vec![doubt]].concat();
    let now = SETTLED + SECOND;
    assert_eq!(says(&scripted, &facts, now), Says::Wait);
    let again = Requested {
        wish: WishId::parse("rev_again").unwrap(),
        by: "class alert".to_owned(),
        at: at(SETTLED),
        ..requested(Then::Fallback)
    };
    let facts = [facts, vec![Fact::Requested(again)]].concat();
    assert_eq!(says(&scripted, &facts, now), Says::Wait, "it is to be asked");
    let asked = Fact::Attempted(Attempted {
        attempt: 2,
        wish: WishId::parse("rev_again").unwrap(),
        host: "vonage.eu".parse().unwrap(),
        begun_at: at(SETTLED),
    });
    let ack = Ack::no_effect(NoEffect::Unsupported);
    let refused = Fact::Answered(Answered { attempt: 2, ack, status: None, body: None, at: at(SETTLED) });
    let mut facts = [facts, vec![asked, refused]].concat();
    assert_eq!(says(&scripted, &facts, now), Says::Now);
    let later = Requested {
        wish: WishId::parse("rev_later").unwrap(),
        at: at(SETTLED),
        not_before: Some(at(SETTLED + 60 * SECOND)),
        ..requested(Then::Nothing)
    };
    facts.push(Fact::Requested(later));
    assert_eq!(says(&scripted, &facts, now), Says::Now, "what is only planned takes nothing away");
}

/// A world in which the message exists, and SMS with these references were taken.
async fn world(scripted: &Scripted, taken: &[&str]) -> (Running, Vec<Truth>) {
    let simulator = Simulator::start(Config::default()).await.unwrap();
    let new = NewMessage::new(Provider::Vonage, scripted.phone.clone());
    simulator.create_message(NewMessage { id: Some(scripted.id.clone()), ..new.clone() }).unwrap();
    for reference in taken {
        let client_ref = Some((*reference).to_owned());
        simulator.create_message(NewMessage { channel: Channel::Sms, client_ref, ..new.clone() }).unwrap();
    }
    let books = simulator.truth();
    (simulator, books)
}

/// What is wrong with these facts where SMS with these references were taken.
async fn misdeeds(facts: &[Fact], taken: &[&str]) -> Vec<Misdeed> {
    let scripted = scripted();
    let (_simulator, books) = world(&scripted, taken).await;
    let sends: Vec<SendSeen> = Vec::new();
    let (terms, sent) = (of(&scripted), Sent::of(&books, &sends));
    let mut facts: Vec<&Fact> = facts.iter().collect();
    facts.sort_by_key(|fact| fact.at());
    let message = Message { scripted: &scripted, terms: &terms, facts, truth: &books[0] };
    safety::judge(&message, &sent, &[], &Slack(0))
}

#[tokio::test]
async fn an_sms_that_may_leave_is_no_misdeed() {
    let facts = [facts(&scripted()), vec![intended(1, SETTLED)]].concat();
    assert_eq!(misdeeds(&facts, &["rr-1"]).await, []);
    let early = [self::facts(&scripted()), vec![intended(1, SETTLED - 1)]].concat();
    assert_eq!(misdeeds(&early, &["rr-1"]).await, [Misdeed::NotAllowed { number: 1, says: Says::Wait }]);
}

#[tokio::test]
async fn the_same_sms_is_not_sent_twice() {
    let facts = [facts(&scripted()), vec![intended(1, SETTLED)]].concat();
    let twice = Misdeed::Twice { reference: "rr-1".to_owned(), times: 2 };
    assert_eq!(misdeeds(&facts, &["rr-1", "rr-1"]).await, [twice]);
}

#[tokio::test]
async fn a_second_one_is_an_operators_or_a_misdeed() {
    // The provider said no to the first and sent it all the same: nobody could know.
    let later = SETTLED + 60 * SECOND;
    let both = vec![intended(1, SETTLED), refused(1, SETTLED + SECOND), intended(2, later)];
    let facts = [facts(&scripted()), both].concat();
    assert_eq!(misdeeds(&facts, &["rr-2"]).await, []);
    let second = Misdeed::Second { first: 1, second: 2 };
    assert_eq!(misdeeds(&facts, &["rr-1", "rr-2"]).await, [second]);
    let order =
        FallbackOrdered { fallback: 2, by: "operator".to_owned(), at: at(later - SECOND), text: None };
    let facts = [facts, vec![Fact::FallbackOrdered(order)]].concat();
    assert_eq!(misdeeds(&facts, &["rr-1", "rr-2"]).await, []);
}

#[test]
fn an_order_ends_when_the_content_grows_stale_and_one_made_after_that_stands() {
    let scripted = scripted();
    let stale = ALERT.not_after.unwrap();
    let ordered = |since: i64| {
        let order = FallbackOrdered { fallback: 1, by: "operator".to_owned(), at: at(since), text: None };
        vec![Fact::Registered(registered(&scripted, &ALERT)), Fact::FallbackOrdered(order)]
    };
    let before = ordered(stale - SECOND);
    assert_eq!(says(&scripted, &before, stale - 1), Says::Now);
    assert_eq!(says(&scripted, &before, stale), Says::ByHand);
    assert_eq!(says(&scripted, &ordered(stale), stale + SECOND), Says::Now);
}

#[tokio::test]
async fn what_waits_for_the_server_alone_is_late_after_five_seconds() {
    let (scripted, clock) = (scripted(), DrillClock::after(Duration::ZERO, 60.0));
    let (_simulator, books) = world(&scripted, &[]).await;
    let facts = facts(&scripted);
    let terms = of(&scripted);
    let message =
        Message { scripted: &scripted, terms: &terms, facts: facts.iter().collect(), truth: &books[0] };
    let late = |seconds: i64, away: &[(i64, i64)]| {
        let until = ORIGIN + SETTLED + seconds * 60 * SECOND;
        let freedom = || Freedom::spare(clock, until, away);
        let free = Free { google: freedom(), vonage: freedom(), sms: freedom(), until };
        let mut longest = Duration::ZERO;
        promptness::sms(&message, &free, &mut longest).is_some()
    };
    assert!(late(7, &[]) && !late(4, &[]));
    let away = (ORIGIN + SETTLED, ORIGIN + SETTLED + 240 * SECOND);
    assert!(!late(7, &[away]), "nobody was at home for four of them");
}

#[tokio::test]
async fn a_date_of_its_own_is_late_alike() {
    let (scripted, clock) = (scripted(), DrillClock::after(Duration::ZERO, 60.0));
    let (_simulator, books) = world(&scripted, &[]).await;
    let facts = [Fact::Registered(registered(&scripted, &ALERT))];
    let terms = of(&scripted);
    let late = |facts: &[Fact], seconds: i64| {
        let facts = facts.iter().collect();
        let message = Message { scripted: &scripted, terms: &terms, facts, truth: &books[0] };
        let until = ORIGIN + ALERT.revoke_after.unwrap() + seconds * 60 * SECOND;
        let freedom = || Freedom::spare(clock, until, &[]);
        let free = Free { google: freedom(), vonage: freedom(), sms: freedom(), until };
        let mut longest = Duration::ZERO;
        promptness::own_date(&message, &free, &mut longest).is_some()
    };
    assert!(late(&facts, 7) && !late(&facts, 4));
    let delivered = event(Event::Delivered, SECOND, &scripted.phone);
    assert!(!late(&[facts.as_slice(), &[delivered]].concat(), 7));
}
