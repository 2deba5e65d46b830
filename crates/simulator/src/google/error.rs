//! Google's error bodies. Texts are Google's generic ones; those of RCS for Business are not published.
//!
//! <https://cloud.google.com/apis/design/errors>

use serde_json::json;

use crate::reply::Reply;

const JSON: &str = "application/json; charset=UTF-8";
const NO_AGENT: &str =
    "There was an error looking up the RBM agent. This may be a transient error, please try again.";

/// 200 with this JSON.
pub(super) fn ok(body: &serde_json::Value) -> Reply {
    Reply::new(200, JSON, body.to_string())
}

/// The error of a status, with this text or Google's generic one. 200 gives an empty object.
pub(crate) fn error(status: u16, text: Option<&str>) -> Reply {
    if status == 200 {
        return ok(&json!({}));
    }
    let (word, generic) = word_and_text(status);
    let text = text.unwrap_or(generic);
    let mut body = json!({ "code": status, "message": text, "status": word });
    match status {
        401 => {
            body["details"] = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_EXPIRED",
                "domain": "googleapis.com",
            }]);
        }
        403 => body["errors"] = json!([{ "domain": "global", "message": text, "reason": "forbidden" }]),
        _ => {}
    }
    Reply::new(status, JSON, json!({ "error": body }).to_string())
}

/// What a gateway says about an address that no API answers: 404, and no JSON.
pub(super) fn not_google_json() -> Reply {
    let page = "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> That’s an error.</html>\n";
    Reply::new(404, "text/html; charset=UTF-8", page)
}

const fn word_and_text(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
        401 => (
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials. Expected OAuth 2 access token.",
        ),
        403 => ("PERMISSION_DENIED", NO_AGENT),
        404 => ("NOT_FOUND", "Requested entity was not found."),
        409 => ("ALREADY_EXISTS", "Requested entity already exists."),
        429 => ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
        499 => ("CANCELLED", "The operation was cancelled."),
        500 => ("INTERNAL", "Internal error encountered."),
        501 => ("UNIMPLEMENTED", "Operation is not implemented, or supported, or enabled."),
        503 => ("UNAVAILABLE", "The service is currently unavailable."),
        504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
        _ => ("UNKNOWN", "Unknown error."),
    }
}
