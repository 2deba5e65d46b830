//! Worlds of facts that are one, by their key, and yet differ: told twice, in other words or at another time.

use rcs_revoke_core::ack::{Ack, NoEffect};
use rcs_revoke_core::fact::{Event, Fact, FallbackStatus, Life, Requested, Then};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{Provider, Span};

use super::World;
use crate::facts::{
    DAY, HOUR, OTHER_PHONE, answer, api, at, attempt, event, event_from, host, no_effect, not_found,
    not_sent, ordered, phone, registered, registered_whole, rejected, requested, sms_answered, sms_intended,
    sms_status, ttl, unknown, unknown_expiry_word, unknown_word, wish, wish_for_sms, withdrawn,
};

/// Google, where a success means *removed*: each fact of a whole story twice.
pub fn google_equal_keys() -> World {
    let mut told_again = registered(api(), 1);
    told_again.sent_at = Some(at(2));
    told_again.life = Some(Life::ExpiresAt { at: at(2 * HOUR) });
    told_again.phone = Some(phone(OTHER_PHONE));
    told_again.host = Some(host("google.europe"));
    told_again.class = Some("otp".into());
    let mut later = requested(1, 10);
    later.not_before = Some(at(1_800));
    later.then = Then::Fallback;
    let facts = vec![
        registered_whole(ttl(HOUR), Some("google.global")),
        Fact::Registered(told_again),
        wish(1, 10),
        Fact::Requested(later),
        withdrawn(1, 150),
        withdrawn(1, 140),
        attempt(1, 1, "google.global", 11),
        attempt(1, 2, "google.europe", 12),
        answer(1, Ack::Accepted, 13),
        answer(1, not_found(), 13),
        answer(1, Ack::NotFound { proper: false }, 12),
        event("told", Event::Delivered, 40),
        event("told", Event::Delivered, 16),
        event("word", unknown_word(), 30),
        event("word", Event::Read, 30),
        event("expiry", unknown_expiry_word(), 3_605),
        event("expiry", Event::ExpiryRevoked, 3_606),
    ];
    let turns = [17, 18, 46, 1_800, HOUR, 2 * HOUR, DAY + 13, 8 * DAY];
    World::new(Provider::GoogleRbm, RevokeAck::Confirmed, facts, &turns)
}

/// Vonage: a refusal told with two codes, an answer read in three ways, an SMS with two fates.
pub fn vonage_equal_keys() -> World {
    let throttled = Ack::NoEffect { reason: NoEffect::Throttled, retry_after: Some(Span::secs(90)) };
    let facts = vec![
        registered_whole(ttl(48 * HOUR), None),
        wish(1, 10),
        wish(1, 20),
        attempt(1, 1, "vonage.us", 11),
        attempt(1, 1, "vonage.eu", 11),
        answer(1, unknown(), 12),
        answer(1, no_effect(NoEffect::Invalid), 12),
        answer(1, throttled, 14),
        event("end", rejected("1320"), 60),
        event("end", rejected("1360"), 60),
        event("end", Event::Delivered, 61),
        event_from("submitted", Event::Submitted, 5, None),
        event("submitted", Event::Submitted, 5),
        sms_intended(1, 300),
        sms_answered(1, Ack::Accepted, 302),
        sms_answered(1, no_effect(NoEffect::NoCredit), 302),
        sms_status(1, Event::Delivered, 310),
        sms_status(1, rejected("1320"), 310),
    ];
    let turns = [13, 46, 104, DAY - 60, 2 * DAY, 9 * DAY, 30 * DAY + 5, 37 * DAY + 5];
    World::new(Provider::Vonage, RevokeAck::Accepted, facts, &turns)
}

/// Vonage: an SMS that is ordered, meant, answered and told of twice, after a wish and a registration told twice.
pub fn vonage_equal_sms() -> World {
    let mut told = registered(api(), 1);
    told.sent_at = Some(at(0));
    told.phone = Some(phone(crate::facts::PHONE));
    told.class = Some("otp".into());
    told.fallback_text = Some("Your code is 123456.".into());
    let mut told_again = told.clone();
    told_again.class = Some("promotional".into());
    told_again.revoke_at = Some(at(300));
    told_again.failover = Some(true);
    let hand = Requested { then: Then::Fallback, hand: true, ..requested(1, 10) };
    let Fact::FallbackOrdered(mut worded) = ordered(1, 40) else { unreachable!() };
    worded.text = Some("Please call us.".into());
    let facts = vec![
        Fact::Registered(told),
        Fact::Registered(told_again),
        wish(1, 10),
        wish_for_sms(1, 10),
        Fact::Requested(hand),
        event("end", rejected("1300"), 20),
        event("end", rejected("1484"), 20),
        ordered(1, 40),
        Fact::FallbackOrdered(worded),
        sms_intended(1, 45),
        sms_intended(1, 41),
        sms_answered(1, not_sent(), 46),
        sms_answered(1, Ack::Accepted, 46),
        sms_status(1, Event::Submitted, 47),
        Fact::FallbackStatus(FallbackStatus {
            fallback: 1,
            identity: "sms-1-47".into(),
            event: unknown_word(),
            received_at: at(47),
        }),
    ];
    let turns = [47, 70, 80, 300, 600, 1_800, DAY - 60, 30 * DAY, 37 * DAY];
    World::new(Provider::Vonage, RevokeAck::Accepted, facts, &turns).with_sms(None)
}
