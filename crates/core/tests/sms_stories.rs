//! The stories that people tell about an SMS instead: when it leaves, when it must not, and who decides.
#![expect(clippy::unwrap_used, reason = "a story that cannot be set up has failed")]

use rcs_revoke_core::fact::{Fact, Requested};
use rcs_revoke_core::fallback::{
    self, Because, Fallback, Offer, OrderRefused, SmsState, draft, fallback as offered, order, sent,
};
use rcs_revoke_core::id::SenderId;
use rcs_revoke_core::source::SmsSender;
use rcs_revoke_core::step::Brings;
use rcs_revoke_core::{
    Evidence, MessageRef, Policy, Provider, Source, SourceId, Span, Step, Timestamp, assess, explain,
};
use serde_json::{Value, json};

const SENT: i64 = 1_795_168_800_000;
const ACCEPTED: &str = "accepted";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(SENT + seconds * 1_000)
}

/// One message of Vonage that was registered when it was sent, with everything that an SMS needs.
struct Story {
    evidence: Evidence,
    source: Source,
    policy: Policy,
}

impl Story {
    fn of(class: &str) -> Self {
        Self::with(&json!({ "class": class, "fallback_text": "Your code is 1234", "sent_at": SENT }))
    }

    fn with(registered: &Value) -> Self {
        let message = MessageRef::parse("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab").unwrap();
        let id = SourceId::parse("otp-eu").unwrap();
        let mut source = Source::new(id.clone(), Provider::Vonage);
        source.host = Some("vonage.eu".parse().unwrap());
        let from = SenderId::parse("Acme").unwrap();
        source.sms = Some(SmsSender { source: id, from, host: "vonage.eu".parse().unwrap() });
        let policy = Provider::Vonage.adapter().policy();
        let mut story = Self { evidence: Evidence::new(message), source, policy };
        let mut fact = json!({ "fact": "registered", "by": { "kind": "api", "id": "1" },
            "received_at": SENT, "phone": "+447700900000" });
        fact.as_object_mut().unwrap().extend(registered.as_object().unwrap().clone());
        story.know(fact);
        story
    }

    fn know(&mut self, fact: Value) {
        let fact: Fact = serde_json::from_value(fact).unwrap();
        assert!(self.evidence.record(fact), "it was known already");
    }

    fn told(mut self, facts: &[Value]) -> Self {
        for fact in facts {
            self.know(fact.clone());
        }
        self
    }

    /// Does what the class wishes by itself, as a server does at once.
    fn wishing(mut self, seconds: i64) -> Self {
        let Step::Request { requested } = self.step(seconds) else { panic!("{:?}", self.step(seconds)) };
        self.evidence.record(Fact::Requested(requested));
        self
    }

    fn step(&self, seconds: i64) -> Step {
        assess(&self.evidence, &self.source, &self.policy, at(seconds)).step
    }

    fn look_again(&self, seconds: i64) -> Option<Timestamp> {
        assess(&self.evidence, &self.source, &self.policy, at(seconds)).look_again_at
    }

    fn offer(&self, seconds: i64) -> Offer {
        self.fallback(seconds).offer
    }

    fn fallback(&self, seconds: i64) -> Fallback {
        offered(&self.evidence, &self.source, &self.policy, at(seconds))
    }

    fn states(&self, seconds: i64) -> Vec<SmsState> {
        sent(&self.evidence, &self.policy, at(seconds)).into_iter().map(|sms| sms.state).collect()
    }
}

fn wish(id: &str, seconds: i64, then: &str) -> Value {
    json!({ "fact": "requested", "wish": id, "by": "ops", "at": SENT + seconds * 1_000, "then": then })
}

fn asked(wish: &str, number: u32, seconds: i64, ack: &str) -> [Value; 2] {
    let at = SENT + seconds * 1_000;
    [
        json!({ "fact": "attempted", "attempt": number, "wish": wish, "host": "vonage.eu", "begun_at": at }),
        json!({ "fact": "answered", "attempt": number, "ack": ack, "reason": "unsupported", "at": at }),
    ]
}

fn event(event: &str, seconds: i64) -> Value {
    json!({ "fact": "event", "identity": event, "event": event, "code": "1300",
        "received_at": SENT + seconds * 1_000 })
}

