//! What is asked of the facts of one message.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use rcs_revoke_core::{Evidence, Policy, Provider, Source};

use super::{Answered, kept};
use crate::state::{Object, Objects, Revocation};
use crate::wire::{Answer, Fields, Problem};

/// What a message is judged by: a source of its provider, and its figures.
fn context(fields: &mut Fields<'_>, provider: Provider) -> Result<(Source, Policy), Problem> {
    let source = fields.source()?;
    if source.provider != provider {
        return Err(Problem::new("invalid_source", &"the source is not of the message's provider"));
    }
    source.check().map_err(|error| Problem::new("invalid_source", &error))?;
    let policy = if fields.flag() { fields.policy()? } else { provider.adapter().policy() };
    Ok((source, policy))
}

pub(super) fn revocation(objects: &mut Objects, fields: &mut Fields<'_>) -> Answered {
    let message = fields.message()?;
    let (source, policy) = context(fields, message.provider())?;
    let text = message.to_string();
    let revocation = Revocation { evidence: Evidence::new(message), source, policy };
    let mut answer = kept(objects, Object::Revocation(Box::new(revocation)));
    answer.text(&text);
    Ok(answer)
}

pub(super) fn set_context(revocation: &mut Revocation, fields: &mut Fields<'_>) -> Answered {
    let (source, policy) = context(fields, revocation.evidence.message().provider())?;
    revocation.source = source;
    revocation.policy = policy;
    Ok(Answer::default())
}

pub(super) fn merge(objects: &mut Objects, handle: u32, fields: &mut Fields<'_>) -> Answered {
    let other = &objects.revocation(fields.count()?)?.evidence;
    let (message, facts): (_, Vec<_>) = (other.message().clone(), other.facts().cloned().collect());
    let evidence = &mut objects.revocation(handle)?.evidence;
    if *evidence.message() != message {
        return Err(Problem::new("other_message", &"evidence of two messages is never merged"));
    }
    evidence.extend(facts);
    Ok(Answer::default())
}

/// The evidence in the core's JSON form.
pub(super) fn json(evidence: &Evidence) -> Answer {
    let mut answer = Answer::default();
    answer.raw("{\"message\":\"");
    answer.raw(&evidence.message().to_string());
    answer.raw("\",\"facts\":[");
    for (at, fact) in evidence.facts().enumerate() {
        if at > 0 {
            answer.raw(",");
        }
        answer.raw(&fact.canonical());
    }
    answer.raw("]}");
    answer
}
