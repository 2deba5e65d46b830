//! `GET /api/v1/events`: every change of a message as a server-sent event, resumable by `Last-Event-ID`.
//!
//! Each event is read from the store, so a slow reader loses nothing: it gets each message as it is by then.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use http::HeaderMap;
use rcs_revoke_api::{MessageView, Problem};
use serde::Deserialize;
use tokio::sync::watch;

use crate::access::Operator;
use crate::app::AppState;
use crate::problem::ApiError;

/// How many changes are read at once.
const AT_ONCE: i64 = 500;
/// How often a silent connection shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long changes are gathered, so that a message that changes thrice at once is sent once.
const TOGETHER: Duration = Duration::from_millis(40);
/// How long after a failure of the store the next read comes.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How often a batch is sent at most.
const BATCHES: Duration = Duration::from_millis(500);

/// The query of the events.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct EventQuery {
    /// Whether changes of messages are sent; with `false`, only those of batches are.
    messages: bool,
}

impl Default for EventQuery {
    fn default() -> Self {
        Self { messages: true }
    }
}

struct Watcher {
    app: AppState,
    query: EventQuery,
    seq: watch::Receiver<i64>,
    last: i64,
    hello: bool,
    ready: VecDeque<(i64, Option<MessageView>)>,
    batches: watch::Receiver<u64>,
    /// The change of a batch that was sent last, and when the next may be.
    batch_change: u64,
    next_batches: Instant,
    ready_batches: VecDeque<i64>,
}

/// First `hello` with who serves, then `message` for every change of a message, whose `id` is what to resume from, and
/// `batch` for a batch that changed or goes on, twice a second at most.
///
/// # Errors
/// When the query cannot be read.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(EventQuery,
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was seen")),
    responses((status = 200, content_type = "text/event-stream", body = MessageView), (status = 401, body = Problem)))]
pub async fn events(
    _: Operator,
    State(app): State<AppState>,
    query: Result<Query<EventQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::invalid("invalid_query", error.body_text()))?;
    let seq = app.ledger.changes();
    let now = *seq.borrow();
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    // A number from the future belongs to another database.
    let last = seen.filter(|seen| (0..=now).contains(seen)).unwrap_or(now);
    let watcher = Watcher {
        query,
        seq,
        last,
        hello: true,
        ready: VecDeque::new(),
        batches: app.ledger.batches().changes(),
        // All that are open: whoever resumes may have missed their changes.
        batch_change: 0,
        next_batches: Instant::now(),
        ready_batches: VecDeque::new(),
        app,
    };
    Ok(Sse::new(unfold(watcher, Watcher::next)).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

impl Watcher {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if std::mem::take(&mut self.hello) {
            let event = event("hello", Some(self.last), &self.app.session());
            return Some((Ok(event), self));
        }
        loop {
            if let Some((seq, view)) = self.ready.pop_front() {
                self.last = seq;
                let Some(view) = view else { continue };
                let event = event("message", Some(seq), &self.app.current(view));
                return Some((Ok(event), self));
            }
            if let Some(event) = self.batch().await {
                return Some((Ok(event), self));
            }
            if self.app.stop.is_cancelled() {
                return None;
            }
            self.seq.mark_unchanged();
            if self.query.messages {
                match self.app.store.changed_after(self.last, AT_ONCE).await {
                    Ok(changed) => self.ready.extend(changed),
                    Err(error) => {
                        tracing::warn!(%error, "changes could not be read");
                        tokio::time::sleep(AFTER_FAILURE).await;
                        continue;
                    }
                }
            }
            if self.ready.is_empty() && !self.wait().await {
                return None;
            }
        }
    }

    /// Waits for a change, and says whether there may be one.
    async fn wait(&mut self) -> bool {
        let may_send = self.next_batches;
        let changed = async {
            self.batches.changed().await?;
            tokio::time::sleep_until(may_send.into()).await;
            Ok::<_, watch::error::RecvError>(())
        };
        tokio::select! {
            () = self.app.stop.cancelled() => return false,
            changed = self.seq.changed(), if self.query.messages => if changed.is_err() { return false },
            changed = changed => if changed.is_err() { return false },
        }
        tokio::time::sleep(TOGETHER).await;
        true
    }

    /// A batch that changed, if it may be sent by now.
    async fn batch(&mut self) -> Option<Event> {
        if self.ready_batches.is_empty() && Instant::now() >= self.next_batches {
            self.batches.mark_unchanged();
            let (touched, change) = self.app.ledger.batches().touched_since(self.batch_change);
            self.batch_change = change;
            if !touched.is_empty() {
                self.next_batches = Instant::now() + BATCHES;
                self.ready_batches.extend(touched);
            }
        }
        while let Some(n) = self.ready_batches.pop_front() {
            match super::batches::view(&self.app, n).await {
                Ok(view) => return Some(event("batch", None, &view)),
                Err(error) => tracing::debug!(%error, batch = n, "a batch could not be shown"),
            }
        }
        None
    }
}

fn event(name: &str, id: Option<i64>, data: &impl serde::Serialize) -> Event {
    let data = serde_json::to_string(data).unwrap_or_default();
    let event = Event::default().event(name).data(data);
    match id {
        Some(id) => event.id(id.to_string()),
        None => event,
    }
}
