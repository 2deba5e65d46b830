//! What the browser gets: the console's files, their caching, and the headers that keep a page in its place.

use bytes::Bytes;
use http::Method;

use super::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_a_strict_content_security_policy() {
    let stage = Stage::set().await;
    for path in ["/", "/messages", "/api/v1/session", "/nothing.js"] {
        let reply = stage.get(path).await;
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_inside_the_console_is_its_page_and_a_missing_file_is_missing() {
    let stage = Stage::set().await;
    for path in [
        "/",
        "/messages",
        "/messages/vonage:1",
        "/messages/google_rbm:a@rbm.goog:1",
        "/messages/google_rbm%3Aa%40rbm.goog%3A1",
    ] {
        let reply = stage.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.headers["content-type"], "text/html; charset=utf-8", "{path}");
        assert_eq!(reply.headers["cache-control"], "no-cache", "{path}");
    }
    for path in [
        "/api/v1/nothing",
        "/api/",
        "/webhooks/vonage/codes",
        "/nothing.js",
        "/csp.json",
        "/../Cargo.toml",
        "/%2e%2e/x.rs",
    ] {
        assert_eq!(stage.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_webhook_listener_knows_nothing_else() {
    let stage = Stage::set().await;
    for path in ["/", "/api/v1/session", "/healthz", "/openapi.json"] {
        let url = format!("{}{path}", stage.server.webhooks);
        assert_eq!(stage.call(Method::GET, &url, &[], Bytes::new()).await.status, 404, "{path}");
    }
}
