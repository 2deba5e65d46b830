//! The stories that people tell about revoking a message, from the first wish to the last webhook.
#![expect(clippy::unwrap_used, reason = "a story that cannot be set up has failed")]

mod every_order;
mod story;

use rcs_revoke_core::ack::{Ack, NoEffect, SendFailure};
use rcs_revoke_core::explain::timeline;
use rcs_revoke_core::fact::{Event, Fact, Life};
use rcs_revoke_core::outcome::{Doubt, Proof, Refusal, Verdict};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::step::{Brings, Question};
use rcs_revoke_core::{E164, Provider, Source, SourceId, Span, Step};

use story::{Story, T};

#[test]
fn an_accepted_request_settles_then_stays_unconfirmed_until_its_life_ends() {
    let story = Story::vonage().registered(Life::Ttl { ttl: Span::hours(72) }).wished("rev_1", 10);
    assert_eq!(story.verdict(10), Verdict::Planned { not_before: None });
    story.sends(10, "vonage.eu");
    let story = story.attempted(1, "vonage.eu", 11, Ack::Accepted);
    assert_eq!(story.verdict(12), Verdict::Settling { until: T + Span::secs(31) });
    assert_eq!(story.at(12).look_again_at, Some(T + Span::secs(31)));
    assert_eq!(story.verdict(31), Verdict::Unconfirmed);
    assert_eq!(story.verdict(72 * 3_600), Verdict::PresumedRevoked);
    assert!(story.sentence(31).contains("nothing proves that it worked"), "{}", story.sentence(31));
}

#[test]
fn a_late_delivery_overrides_everything() {
    let story = Story::vonage()
        .registered(Life::None)
        .wished("rev_1", 10)
        .attempted(1, "vonage.eu", 11, Ack::Accepted)
        .told(Event::Delivered, 90_000);
    let Verdict::Delivered { raced, contradicts, read, .. } = story.verdict(90_001) else { panic!() };
    assert!(raced && !contradicts && !read);
    assert_eq!(story.at(90_001).step, Step::Done);
    assert!(story.sentence(90_001).contains("ordinary race"));
}

#[test]
fn a_delivery_after_a_stated_end_is_a_contradiction() {
    let story =
        Story::vonage().told(Event::NotDelivered { code: "1360".to_owned() }, 50).told(Event::Delivered, 60);
    assert!(matches!(story.verdict(61), Verdict::Delivered { contradicts: true, .. }));
    let believed = Story::google(RevokeAck::Confirmed)
        .registered(Life::None)
        .wished("rev_1", 10)
        .attempted(1, "google.europe", 11, Ack::Accepted)
        .told(Event::Delivered, 60);
    assert!(matches!(believed.verdict(61), Verdict::Delivered { contradicts: true, raced: true, .. }));
}

#[test]
fn every_region_is_asked_before_it_is_not_found() {
    let not_found = || Ack::NotFound { proper: true };
    let story = Story::vonage().registered(Life::None).wished("rev_1", 3_600).attempted(
        1,
        "vonage.eu",
        3_600,
        not_found(),
    );
    story.sends(3_600, "vonage.us");
    let story = story.attempted(2, "vonage.us", 3_601, not_found());
    story.sends(3_601, "vonage.ap");
    let accepted = story.attempted(3, "vonage.ap", 3_602, Ack::Accepted);
    assert_eq!(accepted.verdict(3_700), Verdict::Unconfirmed);

    let nowhere = Story::vonage()
        .registered(Life::None)
        .wished("rev_1", 3_600)
        .attempted(1, "vonage.eu", 3_600, not_found())
        .attempted(2, "vonage.us", 3_601, not_found())
        .attempted(3, "vonage.ap", 3_602, not_found());
    assert_eq!(nowhere.verdict(3_603), Verdict::Refused { reason: Refusal::NotFound });
    assert_eq!(
        nowhere.at(3_603).step,
        Step::WaitUntil { at: T + Span::days(37), brings: Brings::LastWebhook }
    );
    nowhere.told(Event::Submitted, 3_700).sends(3_700, "vonage.eu");
}

#[test]
fn a_young_message_is_asked_for_once_more_everywhere() {
    let mut story = Story::vonage().registered(Life::None).wished("rev_1", 1);
    for (attempt, host) in [(1, "vonage.eu"), (2, "vonage.us"), (3, "vonage.ap")] {
        story = story.attempted(attempt, host, 2, Ack::NotFound { proper: true });
    }
    assert_eq!(story.at(3).step, Step::WaitUntil { at: T + Span::secs(7), brings: Brings::Retry });
    story.sends(7, "vonage.eu");
}

