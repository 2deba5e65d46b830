//! `POST /api/v1/batches/upload`: a plan for the messages of any text, read as it comes.

use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use futures_util::StreamExt;
use http::{HeaderMap, StatusCode};
use rcs_revoke_api::{BatchTerms, BatchView, Problem};
use rcs_revoke_core::import::Importer;

use super::create::{checked_terms, once};
use crate::access::Operator;
use crate::app::AppState;
use crate::batches::planner::Planner;
use crate::problem::ApiError;

/// How long the next part may be waited for.
const SILENCE: Duration = Duration::from_mins(1);
/// How much of a part is read before others get their turn.
const SLICE: usize = 64 << 10;

/// Plans to revoke the messages of a text of any length and form: lists, CSV, JSON, log lines. Nothing is sent before
/// the plan is started. With an `Idempotency-Key`, the same key and query again give the same plan, whatever the text.
///
/// # Errors
/// When the text breaks off, or the store fails. Then there is no plan.
#[utoipa::path(post, path = "/api/v1/batches/upload", operation_id = "upload_batch", tag = "batches",
    params(BatchTerms,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the text again")),
    request_body(content(
        (String = "application/octet-stream"),
        (String = "text/csv"),
        (String = "application/x-ndjson"),
        (String = "application/json"),
    )),
    responses((status = 201, body = BatchView), (status = 400, body = Problem), (status = 422, body = Problem)))]
pub async fn upload(
    _: Operator,
    State(app): State<AppState>,
    query: Result<Query<BatchTerms>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let Query(terms) = query.map_err(|error| ApiError::invalid("invalid_query", error.body_text()))?;
    let terms = checked_terms(&app, terms)?;
    let said = serde_json::to_vec(&terms).map_err(crate::store::StoreError::from)?;
    let app = &*app;
    once(app, &headers, &said, |asked| async move {
        let mut planner = Planner::begin(app, Operator::NAME, terms).await?;
        read(&mut planner, body).await?;
        Ok(planner.finish(asked).await?)
    })
    .await
}

async fn read(planner: &mut Planner<'_>, body: Body) -> Result<(), ApiError> {
    let mut importer = Importer::new();
    let mut parts = body.into_data_stream();
    loop {
        match tokio::time::timeout(SILENCE, parts.next()).await {
            Ok(Some(Ok(part))) => {
                for slice in part.chunks(SLICE) {
                    planner.rows(importer.push(slice)).await?;
                    tokio::task::yield_now().await;
                }
            }
            Ok(None) => return Ok(planner.rows(importer.finish()).await?),
            Ok(Some(Err(_))) | Err(_) => {
                let what = format!("The text broke off in line {}", importer.lines() + 1);
                return Err(ApiError::new(StatusCode::BAD_REQUEST, "body_unreadable", what)
                    .detail("There is no plan, and nothing was sent. Send the text again."));
            }
        }
    }
}
