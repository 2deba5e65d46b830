//! The transport over hyper: pooled connections, the system's own certificate roots, HTTP/1.1.

use std::future::poll_fn;
use std::pin::pin;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{Connect, HttpConnector, capture_connection};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rcs_revoke_core::ack::SendFailure;

use crate::transport::departure::{Departure, Noting, Waiting};
use crate::transport::{HttpRequest, HttpResponse, Transport, failure};

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How long a connection may take to be made; shorter than a request, so that a dead host counts as not reached.
const CONNECT: Duration = Duration::from_secs(8);
/// Servers close idle connections; we do it first, since a request on a closing one has an unknown effect.
const IDLE: Duration = Duration::from_secs(4);

/// The transport over hyper.
#[derive(Clone, Debug)]
pub struct HyperTransport<C>(Client<Noting<C>, Full<Bytes>>);

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

fn client<C>(connector: C) -> Client<Noting<C>, Full<Bytes>>
where
    Noting<C>: Connect + Clone,
{
    Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .retry_canceled_requests(false)
        .build(Noting(connector))
}

impl<C> HyperTransport<C>
where
    Noting<C>: Connect + Clone + Send + Sync + 'static,
{
    async fn answer(&self, request: HttpRequest) -> Result<Response<Incoming>, legacy::Error> {
        let mut request = request.map(Full::new);
        let departure = request.extensions_mut().remove::<Departure>();
        let mut waiting =
            departure.map(|departure| Waiting { captured: capture_connection(&mut request), departure });
        let mut answer = pin!(self.0.request(request));
        poll_fn(|cx| {
            let since = Instant::now();
            let polled = answer.as_mut().poll(cx);
            Waiting::board(&mut waiting, since);
            polled
        })
        .await
    }
}

#[async_trait]
impl<C> Transport for HyperTransport<C>
where
    C: Send + Sync + 'static,
    Noting<C>: Connect + Clone + Send + Sync + 'static,
{
    async fn send(&self, request: HttpRequest, timeout: Duration) -> Result<HttpResponse, SendFailure> {
        let call = async {
            let answer = self.answer(request).await.map_err(|error| failure::of(&error))?;
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
