//! Webhooks coming in, as data: the call, what it turned out to be, and how it is to be answered.
//!
//! Verifying and parsing is each provider's own; what all share is here.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::fact::{Event, FallbackStatus, ProviderEvent};
use crate::id::{AgentId, ApplicationId, InvalidId, MessageId, MessageRef, SenderId, SourceId};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::source::Source;
use crate::time::Timestamp;

mod consent;
mod hash;
mod reading;
mod verified;

pub use consent::Consent;
pub(crate) use hash::Hash;
pub(crate) use reading::{NoEvent, read, required, wrong};
pub(crate) use verified::{Verified, identity, shortened};

/// The longest body that is read, in bytes.
pub const LONGEST_BODY: usize = 1 << 20;

/// One inbound call, as bytes.
#[derive(Clone, Copy, Debug)]
pub struct WebhookCall<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The headers, names in any case.
    pub headers: &'a [(String, String)],
    /// The body, exactly as it came.
    pub body: &'a [u8],
}

impl WebhookCall<'_> {
    /// What every provider asks of a call before it reads it: a POST of bearable size, and a secret to check it
    /// with. An empty secret is none, for anybody could sign with it.
    pub(crate) fn admit<'s>(&self, secret: Option<&'s WebhookSecret>) -> Result<&'s WebhookSecret, Refusal> {
        if self.method != "POST" {
            return Err(Refusal::WrongMethod);
        }
        if self.body.len() > LONGEST_BODY {
            return Err(Refusal::TooLarge);
        }
        secret.filter(|secret| !secret.key.is_empty()).ok_or(Refusal::NotConfigured)
    }

    /// The first header of that name, compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What webhooks of one source are verified with. It cannot be printed.
#[derive(Clone)]
pub struct WebhookSecret {
    key: Box<[u8]>,
    account: Option<Box<str>>,
}

impl WebhookSecret {
    /// A secret; `account` is the name under which the provider knows it, where it says one (Vonage's API key).
    pub fn new(key: &[u8], account: Option<&str>) -> Self {
        Self { key: key.into(), account: account.map(Into::into) }
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    pub(crate) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(hidden)")
    }
}

/// How to answer a call, and what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reception {
    /// The HTTP status to answer with, once what is to be kept is durable.
    pub status: u16,
    /// The body to answer with; empty in all cases but a handshake.
    pub body: String,
    /// What the call was.
    pub verdict: Verdict,
}

impl Reception {
    /// The answer to a call that is refused.
    pub fn refused(provider: Provider, why: Refusal) -> Self {
        let status = provider.inbound().refusal_status(why);
        Self { status, body: String::new(), verdict: Verdict::Refused { why } }
    }

    /// The answer to a verified call: 200 whatever it says, since asking for it again would not change it.
    pub(crate) const fn kept(verdict: Verdict) -> Self {
        Self { status: 200, body: String::new(), verdict }
    }
}

/// What a call turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// The provider checks that we hold the secret.
    Handshake,
    /// A verified event about a message.
    Event(Box<IncomingEvent>),
    /// A verified status of an SMS, which may be one that was sent instead of a message.
    Sms(Box<IncomingSms>),
    /// A person wants an agent's advertising, or wants no more of it; verified.
    Consent(Box<Consent>),
    /// Verified, and about no RCS message of ours to revoke: typing, inbound text, another channel, a launch.
    Aside {
        /// What it is about, for people.
        about: String,
        /// The call's content, to be kept.
        raw: String,
    },
    /// Verified, but not to be understood by this build; kept whole.
    Unreadable {
        /// What could not be read, and where.
        reason: String,
        /// The call's content, to be kept.
        raw: String,
    },
    /// Not verified; nothing of it is kept.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// No signature.
    SignatureMissing,
    /// A signature that does not fit, of another algorithm, or over another body.
    SignatureWrong,
    /// Not what a webhook of this provider looks like, so there is nothing to verify.
    Malformed,
    /// A handshake with another token than ours.
    WrongToken,
    /// No secret is configured for this source.
    NotConfigured,
    /// No such source.
    UnknownSource,
    /// The store cannot take it now.
    StoreUnavailable,
    /// Not a POST.
    WrongMethod,
    /// Longer than [`LONGEST_BODY`].
    TooLarge,
}

