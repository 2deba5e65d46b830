//! `GET /api/v1/events`: every change of a message as a server-sent event, resumable by `Last-Event-ID`.
//!
//! Each event is read from the store, so a slow reader loses nothing: it gets each message as it is by then.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use http::HeaderMap;
use rcs_revoke_api::{MessageView, Problem};
use tokio::sync::watch;

use crate::access::Operator;
use crate::app::AppState;

/// How many changes are read at once.
const AT_ONCE: i64 = 500;
/// How often a silent connection shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long changes are gathered, so that a message that changes thrice at once is sent once.
const TOGETHER: Duration = Duration::from_millis(40);
/// How long after a failure of the store the next read comes.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

struct Watcher {
    app: AppState,
    seq: watch::Receiver<i64>,
    last: i64,
    hello: bool,
    ready: VecDeque<(i64, Option<MessageView>)>,
}

/// First `hello` with who serves, then `message` for every change; `id` is what to resume from.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was seen")),
    responses((status = 200, content_type = "text/event-stream", body = MessageView), (status = 401, body = Problem)))]
pub async fn events(
    _: Operator,
    State(app): State<AppState>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let seq = app.ledger.changes();
    let now = *seq.borrow();
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    // A number from the future belongs to another database.
    let last = seen.filter(|seen| (0..=now).contains(seen)).unwrap_or(now);
    let watcher = Watcher { app, seq, last, hello: true, ready: VecDeque::new() };
    Sse::new(unfold(watcher, Watcher::next)).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

impl Watcher {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if std::mem::take(&mut self.hello) {
            let event = event("hello", self.last, &self.app.session());
            return Some((Ok(event), self));
        }
        loop {
            if let Some((seq, view)) = self.ready.pop_front() {
                self.last = seq;
                let Some(view) = view else { continue };
                let event = event("message", seq, &self.app.current(view));
                return Some((Ok(event), self));
            }
            if self.app.stop.is_cancelled() {
                return None;
            }
            self.seq.mark_unchanged();
            match self.app.store.changed_after(self.last, AT_ONCE).await {
                Ok(changed) => self.ready.extend(changed),
                Err(error) => {
                    tracing::warn!(%error, "changes could not be read");
                    tokio::time::sleep(AFTER_FAILURE).await;
                    continue;
                }
            }
            if self.ready.is_empty() {
                tokio::select! {
                    () = self.app.stop.cancelled() => return None,
                    changed = self.seq.changed() => if changed.is_err() { return None },
                }
                tokio::time::sleep(TOGETHER).await;
            }
        }
    }
}

fn event(name: &str, id: i64, data: &impl serde::Serialize) -> Event {
    let data = serde_json::to_string(data).unwrap_or_default();
    Event::default().event(name).id(id.to_string()).data(data)
}
