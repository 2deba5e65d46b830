//! What is asked about an SMS, above all one that is sent instead of a message.

use rcs_revoke_boundary::answer::{Answered, WRITTEN, text};
use rcs_revoke_boundary::read::{INVALID_ID, INVALID_PHONE};
use rcs_revoke_boundary::wire::{Fields, INVALID};
use rcs_revoke_core::fallback::{BuildFallbackError, draft, fallback, reference};
use rcs_revoke_core::id::{MessageId, SenderId};
use rcs_revoke_core::provider::vonage::sms::{self, BuildSmsError, Sms};
use rcs_revoke_core::request::Answer as HttpAnswer;
use rcs_revoke_core::{E164, ObjectWriter, Say, Span, Timestamp};

use super::TTL_OUT_OF_RANGE;
use crate::{Revocation, write};

/// The code of a request that cannot be built, and the field of [`sms_request`] that is to blame.
const fn blame(error: &BuildSmsError) -> (&'static str, usize) {
    match error {
        BuildSmsError::TextLength(_) => (INVALID, 3),
        BuildSmsError::WrongHost(_) => ("wrong_host", 4),
        BuildSmsError::TtlOutOfRange(_) => (TTL_OUT_OF_RANGE, 5),
        BuildSmsError::ReferenceLength(_) => (INVALID, 6),
    }
}

pub(super) fn sms_request(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let from = fields.parsed(INVALID_ID, SenderId::parse)?;
    let to = fields.parsed(INVALID_PHONE, E164::parse)?;
    let said = fields.text();
    let host = fields.host()?;
    let ttl = fields.opt_int().map(Span::millis);
    let reference = fields.opt();
    let sms = Sms { from: &from, to: &to, text: said, host, ttl, reference };
    match sms::request(&sms) {
        Ok(request) => {
            write::request(json, &request);
            WRITTEN
        }
        Err(error) => {
            let (code, field) = blame(&error);
            fields.refuse(code, field, &error.say())
        }
    }
}

pub(super) fn sms_answer(fields: &mut Fields<'_>, body: &[u8], json: &mut ObjectWriter) -> Answered {
    let status = fields.status()?;
    let headers = fields.headers();
    let (ack, id) = sms::read_answer(&HttpAnswer { status, headers: &headers, body });
    json.ack(&ack);
    json.opt_text("providerId", id.as_ref().map(MessageId::as_str));
    WRITTEN
}

pub(super) fn sms_reference(fields: &mut Fields<'_>) -> Answered {
    text(reference(&fields.message()?, fields.ordinal()))
}

/// The request for the next SMS, its number, and the source whose account sends it.
pub(super) fn fallback_request(
    of: &Revocation,
    now: Timestamp,
    fields: &mut Fields<'_>,
    json: &mut ObjectWriter,
) -> Answered {
    let Revocation { evidence, source, policy } = of;
    let number = fallback(evidence, source, policy, now).number;
    let drafted = draft(evidence, source, policy, number, now);
    match drafted.and_then(|draft| Ok((draft.request()?, draft))) {
        Ok((request, draft)) => {
            json.int("fallback", i64::from(number));
            json.text("via", draft.via.as_str());
            write::request(json, &request);
            WRITTEN
        }
        Err(error) => {
            let code = match &error {
                BuildFallbackError::RecipientMissing(_) => "recipient_missing",
                BuildFallbackError::SenderMissing(_) => "sender_missing",
                BuildFallbackError::TextMissing(_) => "text_missing",
                BuildFallbackError::Sms(error) => blame(error).0,
            };
            fields.refuse(code, 0, &error.say())
        }
    }
}