fn intended(number: u32, seconds: i64) -> Value {
    json!({ "fact": "fallback_intended", "fallback": number, "at": SENT + seconds * 1_000, "request": "POST …" })
}

fn sms_answered(number: u32, seconds: i64, ack: &Value) -> Value {
    let mut fact = json!({ "fact": "fallback_answered", "fallback": number, "at": SENT + seconds * 1_000 });
    fact.as_object_mut().unwrap().extend(ack.as_object().unwrap().clone());
    fact
}

fn by_hand(because: Because) -> Offer {
    Offer::ByHand { because }
}

#[test]
fn a_code_goes_stale_and_an_sms_follows_by_itself() {
    let story = Story::of("otp").wishing(1);
    assert_eq!(story.step(2), Step::WaitUntil { at: at(600), brings: Brings::Start });
    let Step::Send { wish, .. } = story.step(600) else { panic!("{:?}", story.step(600)) };
    let story = story.told(&asked(wish.as_str(), 1, 600, ACCEPTED));
    assert_eq!(story.offer(601), Offer::Wait, "a delivery may still cross");
    assert_eq!(story.look_again(601), Some(at(620)));
    assert_eq!(story.step(620), Step::SendFallback { fallback: 1 });
    let story = story.told(&[intended(1, 620)]);
    assert_eq!((story.step(621), story.states(621)), (Step::Done, vec![SmsState::Sending]));
    let story = story.told(&[sms_answered(1, 621, &json!({ "ack": ACCEPTED }))]);
    assert_eq!(story.offer(622), by_hand(Because::SmsSent));
    let late = story.told(&[event("delivered", 700)]);
    assert_eq!(late.offer(701), Offer::No { because: Because::Delivered });
    let outcome = assess(&late.evidence, &late.source, &late.policy, at(701)).outcome;
    assert!(format!("{outcome:?}").contains("duplicate: Some(Possible)"), "{outcome:?}");
}

#[test]
fn a_delivery_wins_and_no_sms_leaves() {
    let story = Story::of("otp").wishing(1).told(&[event("delivered", 300)]);
    assert_eq!(story.step(600), Step::Done);
    assert_eq!(story.offer(660), Offer::No { because: Because::Delivered });
}

#[test]
fn a_message_that_cannot_arrive_is_replaced_before_its_date() {
    let story = Story::of("otp").wishing(1).told(&[event("not_delivered", 5)]);
    assert_eq!(story.step(5), Step::SendFallback { fallback: 1 });
}

#[test]
fn what_is_not_answered_is_replaced_a_minute_after_it_was_due() {
    let story = Story::of("otp").wishing(1);
    assert_eq!(story.offer(600), Offer::At { at: at(660) });
    let assessment = assess(&story.evidence, &story.source, &story.policy, at(660));
    assert!(matches!(assessment.step, Step::Send { .. }), "{assessment:?}");
    assert_eq!(assessment.sms, Some(1), "neither waits for the other");
}

#[test]
fn stale_content_is_left_to_a_person() {
    let story = Story::of("otp").wishing(1);
    assert_eq!(story.offer(1_800), by_hand(Because::Stale));
    let mut late = Story::of("otp").wishing(1);
    late.policy.classes[0].fallback_by = Some(Span::minutes(25));
    assert_eq!(late.offer(700), by_hand(Because::Stale), "it would be stale by then");
}

#[test]
fn an_uncertain_code_is_asked_for_once_more_and_then_replaced() {
    let story = Story::of("otp").wishing(1);
    let Step::Send { wish, .. } = story.step(600) else { panic!("{:?}", story.step(600)) };
    let story = story.told(&asked(wish.as_str(), 1, 600, ACCEPTED));
    let doubtful = || Story::of("otp").wishing(1).told(&asked(wish.as_str(), 1, 600, ACCEPTED));
    assert_eq!(story.offer(605), Offer::Wait);
    let doubtful = || doubtful().told(&[event("expiry_revoke_failed", 610)]).wishing(620);
    let story = doubtful();
    assert_eq!(story.offer(620), Offer::Wait);
    let Step::Send { wish: again, attempt: 2, .. } = story.step(620) else { panic!("{:?}", story.step(620)) };
    assert_ne!(again, wish);
    let taken = story.told(&asked(again.as_str(), 2, 621, ACCEPTED));
    assert_eq!((taken.offer(640), taken.step(641)), (Offer::Wait, Step::SendFallback { fallback: 1 }));
    let refused = doubtful().told(&asked(again.as_str(), 2, 621, "no_effect"));
    assert_eq!(refused.step(622), Step::SendFallback { fallback: 1 }, "one for each message");
}

