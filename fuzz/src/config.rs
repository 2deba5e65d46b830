//! The server's configuration as TOML. An input that begins with `!` is a secret that somebody wrote where its place
//! belongs; any other is the text of the file.

use std::net::{IpAddr, SocketAddr};
use std::path::{Component, Path};

use rcs_revoke_core::Span;
use rcs_revoke_core::class::StatedCells;
use rcs_revoke_proxy::config::check::check as ready;
use rcs_revoke_proxy::config::{Config, InvalidConfig, Ready, SecretRef};

/// Where the file would stand, beside keys that are there. The folder of this manifest is one below the repository's.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/proxy/tests/fuzz.toml");

/// Checks one input.
///
/// # Panics
/// When something does not hold.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    match text.strip_prefix('!') {
        Some(secret) => a_misplaced_secret_is_not_repeated(secret),
        None => whole(text),
    }
}

fn whole(text: &str) {
    match Config::parse(text, Path::new(FILE)) {
        Err(invalid) => says_where_and_what(&invalid),
        Ok(config) if reads_only_beside_it(&config) => match ready(&config) {
            Err(invalid) => says_where_and_what(&invalid),
            Ok(ready) => can_work(&config, &ready),
        },
        Ok(_) => {}
    }
}

fn says_where_and_what(invalid: &InvalidConfig) {
    assert!(!invalid.0.is_empty());
    for fault in &invalid.0 {
        assert!(!fault.place.is_empty() && !fault.problem.is_empty(), "{fault:?}");
    }
}

/// Whether it names no file elsewhere: an endless one, such as a device, is its operator's own choice.
fn reads_only_beside_it(config: &Config) -> bool {
    let secret = |secret: &Option<SecretRef>| secret.as_ref().and_then(|secret| secret.file.clone());
    let sources = config.sources.values().flat_map(|source| {
        [
            source.key_file.clone(),
            secret(&source.client_token),
            secret(&source.private_key),
            secret(&source.signature_secret),
        ]
    });
    sources
        .chain([secret(&config.access_key)])
        .flatten()
        .all(|path| path.components().all(|part| matches!(part, Component::Normal(_))))
}

fn can_work(config: &Config, ready: &Ready) {
    assert_eq!(ready.sources.len(), config.sources.len(), "no sender is dropped silently");
    for (host, base) in &ready.bases {
        let base = base.to_ascii_lowercase();
        assert!(base.starts_with("https://") || is_loopback(&base), "{host} at {base}");
    }
    for one in &ready.sources {
        assert!(one.source.check().is_ok(), "{:?}", one.source);
        let policy = &one.policy;
        assert!(policy.rate_per_second > 0 && policy.request_timeout > Span::ZERO, "{policy:?}");
        let spans = [policy.settle, policy.request_margin, policy.throttled_then, policy.presume_for];
        assert!(spans.iter().chain(&policy.retries).all(|span| *span >= Span::ZERO), "{policy:?}");
        assert_eq!(policy.classes, ready.classes, "every source has every class");
        assert_eq!(policy.class.is_some(), policy.class_of(None).is_some(), "{policy:?}");
        if let Some(sms) = &one.source.sms {
            assert!(config.sources[sms.source.as_str()].sms_from.as_ref() == Some(&sms.from), "{sms:?}");
        }
    }
    for class in &ready.classes {
        assert_eq!(class.check(StatedCells::default()), [], "{class:?}");
    }
}

fn is_loopback(base: &str) -> bool {
    let authority = base.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let ip = authority.parse().map(|address: SocketAddr| address.ip());
    let ip = ip.or_else(|_| authority.trim_matches(['[', ']']).parse::<IpAddr>());
    ip.is_ok_and(|ip| ip.is_loopback()) || authority.split(':').next() == Some("localhost")
}

/// What is refused because it is no place of a secret may be the secret itself.
fn a_misplaced_secret_is_not_repeated(secret: &str) {
    // Short texts stand in every sentence by chance.
    if secret.chars().filter(|c| c.is_alphanumeric()).count() < 12 {
        return;
    }
    let value = serde_json::Value::from(secret).to_string();
    for text in [
        format!("access_key = {value}"),
        format!("[sources.a]\nprovider = \"vonage\"\nsignature_secret = {value}"),
        format!("[sources.a]\nprovider = \"google_rbm\"\nclient_token = {value}"),
    ] {
        let error = Config::parse(&text, Path::new(FILE)).expect_err("a text is no place").to_string();
        assert!(!error.contains(secret), "{error}");
    }
}
