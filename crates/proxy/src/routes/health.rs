//! `/healthz` and `/readyz`: whether the process lives, and whether it can do its work.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::access::Operator;
use crate::app::AppState;
use crate::ledger::Ledger;
use crate::problem::ApiError;
use crate::sources::SourceEntry;

/// How long an answer of the database holds.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// Whether the database took a write a moment ago: a stranger who asks again and again costs one commit a second.
#[derive(Debug, Default)]
pub struct Probe(Mutex<Option<(Instant, bool)>>);

impl Probe {
    /// The last answer, or a new one if that is too old.
    async fn ask(&self, ledger: &Ledger) -> bool {
        // Held while the database answers, so that all who ask meanwhile share its answer.
        let mut last = self.0.lock().await;
        match *last {
            Some((at, takes_writes)) if at.elapsed() < GOOD_FOR => takes_writes,
            _ => {
                let takes_writes = ledger.probe().await.is_ok();
                *last = Some((Instant::now(), takes_writes));
                takes_writes
            }
        }
    }
}

/// Whether the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// All of it.
    ready: bool,
    /// The database takes a write.
    store: bool,
    /// Every lane of the worker lives.
    worker: bool,
    /// Each source; for holders of the access key only.
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<Vec<SourceState>>,
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

/// The process can do its work; with the access key also what is known of its sources, without their settings.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub async fn readyz(
    operator: Result<Operator, ApiError>,
    State(app): State<AppState>,
) -> (StatusCode, Json<Readiness>) {
    let store = app.probe.ask(&app.ledger).await;
    let worker = app.lanes.0.load(Ordering::Relaxed) == app.lanes.1 && !app.stop.is_cancelled();
    let ready = store && worker;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let state = |entry: &SourceEntry| SourceState {
        id: entry.id().to_string(),
        listening: entry.learnt().listening_since.is_some(),
        refused_webhooks: entry.refused(),
    };
    let sources = operator.is_ok().then(|| app.sources.iter().map(state).collect());
    (status, Json(Readiness { ready, store, worker, sources }))
}
