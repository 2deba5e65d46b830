//! When a request leaves: the moment at which its last byte so far was written to its socket.
//!
//! The client that keeps the connections does not tell which of them a request takes until it takes it, and nothing
//! of when it writes. So every connection notes when it writes, and tells whoever waits for the request that it
//! carries. One connection carries one request at a time.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Instant;

use http::{Extensions, Uri};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{CaptureConnection, Connected, Connection};
use tower::Service;

/// Whoever wants to know when a request leaves.
pub trait Watched: Send + Sync {
    /// Bytes of it were written at this instant; more may follow.
    fn left(&self, at: Instant);
}

/// Put among the extensions of a request, it is told when the request leaves.
#[derive(Clone)]
pub struct Departure(pub Arc<dyn Watched>);

/// What one connection has written, and for whom.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Entry>>);

#[derive(Default)]
struct Entry {
    wrote: Option<Instant>,
    watched: Option<Departure>,
}

impl Log {
    fn wrote(&self) {
        let now = Instant::now();
        let mut entry = self.0.lock().expect("nobody panics while holding this lock");
        entry.wrote = Some(now);
        if let Some(Departure(watched)) = &entry.watched {
            watched.left(now);
        }
    }

    /// The request that this connection carries since about `since`, which may have been written by now.
    fn carries(&self, departure: Departure, since: Instant) {
        let mut entry = self.0.lock().expect("nobody panics while holding this lock");
        if let Some(wrote) = entry.wrote.filter(|wrote| *wrote >= since) {
            departure.0.left(wrote);
        }
        entry.watched = Some(departure);
    }
}

/// A request that has no connection yet.
pub(super) struct Waiting {
    pub captured: CaptureConnection,
    pub departure: Departure,
}

impl Waiting {
    /// Tells the connection whom it carries, once there is one; it was not there yet at `since`.
    pub(super) fn board(waiting: &mut Option<Self>, since: Instant) {
        let log = waiting.as_ref().and_then(|waiting| {
            let mut extras = Extensions::new();
            waiting.captured.connection_metadata().as_ref()?.get_extras(&mut extras);
            extras.remove::<Log>()
        });
        if let Some(log) = log
            && let Some(Self { departure, .. }) = waiting.take()
        {
            log.carries(departure, since);
        }
    }
}

/// A connector whose connections note when they write.
#[derive(Clone, Debug)]
pub struct Noting<C>(pub C);

impl<C> Service<Uri> for Noting<C>
where
    C: Service<Uri>,
    C::Future: Send + 'static,
{
    type Response = Noted<C::Response>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.0.call(to);
        Box::pin(async move { Ok(Noted { stream: connecting.await?, log: Log::default() }) })
    }
}

/// A connection that notes when it writes.
pub struct Noted<S> {
    stream: S,
    log: Log,
}

impl<S: Connection> Connection for Noted<S> {
    fn connected(&self) -> Connected {
        self.stream.connected().extra(self.log.clone())
    }
}

impl<S: Read + Unpin> Read for Noted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: Write + Unpin> Write for Noted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.note(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.note(written)
    }
}

impl<S> Noted<S> {
    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(_))) {
            self.log.wrote();
        }
        written
    }
}
