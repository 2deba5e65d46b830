//! The transport: one request out, one answer or failure back. It follows no redirect and repeats nothing.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rcs_revoke_core::ack::SendFailure;

pub mod departure;
pub mod failure;
pub mod hyper;

/// A request with its credential attached.
pub type HttpRequest = http::Request<Bytes>;
/// An answer, read to its end.
pub type HttpResponse = http::Response<Bytes>;

/// Whoever sends requests.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request and reads its answer within `timeout` of real time.
    ///
    /// # Errors
    /// With what broke, and so whether the request may have had an effect.
    async fn send(&self, request: HttpRequest, timeout: Duration) -> Result<HttpResponse, SendFailure>;
}

#[async_trait]
impl<F, Fut> Transport for F
where
    F: Fn(HttpRequest) -> Fut + Send + Sync,
    Fut: Future<Output = Result<HttpResponse, SendFailure>> + Send,
{
    async fn send(&self, request: HttpRequest, _timeout: Duration) -> Result<HttpResponse, SendFailure> {
        self(request).await
    }
}

#[cfg(test)]
mod tests;
