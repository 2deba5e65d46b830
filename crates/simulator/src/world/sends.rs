//! The book of what was asked to be sent: every request, whatever became of it.

use serde::Serialize;

use super::message::{Channel, RevokeAnswer};
use super::{World, canonical_phone};
use crate::host::HostName;

/// One request to send at Vonage that arrived, whether or not it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SendSeen {
    /// When.
    pub at_ms: i64,
    /// Where.
    pub host: HostName,
    /// RCS or SMS; none if it names neither.
    pub channel: Option<Channel>,
    /// The recipient, with `+`.
    pub phone: Option<String>,
    /// The sender's own reference.
    pub client_ref: Option<String>,
    /// The message that it became; none if nothing was sent.
    pub message: Option<String>,
    /// What its sender heard; none as long as it waits for its answer, and if it did not wait for it.
    pub answer: Option<RevokeAnswer>,
}

impl SendSeen {
    /// Reads as much of a request as can be read.
    pub(crate) fn read(host: HostName, body: &[u8], at_ms: i64) -> Self {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Self {
            at_ms,
            host,
            channel: match body["channel"].as_str() {
                Some("rcs") => Some(Channel::Rcs),
                Some("sms") => Some(Channel::Sms),
                _ => None,
            },
            phone: text("to").map(|to| canonical_phone(&to)),
            client_ref: text("client_ref"),
            message: None,
            answer: None,
        }
    }
}

impl World {
    /// Enters a request that has just arrived; answers its place in the book.
    pub(crate) fn note_send(&mut self, seen: SendSeen) -> usize {
        self.sends.push(seen);
        self.sends.len() - 1
    }

    /// Enters what a request became and what its sender is going to hear.
    pub(crate) fn note_sent(&mut self, place: usize, message: Option<String>, answer: RevokeAnswer) {
        if let Some(seen) = self.sends.get_mut(place) {
            (seen.message, seen.answer) = (message, Some(answer));
        }
    }

    /// Every request to send, in the order in which they arrived.
    pub(crate) fn sends(&self) -> &[SendSeen] {
        &self.sends
    }
}
