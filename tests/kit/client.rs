//! A small client for the server's API: JSON in, JSON out, and the problem's text where it refuses.

use std::fmt;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rcs_revoke_api::{MessageDetail, MessagePage, MessageView, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The pooled client that everything here shares with the server's own worker.
pub type HttpClient = Client<HttpConnector, Full<Bytes>>;

/// A pooled client for plain http.
pub fn http_client() -> HttpClient {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

/// Sends one request and reads the whole answer.
///
/// # Errors
/// When the connection breaks.
pub async fn send(http: &HttpClient, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
    let answer = http.request(request).await?;
    let status = answer.status();
    Ok((status, answer.into_body().collect().await?.to_bytes()))
}

/// A call that got no answer, or not a whole one: nobody knows what became of it. Found in an error by
/// [`is_unanswered`].
#[derive(Debug)]
struct Unanswered(String);

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not answered", self.0)
    }
}

/// Whether the server did not answer, as one that was killed does not; a refusal is an answer.
pub fn is_unanswered(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Unanswered>().is_some()
}

/// The API of one running server.
#[derive(Clone, Debug)]
pub struct Api {
    http: HttpClient,
    base: String,
    key: String,
}

impl Api {
    /// The API at this root URL, opened with this access key.
    pub fn new(base: String, key: String) -> Self {
        Self { http: http_client(), base, key }
    }

    /// Its root URL.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether the server says that it can work.
    pub async fn is_ready(&self) -> bool {
        let answer = self.call(Method::GET, "/readyz", "", None, Bytes::new()).await;
        answer.is_ok_and(|(status, _)| status == StatusCode::OK)
    }

    /// Reads something.
    ///
    /// # Errors
    /// When the server refuses or says something else.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        read(path, self.call(Method::GET, path, "", None, Bytes::new()).await?)
    }

    /// Sends a command as JSON.
    ///
    /// # Errors
    /// When the server refuses or says something else.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, command: &impl Serialize) -> Result<T> {
        self.json(path, None, command).await
    }

    /// Sends a command as JSON that the server may well refuse: then this is the problem.
    ///
    /// # Errors
    /// When the server does not answer, or fails, or says something else.
    pub async fn try_post<T: DeserializeOwned>(
        &self,
        path: &str,
        command: &impl Serialize,
    ) -> Result<Result<T, Problem>> {
        let body = serde_json::to_vec(command)?;
        let (status, body) = self.call(Method::POST, path, "application/json", None, body.into()).await?;
        if status.is_client_error() {
            return Ok(Err(read(path, (StatusCode::OK, body))?));
        }
        Ok(Ok(read(path, (status, body))?))
    }

    /// Sends a command as JSON, under a key that makes it safe to send again.
    ///
    /// # Errors
    /// When the server refuses or says something else.
    pub async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        command: &impl Serialize,
    ) -> Result<T> {
        self.json(path, Some(key), command).await
    }

    async fn json<T: DeserializeOwned>(
        &self,
        path: &str,
        key: Option<&str>,
        command: &impl Serialize,
    ) -> Result<T> {
        let body = serde_json::to_vec(command)?;
        read(path, self.call(Method::POST, path, "application/json", key, body.into()).await?)
    }

    /// Sends a CSV.
    ///
    /// # Errors
    /// When the server refuses or says something else.
    pub async fn post_csv<T: DeserializeOwned>(&self, path: &str, csv: String) -> Result<T> {
        read(path, self.call(Method::POST, path, "text/csv", None, csv.into()).await?)
    }

    /// Sends a CSV of any length, under a key that makes it safe to send again.
    ///
    /// # Errors
    /// When the server refuses or says something else.
    pub async fn post_text<T: DeserializeOwned>(&self, path: &str, key: &str, text: Bytes) -> Result<T> {
        read(path, self.call(Method::POST, path, "text/csv", Some(key), text).await?)
    }

    /// Reads something that is no JSON document, as it comes.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn text(&self, path: &str) -> Result<String> {
        let (status, body) = self.call(Method::GET, path, "", None, Bytes::new()).await?;
        let text = String::from_utf8_lossy(&body).into_owned();
        if !status.is_success() {
            bail!("{path} was answered {status}: {text}");
        }
        Ok(text)
    }

    /// Takes something away.
    ///
    /// # Errors
    /// When the server refuses or says something else.
    pub async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        read(path, self.call(Method::DELETE, path, "", None, Bytes::new()).await?)
    }

    /// Its access key, for calls that are not made through this.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// All messages that a filter such as `outcome=planned` lets through, each once, as it changed last.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn messages(&self, filter: &str) -> Result<Vec<MessageView>> {
        let mut all: Vec<MessageView> = Vec::new();
        let mut after = String::new();
        loop {
            let page: MessagePage = self.get(&format!("/api/v1/messages?limit=500&{filter}{after}")).await?;
            all.extend(page.items);
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        // A message that changes while the pages are turned may show up on two of them.
        all.sort_by(|one, other| (&one.message, other.version).cmp(&(&other.message, one.version)));
        all.dedup_by(|later, first| later.message == first.message);
        Ok(all)
    }

    /// One message with its timeline.
    ///
    /// # Errors
    /// When nobody knows it.
    pub async fn message(&self, key: &str) -> Result<MessageDetail> {
        self.get(&format!("/api/v1/messages/{key}")).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        key: Option<&str>,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes)> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(http::header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(http::header::CONTENT_TYPE, kind);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Full::new(body))?;
        send(&self.http, request).await.with_context(|| Unanswered(path.to_owned()))
    }
}

fn read<T: DeserializeOwned>(path: &str, (status, body): (StatusCode, Bytes)) -> Result<T> {
    if !status.is_success() {
        bail!("{path} was answered {status}: {}", String::from_utf8_lossy(&body));
    }
    serde_json::from_slice(&body)
        .with_context(|| format!("{path} was answered in words that are not known here"))
}
