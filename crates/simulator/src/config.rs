//! The configuration of one simulated world, as TOML or as values. Unknown keys are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::behaviour::Behaviour;
use crate::clock::ClockConfig;
use crate::fault::NewFault;
use crate::host::HostName;
use crate::world::NewMessage;

mod google;
mod vonage;

pub use google::{Agent, DuplicateCreate, GoogleAnswers, GoogleConfig, RegionRule};
pub use vonage::{LateAnswer, Sender, VonageAnswers, VonageConfig};

/// One simulated world.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Everything random comes from it.
    pub seed: u64,
    /// The scaled clock.
    pub clock: ClockConfig,
    /// Fixed ports by host name; a host that is not named gets a free one.
    pub ports: BTreeMap<HostName, u16>,
    /// Google's side.
    pub google: GoogleConfig,
    /// Vonage's side.
    pub vonage: VonageConfig,
    /// Behaviour of single phone numbers, in E.164 with or without `+`.
    pub phones: BTreeMap<String, Behaviour>,
    /// Faults that are there from the start.
    pub faults: Vec<NewFault>,
    /// Messages that were sent before the start.
    pub messages: Vec<NewMessage>,
}

/// A behaviour that is drawn for a message with this weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// How often it is drawn, relative to the other shares.
    pub weight: u32,
    /// What is drawn.
    pub behaviour: Behaviour,
}

/// How often a key may be used, measured where the requests arrive; in real time unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Requests in any window of one second.
    pub per_second: u32,
    /// Whether what exceeds it is answered 429; it is counted in any case.
    #[serde(default = "yes")]
    pub enforce: bool,
    /// Whether the seconds are virtual ones, for clients whose own limiter runs on the scaled clock.
    #[serde(default)]
    pub virtual_seconds: bool,
}

const fn yes() -> bool {
    true
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The TOML cannot be read.
    #[error("the configuration cannot be read: {0}")]
    Parse(#[from] toml::de::Error),
    /// A value is outside its range.
    #[error("{key} is {value}, but must be {must}")]
    Range {
        /// The key, dotted.
        key: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        must: &'static str,
    },
}

impl Config {
    /// Reads a configuration from TOML.
    ///
    /// # Errors
    /// When it is not TOML, has an unknown key, or a value outside its range.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text)?;
        config.check()?;
        Ok(config)
    }

    /// Checks what the types cannot.
    ///
    /// # Errors
    /// When a value is outside its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        let scale = self.clock.scale;
        if !(scale.is_finite() && scale > 0.0) {
            return Err(ConfigError::Range {
                key: "clock.scale",
                value: scale.to_string(),
                must: "a positive number",
            });
        }
        for url in [&self.google.webhook_url, &self.vonage.webhook_url].into_iter().flatten() {
            check_webhook_url(url)?;
        }
        let homes = self.vonage.senders.iter().map(|sender| sender.region);
        if let Some(host) =
            homes.into_iter().find(|host| host.provider() != Some(crate::Provider::Vonage) || !host.is_home())
        {
            return Err(ConfigError::Range {
                key: "vonage.senders.region",
                value: host.to_string(),
                must: "vonage.eu, vonage.us or vonage.ap",
            });
        }
        Ok(())
    }
}

/// Refuses a webhook address that the simulator cannot call.
///
/// # Errors
/// When it is not an absolute `http` URL.
pub fn check_webhook_url(url: &str) -> Result<(), ConfigError> {
    match url.parse::<http::Uri>() {
        Ok(uri) if uri.scheme_str() == Some("http") && uri.host().is_some() => Ok(()),
        _ => Err(ConfigError::Range {
            key: "webhook_url",
            value: url.to_owned(),
            must: "an absolute http URL",
        }),
    }
}
