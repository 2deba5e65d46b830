//! The console, embedded: one file serves everything. Compressed files are built beforehand and only chosen here.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use rust_embed::{Embed, EmbeddedFile};
use serde::Deserialize;

use crate::hex::hex;

#[derive(Embed)]
#[folder = "../../dist/"]
struct Dist;

/// What the console's build knows about its inline scripts.
#[derive(Default, Deserialize)]
struct Csp {
    script_hashes: Vec<String>,
}

/// Answers everything that is no route: a file of the console, or its page for a path inside it.
pub async fn console(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let name = if is_page(path) { "index.html" } else { path };
    if name == "csp.json" || matches!(extension(name), "br" | "gz") || Dist::get(name).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    serve(name, request.headers())
}

/// Whether a path is one inside the console, and no file. A message's key may hold a dot, and always holds a colon.
fn is_page(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_key = last.contains(':') || last.contains("%3A") || last.contains("%3a");
    (is_key || !path.contains('.')) && !matches!(path.split('/').next(), Some("api" | "webhooks"))
}

fn serve(name: &str, headers: &HeaderMap) -> Response {
    let (file, encoding) = choose(name, headers);
    let Some(file) = file else { return StatusCode::NOT_FOUND.into_response() };
    let mut answer = HeaderMap::new();
    let etag = etag(&file);
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let cache = if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(ETAG, etag);
    }
    if headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    (answer, file.data.into_owned()).into_response()
}

/// The best form of a file that the browser takes.
fn choose(name: &str, headers: &HeaderMap) -> (Option<EmbeddedFile>, Option<&'static str>) {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |wanted: &str| {
        accepted.split(',').any(|one| {
            let (coding, weight) = one.trim().split_once(';').unwrap_or((one.trim(), ""));
            coding.trim().eq_ignore_ascii_case(wanted) && !matches!(weight.trim(), "q=0" | "q=0.0")
        })
    };
    for (coding, end) in [("br", ".br"), ("gzip", ".gz")] {
        if takes(coding)
            && let Some(file) = Dist::get(&format!("{name}{end}"))
        {
            return (Some(file), Some(coding));
        }
    }
    (Dist::get(name), None)
}

fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    format!("\"{}\"", hex(&hash[..12]))
}

/// Trunk writes a hash of 16 hexadecimal digits into the names of files that never change.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.'])
        .any(|part| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn extension(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn kind(name: &str) -> &'static str {
    match extension(name) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The headers of every answer: what a page of ours may load, and who may frame it.
pub fn security_headers() -> Vec<(HeaderName, HeaderValue)> {
    let csp: Csp =
        Dist::get("csp.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
    let is_hash = |hash: &&String| {
        hash.starts_with("sha256-")
            && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+/=".contains(&byte))
    };
    let mut scripts = vec!["'self'".to_owned(), "'wasm-unsafe-eval'".to_owned()];
    scripts.extend(csp.script_hashes.iter().filter(is_hash).map(|hash| format!("'{hash}'")));
    let scripts = scripts.join(" ");
    let policy = format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; connect-src 'self'; \
         img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut headers = vec![
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.push((CONTENT_SECURITY_POLICY, policy));
    }
    headers
}
