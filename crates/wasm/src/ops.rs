//! What can be asked, by number: the numbers are those of `npm/src/ops.ts`.

use rcs_revoke_boundary::Asked;
use rcs_revoke_boundary::answer::{Answered, WRITTEN, list, number, text};
use rcs_revoke_boundary::read::INVALID_ID;
use rcs_revoke_boundary::wire::{Fields, INVALID};
use rcs_revoke_boundary::words::Word;
use rcs_revoke_boundary::write::count;
use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::assess::{self, assess};
use rcs_revoke_core::class::Class;
use rcs_revoke_core::expiry::{MessageClass, expiry};
use rcs_revoke_core::explain::{self, explain};
use rcs_revoke_core::fact::Life;
use rcs_revoke_core::fallback::{fallback, sent};
use rcs_revoke_core::outcome::row_of;
use rcs_revoke_core::request::{Answer as HttpAnswer, BuildRequestError, RevokeTarget};
use rcs_revoke_core::{Known, ObjectWriter, Provider, Say, Span, Timestamp};

use crate::Revocation;
use crate::write;

mod evidence;
mod sms;

use evidence::{record, revocation, set_context};
use sms::{fallback_request, sms_answer, sms_reference, sms_request};

const TTL_OUT_OF_RANGE: &str = "ttl_out_of_range";

/// Answers one question.
pub fn answer(asked: Asked<'_, Revocation>, fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let Asked { objects, op, handle, now, body } = asked;
    match op {
        0 => return parse_id(fields),
        1 => return parse_message_id(fields),
        2 => return parse_message_ids(fields, body, json),
        3 => return text(fields.message_of_parts()?.text()),
        4 => {
            let provider: Provider = fields.word()?;
            write::policy(json, &provider.adapter().policy());
        }
        5 => return hosts(fields, json),
        6 => return route(fields, json),
        7 => return revoke_requests(fields, json),
        8 => return sms_request(fields, json),
        9 => return expiry_fields(fields, json),
        10 => return read_answer(fields, body, json),
        11 => {
            let why: SendFailure = fields.word()?;
            json.ack(&why.ack());
        }
        14 => return outcome_info(fields, json),
        16 => return sms_answer(fields, body, json),
        17 => return sms_reference(fields),
        18 => write::classes(json, &Class::standards()),
        23 => {
            objects.take(handle);
            return number(0);
        }
        30 => return revocation(objects, fields, json),
        _ => return about(op, objects.get(handle)?, now, fields, json),
    }
    WRITTEN
}

/// What is asked of the facts of one message.
fn about(
    op: u32,
    revocation: &mut Revocation,
    now: Timestamp,
    fields: &mut Fields<'_>,
    json: &mut ObjectWriter,
) -> Answered {
    match op {
        31 => return set_context(revocation, fields),
        32 => return record(revocation, fields),
        39 => return fallback_request(revocation, now, fields, json),
        _ => {}
    }
    let Revocation { evidence, source, policy } = revocation;
    match op {
        33 => write::evidence(json, evidence),
        34 => write::known(json, &Known::of(evidence, policy)),
        35 => write::assessment(json, &assess(evidence, source, policy, now)),
        36 => {
            write::outcome(json, &assess::outcome(evidence, source, policy, now));
            write::explanation(json, &explain(evidence, source, policy, now));
        }
        37 => return number(evidence.len()),
        38 => {
            let next = fallback(evidence, source, policy, now);
            write::fallback(json, &next, &explain::sms(evidence, source, policy, now));
        }
        40 => write::sent(json, &sent(evidence, policy, now)),
        _ => return None,
    }
    WRITTEN
}

fn parse_id(fields: &mut Fields<'_>) -> Answered {
    match fields.text() {
        "message" => text(fields.message()?),
        "agent" => text(fields.opt_agent()?),
        "source" => text(fields.opt_source_id()?),
        "wish" => text(fields.wish()?),
        "phone" => text(fields.opt_phone()?),
        _ => fields.refuse(INVALID, fields.place(), "no kind of id"),
    }
}

