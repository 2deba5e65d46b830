//! Random facts that conflict, overlap, lack their partners and come at any time, also in the future.

use arbtest::arbitrary::{Result, Unstructured};
use rcs_revoke_core::ack::{Ack, NoEffect, SendFailure};
use rcs_revoke_core::class::{Cell, Class};
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::fact::{Event, Fact, Life, Registrar, Then};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{Evidence, Policy, Provider, Source, Span, Timestamp};

use crate::facts::{
    DAY, HOUR, OTHER_PHONE, PHONE, answer, at, attempt, event_from, host, message, ordered, phone,
    registered, requested, sms_answered, sms_intended, sms_sender, sms_status, source, withdrawn,
};

pub struct Scene {
    pub source: Source,
    pub policy: Policy,
    pub facts: Vec<Fact>,
}

impl Scene {
    pub fn any(u: &mut Unstructured<'_>) -> Result<Self> {
        let provider = *u.choose(Provider::ALL)?;
        let confirmed = provider.adapter().may_confirm() && u.arbitrary()?;
        let revoke_ack = if confirmed { RevokeAck::Confirmed } else { RevokeAck::Accepted };
        let mut source = source(provider, revoke_ack);
        if u.ratio(1, 4)? {
            source.listening_since = None;
        }
        source.sms = u.ratio(3, 4)?.then(sms_sender);
        let mut policy = provider.adapter().policy();
        policy.classes.push(class(u)?);
        policy.class = u.choose(&[None, None, Some("own"), Some("otp")])?.map(Into::into);
        let mut facts = Vec::new();
        for _ in 0..u.int_in_range(0..=12)? {
            facts.push(fact(u, provider)?);
        }
        Ok(Self { source, policy, facts })
    }

    pub fn nothing_known(&self) -> Evidence {
        Evidence::new(message(self.source.provider))
    }

    pub fn evidence(&self) -> Evidence {
        let mut evidence = self.nothing_known();
        evidence.extend(self.facts.iter().cloned());
        evidence
    }

    /// Every instant at which something may change, and the millisecond before it, in order.
    pub fn turns(&self) -> Vec<Timestamp> {
        let lifetimes = self.source.provider.adapter().lifetimes();
        let mut spans = vec![Span::ZERO, self.policy.settle, self.policy.attempt_deadline()];
        spans.extend([self.policy.presume_for, self.policy.throttled_then, Span::secs(HOUR)]);
        spans.extend([
            lifetimes.longest,
            lifetimes.longest + lifetimes.tail,
            Span::secs(HOUR) + lifetimes.tail,
        ]);
        spans.extend(self.policy.retries.iter().copied());
        spans.extend([Span::secs(60), Span::minutes(10), Span::minutes(30)]);
        spans.extend(
            lifetimes.window.map(|w| Span::millis(w.as_millis() - lifetimes.window_guard.as_millis())),
        );
        let mut starts: Vec<Timestamp> = self.facts.iter().map(Fact::at).collect();
        starts.push(at(0));
        let mut turns = Vec::new();
        for start in starts {
            for span in &spans {
                turns.extend([start + *span - Span::millis(1), start + *span]);
            }
        }
        turns.sort_unstable();
        turns.dedup();
        turns
    }
}

/// Few instants, so that facts meet.
fn seconds(u: &mut Unstructured<'_>) -> Result<i64> {
    u.choose(&[0, 1, 10, 11, 12, 13, 17, 30, 46, 60, 300, HOUR - 1, HOUR, DAY - 60, DAY, 31 * DAY]).copied()
}

pub fn fact(u: &mut Unstructured<'_>, provider: Provider) -> Result<Fact> {
    let seconds = seconds(u)?;
    let number = u.int_in_range(1..=4)?;
    let wish = u.int_in_range(1..=3)?;
    Ok(match u.int_in_range(0..=12)? {
        0 => registration(u, seconds)?,
        1 | 2 => {
            let mut requested = requested(wish, seconds);
            if u.ratio(1, 3)? {
                requested.not_before = Some(at(self::seconds(u)?));
            }
            requested.override_window = u.ratio(1, 4)?;
            requested.then = *u.choose(&[Then::Nothing, Then::Fallback])?;
            requested.hand = u.ratio(1, 6)?;
            Fact::Requested(requested)
        }
        3 => withdrawn(wish, seconds),
        4..=6 => {
            let hosts: Vec<_> = provider.hosts().collect();
            attempt(number, wish, u.choose(&hosts)?.name(), seconds)
        }
        7..=9 => answer(number, ack(u)?, seconds),
        10 | 11 => any_event(u, seconds)?,
        _ => match u.int_in_range(0..=3)? {
            0 => sms_intended(number, seconds),
            1 => ordered(number, seconds),
            2 => sms_answered(number, ack(u)?, seconds),
            _ => sms_status(number, event(u)?, seconds),
        },
    })
}

