//! `/healthz` and `/readyz`: whether the process lives, and whether it can do its work.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::sources::SourceEntry;

/// Whether the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// All of it.
    ready: bool,
    /// The database takes a write.
    store: bool,
    /// Every lane of the worker lives.
    worker: bool,
    /// Each source.
    sources: Vec<SourceState>,
}

/// The state of one source.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceState {
    /// Its name.
    id: String,
    /// Whether it ever had a verified webhook; without one its silence proves nothing, but it works.
    listening: bool,
    /// Webhooks refused since the start.
    refused_webhooks: u64,
}

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = String)))]
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can do its work; and what is known of its sources, without any of their settings.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub async fn readyz(State(app): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let store = app.ledger.probe().await.is_ok();
    let worker = app.lanes.0.load(Ordering::Relaxed) == app.lanes.1 && !app.stop.is_cancelled();
    let ready = store && worker;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let state = |entry: &SourceEntry| SourceState {
        id: entry.id().to_string(),
        listening: entry.learnt().listening_since.is_some(),
        refused_webhooks: entry.refused(),
    };
    let sources = app.sources.iter().map(state).collect();
    (status, Json(Readiness { ready, store, worker, sources }))
}
