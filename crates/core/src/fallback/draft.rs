//! One SMS before it leaves: what it says, who it is from and to, and the request that sends it.

use crate::assess::case::Case;
use crate::evidence::Evidence;
use crate::fallback::reference;
use crate::host::Host;
use crate::id::{MessageRef, SenderId, SourceId};
use crate::phone::E164;
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::vonage::sms::{BuildSmsError, LONGEST_TTL, Sms as SmsRequest, request as sms_request};
use crate::request::OutgoingRequest;
use crate::say::{Say, joined};
use crate::source::Source;
use crate::time::{Span, Timestamp};

/// Why an SMS instead of a message cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildFallbackError {
    /// The recipient's number is not known.
    RecipientMissing(MessageRef),
    /// No sender of SMS is configured for the source.
    SenderMissing(MessageRef),
    /// No text was registered or ordered, and the class has none of its own.
    TextMissing(MessageRef),
    /// The provider would not take it.
    Sms(BuildSmsError),
}

impl Say for BuildFallbackError {
    fn say(&self) -> String {
        let (message, what) = match self {
            Self::RecipientMissing(message) => (message, "the recipient's phone number is not known"),
            Self::SenderMissing(message) => (message, "no sender of SMS is configured for its source"),
            Self::TextMissing(message) => {
                (message, "no text was registered for it, and its class has none of its own")
            }
            Self::Sms(error) => return error.say(),
        };
        joined(&["no SMS can be sent instead of ", &message.text(), ": ", what])
    }
}

/// How long an SMS waits for its phone at least: less is not advised.
const SHORTEST_WAIT: Span = Span::minutes(30);

/// One SMS before it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Who it is from.
    pub from: SenderId,
    /// Who gets it.
    pub to: E164,
    /// What it says.
    pub text: String,
    /// The source whose account sends it.
    pub via: SourceId,
    host: Host,
    ttl: Option<Span>,
    reference: String,
}

impl Draft {
    /// The request that sends it.
    ///
    /// # Errors
    /// When the provider would not take it.
    pub fn request(&self) -> Result<OutgoingRequest, BuildFallbackError> {
        let sms = SmsRequest {
            from: &self.from,
            to: &self.to,
            text: &self.text,
            host: self.host,
            ttl: self.ttl,
            reference: Some(&self.reference),
        };
        sms_request(&sms).map_err(BuildFallbackError::Sms)
    }
}

/// Drafts the SMS of that number, as of `now`.
///
/// It carries what an order of that number says, else the class's text. It waits for its phone until its content is
/// stale, but for half an hour at least.
///
/// # Errors
/// When recipient, sender or text are missing.
pub fn draft(
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    number: u32,
    now: Timestamp,
) -> Result<Draft, BuildFallbackError> {
    let case = Case::new(evidence, source, policy);
    let message = evidence.message();
    let known = &case.told.known;
    let missing = || message.clone();
    let to = known.recipient.as_ref().ok_or_else(|| BuildFallbackError::RecipientMissing(missing()))?;
    let sender = source.sms.as_ref().ok_or_else(|| BuildFallbackError::SenderMissing(missing()))?;
    let text = case.sms_text(number).ok_or_else(|| BuildFallbackError::TextMissing(missing()))?;
    let from = case.class.and_then(|class| class.sms_from.as_ref()).unwrap_or(&sender.from);
    let wait = case.stale_at().map(|stale| (stale - now).max(SHORTEST_WAIT).min(LONGEST_TTL));
    Ok(Draft {
        from: from.clone(),
        to: to.clone(),
        text,
        via: sender.source.clone(),
        host: sender.host,
        ttl: wait.map(|wait| Span::secs(wait.as_millis() / 1_000)),
        reference: reference(message, number),
    })
}
