//! Worlds in which an SMS may follow: each a class, and facts chosen to meet.

use rcs_revoke_core::ack::{Ack, NoEffect};
use rcs_revoke_core::class::{Cell, Cells, Class};
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::fact::{Event, Fact, Life, Registered, Registrar, Requested, Then, Withdrawn};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{Provider, Span};

use super::World;
use crate::facts::{
    DAY, HOUR, OTHER_PHONE, PHONE, answer, api, at, attempt, event, event_from, host, no_effect, not_found,
    not_sent, ordered, phone, registered, rejected, requested, sms_answered, sms_intended, sms_sender,
    sms_status, ttl, unknown, unknown_word, wish, wish_for_sms, withdrawn,
};
use crate::oracle::OwnIds;

/// The sending system's word, with a text for an SMS.
fn told(class: Option<&str>) -> Registered {
    let mut told = registered(api(), 1);
    told.sent_at = Some(at(0));
    told.life = Some(ttl(2 * HOUR));
    told.phone = Some(phone(PHONE));
    told.class = class.map(Into::into);
    told.fallback_text = Some("Your code is 123456.".into());
    told
}

/// A class whose cells are all the same.
fn class(name: &str, kind: MessageClass, cell: Cell) -> Class {
    let mut class = Class::standard(kind);
    class.name = name.into();
    class.fallback = Cells {
        gone: cell,
        unconfirmed: cell,
        inconclusive: cell,
        unfinished: cell,
        hopeless: cell,
        otherwise: cell,
    };
    class
}

impl World {
    pub(super) fn with_sms(mut self, class: Option<Class>) -> Self {
        self.source.sms = Some(sms_sender());
        self.policy.classes.extend(class);
        self
    }

    fn own(&self) -> OwnIds {
        OwnIds::of(&self.message)
    }
}

fn own_wish(wish: &WishId, seconds: i64, not_before: Option<i64>) -> Fact {
    let mut made = Requested { wish: wish.clone(), then: Then::Fallback, ..requested(1, seconds) };
    made.not_before = not_before.map(at);
    Fact::Requested(made)
}

fn own_withdrawn(wish: &WishId, seconds: i64) -> Fact {
    Fact::Withdrawn(Withdrawn { wish: wish.clone(), by: "ops".into(), at: at(seconds) })
}

fn own_attempt(number: u32, wish: &WishId, host_name: &str, seconds: i64) -> Fact {
    let Fact::Attempted(mut attempted) = attempt(number, 1, host_name, seconds) else { unreachable!() };
    attempted.wish = wish.clone();
    Fact::Attempted(attempted)
}

/// Vonage, one-time codes: refused over the channel or answered, an SMS that never left and one that did.
pub fn vonage_codes() -> World {
    let facts = vec![
        Fact::Registered(told(Some("otp"))),
        wish_for_sms(1, 10),
        attempt(1, 1, "vonage.us", 11),
        answer(1, Ack::Accepted, 12),
        answer(2, no_effect(NoEffect::Unsupported), 16),
        event("rejected", rejected("1300"), 30),
        withdrawn(1, 35),
        sms_intended(1, 40),
        sms_answered(1, not_sent(), 41),
        ordered(2, 44),
        sms_intended(2, 45),
        sms_answered(2, unknown(), 46),
        event("delivered", Event::Delivered, 50),
        sms_status(2, rejected("1320"), 55),
        sms_answered(3, not_found(), 60),
    ];
    let turns = [32, 42, 46, 70, 76, 80, 600, 1_800, 2 * HOUR, 9 * DAY];
    World::new(Provider::Vonage, RevokeAck::Accepted, facts, &turns).with_sms(None)
}

/// Google, a class that asks once more whatever happened, with an SMS that is throttled.
pub fn google_once_more() -> World {
    let class = class("code", MessageClass::Otp, Cell::RevokeAgain);
    let mut world = World::new(
        Provider::GoogleRbm,
        RevokeAck::Accepted,
        Vec::new(),
        &[17, 46, 70, 81, 106, 136, 206, 610, 1_800, 2 * HOUR, 8 * DAY],
    )
    .with_sms(Some(class));
    let again = world.own().again;
    let mut nothing = requested(2, 60);
    nothing.not_before = Some(at(150));
    world.facts = vec![
        Fact::Registered(told(Some("code"))),
        wish_for_sms(1, 10),
        attempt(1, 1, "google.global", 11),
        answer(1, Ack::Accepted, 12),
        event("failed", Event::ExpiryRevokeFailed, 40),
        Fact::Requested(nothing),
        own_wish(&again, 80, None),
        own_attempt(2, &again, "google.global", 81),
        answer(2, not_found(), 82),
        own_withdrawn(&again, 90),
        ordered(1, 95),
        sms_intended(1, 200),
        sms_answered(1, no_effect(NoEffect::Throttled), 201),
        event("read", Event::Read, 300),
    ];
    world
}

