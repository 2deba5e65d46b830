//! What a verified payload of Google says: a user's event, a server's event, or something aside.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/UserEvent> and
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/ServerEvent>

use crate::fact::Event;
use crate::id::{AgentId, MessageId};
use crate::json::Map;
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::text;
use crate::webhook::{IncomingEvent, Verdict, Verified, identity, shortened};

/// What only a message of the person to the agent has.
const CONTENT: [&str; 4] = ["text", "suggestionResponse", "location", "userFile"];

/// Reads the payload.
pub(super) fn read(payload: &Verified<'_>) -> Verdict {
    let raw = payload.text();
    match try_read(payload) {
        Ok(Reading::Event(event)) => Verdict::Event(Box::new(event)),
        Ok(Reading::Aside(about)) => Verdict::Aside { about, raw },
        Err(reason) => Verdict::Unreadable { reason, raw },
    }
}

enum Reading {
    Event(IncomingEvent),
    Aside(String),
}

fn try_read(payload: &Verified<'_>) -> Result<Reading, String> {
    let fields = payload.object()?;
    let Some(word) = fields.get("eventType") else {
        return without_type(&fields);
    };
    let word = word.as_str().ok_or("`eventType` is no text")?;
    let about = match word {
        "IS_TYPING" => "the person is typing",
        "SUBSCRIBE" => "the person subscribed",
        "UNSUBSCRIBE" => "the person unsubscribed",
        _ => return event(payload, &fields, word).map(Reading::Event),
    };
    Ok(Reading::Aside(about.to_owned()))
}

/// Launch events and the person's own messages carry no `eventType`.
fn without_type(fields: &Map) -> Result<Reading, String> {
    if let Some(state) = text(fields, "newLaunchState") {
        return Ok(Reading::Aside(format!("the agent's launch state is now {}", shortened(state))));
    }
    if CONTENT.iter().any(|field| fields.contains_key(field)) {
        return Ok(Reading::Aside("a message from the person".to_owned()));
    }
    Err("neither an event, nor a message from a person, nor a launch".to_owned())
}

fn event(payload: &Verified<'_>, fields: &Map, word: &str) -> Result<IncomingEvent, String> {
    let required = |field| text(fields, field).ok_or_else(|| format!("`{field}` is missing"));
    let message =
        MessageId::parse(required("messageId")?).map_err(|error| format!("`messageId`: {error}"))?;
    let agent = AgentId::parse(required("agentId")?).map_err(|error| format!("`agentId`: {error}"))?;
    // A user's event and a server's event name the same person differently.
    let phone = text(fields, "senderPhoneNumber").or_else(|| text(fields, "phoneNumber"));
    let phone = phone.and_then(|phone| E164::parse(phone).ok());
    let event_id = text(fields, "eventId").map_or_else(|| payload.fingerprint(), str::to_owned);
    let identity = identity(&[
        Some(agent.as_str()),
        Some(&event_id),
        Some(message.as_str()),
        phone.as_ref().map(E164::as_str),
        Some(word),
    ]);
    Ok(IncomingEvent {
        provider: Provider::GoogleRbm,
        agent: Some(agent),
        application: None,
        sender: None,
        message,
        identity,
        event: meaning(word),
        event_time: text(fields, "sendTime").map(shortened),
        phone,
        workflow: false,
        raw: payload.text(),
    })
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

fn text<'a>(fields: &'a Map, field: &str) -> Option<&'a str> {
    fields.get(field)?.as_str()
}