fn parse_message_id(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    match provider.adapter().parse_message_id(fields.text()) {
        Ok(id) => text(id),
        Err(error) => fields.refuse(INVALID_ID, fields.place(), &error.say()),
    }
}

/// One id on each line of the body. The answer is how many lines there are, and what is not the id itself: its line
/// from 0, and the id or what is wrong.
fn parse_message_ids(fields: &mut Fields<'_>, body: &[u8], json: &mut ObjectWriter) -> Answered {
    let provider: Provider = fields.word()?;
    let adapter = provider.adapter();
    let (mut rest, mut end, mut lines) = (body, 0, 0);
    json.open("other", "[");
    loop {
        // Most lines are as long as the one before, and an id has no line break: it need not be looked for.
        let is_id = |end| rest.get(..end).is_some_and(|line| adapter.is_message_id(line));
        if rest.get(end).is_some_and(|byte| *byte != b'\n') || !is_id(end) {
            end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            if !is_id(end) {
                json.open("", "{");
                count(json, "index", lines);
                match adapter.parse_message_id(core::str::from_utf8(&rest[..end]).unwrap_or_default()) {
                    Ok(id) => json.text("id", id.as_str()),
                    Err(error) => json.text("message", &error.say()),
                }
                json.close("}");
            }
        }
        lines += 1;
        match rest.get(end + 1..) {
            Some(next) => rest = next,
            None => break,
        }
    }
    json.close("]");
    count(json, "lines", lines);
    WRITTEN
}

fn hosts(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let provider: Provider = fields.word()?;
    json.open("hosts", "[");
    for host in provider.hosts() {
        json.open("", "{");
        json.text("host", host.name());
        json.text("label", host.label());
        json.text("baseUrl", host.base_url());
        json.close("}");
    }
    json.close("]");
    WRITTEN
}

fn route(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let source = fields.source()?;
    let own = fields.opt_host();
    write::route(json, &source.provider.adapter().route(&source, own));
    WRITTEN
}

/// How many targets, and each; the answer is a request for each.
fn revoke_requests(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    list(fields.count(), json, |json| {
        let message = fields.message()?;
        let recipient = fields.opt_phone();
        let host = fields.host()?;
        let target = RevokeTarget { message: &message, recipient: recipient.as_ref(), host };
        match message.provider().adapter().revoke_request(&target) {
            Ok(request) => write::request(json, &request),
            Err(error) => {
                let after = match error {
                    BuildRequestError::AgentMissing(_) => 2,
                    BuildRequestError::RecipientMissing(_) => 1,
                    BuildRequestError::WrongHost { .. } => 0,
                };
                return fields.refuse(error.code(), fields.place() - after, &error.say());
            }
        }
        fields.fine(())
    })
}

fn expiry_fields(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let provider: Provider = fields.word()?;
    let class: Option<MessageClass> = fields.opt_word();
    let ttl = fields.opt_int().map(Span::millis);
    let ttl = class.map(MessageClass::ttl).or(ttl).unwrap_or(Span::ZERO);
    match expiry(provider, ttl) {
        Ok(expiry) => {
            json.open("fields", "{");
            json.raw(expiry.field(), expiry.json());
            json.close("}");
            if let Life::Ttl { ttl } = expiry.life() {
                json.int("ttl", ttl.as_millis());
            }
            WRITTEN
        }
        Err(error) => fields.refuse(TTL_OUT_OF_RANGE, fields.place(), &error.say()),
    }
}

fn read_answer(fields: &mut Fields<'_>, body: &[u8], json: &mut ObjectWriter) -> Answered {
    let provider: Provider = fields.word()?;
    let status = fields.status()?;
    let headers = fields.headers();
    let ack = provider.answers().read_answer(&HttpAnswer { status, headers: &headers, body });
    json.ack(&ack);
    WRITTEN
}

fn outcome_info(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let Some(row) = row_of(fields.text()) else {
        return fields.refuse(INVALID, fields.place(), "no code of an outcome");
    };
    json.text("code", row.code);
    json.text("label", row.label);
    json.text("tone", row.tone.word());
    json.text("sureness", row.sureness.word());
    json.int("rank", i64::from(row.rank));
    WRITTEN
}