#[test]
fn a_window_that_has_closed_is_refused_before_anything_leaves() {
    let story = Story::vonage().registered(Life::None).wished("rev_1", 90_000);
    assert_eq!(story.verdict(90_000), Verdict::Refused { reason: Refusal::WindowClosed });
    assert!(!matches!(story.at(90_000).step, Step::Send { .. }));
}

#[test]
fn a_clean_404_is_presumed_delivered_only_where_that_is_believed() {
    let ask = |ack| {
        let story = Story::google(ack).registered(Life::None).wished("rev_1", 60);
        story.attempted(1, "google.europe", 60, Ack::NotFound { proper: true })
    };
    let believed = ask(RevokeAck::Confirmed);
    assert_eq!(believed.verdict(61), Verdict::PresumedDelivered);
    assert_eq!(believed.verdict(61 + 86_400), Verdict::Inconclusive { why: Doubt::NotFound });
    assert_eq!(ask(RevokeAck::Accepted).verdict(61), Verdict::Inconclusive { why: Doubt::NotFound });
}

#[test]
fn a_404_after_a_broken_request_says_nothing() {
    let story = Story::google(RevokeAck::Confirmed).registered(Life::None).wished("rev_1", 60).attempted(
        1,
        "google.europe",
        60,
        SendFailure::BrokenAfterSending.ack(),
    );
    assert_eq!(story.verdict(60), Verdict::Requesting);
    let story = story.attempted(2, "google.europe", 62, Ack::NotFound { proper: true });
    assert_eq!(story.verdict(63), Verdict::Inconclusive { why: Doubt::NotFound });
    assert!(story.sentence(63).contains("broke off"), "{}", story.sentence(63));
}

#[test]
fn an_expiry_that_worked_is_a_revocation_and_one_that_failed_is_a_doubt() {
    let story = Story::google(RevokeAck::Accepted).registered(Life::Ttl { ttl: Span::secs(600) });
    let revoked = story.told(Event::ExpiryRevoked, 601);
    assert_eq!(revoked.verdict(602), Verdict::Revoked { proof: Proof::Event });
    let failed = Story::google(RevokeAck::Accepted)
        .registered(Life::Ttl { ttl: Span::secs(600) })
        .wished("rev_1", 5)
        .attempted(1, "google.europe", 6, Ack::Accepted)
        .told(Event::ExpiryRevokeFailed, 601);
    assert_eq!(failed.verdict(602), Verdict::Inconclusive { why: Doubt::Expiry });
}

#[test]
fn google_without_a_phone_number_asks_a_person() {
    let story = Story::google(RevokeAck::Accepted).wished("rev_1", 5);
    assert_eq!(story.verdict(6), Verdict::Refused { reason: Refusal::NeedsInput });
    assert_eq!(story.at(6).step, Step::AskOperator { question: Question::Recipient });
    let mut named = story;
    named = named.told(Event::Submitted, 7);
    let mut event = named.evidence.facts().find_map(|fact| match fact {
        Fact::Event(event) => Some(event.clone()),
        _ => None,
    });
    if let Some(event) = &mut event {
        event.identity.push('2');
        event.phone = Some(E164::parse("+447700900000").unwrap());
        named.evidence.record(Fact::Event(event.clone()));
    }
    named.sends(8, "google.europe");
}

#[test]
fn a_withdrawn_wish_hides_no_attempt() {
    let story = Story::vonage().registered(Life::None).wished("rev_1", 5).withdrawn("rev_1", 6);
    assert_eq!(story.verdict(7), Verdict::Withdrawn);
    let asked = story.attempted(1, "vonage.eu", 5, Ack::Unknown { retry_after: None });
    assert_eq!(asked.verdict(7), Verdict::Inconclusive { why: Doubt::EffectUnknown });
}

#[test]
fn an_attempt_without_an_answer_is_open_then_overdue_then_repeated() {
    let story = Story::vonage().registered(Life::None).wished("rev_1", 5).begun(1, "vonage.eu", 5);
    assert_eq!(story.at(6).step, Step::WaitUntil { at: T + Span::secs(40), brings: Brings::Overdue });
    assert_eq!(story.verdict(41), Verdict::Requesting);
    story.sends(43, "vonage.eu");
}

