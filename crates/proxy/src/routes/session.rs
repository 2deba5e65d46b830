//! `/api/v1/session`: the access key, exchanged once for a cookie.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::SET_COOKIE;
use rcs_revoke_api::{Problem, SessionRequest, SessionView};

use crate::access::{Access, Operator};
use crate::app::AppState;
use crate::problem::ApiError;
use crate::routes::body::ApiJson;

/// Who serves, and what time it is there.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "show_session", tag = "session",
    responses((status = 200, body = SessionView), (status = 401, body = Problem)))]
pub async fn show(_: Operator, State(app): State<AppState>) -> Json<SessionView> {
    Json(app.session())
}

/// Exchanges the access key for a cookie.
///
/// # Errors
/// When the key is wrong.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "create_session",
    tag = "session", request_body = SessionRequest,
    responses((status = 200, body = SessionView), (status = 401, body = Problem)))]
pub async fn create(
    State(app): State<AppState>,
    ApiJson(request): ApiJson<SessionRequest>,
) -> Result<impl IntoResponse, ApiError> {
    if !app.access.opens(&request.access_key) {
        return Err(ApiError::new(
            StatusCode::UNAUTHORIZED,
            "wrong_access_key",
            "That is not the access key",
        )
        .detail("Open the link that the server printed at its last start."));
    }
    Ok(([(SET_COOKIE, app.access.set_cookie())], Json(app.session())))
}

/// Clears the cookie.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "end_session",
    tag = "session", responses((status = 204)))]
pub async fn end() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, [(SET_COOKIE, Access::clear_cookie())])
}
