//! The configuration of one simulated world, as TOML or as values. Unknown keys are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::clock::ClockConfig;
use crate::fault::NewFault;
use crate::host::HostName;
use crate::scenario;
use crate::world::NewMessage;

mod check;
mod google;
mod merge;
mod vonage;

pub use check::check_webhook_url;
pub(crate) use check::{check_behaviour, check_probability};
pub use google::{Agent, DuplicateCreate, GoogleAnswers, GoogleConfig, Handshake, RegionRule, WebhookQueue};
pub use vonage::{
    LateAnswer, ProblemType, RateLimitHeaders, Sender, UnauthorizedBody, UnsupportedBody, VonageAnswers,
    VonageConfig,
};

/// One simulated world.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Everything random comes from it.
    pub seed: u64,
    /// Scenarios that lie below the rest. They are looked up where TOML or a change is read; in a value that was made
    /// otherwise, the names only say what was laid over it.
    pub scenarios: Vec<String>,
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
    /// A key is unknown, or its value is of another kind.
    #[error("{path}: {problem}")]
    Value {
        /// Where, dotted.
        path: String,
        /// What is wrong there.
        problem: String,
    },
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
    /// No scenario has this name.
    #[error("there is no scenario {0:?}: `--list-scenarios` and `GET /scenarios` name those that exist")]
    NoScenario(String),
    /// The key is read at the start and never again.
    #[error("{key} cannot change while the simulator runs: start it anew")]
    Fixed {
        /// The key, dotted.
        key: &'static str,
    },
}

impl Config {
    /// Reads a configuration from TOML. The scenarios that it names lie below its own keys.
    ///
    /// # Errors
    /// When it is not TOML, has an unknown key, a value outside its range, or names a scenario that does not exist.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        // Read as it stands first, because this says line and column of what is wrong.
        let config: Self = toml::from_str(text)?;
        if config.scenarios.is_empty() {
            config.check()?;
            return Ok(config);
        }
        Self::default().changed(toml::from_str(text)?)
    }

    /// This configuration with a part of one laid over it: tables merge, everything else replaces, and `null` takes
    /// away what may be left out. A table with a `kind` is one value. Scenarios that the part names lie below its own
    /// keys.
    ///
    /// # Errors
    /// When a key is unknown, a value is outside its range, or a scenario does not exist.
    pub fn changed(self, mut part: Value) -> Result<Self, ConfigError> {
        let mut base = self;
        let names = part.get("scenarios").and_then(Value::as_array).cloned().unwrap_or_default();
        let names: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
        if let (Some(names), Some(table)) = (names.filter(|names| !names.is_empty()), part.as_object_mut()) {
            if let Some(seed) = table.get("seed").and_then(Value::as_u64) {
                base.seed = seed;
            }
            for name in names {
                let scenario = scenario::named(name);
                base = scenario.ok_or_else(|| ConfigError::NoScenario(name.to_owned()))?.over(base)?;
            }
            // They are noted already, beside those that were laid before.
            table.remove("scenarios");
        }
        let config = merge::read(merge::laid(&base, part)?)?;
        config.check()?;
        Ok(config)
    }
}
