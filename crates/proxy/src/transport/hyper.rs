//! The transport over hyper: pooled connections, the system's own certificate roots, HTTP/1.1.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rcs_revoke_core::ack::SendFailure;

use crate::transport::{HttpRequest, HttpResponse, Transport, failure};

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How long a connection may take to be made; shorter than a request, so that a dead host counts as not reached.
const CONNECT: Duration = Duration::from_secs(8);
/// Servers close idle connections; we do it first, since a request on a closing one has an unknown effect.
const IDLE: Duration = Duration::from_secs(4);

/// The transport over hyper.
#[derive(Clone, Debug)]
pub struct HyperTransport<C>(Client<C, Full<Bytes>>);

impl HyperTransport<HttpsConnector<HttpConnector>> {
    /// A transport that trusts the system's certificate roots. Plain http is possible, because a checked
    /// configuration names such hosts on loopback only.
    ///
    /// # Errors
    /// When the system has no certificate roots.
    pub fn new() -> std::io::Result<Self> {
        let builder = HttpsConnectorBuilder::new().with_native_roots()?;
        Ok(Self(client(builder.https_or_http().enable_http1().wrap_connector(connector()))))
    }
}

impl HyperTransport<HttpConnector> {
    /// A transport for plain http only, where every host is mapped to loopback.
    pub fn plain() -> Self {
        let mut connector = connector();
        connector.enforce_http(true);
        Self(client(connector))
    }
}

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_connect_timeout(Some(CONNECT));
    connector.set_nodelay(true);
    connector
}

fn client<C: Connect + Clone>(connector: C) -> Client<C, Full<Bytes>> {
    Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .retry_canceled_requests(false)
        .build(connector)
}

#[async_trait]
impl<C: Connect + Clone + Send + Sync + 'static> Transport for HyperTransport<C> {
    async fn send(&self, request: HttpRequest, timeout: Duration) -> Result<HttpResponse, SendFailure> {
        let call = async {
            let answer = self.0.request(request.map(Full::new)).await.map_err(|error| failure::of(&error))?;
            let (parts, body) = answer.into_parts();
            match Limited::new(body, LONGEST_ANSWER).collect().await {
                Ok(body) => Ok(HttpResponse::from_parts(parts, body.to_bytes())),
                Err(error) if error.is::<LengthLimitError>() => Err(SendFailure::AnswerTooLong),
                Err(_) => Err(SendFailure::BrokenAfterSending),
            }
        };
        tokio::time::timeout(timeout, call).await.unwrap_or(Err(SendFailure::TimedOut))
    }
}
