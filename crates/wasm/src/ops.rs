//! What can be asked, by number: the numbers are those of `npm/src/ops.ts`.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::assess::{self, assess};
use rcs_revoke_core::expiry::{MessageClass, expiry};
use rcs_revoke_core::explain::explain;
use rcs_revoke_core::fact::Life;
use rcs_revoke_core::id::{InvalidId, SenderId, WishId};
use rcs_revoke_core::import::{self, Importer, KnownMessage};
use rcs_revoke_core::outcome::row_of;
use rcs_revoke_core::provider::vonage::sms::{self, BuildSmsError, Sms};
use rcs_revoke_core::request::{Answer as HttpAnswer, RevokeTarget};
use rcs_revoke_core::webhook::{self, IncomingEvent, WebhookCall, WebhookSecret};
use rcs_revoke_core::{
    AgentId, E164, Known, MessageId, MessageRef, Provider, Source, SourceId, Span, Timestamp,
};

use crate::read::{INVALID_ID, INVALID_PHONE};
use crate::state::{Object, Objects, Revocation};
use crate::wire::{Answer, Fields, INVALID, Problem};

mod evidence;

use evidence::{json, merge, revocation, set_context};

type Answered = Result<Answer, Problem>;

/// Answers one question.
///
/// # Errors
/// When it cannot be answered: the caller gets the error's code and place.
pub fn call(objects: &mut Objects, op: u32, handle: u32, at: f64, question: &[u8], head: usize) -> Answered {
    let (head, body) = question.split_at(head.min(question.len()));
    let text = core::str::from_utf8(head).map_err(|_| Problem::internal("the question is no UTF-8"))?;
    let mut fields = Fields::new(text);
    // Whole milliseconds, checked before they came.
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates, and these are whole")]
    let now = Timestamp::from_millis(at as i64);
    match op {
        0 => parse_id(&mut fields),
        1 => parse_message_id(&mut fields),
        2 => parse_message_ids(&mut fields, body),
        3 => message_ref(&mut fields),
        4 => default_policy(&mut fields),
        5 => hosts(&mut fields),
        6 => route(&mut fields),
        7 => revoke_request(&mut fields),
        8 => sms_request(&mut fields),
        9 => expiry_fields(&mut fields),
        10 => read_answer(&mut fields, body),
        11 => read_failure(&mut fields),
        12 => receive_webhook(&mut fields, body),
        13 => claim(&mut fields),
        14 => outcome_info(&mut fields),
        15 => resolve(&mut fields),
        20 => Ok(kept(objects, Object::Importer(Box::new(Importer::new())))),
        21 => Ok(rows(&objects.importer(handle)?.push(body))),
        22 => finish(objects, handle),
        23 => {
            objects.take(handle);
            Ok(Answer::default())
        }
        30 => revocation(objects, &mut fields),
        31 => set_context(objects.revocation(handle)?, &mut fields),
        32 => {
            let fact = fields.fact()?;
            let mut answer = Answer::default();
            if objects.revocation(handle)?.evidence.record(fact) {
                answer.none();
            }
            Ok(answer)
        }
        33 => merge(objects, handle, &mut fields),
        34 => Ok(json(&objects.revocation(handle)?.evidence)),
        35 => {
            let mut answer = Answer::default();
            answer.known(&Known::of(&objects.revocation(handle)?.evidence));
            Ok(answer)
        }
        36 => {
            let Revocation { evidence, source, policy } = objects.revocation(handle)?;
            let mut answer = Answer::default();
            answer.assessment(&assess(evidence, source, policy, now));
            Ok(answer)
        }
        37 => {
            let Revocation { evidence, source, policy } = objects.revocation(handle)?;
            let mut answer = Answer::default();
            answer.outcome(&assess::outcome(evidence, source, policy, now));
            answer.explanation(&explain(evidence, source, policy, now));
            Ok(answer)
        }
        38 => {
            let mut answer = Answer::default();
            answer.count(objects.revocation(handle)?.evidence.len());
            Ok(answer)
        }
        _ => Err(Problem::internal("no such question")),
    }
}

/// A problem as an answer.
pub fn problem(problem: &Problem) -> Answer {
    let mut answer = Answer::default();
    answer.text(problem.code);
    answer.count(problem.field);
    answer.text(&problem.message);
    answer
}

fn answer_text(text: &str) -> Answer {
    let mut answer = Answer::default();
    answer.text(text);
    answer
}

fn kept(objects: &mut Objects, object: Object) -> Answer {
    let mut answer = Answer::default();
    answer.int(i64::from(objects.keep(object)));
    answer
}

