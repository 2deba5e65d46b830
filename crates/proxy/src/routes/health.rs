//! `/healthz` and `/readyz`: whether the process lives, and whether it can do its work.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;

/// Whether the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// All of it.
    ready: bool,
    /// The database takes a write.
    store: bool,
    /// Every lane of the worker lives.
    worker: bool,
    /// How many sources are configured, and how many of them ever had a verified webhook.
    sources: usize,
    listening: usize,
}

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = String)))]
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can do its work. Names no source, since no access key is asked for.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub async fn readyz(State(app): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let store = app.ledger.probe().await.is_ok();
    let worker = app.lanes.0.load(Ordering::Relaxed) == app.lanes.1 && !app.stop.is_cancelled();
    let ready = store && worker;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let listening = app.sources.iter().filter(|entry| entry.learnt().listening_since.is_some()).count();
    (status, Json(Readiness { ready, store, worker, sources: app.sources.iter().count(), listening }))
}
