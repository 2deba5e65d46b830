//! What happens to a message: delivery, reading, expiry, the answer to its revocation, and its webhooks.
//!
//! Every field is optional, so that behaviours can be laid over each other: the message's own over its phone's over the
//! one drawn for it over the provider's default.

use serde::{Deserialize, Serialize};

mod webhook;

pub use webhook::{Signature, WebhookBehaviour, WorkflowShape};

/// How one message (or phone, or provider) behaves; fields that are left out come from the layer below.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// When and whether the handset fetches it; online after 800 ms if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Virtual milliseconds from delivery to READ; never read if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_after_ms: Option<u64>,
    /// What the end of its life is reported as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// Whether a revoked message still reports its expiry (undocumented by Google; false if no layer says).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_after_revoke: Option<bool>,
    /// Google: what DELETE means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoke: Option<RevokeSemantics>,
    /// Google: virtual milliseconds from the accepted DELETE to the delivery under `revoke = "race"`; 500 if no layer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub race_after_ms: Option<u64>,
    /// Vonage: what follows an accepted revocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_revoke: Option<AfterRevoke>,
    /// What a capability check of its phone says. Asked for a phone, not a message: only phones and providers have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capability: Option<Capability>,
    /// How its webhooks travel.
    pub webhook: WebhookBehaviour,
}

/// When the handset fetches the message. All durations are virtual milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Delivery {
    /// The handset is online: fetched this long after sending.
    Online {
        /// From sending to delivery.
        #[serde(default = "default_online")]
        after_ms: u64,
    },
    /// The handset comes back this long after sending.
    Offline {
        /// From sending to delivery.
        for_ms: u64,
    },
    /// The handset comes back at this virtual time.
    OfflineUntil {
        /// Milliseconds since the epoch.
        at_ms: i64,
    },
    /// The handset never comes back.
    Never,
    /// Stays queued until a revocation is accepted, and is delivered all the same.
    RacesRevoke {
        /// From the accepted request to the delivery.
        after_ms: u64,
    },
    /// Turns out to have been delivered just before the first revocation arrived.
    DeliveredBeforeRevoke {
        /// From the delivery to the revocation request.
        #[serde(default = "default_before")]
        before_ms: u64,
    },
    /// Vonage or the carrier refuses the message (Vonage only; at Google it is never delivered).
    Rejected {
        /// The code in the status, such as 1300.
        code: u32,
        /// From sending to the status.
        #[serde(default = "default_online")]
        after_ms: u64,
    },
    /// Vonage cannot reach the provider or the carrier (Vonage only; at Google it is never delivered).
    Undeliverable {
        /// The code in the status.
        #[serde(default = "default_undeliverable")]
        code: u32,
        /// From sending to the status.
        #[serde(default = "default_online")]
        after_ms: u64,
    },
}

const fn default_undeliverable() -> u32 {
    crate::vonage::words::UNDELIVERABLE_CODE
}

const fn default_online() -> u64 {
    800
}

const fn default_before() -> u64 {
    50
}

/// What a provider reports when the life of an undelivered message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// Google `TTL_EXPIRATION_REVOKED`; Vonage `rejected` with code 1360.
    Revoked,
    /// Google `TTL_EXPIRATION_REVOKE_FAILED`, and the message stays queued; Vonage as `revoked`.
    RevokeFailed,
    /// Delivered, and the notice of `revoked` comes as well.
    Both,
    /// Gone without any event.
    Neither,
    /// Gone, reported with a word that nobody has documented.
    UnknownWord,
}

/// What Google's DELETE means; its documents contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeSemantics {
    /// Queued: removed, 200. Delivered: 404.
    Confirmed,
    /// Always 200, whether it was removed or not.
    Legacy,
    /// Always 404, and nothing is removed.
    #[serde(rename = "always_404")]
    Always404,
    /// 200, and delivered a moment later.
    Race,
}

/// What Vonage reports after an accepted revocation. All durations are virtual milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AfterRevoke {
    /// Nothing ever.
    Silence,
    /// `rejected` with code 1360.
    #[serde(rename = "rejected_1360")]
    Rejected1360 {
        /// From the accepted request to the status.
        #[serde(default = "default_after")]
        after_ms: u64,
    },
    /// `rejected` with another code.
    RejectedOther {
        /// From the accepted request to the status.
        #[serde(default = "default_after")]
        after_ms: u64,
        /// The code in the status.
        #[serde(default = "default_code")]
        code: u32,
    },
    /// `undeliverable`.
    Undeliverable {
        /// From the accepted request to the status.
        #[serde(default = "default_after")]
        after_ms: u64,
    },
    /// The request was accepted and the message is delivered all the same.
    LateDelivered {
        /// From the accepted request to the delivery.
        #[serde(default = "default_after")]
        after_ms: u64,
    },
}

const fn default_after() -> u64 {
    500
}

const fn default_code() -> u32 {
    1330
}

/// What a capability check of a phone says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// It can be reached by RCS.
    #[default]
    Features,
    /// 404: not by RCS, or not by this agent. Google answers the same to a message that is sent there.
    NotFound,
    /// 403: in older documents, for an agent that is not launched. Google answers the same to a message, too.
    Forbidden,
}

impl Behaviour {
    /// This behaviour, with what it leaves open taken from `below`.
    #[must_use]
    pub fn over(&self, below: &Self) -> Self {
        Self {
            delivery: self.delivery.clone().or_else(|| below.delivery.clone()),
            read_after_ms: self.read_after_ms.or(below.read_after_ms),
            expiry: self.expiry.or(below.expiry),
            expiry_after_revoke: self.expiry_after_revoke.or(below.expiry_after_revoke),
            revoke: self.revoke.or(below.revoke),
            race_after_ms: self.race_after_ms.or(below.race_after_ms),
            after_revoke: self.after_revoke.clone().or_else(|| below.after_revoke.clone()),
            capability: self.capability.or(below.capability),
            webhook: self.webhook.over(&below.webhook),
        }
    }

    pub(crate) fn delivery(&self) -> Delivery {
        self.delivery.clone().unwrap_or(Delivery::Online { after_ms: default_online() })
    }

    pub(crate) fn expiry(&self) -> Expiry {
        self.expiry.unwrap_or(Expiry::Revoked)
    }

    pub(crate) fn revoke(&self) -> RevokeSemantics {
        self.revoke.unwrap_or(RevokeSemantics::Confirmed)
    }

    pub(crate) fn race_after_ms(&self) -> u64 {
        self.race_after_ms.unwrap_or(default_after())
    }

    pub(crate) fn after_revoke(&self) -> AfterRevoke {
        self.after_revoke.clone().unwrap_or(AfterRevoke::Silence)
    }
}
