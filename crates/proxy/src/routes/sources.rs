//! `GET /api/v1/sources`: the configured senders, without their secrets.

use axum::Json;
use axum::extract::State;
use rcs_revoke_api::{Problem, SourceView};
use rcs_revoke_core::Timestamp;

use crate::access::Operator;
use crate::app::AppState;

/// The configured senders.
#[utoipa::path(get, path = "/api/v1/sources", operation_id = "list_sources", tag = "sources",
    responses((status = 200, body = Vec<SourceView>), (status = 401, body = Problem)))]
pub async fn list(_: Operator, State(app): State<AppState>) -> Json<Vec<SourceView>> {
    let view = |entry: &crate::sources::SourceEntry| SourceView {
        source: entry.snapshot(),
        policy: (*entry.policy).clone(),
        label: entry.label.clone(),
        webhook_path: format!("/webhooks/{}/{}", entry.provider().code(), entry.id()),
        last_webhook_at: entry.learnt().last_webhook_at.map(Timestamp::as_millis),
        refused_webhooks: entry.refused(),
    };
    Json(app.sources.iter().map(view).collect())
}
