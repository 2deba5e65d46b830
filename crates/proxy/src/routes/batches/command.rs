//! `POST /api/v1/batches/{batch}/start`, `pause`, `resume` and `abort`; `DELETE` drops a plan.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use rcs_revoke_api::{BatchOrder, BatchView, Problem};
use rcs_revoke_core::recall::Command;

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::ledger::{BatchRefused, Change, Reply};
use crate::problem::ApiError;
use crate::routes::body::{self, ApiBytes};
use crate::store::StoreError;

/// Starts, pauses, resumes or aborts a batch. Nothing is asked for any more within a second of a pause or an abort;
/// requests that had left by then are still answered.
///
/// # Errors
/// When there is no such batch, the command makes no sense where it stands, or the plan would ask for another number
/// of messages than `expect`. Nothing was done then.
#[utoipa::path(post, path = "/api/v1/batches/{batch}/{command}", operation_id = "command_batch", tag = "batches",
    params(("batch" = String, Path, description = "The batch's id, such as bat_17"),
        ("command" = String, Path, description = "`start`, `pause`, `resume` or `abort`")),
    request_body = Option<BatchOrder>,
    responses((status = 200, body = BatchView), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn command(
    _: Operator,
    State(app): State<AppState>,
    Path((batch, command)): Path<(String, String)>,
    ApiBytes(text): ApiBytes,
) -> Result<Json<BatchView>, ApiError> {
    let command = match &*command {
        "start" => Command::Start,
        "pause" => Command::Pause,
        "resume" => Command::Resume,
        "abort" => Command::Abort,
        _ => return Err(ApiError::not_found("No such command for a batch")),
    };
    let order = if text.trim_ascii().is_empty() { BatchOrder::default() } else { body::read(&text)? };
    give(&app, &batch, command, order).await
}

/// Throws a plan away. Nothing of it was sent.
///
/// # Errors
/// When there is no such batch, or it was started.
#[utoipa::path(delete, path = "/api/v1/batches/{batch}", operation_id = "drop_batch", tag = "batches",
    params(("batch" = String, Path, description = "The batch's id, such as bat_17")),
    responses((status = 200, body = BatchView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn drop_plan(
    _: Operator,
    State(app): State<AppState>,
    Path(batch): Path<String>,
) -> Result<Json<BatchView>, ApiError> {
    give(&app, &batch, Command::Drop, BatchOrder::default()).await
}

async fn give(
    app: &App,
    batch: &str,
    command: Command,
    order: BatchOrder,
) -> Result<Json<BatchView>, ApiError> {
    let row = super::find(app, batch).await?;
    if command == Command::Start && order.expect.is_none() {
        let plan = row.planned().map_err(StoreError::from)?;
        if usize::try_from(plan.counts.ask).unwrap_or(usize::MAX) >= app.confirm_from {
            return Err(ApiError::invalid(
                "confirmation_needed",
                format!("{} messages are not asked for without a second thought", plan.counts.ask),
            )
            .detail("Nothing was done. Send the number of messages as `expect`.")
            .at("expect"));
        }
    }
    let change = Change::Command { batch: row.n, command, expect: order.expect };
    let replies = app.ledger.change(vec![change]).await?;
    match replies.as_slice() {
        [Reply::Commanded(Ok(()))] => Ok(Json(super::view(app, row.n).await?)),
        [Reply::Commanded(Err(refused))] => Err(why(*refused, &super::view(app, row.n).await?)),
        _ => Err(StoreError::Closed.into()),
    }
}

fn why(refused: BatchRefused, view: &BatchView) -> ApiError {
    let conflict =
        |code, title: String| ApiError::new(StatusCode::CONFLICT, code, title).detail("Nothing was done.");
    match refused {
        BatchRefused::Over | BatchRefused::State(_) => conflict(
            "wrong_state",
            format!("The batch is {}, and that cannot be done to it", view.state.code()),
        ),
        BatchRefused::Nothing => conflict("nothing_to_ask", "The plan asks for no message".to_owned()),
        BatchRefused::Differs { expected, ask } => conflict(
            "plan_differs",
            format!("The plan asks for {ask} messages, and {expected} were expected"),
        )
        .detail("Nothing was done. Look at the plan again before you start it."),
    }
}
