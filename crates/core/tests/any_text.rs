//! Any text whatever, in every place where a text is read: it is taken or refused with a reason, and what is taken
//! means the same when it is written and read again.

use std::fmt::{Debug, Display};

use arbtest::arbitrary::{Result, Unstructured};
use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::id::{
    AgentId, ApplicationId, MessageId, MessageRef, SenderId, SourceId, WishId, parse_uuid,
};
use rcs_revoke_core::import::{Found, Row, parse};
use rcs_revoke_core::region::Country;
use rcs_revoke_core::request::{Answer, RevokeTarget};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{E164, Evidence, Host, Policy, Provider, Source, Span, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

#[path = "support/seeds.rs"]
mod seeds;

use seeds::holds;

/// Texts that some reader takes, and their near misses.
const MEANT: &[&str] = &[
    "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    "AAAAAAAA-BBBB-4CCC-8DDD-0123456789AB",
    "12345xyz",
    "my_agent@rbm.goog",
    "my_agent",
    "google_rbm:my_agent@rbm.goog:12345xyz",
    "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    "google.global",
    "vonage.eu",
    "+447700900000",
    "44 7700 900-000",
    "2026-11-20T10:00:00Z",
    "2026-11-20 10:00:00.123456789+01:00",
    "2026-02-29T24:60:61-23:59",
    "Fri, 20 Nov 2026 10:00:30 GMT",
    "120",
    "1.5",
    "GB",
    "XK",
];
const GLUE: &[&str] =
    &["", ":", "-", ".", "/", "?", "#", "%2e", " ", "\r\n", "\0", "é", "＋", "１", "@", "\u{202e}"];

/// A text that somebody meant, cut and mixed with others, or any text at all.
fn text(u: &mut Unstructured<'_>) -> Result<String> {
    if u.ratio(1, 3)? {
        return Ok(u.arbitrary::<&str>()?.to_owned());
    }
    let mut text = String::new();
    for _ in 0..u.int_in_range(1..=3)? {
        let part = *u.choose(MEANT)?;
        let end = if u.ratio(3, 4)? { part.len() } else { u.int_in_range(0..=part.len())? };
        text.push_str(part.get(..end).unwrap_or(part));
        text.push_str(u.choose(GLUE)?);
    }
    Ok(text)
}

/// What a type reads means the same when it is written and read again, and JSON takes what the type takes.
fn survives<T>(text: &str, parse: impl Fn(&str) -> Option<T>, write: impl Fn(&T) -> String)
where
    T: PartialEq + Debug + Serialize + DeserializeOwned,
{
    let json = serde_json::from_value::<T>(json!(text)).ok();
    let parsed = parse(text);
    assert_eq!(json, parsed, "{text:?}");
    if let Some(value) = parsed {
        let written = write(&value);
        assert_eq!(parse(&written).as_ref(), Some(&value), "{text:?} was written as {written:?}");
        assert_eq!(serde_json::to_value(&value).ok(), Some(json!(written)), "{text:?}");
    }
}

#[test]
fn what_an_id_a_number_or_a_host_reads_survives_its_text() {
    fn shown<T: Display>(value: &T) -> String {
        value.to_string()
    }
    holds(|u| {
        let text = &text(u)?;
        survives(text, |text| MessageId::parse(text).ok(), shown);
        survives(text, |text| SourceId::parse(text).ok(), shown);
        survives(text, |text| WishId::parse(text).ok(), shown);
        survives(text, |text| SenderId::parse(text).ok(), shown);
        survives(text, |text| AgentId::parse(text).ok(), shown);
        survives(text, |text| ApplicationId::parse(text).ok(), shown);
        survives(text, |text| MessageRef::parse(text).ok(), shown);
        survives(text, |text| text.parse::<Host>().ok(), shown);
        survives(text, |text| text.parse::<Country>().ok(), shown);
        survives(text, |text| E164::parse(text).ok(), |phone| phone.as_str().to_owned());
        if let Ok(uuid) = parse_uuid(text) {
            assert_eq!(uuid.as_str(), text.to_ascii_lowercase());
        }
        Ok(())
    });
}

/// The reason is one line that shows a text without obeying it: no line break, no control, no change of direction.
#[test]
fn a_reason_is_told_for_every_text_that_is_refused() {
    holds(|u| {
        let text = &text(u)?;
        let reasons = [
            MessageId::parse(text).err().map(|why| why.to_string()),
            AgentId::parse(text).err().map(|why| why.to_string()),
            MessageRef::parse(text).err().map(|why| why.to_string()),
            parse_uuid(text).err().map(|why| why.to_string()),
            E164::parse(text).err().map(|why| why.to_string()),
            Timestamp::parse(text).err().map(|why| why.to_string()),
            text.parse::<Host>().err().map(|why| why.to_string()),
            text.parse::<Country>().err().map(|why| why.to_string()),
        ];
        for reason in reasons.into_iter().flatten() {
            assert!(!reason.is_empty() && !reason.contains(['\r', '\n', '\0', '\u{202e}']), "{reason:?}");
        }
        Ok(())
    });
}

#[test]
fn a_time_is_the_one_that_a_calendar_library_reads() {
    holds(|u| {
        let text = text(u)?;
        let Ok(at) = Timestamp::parse(&text) else { return Ok(()) };
        assert_eq!(Timestamp::parse(&at.to_string()), Ok(at), "{text:?}");
        if let Ok(theirs) = text.trim().parse::<jiff::Timestamp>()
            && !text.contains(":60")
        {
            assert_eq!(theirs.as_millisecond(), at.as_millis(), "{text:?}");
        }
        Ok(())
    });
}

#[test]
fn no_id_leads_a_request_elsewhere() {
    holds(|u| {
        let (agent, id) = (AgentId::parse(&text(u)?).ok(), text(u)?);
        let provider = *u.choose(Provider::ALL)?;
        let Ok(message) = MessageRef::new(provider, agent.as_ref(), &id) else { return Ok(()) };
        let phone = E164::parse(&text(u)?).ok();
        let host = provider.hosts().next().expect("every provider has a host");
        let target = RevokeTarget { message: &message, recipient: phone.as_ref(), host };
        let Ok(request) = provider.adapter().revoke_request(&target) else { return Ok(()) };
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let segments = match provider {
            Provider::GoogleRbm => 6,
            Provider::Vonage => 4,
        };
        assert_eq!(path.split('/').count(), segments, "{path}");
        assert!(path.split('/').all(|segment| segment != "." && segment != ".."), "{path}");
        assert!(query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'&' && byte != b'#'), "{query}");
        Ok(())
    });
}

