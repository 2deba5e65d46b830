//! What can be asked, by number: the numbers are those of `npm/src/ops.ts`.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::assess::{self, assess};
use rcs_revoke_core::class::Class;
use rcs_revoke_core::expiry::{MessageClass, expiry};
use rcs_revoke_core::explain::{self, explain};
use rcs_revoke_core::fact::{Event, Life};
use rcs_revoke_core::fallback::{fallback, sent};
use rcs_revoke_core::import::{self, Importer, KnownMessage};
use rcs_revoke_core::outcome::row_of;
use rcs_revoke_core::request::{Answer as HttpAnswer, BuildRequestError, RevokeTarget};
use rcs_revoke_core::webhook::{self, IncomingEvent, WebhookCall, WebhookSecret};
use rcs_revoke_core::{Known, MessageId, MessageRef, ObjectWriter, Provider, Say, Span, Timestamp};

use crate::read::INVALID_ID;
use crate::state::{Object, Objects, Revocation};
use crate::wire::{Fields, INVALID, Problem};
use crate::words::Word;
use crate::write::{self, count};

mod evidence;
mod sms;

use evidence::{record, revocation, set_context};
use sms::{fallback_request, sms_answer, sms_reference, sms_request};

const TTL_OUT_OF_RANGE: &str = "ttl_out_of_range";

/// An answer.
pub enum Answer {
    /// The object that was written.
    Object,
    /// A text by itself.
    Text(String),
    /// A number by itself, from 0.
    Number(i32),
}

/// An answer, unless the fields keep what is wrong with the question.
type Answered = Option<Answer>;

/// The answer that was written.
const WRITTEN: Answered = Some(Answer::Object);

/// A number by itself.
fn number(number: usize) -> Answered {
    Some(Answer::Number(i32::try_from(number).unwrap_or(i32::MAX)))
}

fn text(text: impl Into<String>) -> Answered {
    Some(Answer::Text(text.into()))
}

/// Answers one question.
///
/// # Errors
/// When it cannot be answered: the caller gets the error's code and place.
pub fn call(
    objects: &mut Objects,
    op: u32,
    handle: usize,
    at: f64,
    question: &[u8],
    head: usize,
    json: &mut ObjectWriter,
) -> Result<Answer, Problem> {
    let (head, body) = question.split_at(head.min(question.len()));
    let mut fields = Fields::new(core::str::from_utf8(head).unwrap_or_default());
    // Whole milliseconds, checked before they came.
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates, and these are whole")]
    let now = Timestamp::from_millis(at as i64);
    let answer = answer(objects, op, handle, now, &mut fields, body, json);
    match (fields.into_problem(), answer) {
        (None, Some(answer)) => Ok(answer),
        (Some(problem), _) => Err(problem),
        (None, None) => Err(Problem {
            code: "internal",
            field: 0,
            message: "there is no such question, or no object of that number".into(),
        }),
    }
}

fn answer(
    objects: &mut Objects,
    op: u32,
    handle: usize,
    now: Timestamp,
    fields: &mut Fields<'_>,
    body: &[u8],
    json: &mut ObjectWriter,
) -> Answered {
    match op {
        0 => return parse_id(fields),
        1 => return parse_message_id(fields),
        2 => return parse_message_ids(fields, body, json),
        3 => return message_ref(fields),
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
        12 => return receive_webhook(fields, body, json),
        13 => return claim(fields),
        14 => return outcome_info(fields, json),
        15 => return resolve(fields, json),
        16 => return sms_answer(fields, body, json),
        17 => return sms_reference(fields),
        18 => write::classes(json, &Class::standards()),
        20 => return number(objects.keep(Object::Importer(Box::new(Importer::new())))),
        21 => write::rows(json, &objects.importer(handle)?.push(body)),
        22 => match objects.take(handle)? {
            Object::Importer(importer) => write::rows(json, &importer.finish()),
            Object::Revocation(_) => return None,
        },
        23 => {
            objects.take(handle);
            return number(0);
        }
        30 => return revocation(objects, fields, json),
        _ => return about(op, objects.revocation(handle)?, now, fields, json),
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

/// A problem as an answer.
pub fn problem(json: &mut ObjectWriter, problem: &Problem) {
    json.text("code", problem.code);
    count(json, "field", problem.field);
    json.text("message", &problem.message);
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

fn message_ref(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let agent = fields.opt_agent();
    match MessageRef::new(provider, agent.as_ref(), fields.text()) {
        Ok(message) => text(message.text()),
        Err(error) => fields.refuse(INVALID_ID, fields.place(), &error.say()),
    }
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

/// An answer of as many objects, written one after the other until one cannot be.
fn list(
    len: u32,
    json: &mut ObjectWriter,
    mut write: impl FnMut(&mut ObjectWriter) -> Option<()>,
) -> Answered {
    json.open("list", "[");
    for _ in 0..len {
        json.open("", "{");
        write(json)?;
        json.close("}");
    }
    json.close("]");
    WRITTEN
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

/// The headers that follow, to the end.
fn headers(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    while let (Some(name), Some(value)) = (fields.opt(), fields.opt()) {
        headers.push((name.into(), value.into()));
    }
    headers
}

fn read_answer(fields: &mut Fields<'_>, body: &[u8], json: &mut ObjectWriter) -> Answered {
    let provider: Provider = fields.word()?;
    let status = fields.status()?;
    let headers = headers(fields);
    let ack = provider.inbound().read_answer(&HttpAnswer { status, headers: &headers, body });
    json.ack(&ack);
    WRITTEN
}

/// The body begins with as many bytes of the secret as a field says.
fn receive_webhook(fields: &mut Fields<'_>, body: &[u8], json: &mut ObjectWriter) -> Answered {
    let provider: Provider = fields.word()?;
    let key_len = fields.opt_int();
    let account = fields.opt();
    let method = fields.text();
    let headers = headers(fields);
    let (key, body) = body.split_at(usize::try_from(key_len.unwrap_or(0)).unwrap_or(0).min(body.len()));
    let secret = key_len.map(|_| WebhookSecret::new(key, account));
    let call = WebhookCall { method, headers: &headers, body };
    let reception = provider.inbound().receive(&call, secret.as_ref());
    write::reception(json, &reception);
    WRITTEN
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
    text(source.map_or("", |source| source.id.as_str()))
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

/// The sources, how many entries, and each with what is known of it; the answer is a resolution for each.
fn resolve(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let sources = fields.sources()?;
    list(fields.count(), json, |json| {
        let entry = fields.entry()?;
        let known = fields.opt_source_id();
        let has_recipient = fields.flag();
        let known = known.map(|source| KnownMessage { source, has_recipient });
        fields.fine(())?;
        write::resolution(json, &import::resolve(&entry, &sources, known.as_ref()));
        Some(())
    })
}
