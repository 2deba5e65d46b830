//! Webhooks in: verified by the core, made durable, answered, and folded on the way.
//!
//! The router stands alone, so that it can be bound to an address of its own and nothing else be published.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::StreamExt;
use http::header::ALLOW;
use http::{HeaderMap, HeaderValue, StatusCode};
use rcs_revoke_core::webhook::{IncomingEvent, LONGEST_BODY, Reception, Refusal, Verdict, WebhookCall};
use rcs_revoke_core::{Provider, SourceId};
use tokio::sync::Semaphore;

use crate::clock::SharedClock;
use crate::ledger::{Ledger, WebhookEvent};
use crate::sources::{SourceEntry, Sources};
use crate::store::StoreError;
use crate::store::unclaimed::{Kind, Unclaimed};

pub mod again;

/// Of refused and unreadable calls, the first few are logged, then one in so many.
const SAMPLE: u64 = 100;
/// How much of a body that is too long is read to be dropped.
const MOST_DROPPED: usize = 8 * LONGEST_BODY;
/// Refused calls that name no source of ours, counted so that strangers cannot fill the log.
static STRANGERS: AtomicU64 = AtomicU64::new(0);
/// Verified calls that could not be read, counted because whoever has one may send it for ever.
static UNREADABLE: AtomicU64 = AtomicU64::new(0);
/// What real webhooks stay far below; a longer body needs a place of its own.
const USUAL_BODY: usize = 64 << 10;
/// The places for longer bodies: whoever is not known yet may not fill the memory.
static LONG_BODIES: Semaphore = Semaphore::const_new(32);
/// How long a call may take to arrive.
const SLOWEST: Duration = Duration::from_secs(20);

/// What the webhook routes work with.
#[derive(Clone)]
pub struct Webhooks {
    /// The way in for facts.
    pub ledger: Ledger,
    /// The senders.
    pub sources: Arc<Sources>,
    /// The time.
    pub clock: SharedClock,
}

/// The routes: `/webhooks/{provider}/{source}`. Whatever else lies behind the provider's name is a source that we do
/// not have: each provider decides how to hear of a path that was mistyped, and loses nothing by a slash too many.
pub fn router(webhooks: Webhooks) -> Router {
    Router::new().route("/webhooks/{*sender}", any(receive)).with_state(webhooks)
}

async fn receive(State(webhooks): State<Webhooks>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix("/webhooks/").unwrap_or_default();
    let (provider, source) = path.split_once('/').unwrap_or((path, ""));
    let Some(provider) = Provider::from_code(provider) else { return StatusCode::NOT_FOUND.into_response() };
    let entry = webhooks.sources.find(source).filter(|entry| entry.provider() == provider);
    let refused = |why: Refusal, size: usize| refuse(provider, entry, why, size);
    if request.method() != http::Method::POST {
        return refused(Refusal::WrongMethod, 0);
    }
    let Some(entry) = entry else { return refused(Refusal::UnknownSource, 0) };
    let (parts, body) = request.into_parts();
    let body = match tokio::time::timeout(SLOWEST, read(body)).await {
        Ok(Ok(body)) => body,
        Ok(Err(why)) => return refused(why, LONGEST_BODY),
        Err(_) => return refused(Refusal::StoreUnavailable, LONGEST_BODY),
    };
    let headers = texts(&parts.headers);
    let call = WebhookCall { method: parts.method.as_str(), headers: &headers, body: &body };
    let reception = provider.inbound().receive(&call, entry.webhook.as_ref());
    if let Verdict::Refused { why } = reception.verdict {
        let count = entry.refuse();
        log(provider, Some(entry), why, body.len(), count);
        return answer(&reception);
    }
    match webhooks.keep(entry, &call, reception.verdict.clone()).await {
        Ok(()) => answer(&reception),
        Err(error) => {
            // What is wrong with the database is told once, and not for every call; and no secret is in doubt.
            if error.trouble().is_none() {
                tracing::error!(%error, source = %entry.id(), "a webhook could not be written down");
            }
            let status = provider.inbound().refusal_status(Refusal::StoreUnavailable);
            StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE).into_response()
        }
    }
}

