//! A small client of the server's API: JSON in, JSON out, and the problem where it refuses. It follows no redirect.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Error};
use hyper_util::rt::TokioExecutor;
use rcs_revoke_api::{BatchView, Problem, SessionView};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::end::{End, Failure};
use super::target::Target;

/// What is sent.
pub(super) type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(8);
/// How long an answer may take. A disk that is slow makes the server slow.
const ANSWER: Duration = Duration::from_mins(1);
/// The longest answer that is read whole.
const LONGEST_ANSWER: usize = 16 << 20;

enum Http {
    Plain(legacy::Client<HttpConnector, Body>),
    Tls(legacy::Client<HttpsConnector<HttpConnector>, Body>),
}

/// The API of one server.
pub(super) struct Client {
    http: Http,
    base: String,
    key: SecretString,
}

impl Client {
    pub(super) fn new(target: &Target) -> Result<Self, Failure> {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_nodelay(true);
        let builder = legacy::Client::builder(TokioExecutor::new());
        let http = if target.base.starts_with("https:") {
            connector.enforce_http(false);
            let tls = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| {
                Failure::here(
                    "no_roots",
                    "This system has no certificate roots to check the server by",
                    &error,
                )
            })?;
            Http::Tls(builder.build(tls.https_only().enable_http1().wrap_connector(connector)))
        } else {
            Http::Plain(builder.build(connector))
        };
        Ok(Self { http, base: target.base.clone(), key: target.key.clone() })
    }

    /// Who serves; fails where nobody does, or the key does not open.
    pub(super) async fn session(&self) -> Result<SessionView, Failure> {
        self.get("/api/v1/session").await
    }

    pub(super) async fn batch(&self, batch: &str) -> Result<BatchView, Failure> {
        self.get(&format!("/api/v1/batches/{}", escaped(batch))).await
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.read(self.request(Method::GET, path)?, nothing()).await
    }

    pub(super) async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.read(self.request(Method::DELETE, path)?, nothing()).await
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        command: &impl Serialize,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(command)
            .map_err(|error| Failure::here("not_written", "The command cannot be written", &error))?;
        let request = self.request(Method::POST, path)?.header(CONTENT_TYPE, "application/json");
        self.read(request, whole(body.into())).await
    }

    /// A request that carries the access key.
    pub(super) fn request(&self, method: Method, path: &str) -> Result<http::request::Builder, Failure> {
        let mut bearer =
            HeaderValue::from_str(&format!("Bearer {}", self.key.expose_secret())).map_err(|_| {
                Failure::new(End::Refused, "no_access_key", "The access key has characters that no key has")
                    .detail("Nothing was done.")
            })?;
        bearer.set_sensitive(true);
        Ok(Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(AUTHORIZATION, bearer))
    }

    /// Sends a request and gives back the answer, unless it is a refusal.
    pub(super) async fn send(
        &self,
        request: http::request::Builder,
        body: Body,
    ) -> Result<Response<Incoming>, Failure> {
        let request = request
            .body(body)
            .map_err(|error| Failure::new(End::Refused, "invalid_server", format!("--server: {error}")))?;
        let answer = match &self.http {
            Http::Plain(http) => http.request(request).await,
            Http::Tls(http) => http.request(request).await,
        };
        let answer = answer.map_err(|error| self.unanswered(&error))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(self.refusal(answer).await)
    }

    async fn read<T: DeserializeOwned>(
        &self,
        request: http::request::Builder,
        body: Body,
    ) -> Result<T, Failure> {
        let read = async {
            let answer = self.send(request, body).await?;
            self.json(answer).await
        };
        tokio::time::timeout(ANSWER, read).await.unwrap_or_else(|_| Err(self.silent()))
    }

    /// An answer as what it says.
    pub(super) async fn json<T: DeserializeOwned>(&self, answer: Response<Incoming>) -> Result<T, Failure> {
        let body = Limited::new(answer.into_body(), LONGEST_ANSWER).collect().await;
        let body = body.map_err(|_| self.silent())?.to_bytes();
        serde_json::from_slice(&body)
            .map_err(|_| self.stranger("was answered in words that are not known here"))
    }

    async fn refusal(&self, answer: Response<Incoming>) -> Failure {
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LONGEST_ANSWER).collect().await;
        let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) if status == StatusCode::UNAUTHORIZED => Failure {
                end: End::Refused,
                ..Failure::of(problem)
            }
            .detail(
                "Nothing was done. The key is given by --key-file or RCS_REVOKE_ACCESS_KEY; a server without \
                     a configured key makes a new one at each start.",
            ),
            Ok(problem) => Failure::of(problem),
            Err(_) => self.stranger(&format!("was answered with {status}")),
        }
    }

    fn unanswered(&self, error: &Error) -> Failure {
        let why = cause(error);
        if error.is_connect() {
            return Failure::new(
                End::Unreachable,
                "unreachable",
                format!("{} cannot be reached: {why}", self.base),
            )
            .detail("Nothing was done. Is the server running, and is this its address (--server)?");
        }
        Failure::new(
            End::Unreachable,
            "unanswered",
            format!("The connection to {} broke before there was an answer: {why}", self.base),
        )
    }

    fn silent(&self) -> Failure {
        Failure::new(End::Unreachable, "unanswered", format!("{} does not answer", self.base))
    }

    fn stranger(&self, what: &str) -> Failure {
        Failure::new(End::Unreachable, "no_such_server", format!("{} {what}", self.base))
            .detail("This does not seem to be an rcs-revoke of this version: is --server right?")
    }
}

/// The innermost cause, which says most.
fn cause(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// A body that is known already.
pub(super) fn whole(body: Bytes) -> Body {
    Full::new(body).map_err(|never: Infallible| match never {}).boxed_unsync()
}

fn nothing() -> Body {
    whole(Bytes::new())
}

/// A text as a part of a URL.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn whatever_is_said_stays_one_part_of_a_url() {
        assert_eq!(escaped("bat_17"), "bat_17");
        assert_eq!(escaped("../a b&c=é"), "..%2Fa%20b%26c%3D%C3%A9");
    }
}
