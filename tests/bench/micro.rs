//! The core alone, on one thread: deciding about a message, and reading a long list.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::fact::{
    Answered, Attempted, Event, Life, ProviderEvent, Registered, Registrar, Requested, Then,
};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::import::{Found, Importer};
use rcs_revoke_core::{
    Evidence, Fact, Host, MessageRef, Provider, Source, SourceId, Span, Timestamp, assess,
};

use crate::figures::{Figures, median};

const NOW: Timestamp = Timestamp::from_millis(1_795_168_800_000);
const IDS: usize = 100_000;

/// Adds the figures of the core.
pub fn measure(figures: &mut Figures, quick: bool) {
    let (rounds, calls) = if quick { (1, 20_000_u32) } else { (3, 200_000) };
    let decisions = (0..rounds).map(|_| decisions_per_second(calls)).collect();
    figures.add(
        "decisions_per_second",
        "Core: outcome and next step of a message with 7 facts",
        median(decisions),
        "/s",
        "one thread".to_owned(),
    );
    let forms = [
        ("reading_100000_ids", "Core: reading a list of 100,000 ids", list()),
        ("reading_100000_csv", "Core: reading a CSV of 100,000 ids, numbers and times", csv()),
        ("reading_100000_json", "Core: reading JSON of 100,000 messages on one line", page()),
    ];
    for (id, name, text) in forms {
        let times = (0..rounds).map(|_| reading(&text)).collect();
        let beside = format!("{:.1} MB of text", text.len().to_string().parse::<f64>().unwrap_or(0.0) / 1e6);
        figures.add(id, name, median(times), "ms", beside);
    }
}

/// How often the core decides in a second, on one thread.
pub fn decisions_per_second(calls: u32) -> f64 {
    let (evidence, source) = example();
    let policy = Provider::Vonage.adapter().policy();
    let began = Instant::now();
    for call in 0..calls {
        let now = NOW + Span::millis(i64::from(call));
        black_box(assess(black_box(&evidence), &source, &policy, now));
    }
    f64::from(calls) / began.elapsed().as_secs_f64()
}

/// A message that was registered, wished away, asked for twice, and is silent since.
fn example() -> (Evidence, Source) {
    let valid = "an example of the core's own form";
    let message = MessageRef::parse("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab").expect(valid);
    let wish = WishId::parse("rev_example").expect(valid);
    let host: Host = "vonage.eu".parse().expect(valid);
    let at = |seconds: i64| NOW - Span::secs(600 - seconds);
    let mut evidence = Evidence::new(message);
    evidence.extend([
        Fact::Registered(Registered {
            by: Registrar::Api("example".to_owned()),
            received_at: at(1),
            sent_at: Some(at(0)),
            life: Some(Life::Ttl { ttl: Span::minutes(30) }),
            class: None,
            phone: None,
            host: None,
            failover: None,
            fallback_text: None,
            revoke_at: None,
        }),
        Fact::Event(ProviderEvent {
            identity: "example".to_owned(),
            event: Event::Submitted,
            received_at: at(2),
            event_time: None,
            phone: None,
            workflow: false,
            raw: String::new(),
        }),
        Fact::Requested(Requested {
            wish: wish.clone(),
            by: "operator".to_owned(),
            at: at(10),
            not_before: None,
            then: Then::Nothing,
            reason: None,
            override_window: false,
            hand: false,
            batch: None,
        }),
        Fact::Attempted(Attempted { attempt: 1, wish: wish.clone(), host, begun_at: at(11) }),
        Fact::Answered(Answered {
            attempt: 1,
            ack: Ack::NotFound { proper: true },
            status: Some(404),
            body: None,
            at: at(12),
        }),
        Fact::Attempted(Attempted { attempt: 2, wish, host, begun_at: at(13) }),
        Fact::Answered(Answered {
            attempt: 2,
            ack: Ack::Accepted,
            status: Some(202),
            body: None,
            at: at(14),
        }),
    ]);
    (evidence, Source::new(SourceId::parse("example").expect(valid), Provider::Vonage))
}

fn list() -> String {
    let mut text = String::with_capacity(IDS * 37);
    for number in 0..IDS {
        let _ = writeln!(text, "{number:08x}-bbbb-4ccc-8ddd-{number:012x}");
    }
    text
}

fn csv() -> String {
    let mut text = "phone;sent at;message id\r\n".to_owned();
    for number in 0..IDS {
        let _ = write!(
            text,
            "+44770{number:07};2026-11-20T10:00:00Z;{number:08x}-bbbb-4ccc-8ddd-{number:012x}\r\n"
        );
    }
    text
}

/// As one page of the API, if there were one so long.
fn page() -> String {
    let mut text = r#"{"items":["#.to_owned();
    for number in 0..IDS {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"message":"vonage:{number:08x}-bbbb-4ccc-8ddd-{number:012x}","source":"example","recipient":"+44 •••• 00","outcome":{{"outcome":"unconfirmed","last":"accepted"}},"sent_at":1795168800000}}"#
        );
    }
    text.push_str(r#"],"next":null}"#);
    text
}

/// Milliseconds to read a text, in the pieces in which a browser would.
fn reading(text: &str) -> f64 {
    let began = Instant::now();
    let mut importer = Importer::new();
    let mut found = 0;
    let mut count = |rows: Vec<rcs_revoke_core::import::Row>| {
        found += rows.iter().filter(|row| matches!(row.found, Found::Entry(_))).count();
    };
    for piece in text.as_bytes().chunks(64 * 1024) {
        count(importer.push(piece));
    }
    count(importer.finish());
    assert_eq!(found, IDS, "every line is a message");
    began.elapsed().as_secs_f64() * 1_000.0
}
