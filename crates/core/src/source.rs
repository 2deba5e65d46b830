//! A source: one configured sender, without its secrets. A server fills in what it has learnt.

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::id::{AgentId, ApplicationId, SenderId, SourceId};
use crate::prelude::*;
use crate::provider::Provider;
use crate::region::Country;
use crate::say::{Say, joined};
use crate::time::Timestamp;

/// What an accepted answer is believed to mean, where the provider's own texts contradict each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeAck {
    /// A success means *asked*; a 404 means nothing.
    #[default]
    Accepted,
    /// A success means *removed*; a clean 404 means *delivered*.
    Confirmed,
}

/// Who sends an SMS instead of a message: a sender of SMS at a source of Vonage, which may be the message's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsSender {
    /// The source whose account sends it, and whose webhooks tell what became of it.
    pub source: SourceId,
    /// Who it is from: a number, or a name where the country allows one.
    pub from: SenderId,
    /// Where it is sent.
    pub host: Host,
}

/// One configured sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name in the config.
    pub id: SourceId,
    /// Who carries its messages.
    pub provider: Provider,
    /// The agent, at Google.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// The sender id, at Vonage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderId>,
    /// The application, at Vonage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
    /// The host set by the operator; it wins over everything but the message's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Host>,
    /// Where the agent was launched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch_country: Option<Country>,
    /// Hosts that have accepted a revocation of this source, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learnt: Vec<Host>,
    /// Who sends an SMS instead; none if nobody can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<SmsSender>,
    /// What an accepted answer is believed to mean.
    #[serde(default)]
    pub revoke_ack: RevokeAck,
    /// When its first verified webhook came; without one, silence proves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listening_since: Option<Timestamp>,
}

/// A source that cannot work as configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSource {
    /// The provider's sources are named by an agent, and none is given.
    AgentMissing(SourceId),
    /// The host belongs to another provider.
    WrongHost {
        /// The source.
        id: SourceId,
        /// The host.
        host: Host,
        /// The provider.
        provider: Provider,
    },
    /// The provider never says that a message was removed.
    AckNeverConfirms {
        /// The source.
        id: SourceId,
        /// The provider.
        provider: Provider,
    },
}

impl Say for InvalidSource {
    fn say(&self) -> String {
        let (id, what) = match self {
            Self::AgentMissing(id) => (id, ["`agent` is missing", "", "", ""]),
            Self::WrongHost { id, host, provider } => {
                (id, ["`", host.name(), "` is no host of ", provider.label()])
            }
            Self::AckNeverConfirms { id, provider } => (
                id,
                [
                    "`revoke_ack = \"confirmed\"` is refused for ",
                    provider.label(),
                    ", whose success answer never means more than *asked*",
                    "",
                ],
            ),
        };
        joined(&["source `", id.as_str(), "`: ", &joined(&what)])
    }
}

impl Source {
    /// A source with nothing set but its name and provider.
    pub const fn new(id: SourceId, provider: Provider) -> Self {
        Self {
            id,
            provider,
            agent: None,
            sender: None,
            application: None,
            host: None,
            launch_country: None,
            learnt: Vec::new(),
            sms: None,
            revoke_ack: RevokeAck::Accepted,
            listening_since: None,
        }
    }

    /// Whether another source sends from the same place, so that what one learns of its host holds for the other: they
    /// have one agent, or one sender id.
    pub fn sends_as(&self, other: &Self) -> bool {
        let one_agent = self.agent.is_some() && self.agent == other.agent;
        let one_sender = self.sender.is_some() && self.sender == other.sender;
        self.id == other.id || (self.provider == other.provider && (one_agent || one_sender))
    }

    /// The source as a sender of SMS, from a number or a name; none if its provider sends none.
    pub fn sms_sender(&self, from: SenderId) -> Option<SmsSender> {
        let adapter = self.provider.adapter();
        let sender = || SmsSender { source: self.id.clone(), from, host: adapter.route(self, None).first() };
        adapter.sends_sms().then(sender)
    }

    /// Checks what only the provider's rules can tell.
    ///
    /// # Errors
    /// When the agent is missing, the host is another provider's, or the meaning of an answer is refused.
    pub fn check(&self) -> Result<(), InvalidSource> {
        let (id, provider) = (self.id.clone(), self.provider);
        let adapter = provider.adapter();
        if adapter.keyed_by_agent() && self.agent.is_none() {
            return Err(InvalidSource::AgentMissing(id));
        }
        if let Some(host) = self.host.filter(|host| provider.hosts().all(|own| own != *host)) {
            return Err(InvalidSource::WrongHost { id, host, provider });
        }
        if self.revoke_ack == RevokeAck::Confirmed && !adapter.may_confirm() {
            return Err(InvalidSource::AckNeverConfirms { id, provider });
        }
        Ok(())
    }
}