#[test]
fn a_wait_is_believed_only_where_it_makes_sense() {
    holds(|u| {
        let headers = [("Retry-After".to_owned(), text(u)?), ("Date".to_owned(), text(u)?)];
        let status = *u.choose(&[400, 401, 408, 429, 500, 503])?;
        for provider in Provider::ALL {
            let ack = provider.answers().read_answer(&Answer { status, headers: &headers, body: b"" });
            assert!(matches!(ack, Ack::NoEffect { .. } | Ack::Unknown { .. }), "{ack:?}");
            let sensible = ack.retry_after().is_none_or(|wait| Span::ZERO < wait && wait <= Span::days(31));
            assert!(sensible, "{headers:?} {ack:?}");
        }
        Ok(())
    });
}

/// JSON as somebody might write it into a config: known fields with known or any values.
fn object(u: &mut Unstructured<'_>) -> Result<Value> {
    let fields = [
        "id",
        "provider",
        "agent",
        "sender",
        "application",
        "host",
        "launch_country",
        "learnt",
        "revoke_ack",
        "listening_since",
        "settle",
        "retries",
        "message",
        "facts",
    ];
    let mut object = Map::new();
    for _ in 0..u.int_in_range(0..=8)? {
        let value = match u.int_in_range(0..=4)? {
            0 => json!(text(u)?),
            1 => json!(u.arbitrary::<i64>()?),
            2 => json!(*u.choose(&["google_rbm", "vonage", "confirmed", "accepted", "shop"])?),
            3 => json!([text(u)?]),
            _ => Value::Null,
        };
        object.insert((*u.choose(&fields)?).to_owned(), value);
    }
    Ok(Value::Object(object))
}

#[test]
fn a_source_is_read_whole_or_refused_and_then_checked() {
    holds(|u| {
        let mut json = object(u)?;
        assert!(serde_json::from_value::<Policy>(json.clone()).is_err(), "a policy misses nothing");
        drop(serde_json::from_value::<Evidence>(json.clone()));
        if u.arbitrary()? {
            json["id"] = json!("shop");
            json["provider"] = json!(u.choose(Provider::ALL)?.code());
        }
        let Ok(source) = serde_json::from_value::<Source>(json) else { return Ok(()) };
        let written = serde_json::to_value(&source).expect("a source is JSON");
        assert_eq!(serde_json::from_value::<Source>(written).ok().as_ref(), Some(&source));
        if source.check().is_ok() {
            assert!(source.host.is_none_or(|host| source.provider.hosts().any(|own| own == host)));
            let believes = source.revoke_ack == RevokeAck::Confirmed;
            assert!(!believes || source.provider.adapter().may_confirm());
        }
        Ok(())
    });
}

