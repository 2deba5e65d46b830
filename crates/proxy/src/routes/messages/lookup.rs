//! `POST /api/v1/messages/lookup`: what is known under bare ids.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use rcs_revoke_api::{Lookup, LookupRequest, Problem};
use rcs_revoke_core::id::parse_uuid;

use crate::access::Operator;
use crate::app::AppState;
use crate::problem::ApiError;
use crate::routes::MOST_ITEMS;
use crate::routes::body::ApiJson;

/// What is known under these ids; ids that nobody knows are left out.
///
/// # Errors
/// When there are too many.
#[utoipa::path(post, path = "/api/v1/messages/lookup", operation_id = "lookup_messages",
    tag = "messages", request_body = LookupRequest,
    responses((status = 200, body = Vec<Lookup>), (status = 422, body = Problem)))]
pub async fn lookup(
    _: Operator,
    State(app): State<AppState>,
    ApiJson(request): ApiJson<LookupRequest>,
) -> Result<Json<Vec<Lookup>>, ApiError> {
    if request.ids.len() > MOST_ITEMS {
        return Err(ApiError::invalid("too_many", format!("at most {MOST_ITEMS} ids a call")).at("ids"));
    }
    // A UUID may be written in capitals; it is stored in small letters.
    let stored = |id: String| (parse_uuid(&id).map_or_else(|_| id.clone(), |uuid| uuid.to_string()), id);
    let asked: BTreeMap<String, String> = request.ids.into_iter().map(stored).collect();
    let found = app.store.lookup(&asked.keys().cloned().collect::<Vec<_>>()).await?;
    let lookups = found.into_iter().map(|view| Lookup {
        id: asked.get(&view.id).cloned().unwrap_or_else(|| view.id.clone()),
        message: view.message,
        source: view.source,
        has_recipient: view.recipient.is_some(),
        sent_at: view.sent_at,
        window_closes: view.window_closes,
        outcome: view.outcome.verdict.code().to_owned(),
    });
    Ok(Json(lookups.collect()))
}
