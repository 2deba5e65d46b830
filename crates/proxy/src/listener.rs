//! A listener, which may be open to the world: callers that are slow to speak, that do not listen, or that come in
//! masses are bounded. An answer may take as long as it likes: streams of events last for days.

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

use self::impatient::Impatient;

mod impatient;

/// How many callers are heard at once; the others wait in the system's queue.
const MOST_CALLERS: usize = 1_024;
/// How long a caller may take to say what it wants, and may stay silent between two calls.
const SLOWEST_HEAD: Duration = Duration::from_secs(30);
/// How long a caller may take nothing of what it is told.
const SLOWEST_EAR: Duration = Duration::from_secs(30);
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
            .serve_connection(TokioIo::new(Impatient::new(stream, SLOWEST_EAR)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Whoever breaks off calls again.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::Router;
    use axum::body::{Body, Bytes};
    use axum::routing::get;
    use futures_util::StreamExt;
    use futures_util::stream::{once, pending, repeat_with};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_util::sync::CancellationToken;

    use super::{SLOWEST_EAR, SLOWEST_HEAD, serve};

    /// What comes from a caller's side of a connection until it ends or the stream falls silent.
    async fn heard(caller: &mut TcpStream) -> Option<Vec<u8>> {
        let mut said = [0; 1_024];
        let wait = tokio::time::timeout(SLOWEST_HEAD * 2, caller.read(&mut said));
        wait.await.ok().map(|read| said[..read.unwrap_or(0)].to_vec())
    }

    #[tokio::test]
    async fn a_slow_caller_is_cut_off_and_a_slow_answer_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stream = || async {
            let first = once(async { Ok::<_, Infallible>(Bytes::from_static(b"first")) });
            Body::from_stream(first.chain(pending()))
        };
        let router = Router::new().route("/", get(stream));
        tokio::spawn(serve(listener, router, CancellationToken::new()));
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nhost: a").await.unwrap();
        let mut patient = TcpStream::connect(address).await.unwrap();
        patient.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut said = Vec::new();
        while !said.ends_with(b"first\r\n") {
            said.extend(heard(&mut patient).await.unwrap());
        }
        // From here on, time runs as soon as nobody has anything to do.
        tokio::time::pause();
        let cut_off = heard(&mut slow).await.expect("it is cut off in time");
        assert!(cut_off.is_empty() || cut_off.starts_with(b"HTTP/1.1 408"), "{cut_off:?}");
        assert_eq!(heard(&mut patient).await, None, "its stream is silent and open");
    }

    #[tokio::test]
    async fn whoever_asks_and_never_listens_loses_its_place() {
        /// More than any system holds for a caller that does not read.
        const MORE_THAN_BUFFERS: usize = 256 << 20;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let endless = || async {
            Body::from_stream(repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![0; 64 << 10]))))
        };
        let router = Router::new().route("/", get(endless));
        tokio::spawn(serve(listener, router, CancellationToken::new()));
        let mut deaf = TcpStream::connect(address).await.unwrap();
        deaf.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        deaf.readable().await.unwrap();
        tokio::time::pause();
        tokio::time::sleep(SLOWEST_EAR * 2).await;
        let (mut said, mut heard) = (vec![0; 1 << 20], 0);
        while let Ok(read @ 1..) = deaf.read(&mut said).await {
            heard += read;
            assert!(heard < MORE_THAN_BUFFERS, "it is still spoken to");
        }
    }
}