fn parse_id(fields: &mut Fields<'_>) -> Answered {
    let kind = fields.text()?;
    let text = fields.text()?;
    let id = |id: Result<String, InvalidId>| id.map_err(|error| fields.problem(INVALID_ID, &error));
    let text = match &*kind {
        "message" => id(MessageRef::parse(&text).map(Into::into)),
        "agent" => id(AgentId::parse(&text).map(Into::into)),
        "source" => id(SourceId::parse(&text).map(Into::into)),
        "wish" => id(WishId::parse(&text).map(Into::into)),
        "phone" => E164::parse(&text).map(Into::into).map_err(|error| fields.problem(INVALID_PHONE, &error)),
        _ => Err(fields.place().wrong("no kind of id")),
    };
    Ok(answer_text(&text?))
}

fn parse_message_id(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let text = fields.text()?;
    match provider.adapter().parse_message_id(&text) {
        Ok(id) => Ok(answer_text(id.as_str())),
        Err(error) => Err(fields.problem(INVALID_ID, &error)),
    }
}

/// One id on each line of the body. The answer is only what is not the id itself (its line from 0, and the id or what
/// is wrong), and at last how many lines there are.
fn parse_message_ids(fields: &mut Fields<'_>, body: &[u8]) -> Answered {
    let provider: Provider = fields.word()?;
    let adapter = provider.adapter();
    let mut answer = Answer::default();
    let mut lines = 0;
    for (line, text) in body.split(|byte| *byte == b'\n').enumerate() {
        lines += 1;
        if adapter.is_message_id(text) {
            continue;
        }
        let text = core::str::from_utf8(text).map_err(|_| Problem::internal("the question is no UTF-8"))?;
        match adapter.parse_message_id(text) {
            Ok(id) => {
                answer.count(line);
                answer.text(id.as_str());
                answer.none();
            }
            Err(error) => {
                answer.count(line);
                answer.none();
                answer.text(&error.to_string());
            }
        }
    }
    answer.count(lines);
    Ok(answer)
}

fn message_ref(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let agent = fields.opt_agent()?;
    let id = fields.text()?;
    let message = MessageRef::new(provider, agent.as_ref(), &id);
    let message = message.map_err(|error| fields.problem(INVALID_ID, &error))?;
    Ok(answer_text(&message.to_string()))
}

fn default_policy(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let mut answer = Answer::default();
    answer.policy(&provider.adapter().policy());
    Ok(answer)
}

fn hosts(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let mut answer = Answer::default();
    for host in provider.hosts() {
        answer.text(host.name());
        answer.text(host.label());
        answer.text(host.base_url());
    }
    Ok(answer)
}

fn route(fields: &mut Fields<'_>) -> Answered {
    let source = fields.source()?;
    let own = fields.opt_host()?;
    let mut answer = Answer::default();
    answer.route(&source.provider.adapter().route(&source, own));
    Ok(answer)
}

fn revoke_request(fields: &mut Fields<'_>) -> Answered {
    let message = fields.message()?;
    let recipient = fields.opt_phone()?;
    let host = fields.parsed(INVALID, str::parse)?;
    let target = RevokeTarget { message: &message, recipient: recipient.as_ref(), host };
    match message.provider().adapter().revoke_request(&target) {
        Ok(request) => {
            let mut answer = Answer::default();
            answer.request(&request);
            Ok(answer)
        }
        Err(error) => Err(Problem::new(error.code(), &error)),
    }
}

fn sms_request(fields: &mut Fields<'_>) -> Answered {
    let from = fields.parsed(INVALID_ID, SenderId::parse)?;
    let to = fields.parsed(INVALID_PHONE, E164::parse)?;
    let text = fields.text()?;
    let host = fields.parsed(INVALID, str::parse)?;
    let ttl = fields.opt_span()?;
    let reference = fields.opt();
    let sms = Sms { from: &from, to: &to, text: &text, host, ttl, reference: reference.as_deref() };
    let request = sms::request(&sms).map_err(|error| {
        let code = match error {
            BuildSmsError::WrongHost(_) => "wrong_host",
            BuildSmsError::TtlOutOfRange(_) => "ttl_out_of_range",
            BuildSmsError::TextLength(_) | BuildSmsError::ReferenceLength(_) => INVALID,
        };
        Problem::new(code, &error)
    })?;
    let mut answer = Answer::default();
    answer.request(&request);
    Ok(answer)
}

