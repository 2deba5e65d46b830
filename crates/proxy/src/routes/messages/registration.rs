//! One registration: what it says is checked before anything is kept of it.

use rcs_revoke_api::Registration;
use rcs_revoke_core::class::LONGEST_NAME;
use rcs_revoke_core::fact::{Life, Registered, Registrar};
use rcs_revoke_core::fallback::LONGEST_TEXT;
use rcs_revoke_core::{E164, Fact, Host, MessageRef, Policy, Timestamp};

use crate::app::App;
use crate::ledger::Change;
use crate::problem::ApiError;
use crate::routes::{idempotency, instant};

/// The message that a registration names, and the fact that it becomes.
///
/// # Errors
/// When a value cannot be used; the error names its field.
pub(super) fn change(app: &App, registration: &Registration) -> Result<(MessageRef, Change), ApiError> {
    let entry = app.sources.find(&registration.source).ok_or_else(|| {
        ApiError::invalid("unknown_source", format!("no source is called `{}`", registration.source))
            .at("source")
    })?;
    let source = entry.snapshot();
    let message = MessageRef::new(source.provider, source.agent.as_ref(), &registration.id)
        .map_err(|error| ApiError::invalid("invalid_id", error.to_string()).at("id"))?;
    let now = app.clock.now();
    let (sent_at, revoke_at) = dates(registration.sent_at, registration.revoke_at, now)?;
    let registered = Registered {
        by: Registrar::Api(registrar(registration)),
        received_at: now,
        sent_at,
        life: life(registration, now)?,
        class: registration.class.as_deref().map(|name| class(name, &entry.policy)).transpose()?,
        phone: registration.phone.as_deref().map(phone).transpose()?,
        host: registration.host.as_deref().map(|name| host(name, source.provider)).transpose()?,
        failover: registration.failover,
        fallback_text: registration.fallback_text.as_deref().map(sms_text).transpose()?,
        revoke_at,
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
            .detail("State at most one.")
            .at("expires_at")),
    }
}

/// The class of that name.
///
/// # Errors
/// When the configuration has none; the error names those it has.
pub(crate) fn class(name: &str, policy: &Policy) -> Result<String, ApiError> {
    if policy.classes.iter().any(|class| class.name == name) {
        return Ok(name.to_owned());
    }
    let known: Vec<_> = policy.classes.iter().map(|class| format!("`{}`", class.name)).collect();
    let called: String = name.chars().take(LONGEST_NAME).collect();
    let problem = ApiError::invalid("unknown_class", format!("no message class is called `{called}`"));
    Err(problem.detail(format!("There are {}.", known.join(", "))).at("class"))
}

/// What an SMS may say.
fn sms_text(text: &str) -> Result<String, ApiError> {
    let length = text.chars().count();
    if length <= LONGEST_TEXT && !text.trim().is_empty() {
        return Ok(text.to_owned());
    }
    let what =
        format!("the text of an SMS has 1 to {LONGEST_TEXT} characters and is not blank, this has {length}");
    Err(ApiError::invalid("invalid_text", what).at("fallback_text"))
}

/// When a message was sent, and when it is to be revoked.
///
/// # Errors
/// When one of them is absurd, or the second comes before the first: that would revoke at once.
pub(super) fn dates(
    sent_at: Option<i64>,
    revoke_at: Option<i64>,
    now: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), ApiError> {
    let sent_at = sent_at.map(|at| instant::past(at, now, "sent_at")).transpose()?;
    let revoke_at = revoke_at.map(|at| instant::ahead(at, now, "revoke_at")).transpose()?;
    if sent_at.zip(revoke_at).is_some_and(|(sent, revoke)| revoke < sent) {
        return Err(ApiError::invalid("revoked_before_sent", "revoke_at is before sent_at")
            .detail("It would be revoked at once.")
            .at("revoke_at"));
    }
    Ok((sent_at, revoke_at))
}