#[test]
fn a_doubt_does_not_wait_for_a_later_date() {
    let story = Story::of("otp").wishing(1).told(&[event("expiry_revoke_failed", 300)]).wishing(300);
    let Step::Send { wish, .. } = story.step(300) else { panic!("{:?}", story.step(300)) };
    let story = story.told(&asked(wish.as_str(), 1, 300, ACCEPTED));
    assert_eq!(story.step(320), Step::SendFallback { fallback: 1 });
    let due = Story::of("otp").wishing(1).told(&[event("expiry_revoke_failed", 600)]);
    assert!(
        matches!(due.step(600), Step::Send { .. }),
        "the date itself is the one more: {:?}",
        due.step(600)
    );
}

#[test]
fn only_what_surely_did_not_leave_is_tried_again() {
    let story = || Story::of("otp").wishing(1).told(&[event("not_delivered", 5), intended(1, 5)]);
    let after = |ack: Value, seconds| story().told(&[sms_answered(1, 6, &ack)]).fallback(seconds);
    let unknown = after(json!({ "ack": "unknown" }), 600);
    assert_eq!(unknown, Fallback { number: 2, offer: by_hand(Because::SmsMaybeSent) });
    assert_eq!(story().fallback(600).offer, by_hand(Because::SmsMaybeSent), "its answer never came");
    let refused = after(json!({ "ack": "not_sent", "why": "connection_refused" }), 6);
    assert_eq!(refused, Fallback { number: 2, offer: Offer::At { at: at(7) } });
    let throttled = after(json!({ "ack": "no_effect", "reason": "throttled", "retry_after": 60_000 }), 7);
    assert_eq!(throttled.offer, Offer::At { at: at(66) });
    let credit = after(json!({ "ack": "no_effect", "reason": "no_credit" }), 7);
    assert_eq!(credit.offer, by_hand(Because::SmsRefused));
    let handed_over = json!({ "fact": "fallback_status", "fallback": 1, "identity": "s", "event": "submitted",
        "received_at": SENT + 7_000 });
    let settled = story().told(&[sms_answered(1, 6, &json!({ "ack": "unknown" })), handed_over]);
    assert_eq!(settled.states(8), [SmsState::Submitted]);
    assert_eq!(settled.offer(8), by_hand(Because::SmsSent));
}

#[test]
fn an_order_is_for_one_sms_and_no_other() {
    let story = Story::of("transactional").told(&[wish("w1", 1, "nothing")]);
    let story = story.told(&asked("w1", 1, 2, ACCEPTED));
    let next = story.fallback(30);
    assert_eq!(next, Fallback { number: 1, offer: by_hand(Because::ThenNothing) });
    let order = |next: &Fallback, number| order(&story.evidence, next, number, None);
    assert_eq!(order(&next, 1), Ok(()));
    assert_eq!(order(&next, 2), Err(OrderRefused::NumberTaken { ordered: 2, next: 1 }));
    assert_eq!(order(&story.fallback(3), 1), Err(OrderRefused::Settling));
    let ordered = json!({ "fact": "fallback_ordered", "fallback": 1, "by": "ops", "at": SENT + 31_000,
        "text": "Sorry, once more" });
    let story = story.told(&[ordered]);
    let again = |text| fallback::order(&story.evidence, &story.fallback(31), 1, text);
    assert_eq!(again(Some("Sorry, once more")), Ok(()), "the same order");
    assert_eq!(again(Some("Never mind")), Err(OrderRefused::OrderedAlready(1)));
    assert_eq!(story.step(31), Step::SendFallback { fallback: 1 });
    let text = draft(&story.evidence, &story.source, &story.policy, 1, at(31)).unwrap().text;
    assert_eq!(text, "Sorry, once more");
    let sent = story.told(&[intended(1, 31), sms_answered(1, 32, &json!({ "ack": "unknown" }))]);
    assert_eq!(sent.fallback(40), Fallback { number: 2, offer: by_hand(Because::SmsMaybeSent) });
    assert_eq!(sent.step(40), Step::Done);
}

