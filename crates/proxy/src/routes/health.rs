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
use crate::store::Trouble;
use crate::store::watch::Watch;

/// How long an answer of the database holds.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// How long an answer of the database is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the database took a write a moment ago: a stranger who asks again and again costs one commit a second.
#[derive(Debug, Default)]
pub struct Probe(Mutex<Option<Instant>>);

impl Probe {
    /// What is wrong with the database, after a write that shows it if the last one is too old.
    async fn ask(&self, ledger: &Ledger, watch: &Watch) -> Option<Trouble> {
        // Held while the database answers, so that all who ask meanwhile share its answer.
        let mut last = self.0.lock().await;
        let is_old = last.is_none_or(|at| at.elapsed() >= GOOD_FOR);
        // One that takes no writes is tried by the ledger itself.
        if is_old && watch.takes_writes() && watch.trouble() != Some(Trouble::Stalled) {
            let probed = tokio::time::timeout(PATIENCE, ledger.probe()).await;
            *last = Some(Instant::now());
            let failed = match probed {
                Ok(probed) => probed.err().and_then(|error| error.trouble()),
                Err(_) => Some(Trouble::Stalled),
            };
            return watch.trouble().or(failed);
        }
        watch.trouble()
    }
}

/// Whether the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// All of it.
    ready: bool,
    /// The database takes a write, and nothing of it was found damaged.
    store: bool,
    /// `ok`, or what is wrong with the database: `full`, `read_only`, `locked`, `moved`, `corrupt`, `stalled` or
    /// `failing`. More may come.
    store_state: &'static str,
    /// What that is and what to do, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_why: Option<&'static str>,
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
    let trouble = app.probe.ask(&app.ledger, app.store.watch()).await;
    let store = trouble.is_none();
    let worker = app.lanes.0.load(Ordering::Relaxed) == app.lanes.1 && !app.stop.is_cancelled();
    let ready = store && worker;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let state = |entry: &SourceEntry| SourceState {
        id: entry.id().to_string(),
        listening: entry.learnt().listening_since.is_some(),
        refused_webhooks: entry.refused(),
    };
    let sources = operator.is_ok().then(|| app.sources.iter().map(state).collect());
    let store_state = trouble.map_or("ok", Trouble::code);
    let store_why = trouble.map(Trouble::sentence);
    (status, Json(Readiness { ready, store, store_state, store_why, worker, sources }))
}