impl Refusal {
    /// The stable code of the refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignatureMissing => "signature_missing",
            Self::SignatureWrong => "signature_wrong",
            Self::Malformed => "malformed",
            Self::WrongToken => "wrong_token",
            Self::NotConfigured => "not_configured",
            Self::UnknownSource => "unknown_source",
            Self::StoreUnavailable => "store_unavailable",
            Self::WrongMethod => "wrong_method",
            Self::TooLarge => "too_large",
        }
    }
}

/// A verified event about one message, before its source is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingEvent {
    /// Who sent it.
    pub provider: Provider,
    /// The agent that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// The application that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
    /// The sender that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderId>,
    /// The message's id at its provider.
    pub message: MessageId,
    /// The provider's own identity of the event.
    pub identity: String,
    /// What it says.
    #[serde(flatten)]
    pub event: Event,
    /// The provider's or handset's own time, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<String>,
    /// The recipient that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<E164>,
    /// Whether it shows that the message carries a failover of its own.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub workflow: bool,
    /// The event as it came: the decoded payload, not the transport around it.
    pub raw: String,
}

impl IncomingEvent {
    /// The key of the message that it is about.
    ///
    /// # Errors
    /// When the provider keys messages by agent and the event names none.
    pub fn message_ref(&self) -> Result<MessageRef, InvalidId> {
        MessageRef::new(self.provider, self.agent.as_ref(), self.message.as_str())
    }

    /// The fact that it becomes.
    pub fn into_fact(self, received_at: Timestamp) -> ProviderEvent {
        ProviderEvent {
            identity: self.identity,
            event: self.event,
            received_at,
            event_time: self.event_time,
            phone: self.phone,
            workflow: self.workflow,
            raw: self.raw,
        }
    }
}

/// A verified status of one SMS, before it is known whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingSms {
    /// Who sent it.
    pub provider: Provider,
    /// The application that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
    /// The SMS's id at its provider.
    pub message: MessageId,
    /// What its sender gave it to be known by: for an SMS of ours [`crate::fallback::reference`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The provider's own identity of the status.
    pub identity: String,
    /// What it says.
    #[serde(flatten)]
    pub event: Event,
    /// The provider's own time, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<String>,
    /// The recipient that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<E164>,
    /// The status as it came.
    pub raw: String,
}

impl IncomingSms {
    /// The fact that it becomes about the message instead of which the SMS was sent; `fallback` is its number there.
    pub fn into_fact(self, fallback: u32, received_at: Timestamp) -> FallbackStatus {
        FallbackStatus { fallback, identity: self.identity, event: self.event, received_at }
    }
}

/// Who sends an SMS instead of the messages of a source, among those that share the secret with which its status was
/// verified; none if that secret does not speak for the sender.
pub fn sms_sender<'a>(sms: &IncomingSms, of: &Source, sharing: &'a [Source]) -> Option<&'a Source> {
    let sender = of.sms.as_ref()?;
    sharing.iter().find(|source| source.id == sender.source && source.provider == sms.provider)
}

/// The source that an event belongs to, among those that share the secret it was verified with: the one that is
/// known for its message, else the only one whose agent, application and sender do not contradict it.
pub fn claim<'a>(
    event: &IncomingEvent,
    known: Option<&SourceId>,
    sharing: &'a [Source],
) -> Option<&'a Source> {
    if let Some(source) = sharing.iter().find(|source| Some(&source.id) == known) {
        return Some(source);
    }
    let fits = |source: &&Source| {
        source.provider == event.provider
            && agrees(source.agent.as_ref(), event.agent.as_ref())
            && agrees(source.application.as_ref(), event.application.as_ref())
            && agrees(source.sender.as_ref(), event.sender.as_ref())
    };
    let mut fitting = sharing.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(source), None) => Some(source),
        _ => None,
    }
}

/// Whether a name that an event gives does not contradict a source that may leave its own open.
fn agrees<T: PartialEq>(ours: Option<&T>, theirs: Option<&T>) -> bool {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    }
}
