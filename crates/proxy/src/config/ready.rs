//! A configuration that was checked, with its secrets read: everything a server needs to start.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use jsonwebtoken::EncodingKey;
use rcs_revoke_core::id::ApplicationId;
use rcs_revoke_core::webhook::WebhookSecret;
use rcs_revoke_core::{Class, Host, Policy, Source};
use secrecy::SecretString;

use crate::config::{ClockConfig, Retention};

/// Everything a server needs to start.
pub struct Ready {
    /// Where console and API listen.
    pub listen: SocketAddr,
    /// Where webhooks come in.
    pub webhook_listen: SocketAddr,
    /// The `SQLite` file.
    pub database: PathBuf,
    /// Host names, besides loopback, under which a browser may come.
    pub allowed_hosts: Vec<String>,
    /// From how many messages on the console asks for the number to be typed.
    pub confirm_from: usize,
    /// The access key; none if a new one is to be made.
    pub access_key: Option<SecretString>,
    /// Where the hosts listen that the configuration maps elsewhere.
    pub bases: BTreeMap<Host, String>,
    /// The message classes, the standard ones first; every source's policy has them.
    pub classes: Vec<Class>,
    /// The senders.
    pub sources: Vec<ReadySource>,
    /// For how long messages are kept; none if for ever.
    pub retention: Option<Retention>,
    /// A clock that runs faster than real time.
    pub clock: Option<ClockConfig>,
    /// What is allowed, but worth a second thought.
    pub warnings: Vec<String>,
    /// Whether the providers are simulated.
    pub demo: bool,
}

/// One sender, ready to work.
pub struct ReadySource {
    /// What the core needs to know.
    pub source: Source,
    /// The figures in force.
    pub policy: Policy,
    /// How people call it.
    pub label: String,
    /// What its requests are signed with.
    pub credential: CredentialConfig,
    /// The account whose rate limit it shares.
    pub account: String,
    /// What its webhooks are verified with.
    pub webhook: Option<WebhookSecret>,
    /// Equal for sources that share a webhook secret; tells nothing about it.
    pub webhook_group: String,
}

/// What requests are signed with.
#[derive(Clone)]
pub enum CredentialConfig {
    /// A Google service account's key.
    GoogleKey(ServiceAccount),
    /// Google credentials of the machine.
    GoogleAmbient,
    /// A Vonage application's private key.
    VonageApplication {
        /// The application.
        application: ApplicationId,
        /// Its key.
        key: EncodingKey,
    },
}

impl CredentialConfig {
    /// Equal for all that share one token.
    pub fn account(&self) -> String {
        match self {
            Self::GoogleKey(account) => format!("google:{}", account.client_email),
            Self::GoogleAmbient => "google:ambient".to_owned(),
            Self::VonageApplication { application, .. } => format!("vonage:{application}"),
        }
    }
}

/// What we need of a service account's key file.
#[derive(Clone)]
pub struct ServiceAccount {
    /// Who signs.
    pub client_email: String,
    /// Which of its keys.
    pub key_id: Option<String>,
    /// Where an assertion becomes a token.
    pub token_uri: String,
    /// The key itself.
    pub key: EncodingKey,
}
