//! `POST /api/v1/messages`: the sending system says what it sent.

use axum::Json;
use axum::extract::State;
use rcs_revoke_api::message::RowProblem;
use rcs_revoke_api::{Problem, Registration, RegistrationReport, RegistrationResult};
use rcs_revoke_core::fact::{Life, Registered, Registrar};
use rcs_revoke_core::{E164, Fact, Host, MessageRef, Timestamp};

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::ledger::{Change, Reply};
use crate::problem::ApiError;
use crate::routes::body::{self, ApiBytes};
use crate::routes::{MOST_ITEMS, idempotency, instant};

/// Registers one message, or up to 10,000 as a list. The same registration again is the same fact.
///
/// # Errors
/// When the body cannot be read, or the store fails.
#[utoipa::path(post, path = "/api/v1/messages", operation_id = "register_messages",
    tag = "messages", request_body = Vec<Registration>,
    responses((status = 200, body = RegistrationReport), (status = 422, body = Problem)))]
pub async fn register(
    _: Operator,
    State(app): State<AppState>,
    ApiBytes(text): ApiBytes,
) -> Result<Json<RegistrationReport>, ApiError> {
    let list = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let registrations: Vec<Registration> = if list { body::read(&text)? } else { vec![body::read(&text)?] };
    if registrations.len() > MOST_ITEMS {
        return Err(ApiError::invalid("too_many", format!("at most {MOST_ITEMS} messages a call")));
    }
    let (mut changes, mut results) = (Vec::new(), Vec::with_capacity(registrations.len()));
    for (line, registration) in registrations.iter().enumerate() {
        results.push(match change(&app, registration) {
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
    Ok(Json(RegistrationReport { kept, refused: results.len() - kept, results }))
}

fn change(app: &App, registration: &Registration) -> Result<(MessageRef, Change), ApiError> {
    let entry = app.sources.find(&registration.source).ok_or_else(|| {
        ApiError::invalid("unknown_source", format!("no source is called `{}`", registration.source))
            .at("source")
    })?;
    let source = entry.snapshot();
    let message = MessageRef::new(source.provider, source.agent.as_ref(), &registration.id)
        .map_err(|error| ApiError::invalid("invalid_id", error.to_string()).at("id"))?;
    let now = app.clock.now();
    let registered = Registered {
        by: Registrar::Api(registrar(registration)),
        received_at: now,
        sent_at: registration.sent_at.map(|at| instant::past(at, now, "sent_at")).transpose()?,
        life: life(registration, now)?,
        class: None,
        phone: registration.phone.as_deref().map(phone).transpose()?,
        host: registration.host.as_deref().map(|name| host(name, source.provider)).transpose()?,
        failover: None,
        fallback_text: None,
        revoke_at: None,
    };
    let facts = vec![Fact::Registered(registered)];
    Ok((message.clone(), Change::Record { message, source: Some(source.id), facts }))
}

/// The same words are the same registration, however often they are said.
fn registrar(registration: &Registration) -> String {
    let text = serde_json::to_vec(registration).unwrap_or_default();
    idempotency::digest(&text).chars().take(16).collect()
}

/// A phone number from outside.
///
/// # Errors
/// When it is none.
pub(crate) fn phone(text: &str) -> Result<E164, ApiError> {
    E164::parse(text).map_err(|error| ApiError::invalid("invalid_phone", error.to_string()).at("phone"))
}

fn host(name: &str, provider: rcs_revoke_core::Provider) -> Result<Host, ApiError> {
    let host: Host = name.parse().map_err(|error: rcs_revoke_core::host::UnknownHost| {
        ApiError::invalid("unknown_host", error.to_string()).at("host")
    })?;
    if provider.hosts().any(|own| own == host) {
        return Ok(host);
    }
    Err(ApiError::invalid("unknown_host", format!("{host} is no host of {}", provider.label())).at("host"))
}

fn life(registration: &Registration, now: Timestamp) -> Result<Option<Life>, ApiError> {
    match (registration.expires_at, registration.ttl, registration.no_expiry) {
        (None, None, false) => Ok(None),
        (None, None, true) => Ok(Some(Life::None)),
        (Some(at), None, false) => Ok(Some(Life::ExpiresAt { at: instant::ahead(at, now, "expires_at")? })),
        (None, Some(ttl), false) => Ok(Some(Life::Ttl { ttl: instant::length(ttl, "ttl")? })),
        _ => Err(ApiError::invalid("two_ends_of_life", "expires_at, ttl and no_expiry exclude each other")
            .detail("State at most one.")),
    }
}
