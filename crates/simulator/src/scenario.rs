//! Named worlds: parts of a configuration that each show one thing, embedded in the program.
//!
//! Each lies in `scenarios/` as TOML, and its first line says what it shows. One of them, `chaos`, is drawn instead.

use std::sync::LazyLock;

use serde::Serialize;

use crate::chaos;
use crate::config::{Config, ConfigError};

mod list;

/// The name of the scenario that is drawn from the seed.
const CHAOS: &str = "chaos";

/// One named world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// What it shows, in one line.
    pub shows: &'static str,
    /// Its part of a configuration, as TOML.
    #[serde(skip)]
    pub toml: &'static str,
}

/// All scenarios, by name.
pub fn all() -> &'static [Scenario] {
    static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(|| list::FILES.iter().map(Scenario::of).collect());
    &ALL
}

/// The scenario with this name.
pub fn named(name: &str) -> Option<&'static Scenario> {
    all().iter().find(|scenario| scenario.name == name)
}

impl Scenario {
    fn of(&(name, toml): &(&'static str, &'static str)) -> Self {
        let first = toml.lines().next().unwrap_or_default();
        Self { name, shows: first.trim_start_matches('#').trim(), toml }
    }

    /// This scenario laid over a configuration: tables merge, everything else replaces. `chaos` draws what it decides
    /// from the configuration's seed, and leaves agents, senders, limits, clock, addresses and credentials as they are.
    ///
    /// # Errors
    /// When the result cannot be used.
    pub fn over(&self, base: Config) -> Result<Config, ConfigError> {
        let mut config = base.changed(toml::from_str(self.toml)?)?;
        if self.name == CHAOS {
            config = chaos::drawn(config);
            config.check()?;
        }
        if !config.scenarios.iter().any(|name| name == self.name) {
            config.scenarios.push(self.name.to_owned());
        }
        Ok(config)
    }
}
