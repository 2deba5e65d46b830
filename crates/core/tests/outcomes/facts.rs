//! Short ways to write facts, at seconds after the message was sent.

use rcs_revoke_core::ack::{Ack, NoEffect, SendFailure};
use rcs_revoke_core::fact::{
    Answered, Attempted, Event, Fact, FallbackAnswered, FallbackIntended, FallbackOrdered, FallbackStatus,
    Life, ProviderEvent, Registered, Registrar, Requested, Then, Withdrawn,
};
use rcs_revoke_core::id::{AgentId, MessageRef, SenderId, SourceId, WishId};
use rcs_revoke_core::source::{RevokeAck, SmsSender};
use rcs_revoke_core::{E164, Host, Provider, Source, Span, Timestamp};

pub const PHONE: &str = "+447700900000";
pub const OTHER_PHONE: &str = "+447700900001";

pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;

/// That many seconds after sending.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000) + Span::secs(seconds)
}

pub fn phone(text: &str) -> E164 {
    text.parse().expect("a test's phone number is written well")
}

pub fn host(name: &str) -> Host {
    name.parse().expect("a test's host is one of the providers'")
}

pub fn wish_id(number: u32) -> WishId {
    WishId::parse(&format!("w{number}")).expect("letters and digits are a wish id")
}

pub fn message(provider: Provider) -> MessageRef {
    let agent = AgentId::parse("shop").expect("letters are an agent id");
    let id = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
    MessageRef::new(provider, Some(&agent), id).expect("a UUID is an id at both")
}

/// A source whose first webhook came an hour before the message was sent.
pub fn source(provider: Provider, revoke_ack: RevokeAck) -> Source {
    let id = SourceId::parse("shop").expect("letters are a source id");
    let mut source = Source::new(id, provider);
    source.agent = AgentId::parse("shop").ok();
    source.revoke_ack = revoke_ack;
    source.listening_since = Some(at(-HOUR));
    source
}

/// Who sends the SMS of a source.
pub fn sms_sender() -> SmsSender {
    SmsSender {
        source: SourceId::parse("sms").expect("letters are a source id"),
        from: SenderId::parse("Shop").expect("letters are a sender"),
        host: host("vonage.eu"),
    }
}

/// Who registers, and when; nothing is stated yet.
pub fn registered(by: Registrar, seconds: i64) -> Registered {
    Registered {
        by,
        received_at: at(seconds),
        sent_at: None,
        life: None,
        class: None,
        phone: None,
        host: None,
        failover: None,
        fallback_text: None,
        revoke_at: None,
    }
}

pub fn api() -> Registrar {
    Registrar::Api("call-1".into())
}

/// The sending system's whole word, heard a second after sending.
pub fn registered_whole(life: Life, host_name: Option<&str>) -> Fact {
    let mut registered = registered(api(), 1);
    registered.sent_at = Some(at(0));
    registered.life = Some(life);
    registered.phone = Some(phone(PHONE));
    registered.host = host_name.map(host);
    Fact::Registered(registered)
}

pub fn ttl(seconds: i64) -> Life {
    Life::Ttl { ttl: Span::secs(seconds) }
}

pub fn requested(wish: u32, seconds: i64) -> Requested {
    Requested {
        wish: wish_id(wish),
        by: "ops".into(),
        at: at(seconds),
        not_before: None,
        then: Then::Nothing,
        reason: None,
        override_window: false,
        hand: false,
        batch: None,
    }
}

pub fn wish(number: u32, seconds: i64) -> Fact {
    Fact::Requested(requested(number, seconds))
}

/// A wish that an SMS shall follow.
pub fn wish_for_sms(number: u32, seconds: i64) -> Fact {
    Fact::Requested(Requested { then: Then::Fallback, ..requested(number, seconds) })
}

pub fn withdrawn(wish: u32, seconds: i64) -> Fact {
    Fact::Withdrawn(Withdrawn { wish: wish_id(wish), by: "ops".into(), at: at(seconds) })
}

pub fn attempt(number: u32, wish: u32, host_name: &str, seconds: i64) -> Fact {
    let begun_at = at(seconds);
    Fact::Attempted(Attempted { attempt: number, wish: wish_id(wish), host: host(host_name), begun_at })
}

pub fn answer(number: u32, ack: Ack, seconds: i64) -> Fact {
    Fact::Answered(Answered { attempt: number, ack, status: None, body: None, at: at(seconds) })
}

pub const fn not_found() -> Ack {
    Ack::NotFound { proper: true }
}

pub const fn unknown() -> Ack {
    Ack::Unknown { retry_after: None }
}

pub const fn not_sent() -> Ack {
    Ack::NotSent { why: SendFailure::ConnectionRefused }
}

pub const fn no_effect(reason: NoEffect) -> Ack {
    Ack::no_effect(reason)
}

pub fn event_from(identity: &str, event: Event, seconds: i64, phone: Option<E164>) -> Fact {
    Fact::Event(ProviderEvent {
        identity: identity.into(),
        event,
        received_at: at(seconds),
        event_time: None,
        phone,
        workflow: false,
        raw: String::new(),
    })
}

/// An event that names the phone that the sender named.
pub fn event(identity: &str, event: Event, seconds: i64) -> Fact {
    event_from(identity, event, seconds, Some(phone(PHONE)))
}

pub fn unknown_expiry_word() -> Event {
    Event::UnknownExpiryWord { word: "TTL_EXPIRATION_PARTLY".into() }
}

pub fn unknown_word() -> Event {
    Event::UnknownWord { word: "SEEN_FROM_AFAR".into() }
}

pub fn rejected(code: &str) -> Event {
    Event::NotDelivered { code: code.into() }
}

pub fn sms_intended(fallback: u32, seconds: i64) -> Fact {
    Fact::FallbackIntended(FallbackIntended { fallback, at: at(seconds), request: "{}".into() })
}

pub fn sms_answered(fallback: u32, ack: Ack, seconds: i64) -> Fact {
    Fact::FallbackAnswered(FallbackAnswered { fallback, ack, provider_id: None, at: at(seconds) })
}

pub fn sms_status(fallback: u32, event: Event, seconds: i64) -> Fact {
    let identity = format!("sms-{fallback}-{seconds}");
    Fact::FallbackStatus(FallbackStatus { fallback, identity, event, received_at: at(seconds) })
}

pub fn ordered(fallback: u32, seconds: i64) -> Fact {
    Fact::FallbackOrdered(FallbackOrdered { fallback, by: "ops".into(), at: at(seconds), text: None })
}