#[test]
fn an_order_ends_when_the_content_grows_stale() {
    let order = json!({ "fact": "fallback_ordered", "fallback": 1, "by": "ops", "at": SENT + 60_000 });
    let refused = json!({ "ack": "no_effect", "reason": "throttled", "retry_after": 900_000 });
    let story = Story::of("otp").told(&[wish("w1", 1, "nothing"), order]);
    assert_eq!(story.offer(61), Offer::Now);
    let story = story.told(&[intended(1, 61), sms_answered(1, 62, &refused)]);
    assert_eq!(story.offer(1_799), Offer::Now, "it is tried again");
    assert!(matches!(story.offer(1_800), Offer::ByHand { .. }), "{:?}", story.offer(1_800));
}

#[test]
fn a_date_that_cannot_be_kept_earns_nothing_before_it_comes() {
    let mut story = Story::with(&json!({ "class": "otp", "fallback_text": "1234", "sent_at": SENT,
        "revoke_at": SENT + 40 * 86_400_000_i64 }));
    story.policy.classes[0].fallback.unfinished = rcs_revoke_core::class::Cell::Now;
    let story = story.wishing(1);
    assert!(matches!(story.offer(2), Offer::ByHand { .. }), "{:?}", story.offer(2));
}

#[test]
fn who_sent_it_may_say_what_it_is_until_its_date() {
    let submitted = event("submitted", 1);
    let mut story = Story::with(&json!({}));
    story.evidence = Evidence::new(story.evidence.message().clone());
    story.policy.class = Some("otp".to_owned());
    let story = story.told(&[submitted]);
    assert_eq!(story.step(2), Step::WaitUntil { at: at(601), brings: Brings::Start });
    assert!(matches!(story.step(601), Step::Request { .. }), "{:?}", story.step(601));
    let registered = json!({ "fact": "registered", "by": { "kind": "api", "id": "1" },
        "received_at": SENT + 3_000, "sent_at": SENT, "class": "promotional" });
    let named = story.told(&[registered]);
    assert!(!matches!(named.step(601), Step::Request { .. }), "{:?}", named.step(601));
}

#[test]
fn revoke_again_then_sms_is_one_command() {
    let mut anyway = wish("w2", 100, "fallback");
    anyway["hand"] = json!(true);
    let story = Story::of("promotional").told(&[wish("w1", 1, "nothing")]).told(&asked("w1", 1, 2, ACCEPTED));
    assert_eq!(story.offer(100), by_hand(Because::ThenNothing));
    let story = story.told(&[anyway]);
    assert_eq!(story.offer(100), Offer::Wait, "the new wish waits for its turn");
    let story = story.told(&asked("w2", 2, 101, ACCEPTED));
    assert_eq!((story.offer(110), story.step(121)), (Offer::Wait, Step::SendFallback { fallback: 1 }));
    let delivered = story.told(&[event("delivered", 110)]);
    assert_eq!(delivered.step(121), Step::Done);
}

#[test]
fn what_an_operator_wants_now_counts_more_than_what_the_class_wants_later() {
    let story = Story::of("otp").wishing(1).told(&[wish("w1", 60, "nothing")]);
    let story = story.told(&asked("w1", 1, 61, ACCEPTED));
    assert_eq!(story.offer(120), by_hand(Because::ThenNothing), "the content was wrong");
}

