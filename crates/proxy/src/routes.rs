//! The API: one operation in each file, with its types in `rcs-revoke-api`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::problem::ApiError;

pub mod batches;
pub mod body;
pub mod events;
pub mod fallbacks;
pub mod health;
pub mod idempotency;
pub mod instant;
pub mod messages;
pub mod revocations;
pub mod session;
pub mod sources;
pub mod withdrawals;

/// The longest body that is read.
const LONGEST_BODY: usize = 16 << 20;
/// The longest body that is read from somebody who has not come in yet.
const LONGEST_KEY: usize = 4 << 10;
/// The most items of one call.
pub const MOST_ITEMS: usize = 10_000;

#[derive(OpenApi)]
#[openapi(info(
    title = "rcs-revoke",
    description = "Takes back RCS business messages that were sent but not yet delivered. Every call but the health checks needs the access key, as `Authorization: Bearer …` or as the session's cookie. Errors are problem documents (RFC 9457) with a stable `code`.",
    license(name = "MIT OR Apache-2.0")
))]
struct Document;

fn api() -> OpenApiRouter<AppState> {
    let session = OpenApiRouter::new()
        .routes(routes!(session::show, session::create, session::end))
        .layer(DefaultBodyLimit::max(LONGEST_KEY));
    // Read as it comes, so there is no longest one.
    let upload =
        OpenApiRouter::new().routes(routes!(batches::upload::upload)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(session)
        .merge(upload)
        .routes(routes!(sources::list))
        .routes(routes!(messages::list::list, messages::register::register))
        .routes(routes!(messages::import::import))
        .routes(routes!(messages::lookup::lookup))
        .routes(routes!(messages::detail::detail))
        .routes(routes!(revocations::create::create))
        .routes(routes!(revocations::wish::show, revocations::wish::withdraw))
        .routes(routes!(withdrawals::create))
        .routes(routes!(batches::create::create, batches::show::list))
        .routes(routes!(batches::show::show, batches::command::drop_plan))
        .routes(routes!(batches::command::command))
        .routes(routes!(batches::export::csv))
        .routes(routes!(batches::export::json))
        .routes(routes!(batches::export::rejects))
        .routes(routes!(fallbacks::create))
        .routes(routes!(events::events))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
}

/// The `OpenAPI` document as pretty JSON.
pub fn openapi() -> String {
    let document = api().into_openapi();
    let mut text = document.to_pretty_json().expect("a document of texts and maps can be written as JSON");
    text.push('\n');
    text
}

/// All routes of the API.
pub fn router() -> Router<AppState> {
    let (router, _) = api().split_for_parts();
    router
        .route(
            "/openapi.json",
            get(|| async { ([(http::header::CONTENT_TYPE, "application/json")], openapi()) }),
        )
        .route("/api/{*rest}", axum::routing::any(|| async { ApiError::not_found("No such operation") }))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
}

#[cfg(test)]
mod tests {
    /// `UPDATE_OPENAPI=1 cargo test -p rcs-revoke-proxy openapi` writes it anew.
    #[test]
    fn the_committed_openapi_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let document = super::openapi();
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(path, &document).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == document, "run: UPDATE_OPENAPI=1 cargo test -p rcs-revoke-proxy openapi");
    }
}
