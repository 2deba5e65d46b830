//! Vonage's problem bodies (RFC 7807), with Vonage's own misspellings: clients have to live with them.
//!
//! <https://developer.vonage.com/en/api-errors/messages>

use serde_json::{Value, json};

use crate::reply::Reply;

const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";
const INSTANCE: &str = "bf0ca0bf927b3b52e3cb03217e1a1ddf";
const ERRORS: &str = "https://developer.vonage.com/api-errors";

/// The usual problem of a status.
pub(crate) fn problem(status: u16) -> Reply {
    let (anchor, title, detail) = match status {
        401 => (
            "/#unathorized",
            "You did not provide correct credentials.",
            "Check that you're using the correct credentials, and that your account has this feature enabled",
        ),
        402 => (
            "/#low-balance",
            "Low balance",
            "This request could not be performed due to your account balance being low.",
        ),
        403 => ("/#forbidden", "Forbidden", "Your account does not have permission to perform this action."),
        404 => ("#not-found", "Not Found", "Message not found"),
        422 => ("#unprocessable-entity", "Unprocessable Entity", "Operation not supported for this channel."),
        429 => ("/messages#1000", "Rate Limit Hit", "Please wait, then retry your request"),
        503 => ("/messages#1000", "Service unavailable", "The service is currently unavailable."),
        504 => ("/messages#1000", "Gateway timeout", "The request took too long."),
        _ => (
            "/messages#1000",
            "Internal error",
            "There was an error processing your request in the Platform.",
        ),
    };
    reply(status, &body(anchor, title, detail))
}

/// 404 with this text.
pub(super) fn not_found(detail: &str) -> Reply {
    reply(404, &body("#not-found", "Not Found", detail))
}

/// The 422 for a message that cannot be revoked, with the specification's empty `type`.
pub(super) fn not_supported() -> Reply {
    let mut problem =
        body("", "Operation not supported", "This operation is not supported for this channel.");
    problem["type"] = json!("");
    reply(422, &problem)
}

/// The 422 for a body that is no JSON.
pub(super) fn invalid_json() -> Reply {
    reply(
        422,
        &body(
            "#invalid-json",
            "The request body did not contain valid JSON",
            "Unexpected character: the request body could not be parsed as JSON",
        ),
    )
}

/// The 422 that names a parameter.
pub(super) fn invalid_parameter(name: &str, reason: &str) -> Reply {
    let mut problem =
        body("/messages#1150", "Invalid params", "The value of one or more parameters is invalid.");
    problem["invalid_parameters"] = json!([{ "name": name, "reason": reason }]);
    reply(422, &problem)
}

/// One of the 422 that speak about a part of a message, by its anchor.
pub(super) fn invalid(anchor: &str, title: &str, detail: &str) -> Reply {
    reply(422, &body(anchor, title, detail))
}

fn body(anchor: &str, title: &str, detail: &str) -> Value {
    json!({ "type": format!("{ERRORS}{anchor}"), "title": title, "detail": detail, "instance": INSTANCE })
}

fn reply(status: u16, problem: &Value) -> Reply {
    let media_type = if status == 422 { JSON } else { PROBLEM };
    Reply::new(status, media_type, problem.to_string())
}
