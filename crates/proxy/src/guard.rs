//! What stands before every route: the host that was asked for, the page that asked, the kind of what it sent.
//!
//! A page of another site can make a browser send requests here, and can point its own name at loopback: neither
//! gets through.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::{HeaderMap, Method, StatusCode};

use crate::app::{App, AppState};
use crate::problem::ApiError;

/// JSON in lines, one value in each.
pub const NDJSON: &str = "application/x-ndjson";

/// Checks a request before any route sees it.
pub async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    match check(&app, &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(app: &App, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    let host = text(headers, &HOST).unwrap_or_default();
    if !is_ours(app, host) {
        return Err(ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "wrong_host",
            "This server is not known by that name",
        )
        .detail(
            "Nothing was done. Use the address that was printed at start, or add the name to allowed_hosts.",
        ));
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    let same_origin = text(headers, &ORIGIN).is_none_or(|origin| {
        origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host))
    });
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if !same_origin || site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "cross_origin",
            "A page of another site asked for this",
        )
        .detail("Nothing was done."));
    }
    let kind = text(headers, &CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let wanted = kinds(request.uri().path());
    if !wanted.contains(&&*kind) && *request.method() != Method::DELETE {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "wrong_content_type",
            format!("Expected {}", wanted.join(" or ")),
        )
        .detail(format!("Nothing was done. Send it with `Content-Type: {}`.", wanted.join("` or `"))));
    }
    Ok(())
}

/// The kinds of bodies that an operation takes: none that a page of another site may send without being asked first.
fn kinds(path: &str) -> &'static [&'static str] {
    match path {
        "/api/v1/messages/import" => &["text/csv"],
        "/api/v1/messages" => &["application/json", NDJSON],
        // Any text; a page of another site may send `text/plain` unasked.
        "/api/v1/batches/upload" => &["application/octet-stream", "text/csv", NDJSON, "application/json"],
        _ => &["application/json"],
    }
}

fn is_ours(app: &App, host: &str) -> bool {
    let Ok(authority) = host.parse::<http::uri::Authority>() else { return false };
    let name = authority.host().trim_matches(['[', ']']);
    let loopback =
        name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    loopback
        || name.parse().is_ok_and(|ip: IpAddr| !app.listen.ip().is_unspecified() && ip == app.listen.ip())
        || app.allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
}

fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
