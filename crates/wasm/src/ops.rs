//! What can be asked, by number: the numbers are those of `npm/src/ops.ts`.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::assess::{self, assess};
use rcs_revoke_core::class::Class;
use rcs_revoke_core::expiry::{MessageClass, expiry};
use rcs_revoke_core::explain::explain;
use rcs_revoke_core::fact::{Event, Life};
use rcs_revoke_core::fallback::sent;
use rcs_revoke_core::import::{self, Importer, KnownMessage};
use rcs_revoke_core::outcome::row_of;
use rcs_revoke_core::request::{Answer as HttpAnswer, BuildRequestError, RevokeTarget};
use rcs_revoke_core::webhook::{self, IncomingEvent, WebhookCall, WebhookSecret};
use rcs_revoke_core::{Known, MessageId, MessageRef, ObjectWriter, Provider, Say, Span, Timestamp};

use crate::read::INVALID_ID;
use crate::state::{Object, Objects, Revocation};
use crate::wire::{Fields, INVALID, Problem};
use crate::words::Word;
use crate::write::{self, count, object};

mod evidence;
mod sms;

use evidence::{json, record, revocation, set_context};
use sms::{fallback, fallback_request, sms_answer, sms_reference, sms_request};

const TTL_OUT_OF_RANGE: &str = "ttl_out_of_range";

/// An answer, unless the fields keep what is wrong with the question.
type Answered = Option<String>;

/// Answers one question.
///
/// # Errors
/// When it cannot be answered: the caller gets the error's code and place.
pub fn call(
    objects: &mut Objects,
    op: u32,
    handle: u32,
    at: f64,
    question: &[u8],
    head: usize,
) -> Result<String, Problem> {
    let (head, body) = question.split_at(head.min(question.len()));
    let mut fields = Fields::new(core::str::from_utf8(head).unwrap_or_default());
    // Whole milliseconds, checked before they came.
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates, and these are whole")]
    let now = Timestamp::from_millis(at as i64);
    let answer = answer(objects, op, handle, now, &mut fields, body);
    match (fields.into_problem(), answer) {
        (None, Some(answer)) => Ok(answer),
        (Some(problem), _) => Err(problem),
        (None, None) => Err(Problem {
            code: "internal",
            field: 0,
            message: "there is no such question, or no object of that number".to_string(),
        }),
    }
}

fn answer(
    objects: &mut Objects,
    op: u32,
    handle: u32,
    now: Timestamp,
    fields: &mut Fields<'_>,
    body: &[u8],
) -> Answered {
    match op {
        0 => parse_id(fields),
        1 => parse_message_id(fields),
        2 => parse_message_ids(fields, body),
        3 => message_ref(fields),
        4 => {
            let provider: Provider = fields.word()?;
            Some(object(|json| write::policy(json, &provider.adapter().policy())))
        }
        5 => hosts(fields),
        6 => route(fields),
        7 => revoke_requests(fields),
        8 => sms_request(fields),
        9 => expiry_fields(fields),
        10 => read_answer(fields, body),
        16 => sms_answer(fields, body),
        17 => sms_reference(fields),
        18 => Some(object(|json| write::classes(json, &Class::standards()))),
        11 => {
            let why: SendFailure = fields.word()?;
            Some(object(|json| json.ack(&why.ack())))
        }
        12 => receive_webhook(fields, body),
        13 => claim(fields),
        14 => outcome_info(fields),
        15 => resolve(fields),
        20 => Some(objects.keep(Object::Importer(Box::new(Importer::new()))).to_string()),
        21 => Some(rows(&objects.importer(handle)?.push(body))),
        22 => match objects.take(handle)? {
            Object::Importer(importer) => Some(rows(&importer.finish())),
            Object::Revocation(_) => None,
        },
        23 => {
            objects.take(handle);
            Some(String::new())
        }
        30 => revocation(objects, fields),
        31 => set_context(objects.revocation(handle)?, fields),
        32 => record(objects.revocation(handle)?, fields),
        33 => Some(json(&objects.revocation(handle)?.evidence)),
        34 => {
            let Revocation { evidence, policy, .. } = objects.revocation(handle)?;
            let known = Known::of(evidence, policy);
            Some(object(|json| write::known(json, &known)))
        }
        35 => {
            let Revocation { evidence, source, policy } = objects.revocation(handle)?;
            Some(object(|json| write::assessment(json, &assess(evidence, source, policy, now))))
        }
        36 => {
            let Revocation { evidence, source, policy } = objects.revocation(handle)?;
            Some(object(|json| {
                write::outcome(json, &assess::outcome(evidence, source, policy, now));
                write::explanation(json, &explain(evidence, source, policy, now));
            }))
        }
        37 => Some(objects.revocation(handle)?.evidence.len().to_string()),
        38 => Some(fallback(objects.revocation(handle)?, now)),
        39 => fallback_request(objects.revocation(handle)?, now, fields),
        40 => {
            let Revocation { evidence, policy, .. } = objects.revocation(handle)?;
            Some(object(|json| write::sent(json, &sent(evidence, policy, now))))
        }
        _ => None,
    }
}

/// A problem as an answer.
pub fn problem(problem: &Problem) -> String {
    object(|json| {
        json.text("code", problem.code);
        count(json, "field", problem.field);
        json.text("message", &problem.message);
    })
}

fn parse_id(fields: &mut Fields<'_>) -> Answered {
    Some(match fields.text() {
        "message" => fields.message()?.into(),
        "agent" => fields.opt_agent()?.into(),
        "source" => fields.opt_source_id()?.into(),
        "wish" => fields.wish()?.into(),
        "phone" => fields.opt_phone()?.into(),
        _ => return fields.refuse(INVALID, fields.place(), "no kind of id"),
    })
}

