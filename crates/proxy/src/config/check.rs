//! What a configuration means: secrets read, keys parsed, every fault collected with its place.

use std::collections::BTreeMap;
use std::path::Path;

use rcs_revoke_core::webhook::WebhookSecret;
use rcs_revoke_core::{Class, Host, Policy, Provider, SourceId, Span};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::config::ready::{CredentialConfig, Ready, ReadySource, ServiceAccount};
use crate::config::{Config, Fault, InvalidConfig, SecretRef, SourceConfig};
use crate::hex::hex;

mod classes;
mod keys;
mod sms;

/// The shortest access key that is not guessed.
const SHORTEST_ACCESS_KEY: usize = 20;

/// Reads secrets and keys, and checks everything that can be checked without a connection.
///
/// # Errors
/// With every fault found, each with its place.
pub fn check(config: &Config) -> Result<Ready, InvalidConfig> {
    let mut faults = Faults::default();
    let bases = bases(config, &mut faults);
    let access_key = config.access_key.as_ref().and_then(|key| access_key(key, &config.folder, &mut faults));
    let classes = classes::read(config, &mut faults);
    let sources: Vec<_> = config
        .sources
        .iter()
        .filter_map(|(name, source)| ready_source(name, source, config, &classes, &mut faults))
        .collect();
    faults.0.extend(keys::disagreements(&sources));
    if let Some(clock) = config.clock
        && !(clock.scale.is_finite() && (0.01..=1_000_000.0).contains(&clock.scale))
    {
        faults.add("clock.scale", "expected a number from 0.01 to 1000000");
    }
    let retention = config.retention.check(&config.folder);
    let retention = retention.map_err(|(key, problem)| faults.add(format!("retention.{key}"), problem));
    if !faults.0.is_empty() {
        return Err(InvalidConfig(faults.0));
    }
    Ok(Ready {
        listen: config.listen,
        webhook_listen: config.webhook_listen,
        database: config.folder.join(&config.database),
        allowed_hosts: config.allowed_hosts.clone(),
        confirm_from: config.confirm_from,
        access_key,
        bases,
        warnings: warnings(config, &classes, &sources),
        classes,
        retention: retention.unwrap_or_default(),
        sources,
        clock: config.clock,
        demo: false,
    })
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, place: impl Into<String>, problem: impl std::fmt::Display) {
        self.0.push(Fault::new(place, &problem));
    }

    fn keep<T>(&mut self, place: &str, result: Result<T, impl std::fmt::Display>) -> Option<T> {
        result.map_err(|problem| self.add(place, problem)).ok()
    }
}

fn warnings(config: &Config, classes: &[Class], sources: &[ReadySource]) -> Vec<String> {
    let mut warnings = Vec::new();
    if !config.listen.ip().is_loopback() {
        warnings.push(format!(
            "listen: {} is not loopback: who reaches it and holds the access key can revoke",
            config.listen
        ));
    }
    if sources.is_empty() {
        warnings.push("sources: none is configured, so nothing can be revoked".to_owned());
    }
    for source in sources.iter().filter(|source| source.webhook.is_none()) {
        warnings.push(format!(
            "sources.{}: no webhook secret: its webhooks are refused, so no delivery will ever be seen",
            source.source.id
        ));
    }
    warnings.extend(classes::warnings(classes, sources));
    warnings
}

fn access_key(key: &SecretRef, folder: &Path, faults: &mut Faults) -> Option<SecretString> {
    let key = faults.keep("access_key", key.read(folder))?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '=' | '+' | '/');
    if key.expose_secret().len() < SHORTEST_ACCESS_KEY || !key.expose_secret().chars().all(fits) {
        faults.add(
            "access_key",
            format!("expected at least {SHORTEST_ACCESS_KEY} letters, digits or any of -_.~=+/"),
        );
        return None;
    }
    Some(key)
}

fn bases(config: &Config, faults: &mut Faults) -> BTreeMap<Host, String> {
    let mut bases = BTreeMap::new();
    for (name, url) in &config.hosts {
        let place = format!("hosts.\"{name}\"");
        let host = faults.keep(&place, name.parse::<Host>());
        let url = faults.keep(&place, base_url(url));
        if let (Some(host), Some(url)) = (host, url) {
            bases.insert(host, url);
        }
    }
    bases
}

