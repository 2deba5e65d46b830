//! One SMS: meant in the ledger, sent once, its answer recorded.

use std::sync::Arc;

use rcs_revoke_core::fact::FallbackAnswered;
use rcs_revoke_core::fallback::read_answer;
use rcs_revoke_core::request::Answer;
use rcs_revoke_core::{Fact, MessageRef};

use crate::ledger::BegunSms;
use crate::store::StoreError;
use crate::worker::attempt::{PAUSE, headers};
use crate::worker::{Going, Lane, Worker};

/// The lease of a message's SMS, beside that of its revocation.
pub(super) fn lease(key: &str) -> String {
    format!("sms:{key}")
}

impl Worker {
    /// The messages of which this lane's account is to send an SMS, but for those that it is sending.
    pub(super) async fn sms_of(
        self: &Arc<Self>,
        lane: &Lane,
        held: &[i64],
        limit: i64,
    ) -> Result<Vec<String>, StoreError> {
        let mut work = self.store.sms_due(&lane.sources, held, limit).await?;
        let leased = lane.leased.lock().expect("nobody panics while holding this lock");
        work.retain(|key| !leased.contains(&lease(key)));
        Ok(work)
    }

    /// Sends the SMS that is due for a message, if one still is.
    pub(super) async fn send_sms(&self, key: &str, via: Arc<[String]>, going: Going) {
        let Ok(message) = &MessageRef::parse(key) else { return };
        match self.ledger.begin_sms(message, via).await {
            Ok(Some(begun)) => {
                let answer = self.ask_sms(&begun, going).await;
                tracing::info!(%message, sms = begun.fallback, via = begun.via, ack = ?answer.ack, "asked for an SMS");
                self.record(message, Fact::FallbackAnswered(answer)).await;
            }
            Ok(None) => {}
            Err(error) => {
                if error.trouble().is_none() {
                    tracing::error!(%error, %message, "no SMS was sent, because the intent could not be written down");
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn ask_sms(&self, begun: &BegunSms, going: Going) -> FallbackAnswered {
        let answered = |ack, provider_id| FallbackAnswered {
            fallback: begun.fallback,
            ack,
            provider_id,
            at: self.clock.now(),
        };
        match self.send(&begun.via, &begun.request, going).await {
            Err(unsent) => answered(unsent.ack(self.clock.scale()), None),
            Ok((response, slot)) => {
                let headers = headers(&response);
                let answer =
                    Answer { status: response.status().as_u16(), headers: &headers, body: response.body() };
                let (ack, id) = read_answer(&answer);
                self.heed(&begun.via, &ack, &slot).await;
                answered(ack, id.map(|id| id.to_string()))
            }
        }
    }
}