#[test]
fn throttling_waits_as_asked_within_the_cap() {
    let throttled = |wait| Ack::NoEffect { reason: NoEffect::Throttled, retry_after: Some(Span::secs(wait)) };
    let story = Story::vonage().registered(Life::None).wished("rev_1", 5);
    let asked = story.attempted(1, "vonage.eu", 5, throttled(120));
    assert_eq!(asked.at(6).step, Step::WaitUntil { at: T + Span::secs(125), brings: Brings::Retry });
    let absurd = Story::vonage().registered(Life::None).wished("rev_1", 5).attempted(
        1,
        "vonage.eu",
        5,
        throttled(99_999_999),
    );
    assert_eq!(absurd.at(6).step, Step::WaitUntil { at: T + Span::secs(905), brings: Brings::Retry });
}

#[test]
fn a_new_wish_after_an_answered_one_asks_again() {
    let story = Story::vonage()
        .registered(Life::None)
        .wished("rev_1", 5)
        .attempted(1, "vonage.us", 6, Ack::Accepted)
        .wished("rev_2", 100);
    story.sends(100, "vonage.us");
    assert_eq!(story.verdict(100), Verdict::Unconfirmed);
}

#[test]
fn a_timeline_tells_what_followed_from_which_fact_and_hides_the_number() {
    let story = Story::google(RevokeAck::Accepted)
        .registered(Life::None)
        .wished("rev_1", 10)
        .attempted(1, "google.europe", 11, Ack::Accepted)
        .told(Event::Delivered, 20);
    let entries = timeline(&story.evidence, &story.source, &story.policy, T + Span::secs(30));
    let told: Vec<(String, Option<&str>)> = entries
        .iter()
        .map(|entry| (entry.title.to_string(), entry.outcome.as_ref().map(|outcome| outcome.verdict.code())))
        .collect();
    let expected = [
        ("Registered by the sending system", Some("watched")),
        ("operator asked to revoke: “Wrong discount code”", Some("planned")),
        ("Attempt 1 at europe", Some("requesting")),
        ("Attempt 1: no answer", Some("settling")),
        ("Nothing crossed our request", Some("unconfirmed")),
        ("Delivered to the phone", Some("delivered")),
    ];
    let expected: Vec<_> = expected.iter().map(|(title, code)| ((*title).to_owned(), *code)).collect();
    assert_eq!(told, expected);
    let raw = entries[2].raw.as_ref().unwrap();
    assert!(raw.starts_with("DELETE https://europe-rcsbusinessmessaging.googleapis.com/v1/phones/"), "{raw}");
    assert!(!raw.contains("7700900"), "{raw}");
}

#[test]
fn evidence_counts_its_facts() {
    let nothing = Story::vonage();
    assert!(nothing.evidence.is_empty());
    assert_eq!(nothing.evidence.len(), 0);
    let story = nothing.registered(Life::None).wished("rev_1", 5).wished("rev_1", 6);
    assert!(!story.evidence.is_empty());
    assert_eq!(story.evidence.len(), 2);
}

/// The first wait after a lost answer is a second, made 0.8 to 1.2 times as long: spread over all of that, and the
/// same whenever it is asked for.
#[test]
fn jitter_spreads_the_retries_of_many_messages() {
    let wait = |number: u32| {
        let mut source = Source::new(SourceId::parse("otp-eu").unwrap(), Provider::Vonage);
        source.listening_since = Some(T - Span::days(1));
        let story = Story::new(source, &format!("vonage:aaaaaaaa-bbbb-4ccc-8ddd-{number:012}"));
        let lost = Ack::Unknown { retry_after: None };
        let story = story.registered(Life::None).wished("rev_1", 5).attempted(1, "vonage.eu", 5, lost);
        match (story.at(5).step, story.at(5).step) {
            (Step::WaitUntil { at, brings: Brings::Retry }, again) => {
                assert_eq!(again, Step::WaitUntil { at, brings: Brings::Retry });
                (at - (T + Span::secs(5))).as_millis()
            }
            other => panic!("{other:?}"),
        }
    };
    let waits: Vec<i64> = (0..400).map(wait).collect();
    let share = |from: i64, to: i64| waits.iter().filter(|wait| (from..to).contains(*wait)).count();
    assert_eq!(share(800, 1_201), waits.len(), "{waits:?}");
    for from in [800, 900, 1_000, 1_100] {
        assert!(share(from, from + 100) > 60, "{} of 400 waits from {from} ms", share(from, from + 100));
    }
}