fn parse_message_id(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    match provider.adapter().parse_message_id(fields.text()) {
        Ok(id) => Some(id.into()),
        Err(error) => fields.refuse(INVALID_ID, fields.place(), &error.say()),
    }
}

/// One id on each line of the body. The answer is how many lines there are, and what is not the id itself: its line
/// from 0, and the id or what is wrong.
fn parse_message_ids(fields: &mut Fields<'_>, body: &[u8]) -> Answered {
    let provider: Provider = fields.word()?;
    let adapter = provider.adapter();
    Some(object(|json| {
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
    }))
}

fn message_ref(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let agent = fields.opt_agent();
    match MessageRef::new(provider, agent.as_ref(), fields.text()) {
        Ok(message) => Some(message.text()),
        Err(error) => fields.refuse(INVALID_ID, fields.place(), &error.say()),
    }
}

fn hosts(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    Some(object(|json| {
        json.open("hosts", "[");
        for host in provider.hosts() {
            json.open("", "{");
            json.text("host", host.name());
            json.text("label", host.label());
            json.text("baseUrl", host.base_url());
            json.close("}");
        }
        json.close("]");
    }))
}

fn route(fields: &mut Fields<'_>) -> Answered {
    let source = fields.source()?;
    let own = fields.opt_host();
    Some(object(|json| write::route(json, &source.provider.adapter().route(&source, own))))
}

/// How many targets, and each; the answer is a request for each.
fn revoke_requests(fields: &mut Fields<'_>) -> Answered {
    list(fields.count(), |json| {
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

/// An answer of as many objects, written one after the other until one cannot be.
fn list(len: u32, mut write: impl FnMut(&mut ObjectWriter) -> Option<()>) -> Answered {
    let mut json = ObjectWriter::new();
    json.open("list", "[");
    for _ in 0..len {
        json.open("", "{");
        write(&mut json)?;
        json.close("}");
    }
    json.close("]");
    Some(json.end())
}

fn expiry_fields(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let class: Option<MessageClass> = fields.opt_word();
    let ttl = fields.opt_int().map(Span::millis);
    let ttl = class.map(MessageClass::ttl).or(ttl).unwrap_or(Span::ZERO);
    match expiry(provider, ttl) {
        Ok(expiry) => Some(object(|json| {
            json.open("fields", "{");
            json.raw(expiry.field(), expiry.json());
            json.close("}");
            if let Life::Ttl { ttl } = expiry.life() {
                json.int("ttl", ttl.as_millis());
            }
        })),
        Err(error) => fields.refuse(TTL_OUT_OF_RANGE, fields.place(), &error.say()),
    }
}

/// The headers that follow, to the end.
fn headers(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    while let (Some(name), Some(value)) = (fields.opt(), fields.opt()) {
        headers.push((name.into(), value.into()));
    }
    headers
}

fn read_answer(fields: &mut Fields<'_>, body: &[u8]) -> Answered {
    let provider: Provider = fields.word()?;
    let status = fields.status()?;
    let headers = headers(fields);
    let ack = provider.inbound().read_answer(&HttpAnswer { status, headers: &headers, body });
    Some(object(|json| json.ack(&ack)))
}

/// The body begins with as many bytes of the secret as a field says.
fn receive_webhook(fields: &mut Fields<'_>, body: &[u8]) -> Answered {
    let provider: Provider = fields.word()?;
    let key_len = fields.opt_int();
    let account = fields.opt();
    let method = fields.text();
    let headers = headers(fields);
    let (key, body) = body.split_at(usize::try_from(key_len.unwrap_or(0)).unwrap_or(0).min(body.len()));
    let secret = key_len.map(|_| WebhookSecret::new(key, account));
    let call = WebhookCall { method, headers: &headers, body };
    let reception = provider.inbound().receive(&call, secret.as_ref());
    Some(object(|json| write::reception(json, &reception)))
}

fn claim(fields: &mut Fields<'_>) -> Answered {
    let event = IncomingEvent {
        provider: fields.word()?,
        agent: fields.opt_agent(),
        application: fields.opt_application(),
        sender: fields.opt_sender(),
        message: fields.parsed(INVALID_ID, MessageId::parse)?,
        identity: String::new(),
        event: Event::Submitted,
        event_time: None,
        phone: None,
        workflow: false,
        raw: String::new(),
    };
    let known = fields.opt_source_id();
    let sources = fields.sources()?;
    let source = webhook::claim(&event, known.as_ref(), &sources);
    Some(source.map_or_else(String::new, |source| source.id.as_str().into()))
}

fn outcome_info(fields: &mut Fields<'_>) -> Answered {
    let Some(row) = row_of(fields.text()) else {
        return fields.refuse(INVALID, fields.place(), "no code of an outcome");
    };
    Some(object(|json| {
        json.text("code", row.code);
        json.text("label", row.label);
        json.text("tone", row.tone.word());
        json.text("sureness", row.sureness.word());
        json.int("rank", i64::from(row.rank));
    }))
}

/// The sources, how many entries, and each with what is known of it; the answer is a resolution for each.
fn resolve(fields: &mut Fields<'_>) -> Answered {
    let sources = fields.sources()?;
    list(fields.count(), |json| {
        let entry = fields.entry()?;
        let known = fields.opt_source_id();
        let has_recipient = fields.flag();
        let known = known.map(|source| KnownMessage { source, has_recipient });
        fields.fine(())?;
        write::resolution(json, &import::resolve(&entry, &sources, known.as_ref()));
        Some(())
    })
}

fn rows(rows: &[import::Row]) -> String {
    object(|json| write::rows(json, rows))
}
