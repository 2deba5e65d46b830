//! Long texts made to be slow to read: a reader that looked at something again for each line, word or quote would
//! need an hour for them. The limit is a minute, which no machine comes near with a reader that looks once.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rcs_revoke_core::id::{AgentId, MessageId, MessageRef, SenderId, parse_uuid};
use rcs_revoke_core::import::parse;
use rcs_revoke_core::request::Answer;
use rcs_revoke_core::webhook::{WebhookCall, WebhookSecret};
use rcs_revoke_core::{E164, Host, Provider, Timestamp};

/// How long a text is, in bytes; a quadratic reader would do 10¹² steps.
const LONG: usize = 1 << 20;
const LIMIT: Duration = Duration::from_mins(1);

/// Parts that, repeated, ask something of a reader again and again.
const PARTS: &[&str] = &[
    "a",
    "1",
    " ",
    "\n",
    "\r\n",
    ",",
    "\"",
    "\"\"",
    "\",",
    "\"a\n",
    "x,\"open\n",
    "x1,\"a\"b\n",
    "a,",
    "'",
    "-",
    "--",
    "a-",
    "+",
    "+1",
    "+4477009000 ",
    "447700900000,",
    ":",
    "vonage:",
    "vonage:1\n",
    "google_rbm:a:",
    "/agentMessages/",
    "phones/",
    "phones/+1/agentMessages/1 ",
    "phones/%2B12223334444/agentMessages/x?agentId=a&",
    "agentId=",
    "agentId=a ",
    "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab\n",
    "aaaaaaaa-bbbb-4ccc-8ddd-0123456789a,",
    "12345678901234567890123456789012 ",
    "4.47701E+11\n",
    "\u{feff}",
    "é",
    "\0",
    "{\"a\":",
    "[",
    "{\"a\":1,",
    "{\"id\":\"x\",\"a\":",
    "[{\"a\":\"\\u00e9\"},",
    "\"\\n",
    "{\"message\":{\"data\":\"eyJpZCI6IngifQ==\"}}",
    "[\"x\",",
    "2026-11-20T10:00:00,",
    "0",
    ".",
];
const FRONTS: &[&str] = &["", "[", "{\"a\":\"", "{\"ids\":[\n", "text,id,phone\n", "x;id\n\"", "aaaa "];

#[expect(clippy::disallowed_methods, reason = "the clock is looked at here, and decides nothing")]
fn quickly<T>(what: &str, read: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let read = read();
    let took = began.elapsed();
    assert!(took < LIMIT, "{what:?} took {took:?}");
    read
}

fn long(front: &str, part: &str) -> String {
    let mut text = front.to_owned();
    text.push_str(&part.repeat(LONG / part.len()));
    text
}

#[test]
fn an_import_reads_each_byte_a_few_times_at_most() {
    for part in PARTS {
        for front in FRONTS {
            let text = long(front, part);
            let rows = quickly(&format!("{front}{part}…"), || parse(&text));
            assert!(rows.len() <= text.len());
        }
    }
}

#[test]
fn ids_numbers_and_times_are_refused_at_once() {
    for part in PARTS {
        let text = long("", part);
        quickly(part, || {
            assert!(MessageId::parse(&text).is_err());
            assert!(AgentId::parse(&text).is_err());
            assert!(SenderId::parse(&text).is_err());
            assert!(MessageRef::parse(&text).is_err());
            assert!(parse_uuid(&text).is_err());
            assert!(E164::parse(&text).is_err());
            assert!(Timestamp::parse(&text).is_err());
            assert!(text.parse::<Host>().is_err());
        });
    }
}

#[test]
fn answers_and_webhooks_are_read_once() {
    for part in PARTS {
        let text = long("", part);
        let headers = [
            ("Retry-After".to_owned(), text.clone()),
            ("Authorization".to_owned(), format!("Bearer {text}")),
            ("X-Goog-Signature".to_owned(), text.clone()),
        ];
        for provider in Provider::ALL {
            let inbound = provider.inbound();
            let answer = Answer { status: 404, headers: &headers, body: text.as_bytes() };
            let call = WebhookCall { method: "POST", headers: &headers, body: text.as_bytes() };
            let secret = WebhookSecret::new(b"SJENCPGJESMGUFPY", None);
            quickly(part, || {
                black_box(provider.answers().read_answer(&answer));
                black_box(inbound.receive(&call, Some(&secret)));
                black_box(inbound.read_again(&call));
                black_box(inbound.worth_keeping(&call));
            });
        }
    }
}
