//! The listener for webhooks, which may be open to the world: callers that are slow to speak or come in masses are
//! bounded.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How many callers are heard at once; the others wait in the system's queue.
const MOST_CALLERS: usize = 1_024;
/// How long a caller may take to say what it wants, and may stay silent between two calls.
const SLOWEST_HEAD: Duration = Duration::from_secs(30);
/// How long a listener that cannot take a connection is left alone.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until told to stop, then finishes what was begun.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let callers = Arc::new(Semaphore::new(MOST_CALLERS));
    let graceful = GracefulShutdown::new();
    loop {
        let next = async {
            let place = Arc::clone(&callers).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        let Ok((stream, _)) = accepted else {
            // Too many open files, for example: nothing that asking again at once would mend.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(SLOWEST_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A caller that breaks off is the provider's business: it calls again.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}
