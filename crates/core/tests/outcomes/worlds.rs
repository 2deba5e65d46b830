//! Worlds: each a source, and an alphabet of facts from which small sets are made.

mod alphabet;
mod equal_keys;
mod instead;

use rcs_revoke_core::ack::{Ack, NoEffect};
use rcs_revoke_core::fact::{Event, Fact, Life, Registrar};
use rcs_revoke_core::id::MessageRef;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{Evidence, Policy, Provider, Source, Span, Timestamp};

use crate::facts::{
    DAY, HOUR, OTHER_PHONE, answer, api, at, attempt, event, event_from, host, message, no_effect, not_found,
    not_sent, phone, registered, registered_whole, rejected, requested, sms_answered, sms_intended,
    sms_status, source, ttl, unknown, unknown_expiry_word, unknown_word, wish, withdrawn,
};

pub use equal_keys::{google_equal_keys, vonage_equal_keys, vonage_equal_sms};
pub use instead::{
    google_at_its_time, google_dates, google_once_more, vonage_advertising, vonage_by_hand, vonage_codes,
    vonage_own_class,
};

pub struct World {
    pub message: MessageRef,
    pub source: Source,
    pub policy: Policy,
    pub facts: Vec<Fact>,
    /// Where to look besides the instant of the latest fact; each also a millisecond earlier.
    pub turns: Vec<Timestamp>,
}

impl World {
    fn new(provider: Provider, revoke_ack: RevokeAck, facts: Vec<Fact>, turns: &[i64]) -> Self {
        Self {
            message: message(provider),
            source: source(provider, revoke_ack),
            policy: provider.adapter().policy(),
            facts,
            turns: turns.iter().map(|seconds| at(*seconds)).collect(),
        }
    }

    pub fn nothing_known(&self) -> Evidence {
        Evidence::new(self.message.clone())
    }
}

/// Every world.
fn all() -> [World; 16] {
    [
        google_asked(),
        google_removed(),
        google_unreachable(),
        google_two_wishes(),
        google_equal_keys(),
        vonage_regions(),
        vonage_refusals(),
        vonage_equal_keys(),
        vonage_codes(),
        google_once_more(),
        vonage_advertising(),
        vonage_by_hand(),
        google_dates(),
        vonage_own_class(),
        google_at_its_time(),
        vonage_equal_sms(),
    ]
}

/// Google, where a success means *asked*: two wishes, an accepted, a lost, a tainted and a throttled attempt.
pub fn google_asked() -> World {
    let mut later = requested(2, 180);
    later.not_before = Some(at(1_800));
    let facts = vec![
        registered_whole(ttl(HOUR), Some("google.global")),
        wish(1, 10),
        attempt(1, 1, "google.global", 11),
        answer(1, Ack::Accepted, 12),
        attempt(2, 1, "google.global", 60),
        answer(2, unknown(), 61),
        attempt(3, 1, "google.global", 120),
        answer(3, not_found(), 121),
        Fact::Requested(later),
        attempt(4, 2, "google.europe", 1_801),
        answer(4, no_effect(NoEffect::Throttled), 1_802),
        withdrawn(1, 1_200),
        event("delivered", Event::Delivered, 13),
        event("read", Event::Read, 100),
        event("expiry", unknown_expiry_word(), 70),
        event("failed", Event::ExpiryRevokeFailed, 3_606),
        event("revoked", Event::ExpiryRevoked, 3_605),
        event_from("word", unknown_word(), 5, Some(phone(OTHER_PHONE))),
    ];
    World::new(Provider::GoogleRbm, RevokeAck::Accepted, facts, &[17, 96, 1_800, HOUR, 8 * DAY])
}

/// Google, where a success means *removed*: clean and tainted 404s, two registrations, an SMS.
pub fn google_removed() -> World {
    let mut pasted = registered(Registrar::Operator("paste-1".into()), 0);
    pasted.phone = Some(phone(OTHER_PHONE));
    // What the sender says too, said before by somebody else.
    let mut copied = registered(Registrar::Operator("paste-2".into()), 0);
    copied.sent_at = Some(at(0));
    copied.phone = Some(phone(crate::facts::PHONE));
    copied.host = Some(host("google.global"));
    let facts = vec![
        registered_whole(Life::ExpiresAt { at: at(HOUR) }, Some("google.global")),
        Fact::Registered(pasted),
        Fact::Registered(copied),
        wish(1, 10),
        attempt(1, 1, "google.global", 11),
        answer(1, not_found(), 12),
        attempt(2, 1, "google.global", 30),
        answer(2, Ack::Accepted, 31),
        attempt(3, 1, "google.global", 50),
        answer(3, not_sent(), 51),
        wish(2, 100),
        attempt(4, 2, "google.global", 200),
        answer(4, no_effect(NoEffect::Permission), 201),
        withdrawn(1, 150),
        event("delivered", Event::Delivered, 40),
        event("revoked", Event::ExpiryRevoked, 3_605),
        event("failed", Event::ExpiryRevokeFailed, 45),
        sms_intended(1, 300),
        sms_status(1, Event::Delivered, 310),
    ];
    World::new(Provider::GoogleRbm, RevokeAck::Confirmed, facts, &[36, 85, HOUR, DAY + 12, 8 * DAY])
}

