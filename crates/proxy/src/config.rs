//! The configuration: the embedded defaults, then a file, then the environment. What it means is checked in
//! [`check`]; nothing here opens a connection.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::error::{Actual, Kind};
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

pub mod check;
pub mod class;
pub mod length;
pub mod ready;
pub mod retention;
pub mod secret;
pub mod source;

pub use class::ClassConfig;
pub use ready::{Ready, ReadySource};
pub use retention::{Retention, RetentionConfig};
pub use secret::SecretRef;
pub use source::SourceConfig;

/// The default configuration, which is its own documentation.
pub const DEFAULT: &str = include_str!("config.default.toml");

/// Variables of the same prefix that are no configuration. The access key itself is one for `rcs-revoke recall`; the
/// configuration says where it is.
const NO_KEYS: &[&str] = &["access_key", "config", "drill", "log"];

/// What a configuration file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
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
    /// Where the access key is; none makes one at each start.
    pub access_key: Option<SecretRef>,
    /// Other addresses of the providers' hosts.
    pub hosts: BTreeMap<String, String>,
    /// Message classes that differ from the standard ones, or are the operator's own.
    pub classes: BTreeMap<String, ClassConfig>,
    /// The senders.
    pub sources: BTreeMap<String, SourceConfig>,
    /// For how long messages are kept about which nothing happens any more.
    pub retention: RetentionConfig,
    /// A clock that runs faster than real time; for drills only.
    pub clock: Option<ClockConfig>,
    /// The folder that paths are relative to.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// A clock that shows `origin + (real − start) × scale`, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockConfig {
    /// What it showed at `start`.
    pub origin: i64,
    /// The real instant at which it showed `origin`.
    pub start: i64,
    /// How much faster than real time it runs.
    pub scale: f64,
}

/// A configuration that cannot be used, with the place of each fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the configuration cannot be used:\n{}", .0.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n"))]
pub struct InvalidConfig(pub Vec<Fault>);

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Fault {
    /// The key, such as `sources.otp-eu.private_key`.
    pub place: String,
    /// What is wrong and what to do.
    pub problem: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(place: impl Into<String>, problem: &impl ToString) -> Self {
        Self { place: place.into(), problem: problem.to_string() }
    }
}

impl Config {
    /// Reads defaults, the file and the environment.
    ///
    /// # Errors
    /// When the file cannot be read, a key is unknown, or a value is of the wrong kind.
    pub fn load(file: Option<&Path>) -> Result<Self, InvalidConfig> {
        let env = Env::prefixed("RCS_REVOKE_").ignore(NO_KEYS).split("__");
        let text = file.map(read).transpose()?;
        Self::extract(text.as_deref(), file, |figment| figment.merge(env))
    }

    /// Reads defaults and the file, whatever the environment says: a demo must not meet what is real.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_alone(file: &Path) -> Result<Self, InvalidConfig> {
        Self::parse(&read(file)?, file)
    }

    /// Reads defaults and a text as if it stood in that file, which need not be there.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, file: &Path) -> Result<Self, InvalidConfig> {
        Self::extract(Some(text), Some(file), |figment| figment)
    }

    fn extract(
        text: Option<&str>,
        file: Option<&Path>,
        last: impl FnOnce(Figment) -> Figment,
    ) -> Result<Self, InvalidConfig> {
        let mut figment = Figment::new().merge(Toml::string(DEFAULT));
        if let Some(text) = text {
            figment = figment.merge(Toml::string(text));
        }
        let mut config: Self = last(figment).extract().map_err(|errors| faults(errors, file))?;
        config.folder = file.and_then(Path::parent).map(Path::to_owned).unwrap_or_default();
        Ok(config)
    }
}

fn read(file: &Path) -> Result<String, InvalidConfig> {
    std::fs::read_to_string(file).map_err(|error| {
        InvalidConfig(vec![Fault::new(file.display().to_string(), &format!("cannot be read: {error}"))])
    })
}

fn faults(errors: figment::Error, file: Option<&Path>) -> InvalidConfig {
    let file = file.map_or_else(|| "configuration".to_owned(), |file| file.display().to_string());
    InvalidConfig(
        errors
            .into_iter()
            .map(|error| {
                let place = if error.path.is_empty() {
                    file.clone()
                } else {
                    format!("{file}: {}", error.path.join("."))
                };
                Fault::new(place, &described(&error.kind))
            })
            .collect(),
    )
}

