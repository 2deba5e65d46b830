//! `GET /api/v1/batches` and `GET /api/v1/batches/{batch}`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use rcs_revoke_api::{BatchPage, BatchQuery, BatchView, Problem};
use rcs_revoke_core::recall::State as BatchState;

use crate::access::Operator;
use crate::app::AppState;
use crate::problem::ApiError;
use crate::store::batches::{id_of, number_of};

const USUAL: usize = 50;
const MOST: usize = 200;

/// Batches, the latest first.
///
/// # Errors
/// When the query names a page that does not exist.
#[utoipa::path(get, path = "/api/v1/batches", operation_id = "list_batches",
    tag = "batches", params(BatchQuery),
    responses((status = 200, body = BatchPage), (status = 422, body = Problem)))]
pub async fn list(
    _: Operator,
    State(app): State<AppState>,
    query: Result<Query<BatchQuery>, QueryRejection>,
) -> Result<Json<BatchPage>, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::invalid("invalid_query", error.body_text()))?;
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::invalid("invalid_query", format!("expected from 1 to {MOST}")).at("limit"));
    }
    let after = match query.after.as_deref() {
        None => None,
        Some(after) => Some(number_of(after).ok_or_else(|| {
            ApiError::invalid("invalid_query", "expected what the last page named").at("after")
        })?),
    };
    let wanted = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut rows = app.store.batches(after, wanted).await?;
    let is_last = rows.len() <= limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| !is_last).map(|row| id_of(row.n).to_string());
    let items = rows.iter().map(|row| app.shown(row)).collect::<Result<_, _>>()?;
    let running = app.ledger.batches().all_open();
    let running = running.iter().filter(|batch| batch.row.state == BatchState::Running).count() as u64;
    Ok(Json(BatchPage { items, next, running }))
}

/// One batch as it is now.
///
/// # Errors
/// When there is none of that id.
#[utoipa::path(get, path = "/api/v1/batches/{batch}", operation_id = "show_batch", tag = "batches",
    params(("batch" = String, Path, description = "The batch's id, such as bat_17")),
    responses((status = 200, body = BatchView), (status = 404, body = Problem)))]
pub async fn show(
    _: Operator,
    State(app): State<AppState>,
    Path(batch): Path<String>,
) -> Result<Json<BatchView>, ApiError> {
    let row = super::find(&app, &batch).await?;
    Ok(Json(app.shown(&row)?))
}
