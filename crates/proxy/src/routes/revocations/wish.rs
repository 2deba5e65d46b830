//! `/api/v1/revocations/{wish}`: one wish, by its id.

use axum::Json;
use axum::extract::{Path, State};
use rcs_revoke_api::{MessageView, Problem, WithdrawalReport};
use rcs_revoke_core::MessageRef;
use rcs_revoke_core::id::WishId;

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::problem::ApiError;
use crate::routes::withdrawals;

/// The message that a wish is about, with what became of it.
///
/// # Errors
/// When nobody knows the wish.
#[utoipa::path(get, path = "/api/v1/revocations/{wish}", operation_id = "show_revocation",
    tag = "revocations",
    params(("wish" = String, Path, description = "The wish's id, such as rev_01JD…")),
    responses((status = 200, body = MessageView), (status = 404, body = Problem)))]
pub async fn show(
    _: Operator,
    State(app): State<AppState>,
    Path(wish): Path<String>,
) -> Result<Json<MessageView>, ApiError> {
    let message = message_of(&app, &wish).await?;
    let held = app.store.message(&message).await?;
    let view = held.and_then(|held| held.projection).map(|projection| projection.view);
    view.map(|view| Json(app.current(view))).ok_or_else(|| unknown(&wish))
}

/// Takes a wish back, with every other live wish of its message.
///
/// # Errors
/// When nobody knows the wish.
#[utoipa::path(delete, path = "/api/v1/revocations/{wish}", operation_id = "withdraw_revocation",
    tag = "revocations",
    params(("wish" = String, Path, description = "The wish's id, such as rev_01JD…")),
    responses((status = 200, body = WithdrawalReport), (status = 404, body = Problem)))]
pub async fn withdraw(
    _: Operator,
    State(app): State<AppState>,
    Path(wish): Path<String>,
) -> Result<Json<WithdrawalReport>, ApiError> {
    let message = message_of(&app, &wish).await?;
    Ok(Json(withdrawals::withdraw(&app, vec![message]).await?))
}

async fn message_of(app: &App, wish: &str) -> Result<MessageRef, ApiError> {
    let wish = WishId::parse(wish).map_err(|error| ApiError::invalid("invalid_wish", error.to_string()))?;
    let key = app.store.message_of_wish(wish.as_str()).await?;
    key.and_then(|key| MessageRef::parse(&key).ok()).ok_or_else(|| unknown(wish.as_str()))
}

fn unknown(wish: &str) -> ApiError {
    ApiError::not_found(format!("No wish is called {wish}"))
}