/// What is wrong, without repeating a text of the wrong kind: somebody may have written a secret there.
fn described(kind: &Kind) -> String {
    match kind {
        Kind::InvalidType(Actual::Str(_), expected) | Kind::InvalidValue(Actual::Str(_), expected) => {
            format!("expected {expected}, found a text")
        }
        Kind::Message(text) => without_excerpt(text),
        other => other.to_string(),
    }
}

/// A fault of the TOML itself, which the reader of TOML shows in its line: only place and problem stay.
fn without_excerpt(text: &str) -> String {
    let is_excerpt =
        |line: &&str| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').starts_with('|');
    text.lines().filter(|line| !is_excerpt(line)).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use rcs_revoke_core::expiry::MessageClass;
    use rcs_revoke_core::{Class, Policy};

    use super::{Config, DEFAULT};

    fn load(text: &str) -> Result<Config, super::InvalidConfig> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("my.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(Some(&file))
    }

    #[test]
    fn the_defaults_stand_alone() {
        let config = Config::load(None).unwrap();
        assert!(config.listen.ip().is_loopback());
        assert!(config.sources.is_empty());
    }

    #[test]
    fn the_examples_of_the_default_file_are_true() {
        let examples: Vec<&str> = DEFAULT
            .lines()
            .skip_while(|line| !line.starts_with("# Here the one-time codes"))
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.starts_with('[') || line.contains(" = "))
            .collect();
        let config = load(&examples.join("\n")).unwrap();
        assert_eq!((config.classes.len(), config.sources.len()), (2, 2));
        for source in config.sources.values() {
            let policy = source.provider.adapter().policy();
            let stated = source.policy.over(policy.clone());
            assert_eq!(stated.lifetimes(source.provider), policy.lifetimes(source.provider));
            assert_eq!(stated.asks_other_hosts(source.provider), policy.asks_other_hosts(source.provider));
            assert_eq!(
                stated.permission_retries(source.provider),
                policy.permission_retries(source.provider)
            );
            assert_eq!((stated.remembered(), stated.young()), (policy.remembered(), policy.young()));
            assert_eq!(stated.truth.check(source.provider), []);
            assert_eq!(Policy { truth: policy.truth, ..stated }, policy);
        }
    }

    /// The figures that stand there as defaults are those of the core.
    #[test]
    fn the_documented_class_is_the_standard_one() {
        let stated: Vec<&str> = DEFAULT
            .lines()
            .skip_while(|line| !line.starts_with("# [classes.otp]"))
            .take_while(|line| !line.starts_with("# [classes.bank-code]"))
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.starts_with('[') || line.contains(" = "))
            .collect();
        let config = load(&stated.join("\n")).unwrap();
        let otp = Class::standard(MessageClass::Otp);
        // Another class to start from: whatever is not stated would show.
        let other = Class::standard(MessageClass::Promotional);
        let read = config.classes["otp"].over("otp", Class { kind: otp.kind, ..other });
        assert_eq!(read, otp);
    }

    #[test]
    fn unknown_keys_and_wrong_kinds_name_their_place() {
        let unknown = load("lisen = \"127.0.0.1:1\"").unwrap_err().to_string();
        assert!(unknown.contains("lisen") && unknown.contains("my.toml"), "{unknown}");
        let nested = load("[sources.a]\nprovider = \"vonage\"\nprivate_kee = 1").unwrap_err().to_string();
        assert!(nested.contains("sources.a") && nested.contains("private_kee"), "{nested}");
        let wrong = load("listen = \"8480\"").unwrap_err().to_string();
        assert!(wrong.contains("listen"), "{wrong}");
        let misplaced = load("access_key = \"swordfish-swordfish-swordfish\"").unwrap_err().to_string();
        assert!(misplaced.contains("access_key") && misplaced.contains("{ file"), "{misplaced}");
        assert!(!misplaced.contains("swordfish"), "{misplaced}");
        let broken = load("access_key = \"swordfish-swordfish-swordfish").unwrap_err().to_string();
        assert!(broken.contains("line 1") && !broken.contains("swordfish"), "{broken}");
        let cell = load("[classes.otp.fallback]\ngone = \"nwo\"").unwrap_err().to_string();
        assert!(cell.contains("classes.otp.fallback") && cell.contains("at_fallback_by"), "{cell}");
        let limit = load("[classes.otp]\nnot_after = \"nevr\"").unwrap_err().to_string();
        assert!(limit.contains("classes.otp.not_after") && limit.contains("\"never\""), "{limit}");
        let absurd = load("[sources.a]\nprovider = \"vonage\"\npolicy.settle = \"99999999999999999999d\"");
        assert!(absurd.unwrap_err().to_string().contains("settle"));
    }
}