/// Where the rows of a text stand: in order, each on a line that there is, at one of its characters or, where
/// something is missing, right behind the last.
fn stand_in(rows: &[Row], text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    assert!(rows.is_sorted_by_key(|row| row.line), "{text:?}");
    for row in rows {
        let line = lines.get(row.line.wrapping_sub(1)).unwrap_or_else(|| panic!("{row:?} of {text:?}"));
        assert!((1..=line.chars().count() + 1).contains(&row.column), "{row:?} of {text:?}");
    }
}

#[test]
fn any_text_gives_rows_that_stand_in_it() {
    let firsts =
        ["", "id\n", "phone,id,sent_at\n", "text;message_uuid;from\r\n", "\u{feff}id\tto\n", "to,sent\n"];
    holds(|u| {
        let mut any = (*u.choose(&firsts)?).to_owned();
        while !u.is_empty() {
            any.push_str(&text(u)?);
            any.push_str(u.choose(&[",", ";", "\t", "\"", "\n", "\r\n", "\n\n", "'", " "])?);
        }
        stand_in(&parse(&any), &any);
        Ok(())
    });
}

#[test]
fn a_message_on_each_line_of_json_is_read() {
    holds(|u| {
        let mut lines = Vec::new();
        while !u.is_empty() && lines.len() < 40 {
            let id = format!("aaaaaaaa-bbbb-4ccc-8ddd-{:012}", lines.len());
            lines.push(json!({ "message_uuid": id, "channel": "rcs", "text": u.choose(MEANT)? }).to_string());
        }
        let text = lines.join("\n");
        let rows = parse(&text);
        stand_in(&rows, &text);
        for (number, line) in lines.iter().enumerate() {
            let id = format!("aaaaaaaa-bbbb-4ccc-8ddd-{number:012}");
            let told = rows.iter().any(|row| match &row.found {
                Found::Entry(entry) | Found::Duplicate { entry, .. } => entry.id.as_str() == id,
                Found::Problem(_) => row.line == number + 1,
            });
            assert!(told, "{line} in {rows:?}");
        }
        Ok(())
    });
}

/// A header is one whatever separates it, however its names are written, and wherever the id stands.
#[test]
fn any_spelling_of_a_header_is_found() {
    let ids = ["id", "ID", "Message-ID", "message_uuid", "\"uuid\"", " Message UUID "];
    let others = ["phone", "To", "agent_id", "sent at", "campaign", "\"text, or so\"", "größe"];
    holds(|u| {
        let separator = *u.choose(&[",", ";", "\t"])?;
        let mut names = Vec::new();
        for _ in 0..u.int_in_range(0..=4)? {
            names.push(*u.choose(&others)?);
        }
        let place = u.int_in_range(0..=names.len())?;
        names.insert(place, u.choose(&ids)?);
        let mut cells = vec![""; names.len()];
        cells[place] = "x1y2";
        let text = format!("{}\n{}\n", names.join(separator), cells.join(separator));
        let rows = parse(&text);
        let [row] = rows.as_slice() else { panic!("{text:?} {rows:?}") };
        assert!(
            matches!(&row.found, Found::Entry(entry) if entry.id.as_str() == "x1y2"),
            "{text:?} {rows:?}"
        );
        assert_eq!(row.line, 2);
        Ok(())
    });
}

#[test]
fn the_sentence_of_a_near_miss_says_what_is_missing() {
    let rows = parse("5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c1");
    let Found::Problem(problem) = &rows[0].found else { panic!("{rows:?}") };
    assert_eq!(problem.message, "one digit short of a UUID");
    assert_eq!(problem.text, "5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c1");
}

#[test]
fn what_a_log_may_show_of_a_row_holds_no_number() {
    let rows = parse("12345xyz +447700900042\nnothing to find for +447700900042 here\n+447700900042 ../9");
    assert_eq!(rows.len(), 3);
    assert!(!format!("{rows:?}").contains("7700900042"));
}
