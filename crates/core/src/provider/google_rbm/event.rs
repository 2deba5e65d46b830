//! What a verified payload of Google says: a user's event, a server's event, a user's consent, or something aside.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/UserEvent> and
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/ServerEvent>

use crate::fact::Event;
use crate::id::{AgentId, MessageId};
use crate::json::Value;
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::{Say, joined};
use crate::text;
use crate::webhook::{
    self, Consent, IncomingEvent, NoEvent, Verdict, Verified, identity, required, shortened,
};

/// What only a message of the person to the agent has.
const CONTENT: [&str; 4] = ["text", "suggestionResponse", "location", "userFile"];

/// Reads the payload.
pub(super) fn read(payload: &Verified<'_>) -> Verdict {
    webhook::read(payload, &|fields| match fields.get("eventType") {
        Some(word) => with_type(payload, fields, word.as_str().ok_or("`eventType` is no text")?),
        None => Err(without_type(fields)),
    })
}

/// Launch events and the person's own messages carry no `eventType`.
fn without_type(fields: &Value<'_>) -> NoEvent {
    if let Some(state) = fields.text("newLaunchState") {
        return NoEvent::Aside(joined(&["the agent's launch state is now ", &shortened(state)]));
    }
    if CONTENT.iter().any(|field| fields.get(field).is_some()) {
        return NoEvent::Aside("a message from the person".to_owned());
    }
    "neither an event, nor a message from a person, nor a launch".into()
}

/// What an event of this type is about, if it is about no message of the agent's.
pub(crate) fn about_the_person(word: &str) -> Option<&'static str> {
    match word {
        "IS_TYPING" => Some("the person is typing"),
        "SUBSCRIBE" => Some("the person wants the agent's advertising"),
        "UNSUBSCRIBE" => Some("the person wants no more advertising"),
        _ => None,
    }
}

fn with_type(payload: &Verified<'_>, fields: &Value<'_>, word: &str) -> Result<Verdict, NoEvent> {
    match (word, about_the_person(word)) {
        ("SUBSCRIBE" | "UNSUBSCRIBE", _) => consent(payload, fields, word),
        (_, Some(about)) => Err(NoEvent::Aside(about.to_owned())),
        (_, None) => event(payload, fields, word),
    }
}

/// A user's event and a server's event name the same person differently.
fn phone<'a>(fields: &'a Value<'_>) -> Option<&'a str> {
    fields.text("senderPhoneNumber").or_else(|| fields.text("phoneNumber"))
}

/// The handset sets the event's id, so only all of these together are one event.
fn identity_of(
    payload: &Verified<'_>,
    fields: &Value<'_>,
    agent: &AgentId,
    message: Option<&str>,
    phone: Option<&E164>,
    word: &str,
) -> String {
    let event_id = fields.text("eventId").map_or_else(|| payload.fingerprint(), str::to_owned);
    identity(&[Some(agent.as_str()), Some(&event_id), message, phone.map(E164::as_str), Some(word)])
}

/// What the person wants of the agent's advertising; what was typed to say so comes besides, as a message.
fn consent(payload: &Verified<'_>, fields: &Value<'_>, word: &str) -> Result<Verdict, NoEvent> {
    let agent = required(fields, "agentId", AgentId::parse)?;
    let phone = phone(fields).ok_or("`senderPhoneNumber` is missing")?;
    let phone = E164::parse(phone)
        .map_err(|error| NoEvent::Unreadable(joined(&["`senderPhoneNumber`: ", &error.say()])))?;
    let message = fields.text("messageId");
    Ok(Verdict::Consent(Box::new(Consent {
        provider: Provider::GoogleRbm,
        identity: identity_of(payload, fields, &agent, message, Some(&phone), word),
        agent,
        phone,
        subscribed: word == "SUBSCRIBE",
        event_time: fields.text("sendTime").map(shortened),
        raw: String::new(),
    })))
}

fn event(payload: &Verified<'_>, fields: &Value<'_>, word: &str) -> Result<Verdict, NoEvent> {
    let message = required(fields, "messageId", MessageId::parse)?;
    let agent = required(fields, "agentId", AgentId::parse)?;
    let phone = phone(fields).and_then(|phone| E164::parse(phone).ok());
    let identity = identity_of(payload, fields, &agent, Some(message.as_str()), phone.as_ref(), word);
    Ok(Verdict::Event(Box::new(IncomingEvent {
        provider: Provider::GoogleRbm,
        agent: Some(agent),
        application: None,
        sender: None,
        message,
        identity,
        event: meaning(word),
        event_time: fields.text("sendTime").map(shortened),
        phone,
        workflow: false,
        raw: String::new(),
    })))
}

/// The word in ours. A new word about expiry is kept apart: it may not prove anything, but it says that the
/// message's life has ended.
fn meaning(word: &str) -> Event {
    match word {
        "DELIVERED" => Event::Delivered,
        "READ" => Event::Read,
        "TTL_EXPIRATION_REVOKED" => Event::ExpiryRevoked,
        "TTL_EXPIRATION_REVOKE_FAILED" => Event::ExpiryRevokeFailed,
        _ if word.starts_with("TTL_") || text::split_once(word, "EXPIRATION").is_some() => {
            Event::UnknownExpiryWord { word: shortened(word) }
        }
        _ => Event::UnknownWord { word: shortened(word) },
    }
}
