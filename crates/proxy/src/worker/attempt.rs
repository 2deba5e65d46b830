//! One attempt: begun in the ledger, sent, its answer recorded.

use std::time::Duration;

use bytes::Bytes;
use rcs_revoke_core::ack::{NoEffect, SendFailure};
use rcs_revoke_core::fact::Answered;
use rcs_revoke_core::request::{Answer, OutgoingRequest, RevokeTarget};
use rcs_revoke_core::{Ack, Fact, MessageRef, Span};
use secrecy::{ExposeSecret, SecretString};

use crate::ledger::Begun;
use crate::transport::{HttpRequest, HttpResponse};
use crate::worker::gate::{Shut, Slot};
use crate::worker::{Going, Worker};

/// How much of an answer's body is kept.
const KEPT: usize = 2_000;
/// How long an account waits at most after one answer *too many requests*. The message itself waits as long as it was
/// asked to; but that may be about this one message, so by then another asks how things are.
const ACCOUNT_WAITS: Span = Span::secs(10);
/// On a clock that runs fast, a request still takes its real time.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(1);
/// What an attempt's answer says that was begun and then held back.
const HELD: &str = "not sent: the provider had told the account to wait";
/// What it says where no connection came free.
const BUSY: &str = "not sent: as many requests as the account may have under way waited for their answers";
/// How long whoever has begun waits for a connection.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How often an answer is offered that cannot be written down although others can, and how often once the server
/// is to end.
const OFFERS: usize = 10;
/// How long a database that takes nothing is left alone.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

