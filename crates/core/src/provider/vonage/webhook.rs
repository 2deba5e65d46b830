//! Inbound calls of Vonage: the status of a message or of an SMS, in the shape of v1 or v0.1, or something aside.
//!
//! <https://developer.vonage.com/en/messages/concepts/messages-status-callbacks>

use super::token;
use crate::fact::Event;
use crate::id::{ApplicationId, MessageId, SenderId, parse_uuid};
use crate::json::Value;
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::joined;
use crate::text;
use crate::webhook::{
    self, IncomingEvent, IncomingSms, NoEvent, Reception, Verdict, Verified, WebhookCall, WebhookSecret,
    identity, required, shortened, wrong,
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
    read(&Verified::when_it_came(call.body), call.header(APPLICATION))
}

fn read(payload: &Verified<'_>, application: Option<&str>) -> Verdict {
    webhook::read(payload, &|fields| {
        // v1 states the channel beside the numbers, v0.1 inside each of them.
        let channel = fields.get("channel").or_else(|| fields.get("to")?.get("type"));
        let channel = channel.and_then(Value::as_str).ok_or("`channel` is missing")?;
        let status = fields.get("status");
        if channel.eq_ignore_ascii_case("sms") && status.is_some() {
            return Ok(sms(Status::read(payload, fields, status, application)?, fields));
        }
        if !is_rcs(channel) {
            return Err(NoEvent::Aside(joined(&["about another channel: ", &shortened(channel)])));
        }
        if status.is_some() {
            return Ok(event(Status::read(payload, fields, status, application)?, fields));
        }
        if fields.get("message_type").or_else(|| fields.get("message")).is_some() {
            return Err(NoEvent::Aside("a message from the person".to_owned()));
        }
        Err("neither a status nor a message from a person".into())
    })
}

/// Whether a channel is ours.
pub(crate) fn is_rcs(channel: &str) -> bool {
    channel.eq_ignore_ascii_case("rcs")
}

/// What a status says, whatever it is about.
struct Status {
    application: Option<ApplicationId>,
    message: MessageId,
    identity: String,
    event: Event,
    event_time: Option<String>,
    phone: Option<E164>,
}

impl Status {
    fn read(
        payload: &Verified<'_>,
        fields: &Value<'_>,
        status: Option<&Value<'_>>,
        application: Option<&str>,
    ) -> Result<Self, NoEvent> {
        let status = status.and_then(Value::as_str).ok_or("`status` is no text")?;
        let message = required(fields, "message_uuid", parse_uuid)?;
        let application = application.map(ApplicationId::parse).transpose();
        let application = application.map_err(|error| wrong(APPLICATION, &error))?;
        let time = fields.text("timestamp");
        let fingerprint = time.is_none().then(|| payload.fingerprint());
        let code = fields.get("error").and_then(error_code);
        let parts = [Some(message.as_str()), Some(status), time.or(fingerprint.as_deref()), code.as_deref()];
        Ok(Self {
            application,
            identity: identity(&parts),
            message,
            event: meaning(status, code),
            event_time: time.map(shortened),
            phone: party(fields, "to").and_then(|to| E164::parse(to).ok()),
        })
    }
}

fn event(status: Status, fields: &Value<'_>) -> Verdict {
    Verdict::Event(Box::new(IncomingEvent {
        provider: Provider::Vonage,
        agent: None,
        application: status.application,
        sender: party(fields, "from").and_then(|from| SenderId::parse(from).ok()),
        message: status.message,
        identity: status.identity,
        event: status.event,
        event_time: status.event_time,
        phone: status.phone,
        workflow: fields.get("workflow").is_some_and(has_failover),
        raw: String::new(),
    }))
}

fn sms(status: Status, fields: &Value<'_>) -> Verdict {
    Verdict::Sms(Box::new(IncomingSms {
        provider: Provider::Vonage,
        application: status.application,
        message: status.message,
        reference: fields.text("client_ref").map(shortened),
        identity: status.identity,
        event: status.event,
        event_time: status.event_time,
        phone: status.phone,
        raw: String::new(),
    }))
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
fn error_code(error: &Value<'_>) -> Option<String> {
    let title = word(error, "title");
    let anchor = error.text("type").and_then(|kind| text::rsplit_once(kind, "#"));
    let places = [title, word(error, "code"), anchor.map(|(_, code)| code)];
    let number = places.into_iter().flatten().find(|code| !code.is_empty() && is_number(code));
    number.or(title).map(shortened)
}

/// A sender or recipient: bare in v1, an object with a number or an id in v0.1.
fn party<'a>(fields: &'a Value<'_>, name: &str) -> Option<&'a str> {
    let inside = || {
        let object = fields.get(name)?;
        word(object, "number").or_else(|| word(object, "id"))
    };
    word(fields, name).or_else(inside)
}

/// A workflow of one message has nothing to fail over to; one that does not say how long it is may have.
fn has_failover(workflow: &Value<'_>) -> bool {
    let total = word(workflow, "items_total").or_else(|| word(workflow, "total_items"));
    let is_one = |total: &str| {
        let digits = total.strip_prefix('+').unwrap_or(total).as_bytes();
        matches!(digits, [zeros @ .., b'0' | b'1'] if zeros.iter().all(|digit| *digit == b'0'))
    };
    workflow.is_object() && !total.is_some_and(is_one)
}

/// A text or a whole number of 64 bits, which Vonage's own SDKs are ready to take for each other.
fn word<'a>(fields: &'a Value<'_>, name: &str) -> Option<&'a str> {
    match fields.get(name)? {
        Value::Text(text) => Some(text),
        Value::Plain(plain) if is_number(plain) => {
            let longest = "18446744073709551615";
            ((plain.len(), *plain) <= (longest.len(), longest)).then_some(plain)
        }
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