#[test]
fn what_holds_an_sms_back_is_named() {
    let registered = |more: Value| {
        let mut all = json!({ "class": "otp", "fallback_text": "Your code is 1234", "sent_at": SENT });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Story::with(&all).told(&[wish("w1", 1, "fallback"), event("not_delivered", 5)])
    };
    assert_eq!(registered(json!({})).offer(5), Offer::Now);
    let person = registered(json!({})).told(&[json!({ "fact": "event", "identity": "x",
        "event": "not_delivered", "code": "1240", "received_at": SENT + 4_000 })]);
    assert_eq!(person.offer(5), by_hand(Because::Person));
    let other = registered(json!({})).told(&[json!({ "fact": "event", "identity": "x",
        "event": "submitted", "phone": "+447700900001", "received_at": SENT + 4_000 })]);
    assert_eq!(other.offer(5), by_hand(Because::PhoneMismatch));
    for (more, because) in [
        (json!({ "failover": true }), Because::OwnFailover),
        (json!({ "sent_at": null }), Because::UnknownAge),
        (json!({ "fallback_text": null }), Because::NoText),
        (json!({ "class": "lottery" }), Because::NoClass),
        (json!({ "class": "promotional" }), Because::NoLimit),
    ] {
        assert_eq!(registered(more).offer(5), by_hand(because));
    }
    let nobody = registered(json!({ "phone": null }));
    assert_eq!(nobody.offer(5), Offer::No { because: Because::NoRecipient });
    let mut alone = registered(json!({}));
    alone.source.sms = None;
    assert_eq!(alone.offer(5), Offer::No { because: Because::NoSender });
    let gone = registered(json!({ "class": "promotional" })).told(&[event("unsubscribed", 2)]);
    assert_eq!(gone.offer(5), Offer::No { because: Because::Unsubscribed });
}

#[test]
fn a_date_makes_a_wish_and_nobody_elses_wish_is_overruled() {
    let dated =
        |class: &str| Story::with(&json!({ "class": class, "sent_at": SENT, "revoke_at": SENT + 3_600_000 }));
    let Step::Request { requested } = dated("promotional").step(1) else { panic!("no wish") };
    let Requested { by, not_before, .. } = &requested;
    assert_eq!((by.as_str(), *not_before), ("class promotional", Some(at(3_600))));
    let withdrawn = dated("promotional").wishing(1).told(&[json!({ "fact": "withdrawn",
        "wish": requested.wish, "by": "ops", "at": SENT + 2_000 })]);
    assert!(!matches!(withdrawn.step(3), Step::Request { .. }), "it is not made again");
    let first = dated("otp").told(&[wish("w1", 0, "nothing")]);
    assert!(matches!(first.step(1), Step::Send { .. }), "{:?}", first.step(1));
}

#[test]
fn a_date_says_whose_it_is_and_a_moved_one_which_was_taken_back() {
    for (class, whose) in [(json!("promotional"), "class promotional"), (Value::Null, "registration")] {
        let dated = Story::with(&json!({ "class": class, "sent_at": SENT, "revoke_at": SENT + 3_600_000 }))
            .wishing(1);
        let words = |story: &Story| {
            explain::sms(&story.evidence, &story.source, &story.policy, at(2)).what.to_string()
        };
        if class.is_string() {
            assert!(
                words(&dated).starts_with("No SMS leaves before the message is asked for"),
                "{}",
                words(&dated)
            );
        }
        let own = dated.evidence.facts().find_map(|fact| match fact {
            Fact::Requested(requested) => Some(requested.wish.clone()),
            _ => None,
        });
        let moved = dated.told(&[
            json!({ "fact": "withdrawn", "wish": own, "by": "ops", "at": SENT + 3_000 }),
            wish("w1", 3, "nothing"),
        ]);
        let entries = explain::timeline(&moved.evidence, &moved.source, &moved.policy, at(4));
        let said: Vec<String> = entries
            .iter()
            .map(|entry| format!("{} {}", entry.title, entry.note.clone().unwrap_or_default()))
            .collect();
        assert!(
            said.iter().any(|said| said.starts_with(&format!("Its {whose} asked to revoke"))),
            "{said:?}"
        );
        let taken_back = said.iter().find(|said| said.starts_with("ops withdrew the wish")).unwrap();
        assert!(taken_back.ends_with(&format!("by {whose}.")), "{taken_back}");
    }
}

#[test]
fn every_reason_has_words() {
    let story = Story::of("otp").wishing(1);
    for seconds in [2, 600, 660, 1_800] {
        let words = explain::sms(&story.evidence, &story.source, &story.policy, at(seconds));
        assert!(!words.what.is_empty() && !words.risk.is_empty());
    }
    let reference = fallback::reference(story.evidence.message(), 1);
    assert!(reference.len() <= 100 && reference != fallback::reference(story.evidence.message(), 2));
    let request =
        draft(&story.evidence, &story.source, &story.policy, 1, at(600)).unwrap().request().unwrap();
    assert!(request.body.contains(&format!(r#""client_ref":"{reference}""#)), "{}", request.body);
    assert!(request.body.contains(r#""ttl":1800"#), "half an hour at least: {}", request.body);
}
