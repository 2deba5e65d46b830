//! Reading a verified payload, as far as it is the same at every provider.

use crate::id::InvalidId;
use crate::json::Value;
use crate::prelude::*;
use crate::say::{Say, joined};
use crate::webhook::{Verdict, Verified};

/// What a payload is if it is nothing that we follow.
pub(crate) enum NoEvent {
    /// About no RCS message of ours to revoke: what it is about, for people.
    Aside(String),
    /// What could not be read, and where.
    Unreadable(String),
}

impl From<String> for NoEvent {
    fn from(reason: String) -> Self {
        Self::Unreadable(reason)
    }
}

impl From<&str> for NoEvent {
    fn from(reason: &str) -> Self {
        Self::Unreadable(reason.to_owned())
    }
}

/// What a field names that must be there.
pub(crate) fn required<T>(
    fields: &Value<'_>,
    field: &str,
    parse: fn(&str) -> Result<T, InvalidId>,
) -> Result<T, NoEvent> {
    let text =
        fields.text(field).ok_or_else(|| NoEvent::Unreadable(joined(&["`", field, "` is missing"])))?;
    parse(text).map_err(|error| wrong(field, &error))
}

/// Why a field cannot be read that names something in a form that it has not.
pub(crate) fn wrong(field: &str, error: &InvalidId) -> NoEvent {
    NoEvent::Unreadable(joined(&["`", field, "`: ", &error.say()]))
}

/// What a payload is, with all of it to be kept. It must be a JSON object in which no key says two things; what
/// else is wrong with it is told without a word of its content. `read` finds what it says in its fields.
pub(crate) fn read(payload: &Verified<'_>, read: &dyn Fn(&Value<'_>) -> Result<Verdict, NoEvent>) -> Verdict {
    let raw = payload.text();
    let verdict = match payload.json() {
        Ok(fields) if fields.is_object() => read(&fields),
        Ok(_) => Err("not a JSON object".into()),
        Err(error) => Err(NoEvent::Unreadable(joined(&["not a JSON object: ", &error.say()]))),
    };
    let mut verdict = match verdict {
        Ok(verdict) => verdict,
        Err(NoEvent::Aside(about)) => Verdict::Aside { about, raw: String::new() },
        Err(NoEvent::Unreadable(reason)) => Verdict::Unreadable { reason, raw: String::new() },
    };
    match &mut verdict {
        Verdict::Event(event) => event.raw = raw,
        Verdict::Sms(sms) => sms.raw = raw,
        Verdict::Consent(consent) => consent.raw = raw,
        Verdict::Aside { raw: kept, .. } | Verdict::Unreadable { raw: kept, .. } => *kept = raw,
        Verdict::Handshake | Verdict::Refused { .. } => {}
    }
    verdict
}