fn expiry_fields(fields: &mut Fields<'_>) -> Answered {
    let provider: Provider = fields.word()?;
    let class: Option<MessageClass> = fields.opt_word()?;
    let ttl = fields.opt_span()?;
    let ttl = class.map(MessageClass::ttl).or(ttl).unwrap_or(Span::ZERO);
    let expiry = expiry(provider, ttl).map_err(|error| Problem::new("ttl_out_of_range", &error))?;
    let mut answer = Answer::default();
    answer.text(&expiry.ttl_json);
    answer.opt_span(match expiry.life {
        Life::Ttl { ttl } => Some(ttl),
        Life::ExpiresAt { .. } | Life::None => None,
    });
    Ok(answer)
}

/// The headers that follow, to the end.
fn headers(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    while let (Some(name), Some(value)) = (fields.opt(), fields.opt()) {
        headers.push((name.into_owned(), value.into_owned()));
    }
    headers
}

fn read_answer(fields: &mut Fields<'_>, body: &[u8]) -> Answered {
    let provider: Provider = fields.word()?;
    let status = u16::try_from(fields.int()?);
    let status = status.map_err(|_| fields.problem(INVALID, &"expected an HTTP status"))?;
    let headers = headers(fields);
    let mut answer = Answer::default();
    answer.ack(&provider.inbound().read_answer(&HttpAnswer { status, headers: &headers, body }));
    Ok(answer)
}

fn read_failure(fields: &mut Fields<'_>) -> Answered {
    let why: SendFailure = fields.word()?;
    let mut answer = Answer::default();
    answer.ack(&why.ack());
    Ok(answer)
}

/// The body begins with as many bytes of the secret as a field says.
fn receive_webhook(fields: &mut Fields<'_>, body: &[u8]) -> Answered {
    let provider: Provider = fields.word()?;
    let key_len = fields.opt_int()?;
    let account = fields.opt();
    let method = fields.text()?;
    let headers = headers(fields);
    let (key, body) = body.split_at(usize::try_from(key_len.unwrap_or(0)).unwrap_or(0).min(body.len()));
    let secret = key_len.map(|_| WebhookSecret::new(key, account.as_deref()));
    let call = WebhookCall { method: &method, headers: &headers, body };
    let mut answer = Answer::default();
    answer.reception(&provider.inbound().receive(&call, secret.as_ref()));
    Ok(answer)
}

fn sources(fields: &mut Fields<'_>) -> Result<Vec<Source>, Problem> {
    let count = fields.count()?;
    (0..count).map(|_| fields.source()).collect()
}

fn claim(fields: &mut Fields<'_>) -> Answered {
    let event = IncomingEvent {
        provider: fields.word()?,
        agent: fields.opt_agent()?,
        application: fields.opt_application()?,
        sender: fields.opt_sender()?,
        message: fields.parsed(INVALID_ID, MessageId::parse)?,
        identity: String::new(),
        event: rcs_revoke_core::fact::Event::Submitted,
        event_time: None,
        phone: None,
        workflow: false,
        raw: String::new(),
    };
    let known = fields.opt_parsed(INVALID_ID, SourceId::parse)?;
    let sources = sources(fields)?;
    let mut answer = Answer::default();
    answer.opt(webhook::claim(&event, known.as_ref(), &sources).map(|source| source.id.as_str()));
    Ok(answer)
}

fn outcome_info(fields: &mut Fields<'_>) -> Answered {
    let code = fields.text()?;
    let row = row_of(&code).ok_or_else(|| fields.place().wrong("no code of an outcome"))?;
    let mut answer = Answer::default();
    answer.text(row.label);
    answer.word(row.tone);
    answer.word(row.sureness);
    answer.int(i64::from(row.rank));
    Ok(answer)
}

fn resolve(fields: &mut Fields<'_>) -> Answered {
    let entry = fields.entry()?;
    let known = fields.opt_parsed(INVALID_ID, SourceId::parse)?;
    let has_recipient = fields.flag();
    let known = known.map(|source| KnownMessage { source, has_recipient });
    let sources = sources(fields)?;
    let mut answer = Answer::default();
    answer.resolution(&import::resolve(&entry, &sources, known.as_ref()));
    Ok(answer)
}

fn rows(rows: &[import::Row]) -> Answer {
    let mut answer = Answer::default();
    for row in rows {
        answer.row(row);
    }
    answer
}

fn finish(objects: &mut Objects, handle: u32) -> Answered {
    match objects.take(handle) {
        Some(Object::Importer(importer)) => Ok(rows(&importer.finish())),
        _ => Err(Problem::internal("no such importer")),
    }
}
