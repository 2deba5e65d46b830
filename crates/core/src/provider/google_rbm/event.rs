//! What a verified payload of Google says: a user's event, a server's event, or something aside.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/UserEvent> and
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/ServerEvent>

use crate::fact::Event;
use crate::id::{AgentId, MessageId};
use crate::json::Value;
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::joined;
use crate::text;
use crate::webhook::{self, IncomingEvent, NoEvent, Verdict, Verified, identity, required, shortened};

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

fn with_type(payload: &Verified<'_>, fields: &Value<'_>, word: &str) -> Result<Box<IncomingEvent>, NoEvent> {
    let about = match word {
        "IS_TYPING" => "the person is typing",
        "SUBSCRIBE" => "the person subscribed",
        "UNSUBSCRIBE" => "the person unsubscribed",
        _ => return event(payload, fields, word),
    };
    Err(NoEvent::Aside(about.to_owned()))
}

fn event(payload: &Verified<'_>, fields: &Value<'_>, word: &str) -> Result<Box<IncomingEvent>, NoEvent> {
    let message = required(fields, "messageId", MessageId::parse)?;
    let agent = required(fields, "agentId", AgentId::parse)?;
    // A user's event and a server's event name the same person differently.
    let phone = fields.text("senderPhoneNumber").or_else(|| fields.text("phoneNumber"));
    let phone = phone.and_then(|phone| E164::parse(phone).ok());
    let event_id = fields.text("eventId").map_or_else(|| payload.fingerprint(), str::to_owned);
    let identity = identity(&[
        Some(agent.as_str()),
        Some(&event_id),
        Some(message.as_str()),
        phone.as_ref().map(E164::as_str),
        Some(word),
    ]);
    Ok(Box::new(IncomingEvent {
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
    }))
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