/// A class with any cells.
fn class(u: &mut Unstructured<'_>) -> Result<Class> {
    let kinds = [MessageClass::Otp, MessageClass::Transactional, MessageClass::Promotional];
    let mut class = Class::standard(*u.choose(&kinds)?);
    class.name = "own".into();
    let cells = [Cell::Now, Cell::RevokeAgain, Cell::AtFallbackBy, Cell::ByHand, Cell::No];
    for cell in [
        &mut class.fallback.gone,
        &mut class.fallback.unconfirmed,
        &mut class.fallback.inconclusive,
        &mut class.fallback.unfinished,
        &mut class.fallback.hopeless,
        &mut class.fallback.otherwise,
    ] {
        *cell = *u.choose(&cells)?;
    }
    class.then = *u.choose(&[Then::Nothing, Then::Fallback])?;
    class.revoke_after = *u.choose(&[None, Some(Span::secs(17)), Some(Span::hours(1))])?;
    class.fallback_by = *u.choose(&[None, Some(Span::secs(60)), Some(Span::minutes(10))])?;
    class.not_after = *u.choose(&[None, Some(Span::minutes(30)), Some(Span::hours(72))])?;
    class.settle = *u.choose(&[None, Some(Span::secs(1))])?;
    class.retries = u.choose(&[None, Some([Span::secs(5)])])?.map(Into::into);
    class.sms_text = u.choose(&[None, None, Some("Please call us."), Some("Again: {text}")])?.map(Into::into);
    Ok(class)
}

fn registration(u: &mut Unstructured<'_>, seconds: i64) -> Result<Fact> {
    let name = u.choose(&["1", "2"])?.to_string();
    let by = match u.int_in_range(0..=2)? {
        0 => Registrar::Api(name),
        1 => Registrar::Ledger(name),
        _ => Registrar::Operator(name),
    };
    let mut registered = registered(by, seconds);
    registered.sent_at = *u.choose(&[None, Some(at(0)), Some(at(0)), Some(at(1))])?;
    let hours = |hours: i64| Life::Ttl { ttl: Span::hours(hours) };
    let expires = Life::ExpiresAt { at: at(HOUR) };
    let lives = [None, Some(Life::None), Some(expires), Some(hours(1)), Some(hours(72)), Some(hours(96))];
    registered.life = *u.choose(&lives)?;
    registered.phone = u.choose(&[None, Some(PHONE), Some(PHONE), Some(OTHER_PHONE)])?.map(phone);
    registered.host = u.choose(&[None, Some("google.global"), Some("google.europe")])?.map(host);
    let classes = [None, Some("otp"), Some("transactional"), Some("promotional"), Some("own"), Some("other")];
    registered.class = u.choose(&classes)?.map(Into::into);
    registered.failover = *u.choose(&[None, None, Some(false), Some(true)])?;
    registered.fallback_text = u.choose(&[None, Some("Your code is 123456.")])?.map(Into::into);
    registered.revoke_at = *u.choose(&[None, None, Some(at(0)), Some(at(300)), Some(at(2 * HOUR))])?;
    Ok(Fact::Registered(registered))
}

pub fn ack(u: &mut Unstructured<'_>) -> Result<Ack> {
    let waits = [None, None, Some(Span::secs(2)), Some(Span::secs(100)), Some(Span::secs(DAY))];
    let retry_after = *u.choose(&waits)?;
    let reasons = [
        NoEffect::Invalid,
        NoEffect::Credentials,
        NoEffect::Permission,
        NoEffect::Unsupported,
        NoEffect::Throttled,
        NoEffect::NoCredit,
    ];
    Ok(match u.int_in_range(0..=5)? {
        0 | 1 => Ack::Accepted,
        2 => Ack::NotFound { proper: u.ratio(3, 4)? },
        3 => Ack::NoEffect { reason: *u.choose(&reasons)?, retry_after },
        4 => Ack::NotSent { why: SendFailure::Tls },
        _ => Ack::Unknown { retry_after },
    })
}

fn event(u: &mut Unstructured<'_>) -> Result<Event> {
    let events = [
        Event::Submitted,
        Event::Delivered,
        Event::Read,
        Event::ExpiryRevoked,
        Event::ExpiryRevokeFailed,
        Event::NotDelivered { code: "1320".into() },
        Event::NotDelivered { code: "1300".into() },
        Event::Unsubscribed,
        crate::facts::unknown_expiry_word(),
        crate::facts::unknown_word(),
    ];
    u.choose(&events).cloned()
}

fn any_event(u: &mut Unstructured<'_>, seconds: i64) -> Result<Fact> {
    let identity = *u.choose(&["e1", "e2", "e3", "e4"])?;
    let named = u.choose(&[None, Some(PHONE), Some(OTHER_PHONE)])?.map(phone);
    Ok(event_from(identity, event(u)?, seconds, named))
}
