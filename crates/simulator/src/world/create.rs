//! How messages come to exist: by a provider's API, or directly by the control API and the configuration.

use serde::{Deserialize, Serialize};

use super::message::{Channel, Fate, Message};
use super::workflow::Workflow;
use super::{Refused, World, canonical_phone};
use crate::behaviour::Behaviour;
use crate::config::check_behaviour;
use crate::google::canonical_agent;
use crate::host::{HostName, Provider};

/// A message to be created without a call to its provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// Who carries it.
    pub provider: Provider,
    /// Its id; drawn from the seed when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Google: the agent, either form. Vonage: the sender. The first configured one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The recipient, with or without `+`.
    pub phone: String,
    /// Where it lives. Google: `google.global` when left out. Vonage: the sender's region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostName>,
    /// RCS when left out.
    #[serde(default)]
    pub channel: Channel,
    /// When it was sent, perhaps long ago; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at_ms: Option<i64>,
    /// Its life in seconds; the provider's rule when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_s: Option<u64>,
    /// Vonage: the sender's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_ref: Option<String>,
    /// Over the behaviour of its phone, its mix and its provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behaviour: Option<Behaviour>,
    /// Vonage: whether a `submitted` status is reported; when left out, only if `sent_at_ms` is left out too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted: Option<bool>,
}

impl NewMessage {
    /// A message to this phone, of which everything else is left out.
    pub fn new(provider: Provider, phone: impl Into<String>) -> Self {
        Self {
            provider,
            id: None,
            agent: None,
            phone: phone.into(),
            host: None,
            channel: Channel::Rcs,
            sent_at_ms: None,
            ttl_s: None,
            client_ref: None,
            behaviour: None,
            submitted: None,
        }
    }
}

/// The ids of a message that was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Who carries it.
    pub provider: Provider,
    /// Its id.
    pub id: String,
    /// The agent or sender.
    pub agent: String,
    /// The recipient, with `+`.
    pub phone: String,
    /// Where it lives.
    pub host: HostName,
    /// When it was sent.
    pub sent_at_ms: i64,
    /// When its life ends.
    pub expires_at_ms: Option<i64>,
}

/// What a provider's API has checked already.
pub(crate) struct Sending {
    pub provider: Provider,
    pub id: String,
    pub agent: String,
    pub phone: String,
    pub host: HostName,
    pub channel: Channel,
    pub sent_at_ms: i64,
    pub expires_at_ms: Option<i64>,
    pub client_ref: Option<String>,
    pub application_id: Option<String>,
    pub webhook_url: Option<String>,
    pub behaviour: Option<Behaviour>,
    pub submitted: bool,
    pub workflow: Option<Workflow>,
}

/// A message that is sent now, or when another one is rejected.
pub(crate) struct Planned {
    pub sending: Sending,
    /// Now when left out.
    pub sent_at_ms: Option<i64>,
    pub ttl_s: Option<u64>,
}

impl World {
    /// Puts a message into the world, and plans its life.
    pub(crate) fn send(&mut self, sending: Sending, now: i64) -> usize {
        let index = self.messages.len();
        let carrier = (sending.provider, sending.channel);
        let behaviour = self.behaviour_of(carrier, &sending.id, &sending.phone, sending.behaviour.as_ref());
        self.by_id.entry(sending.id.clone()).or_default().push(index);
        self.messages.push(Message {
            provider: sending.provider,
            id: sending.id,
            agent: sending.agent,
            phone: sending.phone,
            host: sending.host,
            channel: sending.channel,
            client_ref: sending.client_ref,
            sent_at_ms: sending.sent_at_ms,
            expires_at_ms: sending.expires_at_ms,
            fate: Fate::Queued,
            delivered_at_ms: None,
            read_at_ms: None,
            revoked_at_ms: None,
            expired_at_ms: None,
            revokes: Vec::new(),
            behaviour,
            application_id: sending.application_id,
            webhook_url: sending.webhook_url,
            workflow: sending.workflow,
            racing_until: None,
            plan: 0,
            events: Vec::new(),
        });
        self.plan(index, now);
        if sending.submitted && sending.provider == Provider::Vonage {
            self.plan_submitted(index, now);
        }
        index
    }

