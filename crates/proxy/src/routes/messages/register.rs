//! `POST /api/v1/messages`: the sending system says what it sent.

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use http::header::CONTENT_TYPE;
use rcs_revoke_api::message::RowProblem;
use rcs_revoke_api::{Problem, Registration, RegistrationAnswer, RegistrationReport, RegistrationResult};

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::guard::NDJSON;
use crate::ledger::Reply;
use crate::problem::ApiError;
use crate::routes::MOST_ITEMS;
use crate::routes::body::{self, ApiBytes};
use crate::routes::messages::lines;
use crate::routes::messages::registration::change;

/// Registers one message, or up to 10,000 as a list, or any number as NDJSON with one in each line: then a line that
/// cannot be kept refuses itself alone. The same registration again is the same fact.
///
/// # Errors
/// When the body cannot be read, or the store fails.
#[utoipa::path(post, path = "/api/v1/messages", operation_id = "register_messages",
    tag = "messages", request_body(content(
        (Vec<Registration> = "application/json"),
        (String = "application/x-ndjson"),
    )),
    responses((status = 200, body = RegistrationAnswer), (status = 422, body = Problem)))]
pub async fn register(
    _: Operator,
    State(app): State<AppState>,
    request: Request,
) -> Result<Json<RegistrationAnswer>, ApiError> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(NDJSON)) {
        return lines::register(&app, request.into_body()).await.map(RegistrationAnswer::Lines).map(Json);
    }
    let ApiBytes(text) = ApiBytes::from_request(request, &app).await?;
    each(&app, &text).await.map(RegistrationAnswer::Each).map(Json)
}

async fn each(app: &App, text: &[u8]) -> Result<RegistrationReport, ApiError> {
    let list = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let registrations: Vec<Registration> = if list { body::read(text)? } else { vec![body::read(text)?] };
    if registrations.len() > MOST_ITEMS {
        return Err(ApiError::invalid("too_many", format!("at most {MOST_ITEMS} messages a call")));
    }
    let (mut changes, mut results) = (Vec::new(), Vec::with_capacity(registrations.len()));
    for (line, registration) in registrations.iter().enumerate() {
        results.push(match change(app, registration) {
            Ok((message, change)) => {
                changes.push(change);
                RegistrationResult { message: Some(message.to_string()), problem: None }
            }
            Err(error) => RegistrationResult {
                message: None,
                problem: Some(RowProblem {
                    line,
                    column: None,
                    code: error.code().to_owned(),
                    detail: error.sentence(),
                }),
            },
        });
    }
    let replies = if changes.is_empty() { Vec::new() } else { app.ledger.change(changes).await? };
    let taken = results.iter_mut().enumerate().filter(|(_, result)| result.problem.is_none());
    for ((line, result), reply) in taken.zip(replies) {
        if let Reply::Refused(none) = reply {
            let code = none.code.to_owned();
            result.problem = Some(RowProblem { line, column: None, code, detail: none.detail });
        }
    }
    let kept = results.iter().filter(|result| result.problem.is_none()).count();
    Ok(RegistrationReport { kept, refused: results.len() - kept, results })
}
