//! A bare loop of the client: so many requests, so many at a time, nothing else.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use anyhow::{Result, ensure};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcs_revoke_tests::client::{HttpClient, send};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// One prepared request.
pub type Prepared = Request<Full<Bytes>>;

/// Sends all, `at_once` at a time, and says how many were answered with a success in a second.
///
/// # Errors
/// When one is not.
pub async fn per_second(http: &HttpClient, mut requests: Vec<Prepared>, at_once: usize) -> Result<f64> {
    let count = requests.len();
    let share = count.div_ceil(at_once).max(1);
    let mut shares = Vec::with_capacity(at_once);
    while !requests.is_empty() {
        shares.push(requests.split_off(requests.len().saturating_sub(share)));
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for share in shares {
        let http = http.clone();
        tasks.spawn(async move {
            for request in share {
                let (status, body) = send(&http, request).await?;
                ensure!(status.is_success(), "answered {status}: {}", String::from_utf8_lossy(&body));
            }
            Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(rate(count, began))
}

/// How many in a second, if so many took from then until now.
pub fn rate(count: usize, began: Instant) -> f64 {
    let count = u32::try_from(count).map_or(f64::NAN, f64::from);
    count / began.elapsed().as_secs_f64()
}

/// A server that reads everything and answers 200, and nothing else; it lives as long as its runtime.
///
/// # Errors
/// When no port is free.
pub async fn trivial_server() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(async move {
                let service = service_fn(|request: Request<Incoming>| async {
                    let _ = request.into_body().collect().await;
                    Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
                });
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Ok(address)
}