/// A base URL without a slash at the end: https, or plain http on loopback.
pub(crate) fn base_url(url: &str) -> Result<String, String> {
    let uri: http::Uri = url.parse().map_err(|_| format!("`{url}` is no URL"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if loopback => {}
        Some("http") => return Err(format!("`{url}`: plain http is taken for loopback only")),
        _ => return Err(format!("`{url}`: expected a URL that starts with https://")),
    }
    if uri.query().is_some() || uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(format!("`{url}`: expected neither a query nor a user name"));
    }
    // What is no port would be passed over, and the scheme's own port asked instead.
    if uri.authority().is_some_and(|authority| {
        authority.port_u16().is_none() && authority.as_str().len() > authority.host().len()
    }) {
        return Err(format!("`{url}`: the port is no number from 0 to 65535"));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn ready_source(
    name: &str,
    config: &SourceConfig,
    all: &Config,
    classes: &[Class],
    faults: &mut Faults,
) -> Option<ReadySource> {
    let place = format!("sources.{name}");
    let id = faults.keep(&place, SourceId::parse(name))?;
    let mut source = sms::stated(id, config);
    faults.keep(&place, source.check());
    source.sms = sms::sender(&place, &source, config, all, faults);
    let policy = policy(&place, config, classes, faults);
    let secret = |key: &str, secret: &Option<SecretRef>, faults: &mut Faults| {
        secret.as_ref().and_then(|secret| faults.keep(&format!("{place}.{key}"), secret.read(&all.folder)))
    };
    let (credential, account, webhook) = match config.provider {
        Provider::GoogleRbm => {
            let credential = google(&place, config, &all.folder, faults);
            let account = match &credential {
                Some(CredentialConfig::GoogleKey(account)) => account.client_email.clone(),
                _ => "ambient".to_owned(),
            };
            refuse(
                &place,
                faults,
                &[
                    ("private_key", config.private_key.is_some()),
                    ("api_key", config.api_key.is_some()),
                    ("signature_secret", config.signature_secret.is_some()),
                ],
                "Google",
            );
            (credential, account, secret("client_token", &config.client_token, faults))
        }
        Provider::Vonage => {
            let credential = vonage(&place, config, &all.folder, faults);
            let account =
                config.api_key.clone().or_else(|| config.application.as_ref().map(ToString::to_string));
            refuse(
                &place,
                faults,
                &[
                    ("key_file", config.key_file.is_some()),
                    ("ambient", config.ambient),
                    ("client_token", config.client_token.is_some()),
                ],
                "Vonage",
            );
            (
                credential,
                account.unwrap_or_default(),
                secret("signature_secret", &config.signature_secret, faults),
            )
        }
    };
    let group =
        webhook.as_ref().map_or_else(|| format!("none:{name}"), |secret| group(config.provider, secret));
    Some(ReadySource {
        source,
        policy: policy?,
        label: config.label.clone().unwrap_or_else(|| name.to_owned()),
        credential: credential?,
        account: format!("{}:{account}", config.provider.code()),
        webhook: webhook
            .map(|secret| WebhookSecret::new(secret.expose_secret().as_bytes(), config.api_key.as_deref())),
        webhook_group: group,
    })
}

fn refuse(place: &str, faults: &mut Faults, keys: &[(&str, bool)], provider: &str) {
    for (key, given) in keys {
        if *given {
            faults.add(format!("{place}.{key}"), format!("{provider} has no such thing: remove it"));
        }
    }
}

fn policy(place: &str, config: &SourceConfig, classes: &[Class], faults: &mut Faults) -> Option<Policy> {
    let mut policy = config.policy.over(config.provider.adapter().policy());
    classes::apply(&mut policy, classes, place, config, faults);
    let place = format!("{place}.policy");
    if !(1..=10_000).contains(&policy.rate_per_second) {
        faults.add(format!("{place}.rate_per_second"), "expected a number from 1 to 10000");
        return None;
    }
    if policy.request_timeout < Span::millis(100) || policy.request_timeout > Span::minutes(5) {
        faults.add(format!("{place}.request_timeout"), "expected from 100ms to 5m");
        return None;
    }
    for fault in policy.truth.check(config.provider) {
        faults.add(format!("{place}.{}", fault.key()), fault);
    }
    Some(policy)
}

fn google(
    place: &str,
    config: &SourceConfig,
    folder: &Path,
    faults: &mut Faults,
) -> Option<CredentialConfig> {
    match (&config.key_file, config.ambient) {
        (Some(file), false) => {
            let path = folder.join(file);
            let account = faults.keep(&format!("{place}.key_file"), service_account(&path))?;
            Some(CredentialConfig::GoogleKey(account))
        }
        (None, true) => Some(CredentialConfig::GoogleAmbient),
        _ => {
            faults.add(
                place,
                "say how to sign in to Google: `key_file = \"…\"` or `ambient = true`, one of the two",
            );
            None
        }
    }
}

#[derive(Deserialize)]
struct KeyFile {
    client_email: String,
    private_key: SecretString,
    private_key_id: Option<String>,
    token_uri: String,
}

/// Reads a service account's key file; the error never shows what stands in it.
fn service_account(path: &Path) -> Result<ServiceAccount, String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let file: KeyFile = serde_json::from_str(&text).map_err(|error| {
        format!("{shown} is no service account's key file (line {}, column {}): expected JSON with client_email, private_key and token_uri", error.line(), error.column())
    })?;
    let key =
        keys::rsa_key(&file.private_key).map_err(|problem| format!("{shown}: private_key {problem}"))?;
    let token_uri = base_url(&file.token_uri).map_err(|problem| format!("{shown}: token_uri {problem}"))?;
    Ok(ServiceAccount { client_email: file.client_email, key_id: file.private_key_id, token_uri, key })
}

fn vonage(
    place: &str,
    config: &SourceConfig,
    folder: &Path,
    faults: &mut Faults,
) -> Option<CredentialConfig> {
    let application = config.application.clone();
    if application.is_none() {
        faults.add(
            format!("{place}.application"),
            "missing: the id of the Vonage application that the sender is linked to",
        );
    }
    let Some(key) = &config.private_key else {
        faults.add(
            format!("{place}.private_key"),
            "missing: { file = \"…\" } with the application's private key",
        );
        return None;
    };
    let key_place = format!("{place}.private_key");
    let pem = faults.keep(&key_place, key.read(folder))?;
    let key = faults.keep(&key_place, keys::rsa_key(&pem))?;
    Some(CredentialConfig::VonageApplication { application: application?, key })
}

/// Equal for equal secrets, and telling nothing about them.
fn group(provider: Provider, secret: &SecretString) -> String {
    let digest = Sha256::digest(format!("rcs-revoke webhook group {}", secret.expose_secret()));
    format!("{}:{}", provider.code(), hex(&digest[..8]))
}

#[cfg(test)]
mod tests;