impl Webhooks {
    /// Makes durable what a verified call says.
    async fn keep(
        &self,
        entry: &SourceEntry,
        call: &WebhookCall<'_>,
        verdict: Verdict,
    ) -> Result<(), StoreError> {
        let received_at = self.clock.now();
        let inbound = entry.provider().inbound();
        let (headers, body) = (inbound.worth_keeping(call), inbound.body_worth_keeping(call));
        let call = |kind, event: Option<&IncomingEvent>| {
            let (provider, source) = (entry.provider().code(), entry.id().as_str());
            Unclaimed {
                digest: Unclaimed::digest_of(provider, source, &body),
                kind,
                provider: provider.to_owned(),
                source: source.to_owned(),
                message: event.and_then(|event| event.message_ref().ok()).map(|message| message.to_string()),
                received_at: received_at.as_millis(),
                event: event.and_then(|event| serde_json::to_string(event).ok()),
                headers: serde_json::to_string(&headers).unwrap_or_default(),
                body: String::from_utf8_lossy(&body).into_owned(),
            }
        };
        match verdict {
            Verdict::Handshake | Verdict::Refused { .. } => Ok(()),
            Verdict::Event(event) => {
                let call = call(Kind::Unclaimed, Some(&event));
                self.ledger
                    .hear(WebhookEvent { event: *event, received_at, call, kept: false })
                    .await
                    .map(drop)
            }
            Verdict::Sms(status) => {
                let call = call(Kind::Aside, None);
                let status = WebhookEvent { event: *status, received_at, call, kept: false };
                self.ledger.hear_of_sms(status).await
            }
            Verdict::Consent(consent) => {
                let call = call(Kind::Aside, None);
                let consent = WebhookEvent { event: *consent, received_at, call, kept: false };
                self.ledger.hear_of_consent(consent).await
            }
            Verdict::Aside { .. } => self.ledger.keep(call(Kind::Aside, None), self.surely(entry)).await,
            Verdict::Unreadable { reason, .. } => {
                let count = UNREADABLE.fetch_add(1, Ordering::Relaxed) + 1;
                if is_logged(count) {
                    let source = entry.id();
                    tracing::warn!(reason, %source, count, "a verified webhook could not be read and is kept");
                }
                self.ledger.keep(call(Kind::Unreadable, None), self.surely(entry)).await
            }
        }
    }

    /// The source in the path, where no other shares its secret.
    fn surely(&self, entry: &SourceEntry) -> Option<SourceId> {
        let alone = self.sources.sharing(entry.id().as_str()).len() == 1;
        alone.then(|| entry.id().clone())
    }
}

/// Reads a body. One that is too long is read on for a while and dropped, since a sender that is cut off while it
/// still speaks may never hear the answer.
async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    let mut pieces = body.into_data_stream();
    let (mut kept, mut length, mut place) = (Vec::new(), 0, None);
    while let Some(piece) = pieces.next().await {
        // Answered so that the provider comes again, if it still listens.
        let piece = piece.map_err(|_| Refusal::StoreUnavailable)?;
        length += piece.len();
        if length > USUAL_BODY && place.is_none() {
            place = Some(LONG_BODIES.try_acquire().map_err(|_| Refusal::StoreUnavailable)?);
        }
        if length <= LONGEST_BODY {
            kept.extend_from_slice(&piece);
        } else if length > MOST_DROPPED {
            break;
        }
    }
    if length <= LONGEST_BODY { Ok(kept) } else { Err(Refusal::TooLarge) }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&http::HeaderName, &HeaderValue)| {
        Some((name.to_string(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}

fn refuse(provider: Provider, entry: Option<&SourceEntry>, why: Refusal, size: usize) -> Response {
    let count = entry.map_or_else(|| STRANGERS.fetch_add(1, Ordering::Relaxed) + 1, SourceEntry::refuse);
    log(provider, entry, why, size, count);
    let status = provider.inbound().refusal_status(why);
    let mut answer = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE).into_response();
    if why == Refusal::WrongMethod {
        // RFC 9110 §15.5.6 wants it.
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    answer
}

const fn is_logged(count: u64) -> bool {
    count <= 3 || count.is_multiple_of(SAMPLE)
}

/// Kind, size and source; never the content.
fn log(provider: Provider, entry: Option<&SourceEntry>, why: Refusal, size: usize, count: u64) {
    if is_logged(count) {
        let source = entry.map_or("unknown", |entry| entry.id().as_str());
        let why = why.code();
        tracing::warn!(
            provider = provider.code(),
            source,
            why,
            size,
            count,
            "a webhook was refused: if this goes on, check the source's webhook secret"
        );
    }
}

fn answer(reception: &Reception) -> Response {
    let status = StatusCode::from_u16(reception.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    (status, reception.body.clone()).into_response()
}

#[cfg(test)]
mod tests;
