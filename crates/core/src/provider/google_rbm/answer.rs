//! What Google's answer to a revocation says. Whether an accepted one may be believed is the source's choice.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/phones.agentMessages/delete>

use crate::ack::Ack;
use crate::json::Value;
use crate::provider::status;
use crate::request::Answer;

/// Reads the answer.
pub(super) fn read(answer: &Answer<'_>) -> Ack {
    match answer.status {
        // An error inside a 200 is not the `{}` that Google documents: something else wrote it.
        200 if object(answer).is_some_and(|body| body.get("error").is_none()) => Ack::Accepted,
        404 => Ack::NotFound { proper: is_not_found(answer) },
        _ => status::read(answer),
    }
}

/// Whether the body is the API's own error and not the page of a gateway:
/// <https://cloud.google.com/apis/design/errors>.
fn is_not_found(answer: &Answer<'_>) -> bool {
    let status = |body: Value<'_>| body.get("error")?.text("status").map(|status| status == "NOT_FOUND");
    object(answer).and_then(status).unwrap_or(false)
}

fn object<'a>(answer: &Answer<'a>) -> Option<Value<'a>> {
    Value::read(answer.body).ok().filter(Value::is_object)
}
