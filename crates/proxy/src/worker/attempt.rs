//! One attempt: begun in the ledger, sent, its answer recorded.

use std::time::Duration;

use bytes::Bytes;
use rcs_revoke_core::ack::{NoEffect, SendFailure};
use rcs_revoke_core::fact::Answered;
use rcs_revoke_core::request::{Answer, OutgoingRequest, RevokeTarget};
use rcs_revoke_core::{Ack, Fact, MessageRef};
use secrecy::{ExposeSecret, SecretString};

use crate::ledger::Begun;
use crate::transport::{HttpRequest, HttpResponse};
use crate::worker::Worker;
use crate::worker::gate::Slot;

/// How much of an answer's body is kept.
const KEPT: usize = 2_000;
/// On a clock that runs fast, a request still takes its real time.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(1);
/// How often an answer is offered that cannot be written down although others can, and how often once the server
/// is to end.
const OFFERS: usize = 10;
/// How long a database that takes nothing is left alone.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

impl Worker {
    /// Does what is due for a message, if anything still is.
    pub(super) async fn attempt(&self, key: &str, slot: Slot) {
        let Ok(message) = &MessageRef::parse(key) else { return };
        match self.ledger.begin(message).await {
            Ok(Some(begun)) => self.go_on(&begun, slot).await,
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
    pub(super) async fn go_on(&self, begun: &Begun, slot: Slot) {
        let message = &begun.message;
        let answer = self.ask(begun, slot).await;
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

    async fn ask(&self, begun: &Begun, mut slot: Slot) -> Answered {
        let adapter = begun.message.provider().adapter();
        let target =
            RevokeTarget { message: &begun.message, recipient: begun.recipient.as_ref(), host: begun.host };
        let answered =
            |ack, status, body| Answered { attempt: begun.attempt, ack, status, body, at: self.clock.now() };
        let outgoing = match adapter.revoke_request(&target) {
            Ok(outgoing) => outgoing,
            Err(error) => return answered(Ack::no_effect(NoEffect::Invalid), None, Some(error.to_string())),
        };
        match self.send(&begun.source, &outgoing, &mut slot).await {
            Err(failure) => answered(failure.ack(), None, None),
            Ok(response) => {
                let headers = headers(&response);
                let answer =
                    Answer { status: response.status().as_u16(), headers: &headers, body: response.body() };
                let ack = begun.message.provider().inbound().read_answer(&answer);
                self.doubt_credential(&begun.source, &ack).await;
                answered(ack, Some(answer.status), shortened(response.body()))
            }
        }
    }

    /// Drops a credential that was not accepted.
    pub(super) async fn doubt_credential(&self, source: &str, ack: &Ack) {
        if !matches!(ack, Ack::NoEffect { reason: NoEffect::Credentials, .. }) {
            return;
        }
        tracing::warn!(
            source,
            "the provider did not accept our credential: check the key, and that this machine's clock is right"
        );
        if let Some(credential) = self.credentials.of(source) {
            credential.forget().await;
        }
    }

    /// Sends a request in the name of a source.
    pub(super) async fn send(
        &self,
        source: &str,
        outgoing: &OutgoingRequest,
        slot: &mut Slot,
    ) -> Result<HttpResponse, SendFailure> {
        let credential = self.credentials.of(source).ok_or(SendFailure::TokenRefused)?;
        let bearer = credential.bearer().await?;
        let base = self.bases.get(&outgoing.host).map_or(outgoing.host.base_url(), String::as_str);
        let request = http_request(base, outgoing, &bearer).ok_or(SendFailure::NameNotResolved)?;
        slot.fire();
        self.transport.send(request, self.timeout(source)).await
    }

    fn timeout(&self, source: &str) -> Duration {
        let policy = self.sources.find(source).map(|entry| entry.policy.request_timeout);
        policy.map_or(SHORTEST_TIMEOUT, |timeout| self.clock.real(timeout).max(SHORTEST_TIMEOUT))
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