    /// Creates a message for the control API or the configuration, and what follows if it is rejected (at Vonage).
    pub(crate) fn create(
        &mut self,
        new: NewMessage,
        failover: Vec<NewMessage>,
        application_id: &str,
        now: i64,
    ) -> Result<Created, Refused> {
        let is_foreign = |other: &NewMessage| other.provider != Provider::Vonage;
        if !failover.is_empty() && (is_foreign(&new) || failover.iter().any(is_foreign)) {
            return Err(Refused::Incomplete("only Vonage has a failover, and only to itself"));
        }
        let first = self.planned(new, application_id)?;
        let then = failover.into_iter().map(|other| self.planned(other, application_id));
        let then: Vec<Planned> = then.collect::<Result<_, _>>()?;
        let index = self.send_workflow(first, then, now);
        Ok(self.messages[index].created())
    }

    fn planned(&mut self, new: NewMessage, application_id: &str) -> Result<Planned, Refused> {
        if let Some(behaviour) = &new.behaviour {
            check_behaviour(behaviour).map_err(|error| Refused::Behaviour(error.to_string()))?;
        }
        let phone = canonical_phone(&new.phone);
        if !(8..=16).contains(&phone.len()) {
            return Err(Refused::Phone(new.phone));
        }
        let (agent, home) = self.agent_and_home(&new)?;
        let host = new.host.unwrap_or(home);
        if host.provider() != Some(new.provider) || !host.is_home() {
            return Err(Refused::Host(host.to_string()));
        }
        let is_vonage = new.provider == Provider::Vonage;
        let id = match new.id {
            // Vonage's ids are UUIDs, which compare without case.
            Some(id) if is_vonage => id.to_ascii_lowercase(),
            Some(id) => id,
            None => {
                let key = format!("{agent} {phone}");
                let nth = self.occurrence(&key);
                self.dice.uuid(&key, "created", nth)
            }
        };
        let taken = |&index: &usize| {
            let other = &self.messages[index];
            other.provider == new.provider && (is_vonage || other.agent == agent)
        };
        if self.with_id(&id).iter().any(taken) {
            return Err(Refused::Duplicate(id));
        }
        let sending = Sending {
            provider: new.provider,
            id,
            agent,
            phone,
            host,
            channel: new.channel,
            sent_at_ms: 0,
            expires_at_ms: None,
            client_ref: new.client_ref,
            application_id: is_vonage.then(|| application_id.to_owned()),
            webhook_url: None,
            behaviour: new.behaviour,
            submitted: new.submitted.unwrap_or(new.sent_at_ms.is_none()),
            workflow: None,
        };
        let ttl_s = new.ttl_s.or(is_vonage.then_some(self.config.vonage.default_ttl_s));
        Ok(Planned { sending, sent_at_ms: new.sent_at_ms, ttl_s })
    }

    fn agent_and_home(&self, new: &NewMessage) -> Result<(String, HostName), Refused> {
        match new.provider {
            Provider::Google => {
                let agents = &self.config.google.agents;
                let wanted = new.agent.as_deref().map(canonical_agent);
                let agent = agents.iter().find(|agent| wanted.is_none_or(|wanted| agent.id == wanted));
                let agent =
                    agent.ok_or_else(|| Refused::UnknownAgent(wanted.unwrap_or("(any)").to_owned()))?;
                Ok((agent.id.clone(), HostName::GoogleGlobal))
            }
            Provider::Vonage => {
                let senders = &self.config.vonage.senders;
                let sender = senders
                    .iter()
                    .find(|sender| new.agent.as_ref().is_none_or(|wanted| &sender.name == wanted));
                let name = new.agent.clone().or_else(|| sender.map(|sender| sender.name.clone()));
                let name = name.ok_or(Refused::Incomplete("no sender is configured: give `agent`"))?;
                Ok((name, sender.map_or(HostName::VonageEu, |sender| sender.region)))
            }
        }
    }
}

impl Message {
    fn created(&self) -> Created {
        Created {
            provider: self.provider,
            id: self.id.clone(),
            agent: self.agent.clone(),
            phone: self.phone.clone(),
            host: self.host,
            sent_at_ms: self.sent_at_ms,
            expires_at_ms: self.expires_at_ms,
        }
    }
}
