//! What can be asked, by number: the numbers are those of `npm/src/ops.ts`.

use alloc::string::String;

use rcs_revoke_boundary::Asked;
use rcs_revoke_boundary::answer::{Answered, WRITTEN, text};
use rcs_revoke_boundary::read::INVALID_ID;
use rcs_revoke_boundary::wire::{Fields, INVALID};
use rcs_revoke_boundary::words::Word;
use rcs_revoke_core::fact::Event;
use rcs_revoke_core::webhook::{self, IncomingEvent, WebhookCall, WebhookSecret};
use rcs_revoke_core::{MessageId, ObjectWriter, Provider};

use crate::write;

/// Answers one question.
#[expect(clippy::needless_pass_by_value, reason = "as `Boundary::call` hands it to every module")]
pub fn answer(asked: Asked<'_, ()>, fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    match asked.op {
        3 => text(fields.message_of_parts()?.text()),
        12 => receive(fields, asked.body, json),
        13 => claim(fields),
        _ => None,
    }
}

/// The body begins with as many bytes of the secret as a field says.
fn receive(fields: &mut Fields<'_>, body: &[u8], json: &mut ObjectWriter) -> Answered {
    let Some(provider) = Provider::from_code(fields.text()) else {
        // What is given in the wrong order may be the secret: it is not told.
        let why = ["expected one of `", Provider::WORDS, "`"].concat();
        return fields.refuse(INVALID, fields.place(), &why);
    };
    let key_len = fields.opt_int();
    let account = fields.opt();
    let method = fields.text();
    let headers = fields.headers();
    let (key, body) = body.split_at(usize::try_from(key_len.unwrap_or(0)).unwrap_or(0).min(body.len()));
    let secret = key_len.map(|_| WebhookSecret::new(key, account));
    let call = WebhookCall { method, headers: &headers, body };
    write::reception(json, &provider.inbound().receive(&call, secret.as_ref()));
    WRITTEN
}

/// Only what tells whose an event is crosses.
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