/// Vonage: three regions, a `Submitted` that opens them again, a life longer than we would be told about.
pub fn vonage_regions() -> World {
    let mut overriding = requested(2, 12 * HOUR);
    overriding.not_before = Some(at(DAY + 30));
    overriding.override_window = true;
    let mut ledger = registered(Registrar::Ledger("day.csv".into()), 2);
    ledger.life = Some(ttl(96 * HOUR));
    let facts = vec![
        registered_whole(ttl(48 * HOUR), None),
        Fact::Registered(ledger),
        wish(1, 10),
        attempt(1, 1, "vonage.us", 11),
        answer(1, not_found(), 12),
        attempt(2, 1, "vonage.eu", 13),
        answer(2, not_found(), 14),
        attempt(3, 1, "vonage.ap", 15),
        answer(3, not_found(), 16),
        event("submitted", Event::Submitted, 20),
        attempt(4, 1, "vonage.us", 22),
        answer(4, Ack::Accepted, 23),
        Fact::Requested(overriding),
        withdrawn(1, 90),
        event("rejected", rejected("1320"), 60),
        event("delivered", Event::Delivered, 61),
        event("expiry", unknown_expiry_word(), 30),
    ];
    let turns = [21, 43, DAY - 60, DAY + 30, 2 * DAY, 9 * DAY, 30 * DAY, 37 * DAY];
    World::new(Provider::Vonage, RevokeAck::Accepted, facts, &turns)
}

/// Vonage: every other kind of refusal, with and without `Retry-After`.
pub fn vonage_refusals() -> World {
    let wait = |seconds| Some(Span::secs(seconds));
    let busy = Ack::NoEffect { reason: NoEffect::Throttled, retry_after: wait(120) };
    let facts = vec![
        wish(1, 10),
        withdrawn(1, 86_000),
        attempt(1, 1, "vonage.eu", 11),
        answer(1, no_effect(NoEffect::Credentials), 12),
        attempt(2, 1, "vonage.eu", 13),
        answer(2, no_effect(NoEffect::Unsupported), 14),
        attempt(3, 1, "vonage.eu", 100),
        answer(3, busy, 101),
        attempt(4, 1, "vonage.us", 300),
        answer(4, Ack::Unknown { retry_after: wait(7_200) }, 301),
        attempt(5, 1, "vonage.us", 3_000),
        answer(5, no_effect(NoEffect::NoCredit), 3_001),
        event("submitted", Event::Submitted, 5),
        wish(2, 86_000),
        sms_intended(1, 400),
        sms_answered(1, unknown(), 401),
        event("read", Event::Read, 500),
    ];
    World::new(Provider::Vonage, RevokeAck::Accepted, facts, &[135, 221, 335, 1_201, DAY - 55, 37 * DAY + 5])
}

/// Google: one attempt after the other is lost or never leaves, until the schedule ends.
pub fn google_unreachable() -> World {
    let mut registered = registered(api(), 1);
    registered.phone = Some(phone(crate::facts::PHONE));
    let mut facts = vec![Fact::Registered(registered), wish(1, 10), withdrawn(1, 2_000)];
    for (number, begun) in [(1, 11), (2, 14), (3, 20), (4, 60), (5, 200), (6, 900)] {
        let ack = if number % 2 == 0 { unknown() } else { not_sent() };
        facts.push(attempt(number, 1, "google.global", begun));
        facts.push(answer(number, ack, begun + 1));
    }
    facts.push(event("failed", Event::ExpiryRevokeFailed, 901));
    facts.push(attempt(7, 1, "google.global", 1_000));
    facts.push(answer(7, no_effect(NoEffect::Credentials), 1_000));
    World::new(
        Provider::GoogleRbm,
        RevokeAck::Accepted,
        facts,
        &[13, 46, 95, 230, 935, 2_000, 31 * DAY + 10, 38 * DAY + 10],
    )
}

/// Google: a wish for later was made before the attempts of another wish, which is then withdrawn.
pub fn google_two_wishes() -> World {
    let mut later = requested(2, 10);
    later.not_before = Some(at(1_800));
    let facts = vec![
        registered_whole(Life::None, Some("google.global")),
        wish(1, 11),
        Fact::Requested(later),
        attempt(1, 1, "google.global", 12),
        answer(1, unknown(), 13),
        withdrawn(1, 14),
        attempt(2, 1, "google.europe", 30),
        answer(2, no_effect(NoEffect::Throttled), 31),
        answer(3, not_sent(), 50),
        sms_status(1, rejected("1320"), 40),
        event("submitted", Event::Submitted, 41),
    ];
    World::new(Provider::GoogleRbm, RevokeAck::Accepted, facts, &[16, 60, 1_800, 31 * DAY, 38 * DAY])
}
