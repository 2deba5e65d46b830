//! `POST /api/v1/revocations`: please revoke these.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use rcs_revoke_api::{
    Follows, Problem, RevocationCommand, RevocationItem, RevocationReport, RevocationResult, Taken,
};
use rcs_revoke_core::fact::{Registered, Requested, Then};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::{Policy, SourceId, Timestamp};

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::ledger::{Change, Reply, Wish};
use crate::problem::ApiError;
use crate::routes::body::{self, ApiBytes};
use crate::routes::messages::registration::{class, phone};
use crate::routes::{MOST_ITEMS, idempotency, instant};

/// The longest reason that is kept.
const LONGEST_REASON: usize = 1_000;

/// Wishes that messages be revoked. Everything named `made` is durable when this answers; what becomes of it shows
/// on the message. With an `Idempotency-Key`, the same command again gives the same report.
///
/// # Errors
/// When the command cannot be read or the store fails. Nothing was done then, unless the error says that some of it
/// may have been.
#[utoipa::path(post, path = "/api/v1/revocations", operation_id = "create_revocations",
    tag = "revocations", request_body = RevocationCommand,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the command again")),
    responses((status = 202, body = RevocationReport), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    _: Operator,
    State(app): State<AppState>,
    headers: HeaderMap,
    ApiBytes(text): ApiBytes,
) -> Result<Response, ApiError> {
    let command: RevocationCommand = body::read(&text)?;
    let now = app.clock.now();
    let terms = Terms::read(&command, now)?;
    check_class(&app, command.class.as_deref())?;
    let Some(key) = idempotency::key_of(&headers)? else {
        let report =
            make(&app, &command, &terms, |_| WishId::parse(&format!("rev_{}", ulid::Ulid::generate())))
                .await?;
        return Ok((StatusCode::ACCEPTED, Json(report)).into_response());
    };
    let lock = app.keys.lock(&key);
    let _one_at_a_time = lock.lock().await;
    let digest = idempotency::digest(&text);
    let report = if let Some(report) = idempotency::given(&app, &key, &digest).await? {
        report
    } else {
        // Made of the key, so that a command that was cut off halfway makes the same wishes when given again.
        let name = |index: usize| {
            let id = idempotency::digest(format!("{key}\n{digest}\n{index}").as_bytes());
            WishId::parse(&format!("rev_{}", &id[..26]))
        };
        let report = make(&app, &command, &terms, name).await?;
        let report = serde_json::to_string(&report).map_err(crate::store::StoreError::from)?;
        let remembered = app.ledger.remember(&key, &digest, Some(report.clone())).await;
        remembered.map_err(ApiError::in_part)?;
        report
    };
    Ok((StatusCode::ACCEPTED, [(CONTENT_TYPE, "application/json")], report).into_response())
}

/// Whether any source knows a class of that name.
pub(crate) fn check_class(app: &App, name: Option<&str>) -> Result<(), ApiError> {
    let Some(name) = name else { return Ok(()) };
    let policies: Vec<&Policy> = app.sources.iter().map(|entry| &*entry.policy).collect();
    let Some(first) = policies.first() else { return Ok(()) };
    if policies.iter().any(|policy| class(name, policy).is_ok()) {
        return Ok(());
    }
    class(name, first).map(drop)
}

/// What holds for every item of a command.
struct Terms {
    now: Timestamp,
    not_before: Option<Timestamp>,
    reason: Option<String>,
}

impl Terms {
    fn read(command: &RevocationCommand, now: Timestamp) -> Result<Self, ApiError> {
        if command.items.is_empty() || command.items.len() > MOST_ITEMS {
            return Err(ApiError::invalid(
                "wrong_number_of_items",
                format!("expected 1 to {MOST_ITEMS} items"),
            )
            .detail("Nothing was done. An empty list never means *all*.")
            .at("items"));
        }
        let reason = command.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        if reason.is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
            return Err(ApiError::invalid(
                "reason_too_long",
                format!("a reason has at most {LONGEST_REASON} characters"),
            )
            .detail("Nothing was done.")
            .at("reason"));
        }
        Ok(Self {
            now,
            not_before: command.not_before.map(|at| instant::ahead(at, now, "not_before")).transpose()?,
            reason: reason.map(str::to_owned),
        })
    }
}

async fn make(
    app: &App,
    command: &RevocationCommand,
    terms: &Terms,
    name: impl Fn(usize) -> Result<WishId, rcs_revoke_core::id::InvalidId>,
) -> Result<RevocationReport, ApiError> {
    let (mut wishes, mut refused) = (Vec::new(), Vec::new());
    for (index, item) in command.items.iter().enumerate() {
        let id = name(index).map_err(|error| ApiError::invalid("invalid_wish", error.to_string()))?;
        match wish(item, command, terms, id) {
            Ok(wish) => wishes.push(Change::Wish(Box::new(wish))),
            Err(error) => refused.push((index, error)),
        }
    }
    let mut replies =
        if wishes.is_empty() { Vec::new() } else { app.ledger.change(wishes).await? }.into_iter();
    let mut refused = refused.into_iter().peekable();
    let mut report = RevocationReport {
        made: 0,
        already: 0,
        refused: 0,
        results: Vec::with_capacity(command.items.len()),
    };
    for (index, item) in command.items.iter().enumerate() {
        let taken = match refused.next_if(|(at, _)| *at == index) {
            Some((_, error)) => Taken::Refused { code: error.code().to_owned(), detail: error.sentence() },
            None => match replies.next() {
                Some(Reply::Taken(taken)) => taken,
                _ => return Err(crate::store::StoreError::Closed.into()),
            },
        };
        match &taken {
            Taken::Made { .. } => report.made += 1,
            Taken::Already { .. } => report.already += 1,
            Taken::Refused { .. } => report.refused += 1,
        }
        report.results.push(RevocationResult { message: item.message.to_string(), taken });
    }
    Ok(report)
}

fn wish(
    item: &RevocationItem,
    command: &RevocationCommand,
    terms: &Terms,
    id: WishId,
) -> Result<Wish, ApiError> {
    let source = item.source.as_deref().map(SourceId::parse).transpose();
    let source =
        source.map_err(|error| ApiError::invalid("unknown_source", error.to_string()).at("source"))?;
    let phone = item.phone.as_deref().map(phone).transpose()?;
    let sent_at = item.sent_at.map(|at| instant::past(at, terms.now, "sent_at")).transpose()?;
    let class = command.class.clone();
    let registered = Registered::with_wish(&id, terms.now, phone, sent_at, class);
    let requested = Requested {
        wish: id,
        by: Operator::NAME.to_owned(),
        at: terms.now,
        not_before: terms.not_before,
        then: match command.then {
            Follows::Nothing => Then::Nothing,
            Follows::Fallback | Follows::Sms => Then::Fallback,
        },
        reason: terms.reason.clone(),
        override_window: command.override_window,
        hand: command.then == Follows::Sms,
        batch: None,
    };
    Ok(Wish {
        message: item.message.clone(),
        source,
        requested,
        registered,
        again: command.again || command.then == Follows::Sms,
        replace: command.replace,
    })
}
