//! A recipe in bytes for a world: the smallest change of a byte is another fact, another time or another answer, so
//! that every input means something. Few instants and few numbers, so that facts meet.

use rcs_revoke_core::ack::{Ack, NoEffect, SendFailure};
use rcs_revoke_core::fact::{
    Answered, Attempted, Event, FallbackIntended, FallbackStatus, Life, ProviderEvent, Registered, Registrar,
    Requested, Then, Withdrawn,
};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{
    AgentId, E164, Evidence, Fact, Host, MessageRef, Provider, Source, SourceId, Span, Timestamp,
};

use super::worlds::World;

const VALID: &str = "an example of the core's own form";
/// Facts in one world at most: more are slower and meet no more often.
const LONGEST: usize = 24;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const SECONDS: [i64; 16] =
    [0, 1, 2, 5, 10, 20, 30, 36, 60, 600, HOUR, DAY - 60, DAY, 3 * DAY, 31 * DAY, 40 * DAY];

/// The world that a recipe describes; none without its first three bytes.
pub fn world(recipe: &[u8]) -> Option<World> {
    let ([kind, now, fine], facts) = recipe.split_first_chunk()?;
    let provider = if kind & 1 == 0 { Provider::GoogleRbm } else { Provider::Vonage };
    let mut source = Source::new(SourceId::parse("fuzz").expect(VALID), provider);
    source.agent = (provider == Provider::GoogleRbm).then(|| AgentId::parse("my_agent").expect(VALID));
    if kind & 2 == 0 && provider.adapter().may_confirm() {
        source.revoke_ack = RevokeAck::Confirmed;
    }
    source.listening_since = (kind & 4 == 0).then(|| instant(0) - Span::hours(1));
    let message = MessageRef::new(provider, source.agent.as_ref(), "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
    let mut evidence = Evidence::new(message.expect(VALID));
    evidence.extend(facts.as_chunks().0.iter().take(LONGEST).map(|part| fact(provider, *part)));
    let policy = provider.adapter().policy();
    let now = instant(*now) + Span::millis(i64::from(*fine) * 100);
    Some(World { evidence, source, policy, now })
}

fn instant(byte: u8) -> Timestamp {
    let seconds = SECONDS[usize::from(byte & 15)] + i64::from(byte >> 4);
    Timestamp::from_millis(1_800_000_000_000) + Span::secs(seconds)
}

fn fact(provider: Provider, [kind, time, detail]: [u8; 3]) -> Fact {
    let at = instant(time);
    let attempt = u32::from(detail >> 5) + 1;
    let wish = |number: u8| WishId::parse(&format!("w{number}")).expect(VALID);
    match kind % 12 {
        0 => registered(provider, at, detail),
        1 | 2 => Fact::Requested(Requested {
            wish: wish(detail & 3),
            by: "ops".to_owned(),
            at,
            not_before: (detail & 4 == 0).then(|| instant(detail)),
            then: Then::Nothing,
            reason: None,
            override_window: detail & 8 == 0,
            hand: false,
            batch: None,
        }),
        3 => Fact::Withdrawn(Withdrawn { wish: wish(detail & 3), by: "ops".to_owned(), at }),
        4 | 5 => {
            let hosts: Vec<Host> = provider.hosts().collect();
            let host = hosts[usize::from(detail >> 2 & 3) % hosts.len()];
            Fact::Attempted(Attempted { attempt, wish: wish(detail & 3), host, begun_at: at })
        }
        6 | 7 => Fact::Answered(Answered { attempt, ack: ack(detail), status: None, body: None, at }),
        8 | 9 => Fact::Event(ProviderEvent {
            identity: format!("e{}", detail >> 4),
            event: event(detail),
            received_at: at,
            event_time: None,
            phone: (detail & 128 == 0).then(|| phone(detail)),
            workflow: detail & 64 == 0,
            raw: String::new(),
        }),
        10 => Fact::FallbackIntended(FallbackIntended { fallback: attempt, at, request: String::new() }),
        _ => Fact::FallbackStatus(FallbackStatus {
            fallback: attempt,
            identity: String::new(),
            event: event(detail),
            received_at: at,
        }),
    }
}

fn registered(provider: Provider, received_at: Timestamp, detail: u8) -> Fact {
    let by = match detail & 3 {
        0 => Registrar::Operator("1".to_owned()),
        1 => Registrar::Ledger("1".to_owned()),
        number => Registrar::Api(number.to_string()),
    };
    let life = match detail >> 2 & 3 {
        0 => None,
        1 => Some(Life::None),
        2 => Some(Life::Ttl { ttl: Span::secs(HOUR) }),
        _ => Some(Life::ExpiresAt { at: instant(detail) }),
    };
    Fact::Registered(Registered {
        by,
        received_at,
        sent_at: (detail & 16 == 0).then(|| instant(0)),
        life,
        class: None,
        phone: (detail & 32 == 0).then(|| phone(detail)),
        host: provider.hosts().nth(usize::from(detail >> 6)),
        failover: None,
        fallback_text: None,
        revoke_at: None,
    })
}

fn phone(detail: u8) -> E164 {
    E164::parse(if detail & 16 == 0 { "+12223334444" } else { "+447700900000" }).expect(VALID)
}

fn ack(detail: u8) -> Ack {
    let retry_after = (detail & 16 == 0).then(|| Span::secs(100));
    let refused = |reason| Ack::NoEffect { reason, retry_after };
    match detail & 15 {
        0..=3 => Ack::Accepted,
        4 | 5 => Ack::NotFound { proper: true },
        6 => Ack::NotFound { proper: false },
        7 => refused(NoEffect::Throttled),
        8 => refused(NoEffect::Credentials),
        9 => refused(NoEffect::Permission),
        10 => refused(NoEffect::Unsupported),
        11 => refused(NoEffect::Invalid),
        12 => refused(NoEffect::NoCredit),
        13 => Ack::NotSent { why: SendFailure::ConnectionRefused },
        _ => Ack::Unknown { retry_after },
    }
}

fn event(detail: u8) -> Event {
    match detail & 7 {
        0 => Event::Delivered,
        1 => Event::Read,
        2 => Event::ExpiryRevoked,
        3 => Event::ExpiryRevokeFailed,
        4 => Event::NotDelivered { code: "1360".to_owned() },
        5 => Event::UnknownExpiryWord { word: "TTL_NEW".to_owned() },
        6 => Event::UnknownWord { word: "NEW".to_owned() },
        _ => Event::Submitted,
    }
}
