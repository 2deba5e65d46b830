//! Vonage's problem bodies (RFC 7807), with Vonage's own misspellings: clients have to live with them.
//!
//! <https://developer.vonage.com/en/api-errors/messages>

use serde_json::{Value, json};

use crate::config::{ProblemType, RateLimitHeaders, UnauthorizedBody, UnsupportedBody, VonageAnswers};
use crate::reply::Reply;
use crate::site::Site;

const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";
const INSTANCE: &str = "bf0ca0bf927b3b52e3cb03217e1a1ddf";
const ERRORS: &str = "https://developer.vonage.com/api-errors";
/// The limit that a 429 names when none is configured.
const USUAL_LIMIT: u32 = 30;

/// Problems as the configuration wants them.
#[derive(Clone, Copy)]
pub(crate) struct Problems {
    answers: VonageAnswers,
    limit: u32,
    now_ms: i64,
}

/// Problems as they are told at this moment.
pub(crate) fn problems(site: &Site) -> Problems {
    let config = site.config();
    let limit = config.vonage.rate_limit.map_or(USUAL_LIMIT, |limit| limit.per_second);
    Problems { answers: config.vonage.answers, limit, now_ms: site.clock.now_ms() }
}

impl Problems {
    /// The usual problem of a status.
    pub(crate) fn of(self, status: u16) -> Reply {
        let (anchor, title, detail) = match status {
            401 => return self.unauthorized(),
            429 => return self.too_many(),
            402 => (
                "/#low-balance",
                "Low balance",
                "This request could not be performed due to your account balance being low.",
            ),
            403 => {
                ("/#forbidden", "Forbidden", "Your account does not have permission to perform this action.")
            }
            404 => ("#not-found", "Not Found", "Message not found"),
            422 => {
                ("#unprocessable-entity", "Unprocessable Entity", "Operation not supported for this channel.")
            }
            503 => ("/messages#1000", "Service unavailable", "The service is currently unavailable."),
            504 => ("/messages#1000", "Gateway timeout", "The request took too long."),
            _ => (
                "/messages#1000",
                "Internal error",
                "There was an error processing your request in the Platform.",
            ),
        };
        self.reply(status, body(anchor, title, detail))
    }

    /// 404 with this text.
    pub(super) fn not_found(self, detail: &str) -> Reply {
        self.reply(404, body("#not-found", "Not Found", detail))
    }

    /// The 422 for a message that cannot be revoked, in one of the two bodies that are known.
    pub(super) fn not_supported(self) -> Reply {
        if self.answers.unsupported == UnsupportedBody::UnprocessableEntity {
            return self.of(422);
        }
        let mut problem =
            body("", "Operation not supported", "This operation is not supported for this channel.");
        problem["type"] = json!("");
        self.reply(422, problem)
    }

    /// The 422 for a sender that is not the caller's.
    pub(super) fn bad_sender(self) -> Reply {
        let detail = "The `from` parameter is invalid for the given channel.";
        self.invalid("/messages#1120", "Invalid sender", detail)
    }

    /// The 422 for a body that is no JSON.
    pub(super) fn invalid_json(self) -> Reply {
        let detail = "Unexpected character: the request body could not be parsed as JSON";
        self.reply(422, body("#invalid-json", "The request body did not contain valid JSON", detail))
    }

    /// The 422 that names a parameter.
    pub(super) fn invalid_parameter(self, name: &str, reason: &str) -> Reply {
        let mut problem =
            body("/messages#1150", "Invalid params", "The value of one or more parameters is invalid.");
        problem["invalid_parameters"] = json!([{ "name": name, "reason": reason }]);
        self.reply(422, problem)
    }

    /// One of the 422 that speak about a part of a message, by its anchor.
    pub(super) fn invalid(self, anchor: &str, title: &str, detail: &str) -> Reply {
        self.reply(422, body(anchor, title, detail))
    }

    fn unauthorized(self) -> Reply {
        let problem = match self.answers.unauthorized {
            UnauthorizedBody::Credentials => body(
                "/#unathorized",
                "You did not provide correct credentials.",
                "Check that you're using the correct credentials, and that your account has this feature enabled",
            ),
            UnauthorizedBody::Unprovisioned => body(
                "/#unprovisioned",
                "The crendentials provided do not have access to the requested product",
                "Check your API key is correct and has been whitelisted",
            ),
        };
        self.reply(401, problem)
    }

    fn too_many(self) -> Reply {
        let problem = body("/messages#1000", "Rate Limit Hit", "Please wait, then retry your request");
        let reply = self.reply(429, problem);
        let reset_ms = self.now_ms + 1_000;
        let reset = match self.answers.rate_limit_headers {
            RateLimitHeaders::None => return reply,
            RateLimitHeaders::Milliseconds => reset_ms,
            RateLimitHeaders::Seconds => reset_ms.div_euclid(1_000),
        };
        reply
            .with_header("x-ratelimit-limit", &self.limit.to_string())
            .with_header("x-ratelimit-remaining", "0")
            .with_header("x-ratelimit-reset", &reset.to_string())
    }

    fn reply(self, status: u16, mut problem: Value) -> Reply {
        if !self.answers.detail
            && let Some(problem) = problem.as_object_mut()
        {
            problem.remove("detail");
        }
        let media_type = match self.answers.problem_type {
            ProblemType::Mixed if status == 422 => JSON,
            ProblemType::Json => JSON,
            ProblemType::Mixed | ProblemType::ProblemJson => PROBLEM,
        };
        Reply::new(status, media_type, problem.to_string())
    }
}

fn body(anchor: &str, title: &str, detail: &str) -> Value {
    json!({ "type": format!("{ERRORS}{anchor}"), "title": title, "detail": detail, "instance": INSTANCE })
}
