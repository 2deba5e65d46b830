//! What Vonage's answer to a revocation says: by its HTTP status alone, since bodies and types vary.
//!
//! <https://developer.vonage.com/en/messages/guides/rcs/rcs-message-revocation>

use crate::ack::Ack;
use crate::json::Value;
use crate::provider::status;
use crate::request::Answer;

/// Reads the answer. 202 is documented; 200 and 204 are what Vonage's own SDKs take for it, too.
pub(super) fn read(answer: &Answer<'_>) -> Ack {
    match answer.status {
        200..=299 => Ack::Accepted,
        404 => Ack::NotFound { proper: is_problem(answer) },
        _ => status::read(answer),
    }
}

/// Whether the body is a problem as the API writes it (RFC 7807) and not the page of a gateway.
fn is_problem(answer: &Answer<'_>) -> bool {
    let body = Value::read(answer.body);
    body.is_ok_and(|body| ["type", "title"].iter().all(|field| body.text(field).is_some()))
}
