//! Inbound calls of Vonage: the status of a message, in the shape of v1 or v0.1, or something aside.
//!
//! <https://developer.vonage.com/en/messages/concepts/messages-status-callbacks>

use alloc::borrow::Cow;

use super::token;
use crate::fact::Event;
use crate::id::{ApplicationId, SenderId, parse_uuid};
use crate::json::{Map, Value};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::webhook::{
    IncomingEvent, Reception, Verdict, Verified, WebhookCall, WebhookSecret, identity, shortened,
};

/// Verifies and reads one call.
pub(super) fn receive(call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Reception {
    match token::verify(call, secret) {
        Ok((payload, application)) => Reception::kept(read(&payload, application.as_deref())),
        Err(why) => Reception::refused(Provider::Vonage, why),
    }
}

/// The name under which the application that a token names is kept beside the body.
const APPLICATION: &str = "application_id";

/// What the token says that the body does not.
pub(super) fn worth_keeping(call: &WebhookCall<'_>) -> Vec<(String, String)> {
    token::application(call).map(|application| (APPLICATION.to_owned(), application)).into_iter().collect()
}

/// Reads a call that was verified when it came.
pub(super) fn read_again(call: &WebhookCall<'_>) -> Verdict {
    read(&Verified::when_it_came(Cow::Borrowed(call.body)), call.header(APPLICATION))
}

fn read(payload: &Verified<'_>, application: Option<&str>) -> Verdict {
    let raw = payload.text();
    match try_read(payload, application) {
        Ok(Reading::Event(event)) => Verdict::Event(Box::new(event)),
        Ok(Reading::Aside(about)) => Verdict::Aside { about, raw },
        Err(reason) => Verdict::Unreadable { reason, raw },
    }
}

enum Reading {
    Event(IncomingEvent),
    Aside(String),
}

fn try_read(payload: &Verified<'_>, application: Option<&str>) -> Result<Reading, String> {
    let fields = payload.object()?;
    // v1 states the channel beside the numbers, v0.1 inside each of them.
    let channel = fields.get("channel").or_else(|| fields.get("to")?.get("type"));
    let channel = channel.and_then(Value::as_str).ok_or("`channel` is missing")?;
    if !channel.eq_ignore_ascii_case("rcs") {
        return Ok(Reading::Aside(format!("about another channel: {}", shortened(channel))));
    }
    match fields.get("status") {
        Some(status) => {
            let status = status.as_str().ok_or("`status` is no text")?;
            event(payload, &fields, status, application).map(Reading::Event)
        }
        None if fields.contains_key("message_type") || fields.contains_key("message") => {
            Ok(Reading::Aside("a message from the person".to_owned()))
        }
        None => Err("neither a status nor a message from a person".to_owned()),
    }
}

fn event(
    payload: &Verified<'_>,
    fields: &Map,
    status: &str,
    application: Option<&str>,
) -> Result<IncomingEvent, String> {
    let uuid = fields.get("message_uuid").and_then(Value::as_str).ok_or("`message_uuid` is missing")?;
    let message = parse_uuid(uuid).map_err(|error| format!("`message_uuid`: {error}"))?;
    let application = application.map(ApplicationId::parse).transpose();
    let time = fields.get("timestamp").and_then(Value::as_str);
    let fingerprint = time.is_none().then(|| payload.fingerprint());
    let code = fields.get("error").and_then(error_code);
    let identity =
        identity(&[Some(message.as_str()), Some(status), time.or(fingerprint.as_deref()), code.as_deref()]);
    Ok(IncomingEvent {
        provider: Provider::Vonage,
        agent: None,
        application: application.map_err(|error| format!("`application_id`: {error}"))?,
        sender: fields.get("from").and_then(party).and_then(|from| SenderId::parse(&from).ok()),
        message,
        identity,
        event: meaning(status, code),
        event_time: time.map(shortened),
        phone: fields.get("to").and_then(party).and_then(|to| E164::parse(&to).ok()),
        workflow: fields.get("workflow").is_some_and(has_failover),
        raw: payload.text(),
    })
}

/// The word in ours. No status means *revoked*: what Vonage refuses to deliver was not delivered, for whatever
/// reason.
fn meaning(status: &str, code: Option<String>) -> Event {
    match status {
        "submitted" => Event::Submitted,
        "delivered" => Event::Delivered,
        "read" => Event::Read,
        "rejected" | "undeliverable" => {
            Event::NotDelivered { code: code.unwrap_or_else(|| status.to_owned()) }
        }
        _ => Event::UnknownWord { word: shortened(status) },
    }
}

/// The code of an error: a number in `title` (v1), in `code` (v0.1), or behind the `#` of `type`; else the title
/// as it stands.
fn error_code(error: &Value) -> Option<String> {
    let title = word(&error["title"]);
    let anchor =
        error["type"].as_str().and_then(|kind| kind.rsplit_once('#')).map(|(_, code)| code.to_owned());
    let is_number = |code: &String| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    let number = [title.clone(), word(&error["code"]), anchor].into_iter().flatten().find(is_number);
    number.or(title).map(|code| shortened(&code))
}

/// A sender or recipient: bare in v1, an object with a number or an id in v0.1.
fn party(value: &Value) -> Option<String> {
    word(value).or_else(|| word(&value["number"])).or_else(|| word(&value["id"]))
}

/// A workflow of one message has nothing to fail over to; one that does not say how long it is may have.
fn has_failover(workflow: &Value) -> bool {
    let total = word(&workflow["items_total"]).or_else(|| word(&workflow["total_items"]));
    workflow.is_object() && total.and_then(|total| total.parse::<u32>().ok()).is_none_or(|total| total > 1)
}

/// A text or a whole number, which Vonage's own SDKs are ready to take for each other.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.parse::<u64>().ok().map(|number| number.to_string()),
        _ => None,
    }
}
