//! Google's part of the configuration.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{RateLimit, Share};
use crate::behaviour::Behaviour;

/// Google's side of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleConfig {
    /// The agents that exist.
    pub agents: Vec<Agent>,
    /// Where events go; can be set later through the control API.
    pub webhook_url: Option<String>,
    /// Path of a service-account key to use instead of a new one.
    pub service_account_file: Option<PathBuf>,
    /// The client token that signs webhooks, instead of a new one.
    pub client_token: Option<String>,
    /// Audiences that the token endpoint takes besides its own address and that of the endpoint which it plays.
    pub audiences: Vec<String>,
    /// What every message does unless told otherwise.
    pub behaviour: Behaviour,
    /// Behaviours that are drawn per message, over `behaviour`.
    pub mix: Vec<Share>,
    /// What another host than the sending one answers (undocumented).
    pub regions: RegionRule,
    /// The undocumented answers.
    pub answers: GoogleAnswers,
    /// Virtual seconds that an access token lives.
    pub token_lifetime_s: u32,
    /// Days after which a message without an expiry is deleted in silence.
    pub purge_after_days: u32,
    /// Limit per service account; Google documents none.
    pub rate_limit: Option<RateLimit>,
    /// Which events wait for each other on their way to a webhook.
    pub webhook_queue: WebhookQueue,
    /// The handshake with a webhook whenever its address is set.
    pub handshake: Handshake,
}

impl Default for GoogleConfig {
    fn default() -> Self {
        Self {
            agents: vec![Agent { id: "demo_agent".to_owned(), webhook_url: None }],
            webhook_url: None,
            service_account_file: None,
            client_token: None,
            audiences: Vec::new(),
            behaviour: Behaviour::default(),
            mix: Vec::new(),
            regions: RegionRule::default(),
            answers: GoogleAnswers::default(),
            token_lifetime_s: 3599,
            purge_after_days: 30,
            rate_limit: None,
            webhook_queue: WebhookQueue::default(),
            handshake: Handshake::default(),
        }
    }
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// The part before `@rbm.goog`.
    pub id: String,
    /// The agent's own webhook, which overrides the partner's.
    pub webhook_url: Option<String>,
}

/// What a host answers for a message that another host has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegionRule {
    /// All hosts know all messages.
    #[default]
    #[serde(rename = "any_host")]
    AnyHost,
    /// 404.
    #[serde(rename = "404_other")]
    NotFound,
    /// 403.
    #[serde(rename = "403_other")]
    Forbidden,
}

/// Statuses that Google does not document; each can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleAnswers {
    /// A message that was delivered, where `revoke` is not `legacy`.
    pub delivered: u16,
    /// A message that a DELETE has removed already.
    pub second_revoke: u16,
    /// A message that its expiry has removed.
    pub after_expiry: u16,
    /// A message that was purged.
    pub after_purge: u16,
    /// An id that was never sent.
    pub unknown_id: u16,
    /// An id that was sent to another phone.
    pub other_phone: u16,
    /// An id that was sent by another agent only.
    pub other_agent: u16,
    /// Sending with an id that is taken.
    pub duplicate_create: DuplicateCreate,
}

impl Default for GoogleAnswers {
    fn default() -> Self {
        Self {
            delivered: 404,
            second_revoke: 404,
            after_expiry: 404,
            after_purge: 404,
            unknown_id: 404,
            other_phone: 404,
            other_agent: 404,
            duplicate_create: DuplicateCreate::Ignored,
        }
    }
}

/// What sending with an id that is taken is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DuplicateCreate {
    /// 200, and nothing is sent.
    #[serde(rename = "ignored")]
    Ignored,
    /// 409.
    #[serde(rename = "409")]
    Conflict,
}

/// Which of Google's events wait for each other. Google says: one queue per partner, and a failing webhook slows all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookQueue {
    /// None: each event is tried by itself.
    #[default]
    EachForItself,
    /// All that go to the partner's webhook; an agent's own webhook has a queue of its own.
    PerWebhook,
    /// All of them, whichever webhook they go to.
    PerPartner,
}

/// What is sent to a Google webhook when its address is set. The address is used whatever the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handshake {
    /// Nothing.
    #[default]
    None,
    /// The client token and a secret.
    RightToken,
    /// Another client token and a secret, as a stranger would.
    WrongToken,
}