/// Vonage, advertising: its person may want no more, or be somebody else.
pub fn vonage_advertising() -> World {
    let mut class = class("offers", MessageClass::Promotional, Cell::Now);
    class.not_after = Some(Span::hours(1));
    class.settle = Some(Span::secs(40));
    let mut pasted = registered(Registrar::Operator("paste".into()), 5);
    pasted.failover = Some(true);
    pasted.sent_at = Some(at(0));
    let mut plain = told(Some("promotional"));
    plain.by = Registrar::Ledger("day.csv".into());
    plain.received_at = at(0);
    let facts = vec![
        Fact::Registered(told(Some("offers"))),
        Fact::Registered(plain),
        Fact::Registered(pasted),
        wish_for_sms(1, 10),
        attempt(1, 1, "vonage.us", 11),
        answer(1, Ack::Accepted, 12),
        event("stop", Event::Unsubscribed, 20),
        event("rejected", rejected("1300"), 30),
        event("barred", rejected("1240"), 31),
        event_from("word", unknown_word(), 33, Some(phone(OTHER_PHONE))),
        ordered(1, 40),
        sms_intended(1, 50),
        sms_answered(1, no_effect(NoEffect::Throttled), 51),
        sms_intended(2, 60),
        sms_answered(2, no_effect(NoEffect::Credentials), 61),
        sms_answered(3, no_effect(NoEffect::Credentials), 71),
    ];
    World::new(
        Provider::Vonage,
        RevokeAck::Accepted,
        facts,
        &[52, 62, 70, 85, HOUR, 2 * HOUR, DAY - 60, 9 * DAY],
    )
    .with_sms(Some(class))
}

/// Vonage, an operator's hand: *revoke again, then SMS*, after one that was sent.
pub fn vonage_by_hand() -> World {
    let hand = Requested { then: Then::Fallback, hand: true, ..requested(2, 60) };
    let later = Requested { not_before: Some(at(1_800)), ..requested(3, 70) };
    let Fact::FallbackOrdered(mut own_words) = ordered(3, 120) else { unreachable!() };
    own_words.text = Some("Please call us.".into());
    let mut told = told(Some("transactional"));
    told.fallback_text = None;
    let mut texted = registered(Registrar::Ledger("day.csv".into()), 110);
    texted.fallback_text = Some("Your table is taken.".into());
    let facts = vec![
        Fact::Registered(told),
        wish(1, 10),
        attempt(1, 1, "vonage.us", 11),
        answer(1, Ack::Accepted, 12),
        sms_intended(1, 40),
        sms_answered(1, Ack::Accepted, 41),
        Fact::Requested(hand),
        attempt(2, 2, "vonage.us", 61),
        answer(2, Ack::Accepted, 62),
        answer(2, no_effect(NoEffect::Unsupported), 63),
        Fact::Requested(later),
        withdrawn(2, 75),
        sms_intended(2, 100),
        sms_answered(2, not_sent(), 101),
        Fact::Registered(texted),
        Fact::FallbackOrdered(own_words),
        event("delivered", Event::Delivered, 150),
    ];
    let turns = [32, 46, 82, 96, 102, 2 * HOUR, 72 * HOUR, 9 * DAY];
    World::new(Provider::Vonage, RevokeAck::Accepted, facts, &turns).with_sms(None)
}