impl Worker {
    /// Does what is due for a message, if anything still is.
    pub(super) async fn attempt(&self, key: &str, going: Going) {
        let Ok(message) = &MessageRef::parse(key) else { return };
        match self.ledger.begin(message).await {
            Ok(Some(begun)) => self.go_on(&begun, going).await,
            Ok(None) => {}
            Err(error) => {
                if error.trouble().is_none() {
                    tracing::error!(%error, %message, "nothing was sent, because the attempt could not be written down");
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Sends what was begun, and records the answer.
    pub(super) async fn go_on(&self, begun: &Begun, going: Going) {
        let message = &begun.message;
        let answer = self.ask(begun, going).await;
        tracing::info!(%message, attempt = begun.attempt, host = %begun.host, ack = ?answer.ack, status = answer.status, "asked for a revocation");
        self.measure(begun, &answer);
        self.record(message, Fact::Answered(answer)).await;
    }

    /// Counts a request for its batch, and for what is known of its provider.
    fn measure(&self, begun: &Begun, answer: &Answered) {
        let source = self.sources.find(&begun.source);
        if source.is_some_and(|entry| entry.answered(answer)) {
            for batch in self.ledger.batches().all_open() {
                self.ledger.batches().touch(batch.row.n);
            }
        }
        let Some(batch) = begun.batch.and_then(|batch| self.ledger.batches().open(batch)) else { return };
        batch.meter.sent(answer.at);
        if matches!(answer.ack, Ack::NoEffect { reason: NoEffect::Throttled, .. }) {
            batch.meter.throttled(answer.at);
        }
    }

    /// An answer is worth patience: without it what it answers counts as unknown. It waits for a database that takes no
    /// writes until the server ends.
    pub(super) async fn record(&self, message: &MessageRef, answer: Fact) {
        let mut offers = 0;
        while offers < OFFERS {
            match self.ledger.answered(message, answer.clone()).await {
                Ok(()) => return,
                Err(error) if error.against_every_write().is_some() && !self.stop.is_cancelled() => {
                    tokio::select! {
                        () = self.stop.cancelled() => {}
                        () = self.store.watch().writable() => {}
                    }
                }
                Err(error) => {
                    offers += 1;
                    tracing::debug!(%error, %message, offers, "an answer could not be written down yet");
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        tracing::error!(%message, answer = answer.key(), "an answer could not be written down: what it answers counts as unknown");
    }

    async fn ask(&self, begun: &Begun, going: Going) -> Answered {
        let adapter = begun.message.provider().adapter();
        let target =
            RevokeTarget { message: &begun.message, recipient: begun.recipient.as_ref(), host: begun.host };
        let answered =
            |ack, status, body| Answered { attempt: begun.attempt, ack, status, body, at: self.clock.now() };
        let outgoing = match adapter.revoke_request(&target) {
            Ok(outgoing) => outgoing,
            Err(error) => return answered(Ack::no_effect(NoEffect::Invalid), None, Some(error.to_string())),
        };
        match self.send(&begun.source, &outgoing, going).await {
            Err(unsent) => answered(unsent.ack(self.clock.scale()), None, unsent.said()),
            Ok((response, slot)) => {
                let headers = headers(&response);
                let answer =
                    Answer { status: response.status().as_u16(), headers: &headers, body: response.body() };
                let ack = begun.message.provider().answers().read_answer(&answer);
                self.heed(&begun.source, &ack, &slot).await;
                answered(ack, Some(answer.status), shortened(response.body()))
            }
        }
    }

    /// What an answer means for the requests to come: an account that sends too many slows down, a credential that was
    /// not accepted is dropped.
    pub(super) async fn heed(&self, source: &str, ack: &Ack, slot: &Slot) {
        match ack {
            Ack::NoEffect { reason: NoEffect::Throttled, retry_after } => {
                let asked = retry_after.map(|asked| asked.min(ACCOUNT_WAITS));
                slot.complained(asked.map(|asked| self.clock.real(asked)));
            }
            Ack::NoEffect { reason: NoEffect::Credentials, .. } => self.doubt_credential(source).await,
            _ => {}
        }
    }

    async fn doubt_credential(&self, source: &str) {
        tracing::warn!(
            source,
            "the provider did not accept our credential: check the key, and that this machine's clock is right"
        );
        if let Some(credential) = self.credentials.of(source) {
            credential.forget().await;
        }
    }

    /// Sends a request in the name of a source, when its turn comes.
    pub(super) async fn send(
        &self,
        source: &str,
        outgoing: &OutgoingRequest,
        going: Going,
    ) -> Result<(HttpResponse, Slot), Unsent> {
        let Going { place, connections } = going;
        let credential = self.credentials.of(source).ok_or(SendFailure::TokenRefused)?;
        let bearer = credential.bearer().await?;
        let base = self.bases.get(&outgoing.host).map_or(outgoing.host.base_url(), String::as_str);
        let mut request = http_request(base, outgoing, &bearer).ok_or(SendFailure::NameNotResolved)?;
        // Nobody who has begun waits for long.
        let Ok(taken) = tokio::time::timeout(LONGEST_WAIT, connections.acquire_owned()).await else {
            return Err(Unsent::Busy);
        };
        let slot = place.pass().await?;
        request.extensions_mut().insert(slot.departure());
        let answer = self.transport.send(request, self.timeout(source)).await;
        drop(taken);
        Ok((answer?, slot))
    }

    fn timeout(&self, source: &str) -> Duration {
        let policy = self.sources.find(source).map(|entry| entry.policy.request_timeout);
        policy.map_or(SHORTEST_TIMEOUT, |timeout| self.clock.real(timeout).max(SHORTEST_TIMEOUT))
    }
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unsent {
    /// Something broke.
    Broken(SendFailure),
    /// The provider wants the account to wait for longer than anybody waits here.
    Held(Shut),
    /// As many as may be wait for their answers, and none came.
    Busy,
}

impl From<SendFailure> for Unsent {
    fn from(failure: SendFailure) -> Self {
        Self::Broken(failure)
    }
}

impl From<Shut> for Unsent {
    fn from(shut: Shut) -> Self {
        Self::Held(shut)
    }
}

impl Unsent {
    /// What it means for the attempt, on a clock that runs at this scale.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole milliseconds are meant, and the wait has a cap"
    )]
    pub(super) fn ack(self, scale: f64) -> Ack {
        match self {
            Self::Broken(failure) => failure.ack(),
            Self::Busy => Ack::no_effect(NoEffect::Throttled),
            Self::Held(Shut(wait)) => Ack::NoEffect {
                reason: NoEffect::Throttled,
                retry_after: Some(Span::millis((wait.as_secs_f64() * scale * 1_000.0) as i64)),
            },
        }
    }

    /// What is kept in place of an answer's body.
    fn said(self) -> Option<String> {
        match self {
            Self::Broken(_) => None,
            Self::Held(_) => Some(HELD.to_owned()),
            Self::Busy => Some(BUSY.to_owned()),
        }
    }
}

fn http_request(base: &str, outgoing: &OutgoingRequest, bearer: &SecretString) -> Option<HttpRequest> {
    let mut authorization =
        http::HeaderValue::from_str(&format!("Bearer {}", bearer.expose_secret())).ok()?;
    authorization.set_sensitive(true);
    let mut request = http::Request::builder()
        .method(outgoing.method.as_str())
        .uri(format!("{base}{}", outgoing.path))
        .header(http::header::USER_AGENT, concat!("rcs-revoke/", env!("CARGO_PKG_VERSION")))
        .header(http::header::AUTHORIZATION, authorization);
    for (name, value) in &outgoing.headers {
        request = request.header(name, value);
    }
    request.body(Bytes::from(outgoing.body.clone())).ok()
}

pub(super) fn headers(response: &HttpResponse) -> Vec<(String, String)> {
    let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        Some((name.to_string(), value.to_str().ok()?.to_owned()))
    };
    response.headers().iter().filter_map(text).collect()
}

fn shortened(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    (!text.is_empty()).then(|| text.chars().take(KEPT).collect())
}
