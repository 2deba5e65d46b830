//! What is asked of the facts of one message.

use alloc::boxed::Box;
use alloc::string::String;

use rcs_revoke_core::{Evidence, Policy, Provider, Say, Source};

use super::Answered;
use crate::state::{Object, Objects, Revocation};
use crate::wire::Fields;
use crate::write::object;

/// What a message is judged by: a source of its provider, and its figures.
fn context(fields: &mut Fields<'_>, provider: Provider) -> Option<(Source, Policy)> {
    let source = fields.source()?;
    if source.provider != provider {
        return fields.refuse("invalid_source", 0, "the source is not of the message's provider");
    }
    if let Err(error) = source.check() {
        return fields.refuse("invalid_source", 0, &error.say());
    }
    let policy = if fields.flag() { fields.policy() } else { provider.adapter().policy() };
    fields.fine((source, policy))
}

pub(super) fn revocation(objects: &mut Objects, fields: &mut Fields<'_>) -> Answered {
    let message = fields.message()?;
    let (source, policy) = context(fields, message.provider())?;
    let text = message.text();
    let revocation = Revocation { evidence: Evidence::new(message), source, policy };
    let handle = objects.keep(Object::Revocation(Box::new(revocation)));
    Some(object(|json| {
        json.int("handle", i64::from(handle));
        json.text("message", &text);
    }))
}

pub(super) fn set_context(revocation: &mut Revocation, fields: &mut Fields<'_>) -> Answered {
    (revocation.source, revocation.policy) = context(fields, revocation.evidence.message().provider())?;
    Some(String::new())
}

/// The evidence in the core's JSON form.
pub(super) fn json(evidence: &Evidence) -> String {
    object(|json| {
        json.text("message", &evidence.message().text());
        json.open("facts", "[");
        for fact in evidence.facts() {
            json.raw("", &fact.canonical());
        }
        json.close("]");
    })
}