/// Google, dates: of the class, of the message, told twice, made, withdrawn and too late.
pub fn google_dates() -> World {
    let mut world = World::new(
        Provider::GoogleRbm,
        RevokeAck::Confirmed,
        Vec::new(),
        &[21, 602, 611, 690, 900, 960, 1_800, 2 * HOUR, 31 * DAY + 1, 39 * DAY],
    )
    .with_sms(None);
    let dated = world.own().dated;
    let mut first = told(Some("otp"));
    first.sent_at = None;
    first.life = None;
    let mut second = told(None);
    second.by = Registrar::Ledger("day.csv".into());
    second.received_at = at(3);
    second.revoke_at = Some(at(900));
    let mut third = registered(Registrar::Operator("paste".into()), 2);
    third.class = Some("nobody's".into());
    let mut planned = requested(2, 20);
    planned.then = Then::Fallback;
    planned.not_before = Some(at(5));
    world.facts = vec![
        Fact::Registered(first),
        Fact::Registered(second),
        Fact::Registered(third),
        own_wish(&dated, 4, Some(600)),
        own_withdrawn(&dated, 100),
        Fact::Requested(planned),
        wish(3, 30),
        own_attempt(1, &dated, "google.global", 601),
        answer(1, not_found(), 602),
        sms_answered(1, no_effect(NoEffect::Invalid), 603),
        event("rejected", rejected("1300"), 40),
        event("revoked", Event::ExpiryRevoked, 41),
        event("delivered", Event::Delivered, 42),
        withdrawn(4, 6),
    ];
    world
}

/// Vonage, a class of its own, for every message of the source: an SMS at once, whatever is known.
pub fn vonage_own_class() -> World {
    let mut class = class("house", MessageClass::Transactional, Cell::Now);
    class.not_after = None;
    class.sms_text = Some("Please call us.".into());
    class.retries = Some(vec![Span::secs(100)]);
    let mut told = told(None);
    told.fallback_text = None;
    let later = Requested { not_before: Some(at(1_800)), ..requested(2, 20) };
    let facts = vec![
        Fact::Registered(told),
        wish_for_sms(1, 10),
        attempt(1, 1, "vonage.us", 11),
        answer(1, unknown(), 12),
        answer(3, Ack::Accepted, 14),
        Fact::Requested(later),
        withdrawn(1, 25),
        event("barred", rejected("1240"), 30),
        sms_answered(1, not_sent(), 40),
        sms_intended(2, 45),
        sms_answered(2, not_sent(), 46),
        sms_status(2, unknown_word(), 50),
        sms_status(3, Event::Submitted, 55),
        attempt(2, 2, "vonage.us", 1_801),
        answer(2, no_effect(NoEffect::Invalid), 1_802),
    ];
    let turns = [34, 112, 140, 146, 1_800, 2 * HOUR, DAY - 60, 9 * DAY];
    let mut world = World::new(Provider::Vonage, RevokeAck::Accepted, facts, &turns).with_sms(Some(class));
    world.policy.class = Some("house".into());
    world
}

/// Google, where a success means *removed*: an SMS at its time whatever happened, or by hand in advance.
pub fn google_at_its_time() -> World {
    let mut class = class("timed", MessageClass::Otp, Cell::AtFallbackBy);
    class.fallback_by = Some(Span::secs(300));
    class.not_after = Some(Span::minutes(12));
    let mut told = told(Some("timed"));
    told.host = Some(host("google.global"));
    told.life = Some(Life::Ttl { ttl: Span::hours(2) });
    let planned = Requested { then: Then::Fallback, not_before: Some(at(100)), ..requested(2, 20) };
    let hand = Requested { then: Then::Fallback, hand: true, ..requested(3, 500) };
    // Ordered in advance, and nothing to follow.
    let torn = Requested { hand: true, ..requested(4, 520) };
    let facts = vec![
        Fact::Registered(told),
        wish_for_sms(1, 10),
        attempt(1, 1, "google.global", 11),
        answer(1, not_found(), 12),
        Fact::Requested(planned),
        withdrawn(1, 30),
        attempt(2, 2, "google.global", 101),
        answer(2, no_effect(NoEffect::Throttled), 102),
        sms_intended(1, 310),
        sms_answered(1, no_effect(NoEffect::Throttled), 311),
        Fact::Requested(hand),
        attempt(3, 3, "google.europe", 501),
        answer(3, Ack::Accepted, 502),
        event("failed", Event::ExpiryRevokeFailed, 505),
        Fact::Requested(torn),
    ];
    let turns = [100, 107, 310, 316, 345, 400, 507, 720, 2 * HOUR, DAY + 12, 9 * DAY];
    World::new(Provider::GoogleRbm, RevokeAck::Confirmed, facts, &turns).with_sms(Some(class))
}
