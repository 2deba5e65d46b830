//! `POST /api/v1/withdrawals`: take back what was not yet sent.

use axum::Json;
use axum::extract::State;
use rcs_revoke_api::{Problem, WithdrawalCommand, WithdrawalReport};
use rcs_revoke_core::MessageRef;

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::ledger::{Change, Reply, Withdrawal};
use crate::problem::ApiError;
use crate::routes::MOST_ITEMS;
use crate::routes::body::ApiJson;

/// Takes back the live wishes of messages.
///
/// # Errors
/// When a key is malformed, there are too many, or the store fails; nothing was done then.
#[utoipa::path(post, path = "/api/v1/withdrawals", operation_id = "create_withdrawals",
    tag = "revocations", request_body = WithdrawalCommand,
    responses((status = 200, body = WithdrawalReport), (status = 422, body = Problem)))]
pub async fn create(
    _: Operator,
    State(app): State<AppState>,
    ApiJson(command): ApiJson<WithdrawalCommand>,
) -> Result<Json<WithdrawalReport>, ApiError> {
    if command.messages.is_empty() || command.messages.len() > MOST_ITEMS {
        return Err(ApiError::invalid(
            "wrong_number_of_items",
            format!("expected 1 to {MOST_ITEMS} messages"),
        )
        .detail("Nothing was done. An empty list never means *all*.")
        .at("messages"));
    }
    let parse = |(index, key): (usize, &String)| {
        MessageRef::parse(key).map_err(|error| {
            ApiError::invalid("invalid_message", error.to_string()).at(format!("messages[{index}]"))
        })
    };
    let messages = command.messages.iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(withdraw(&app, messages).await?))
}

/// Takes back the live wishes of these messages.
///
/// # Errors
/// When the store fails; nothing was done then.
pub async fn withdraw(app: &App, messages: Vec<MessageRef>) -> Result<WithdrawalReport, ApiError> {
    let by = Operator::NAME.to_owned();
    let changes = messages.into_iter().map(|message| Change::Withdraw { message, by: by.clone() }).collect();
    let mut report = WithdrawalReport { withdrawn: 0, too_late: 0, nothing_to_withdraw: 0 };
    for reply in app.ledger.change(changes).await? {
        match reply {
            Reply::Withdrawn(Withdrawal::InTime) => report.withdrawn += 1,
            Reply::Withdrawn(Withdrawal::TooLate) => report.too_late += 1,
            _ => report.nothing_to_withdraw += 1,
        }
    }
    Ok(report)
}
