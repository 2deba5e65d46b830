//! What is asked of the facts of one message.

use alloc::vec::Vec;

use rcs_revoke_boundary::Objects;
use rcs_revoke_boundary::answer::{Answered, WRITTEN, number};
use rcs_revoke_boundary::wire::Fields;
use rcs_revoke_boundary::write::count;
use rcs_revoke_core::{Evidence, MessageRef, ObjectWriter, Policy, Say, Source};

use crate::Revocation;

const INVALID_SOURCE: &str = "invalid_source";

/// What a message is judged by: a source of its provider and agent, and its figures.
fn context(fields: &mut Fields<'_>, message: &MessageRef) -> Option<(Source, Policy)> {
    let source = fields.source()?;
    let provider = message.provider();
    if source.provider != provider {
        return fields.refuse(INVALID_SOURCE, 0, "the source is not of the message's provider");
    }
    if let Err(error) = source.check() {
        return fields.refuse(INVALID_SOURCE, 0, &error.say());
    }
    if message.agent().is_some() && message.agent() != source.agent.as_ref() {
        return fields.refuse(INVALID_SOURCE, 0, "the source is not of the message's agent");
    }
    let policy = if fields.flag() { fields.policy()? } else { provider.adapter().policy() };
    fields.fine((source, policy))
}

pub(super) fn revocation(
    objects: &mut Objects<Revocation>,
    fields: &mut Fields<'_>,
    json: &mut ObjectWriter,
) -> Answered {
    let message = fields.message()?;
    let (source, policy) = context(fields, &message)?;
    json.text("message", &message.text());
    let revocation = Revocation { evidence: Evidence::new(message), source, policy };
    count(json, "handle", objects.keep(revocation));
    WRITTEN
}

pub(super) fn set_context(revocation: &mut Revocation, fields: &mut Fields<'_>) -> Answered {
    (revocation.source, revocation.policy) = context(fields, revocation.evidence.message())?;
    number(0)
}

/// Records facts, and answers how many changed anything; none is recorded if one of them is none.
pub(super) fn record(revocation: &mut Revocation, fields: &mut Fields<'_>) -> Answered {
    let mut facts = Vec::new();
    for _ in 0..fields.count() {
        facts.push(fields.fact()?);
    }
    let mut changed = 0;
    for fact in facts {
        changed += usize::from(revocation.evidence.record(fact));
    }
    number(changed)
}
