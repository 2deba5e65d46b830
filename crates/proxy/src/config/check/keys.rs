//! Private keys: read, tried, and compared, since the sources of one account share what is signed with it.

use std::collections::HashMap;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};

use crate::config::Fault;
use crate::config::ready::{CredentialConfig, ReadySource};

/// Reads an RSA private key and signs once with it, since a damaged key may parse.
pub(super) fn rsa_key(pem: &SecretString) -> Result<EncodingKey, String> {
    let wrong = "is no RSA private key in PEM form (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)";
    let key = EncodingKey::from_rsa_pem(pem.expose_secret().as_bytes()).map_err(|_| wrong.to_owned())?;
    if signature(&key).is_some() { Ok(key) } else { Err(wrong.to_owned()) }
}

/// The signature of nothing; RS256 has no randomness, so equal keys and no others give equal ones.
fn signature(key: &EncodingKey) -> Option<String> {
    jsonwebtoken::encode(&Header::new(Algorithm::RS256), &serde_json::json!({}), key).ok()
}

/// The sources that sign for the account of an earlier one, but with another key or at another place: all of an
/// account share one token, so one of the two would silently not be used.
pub(super) fn disagreements(sources: &[ReadySource]) -> Vec<Fault> {
    let mut first: HashMap<String, (&ReadySource, _)> = HashMap::new();
    let mut faults = Vec::new();
    for source in sources {
        let (setting, signs) = match &source.credential {
            CredentialConfig::GoogleKey(account) => {
                ("key_file", (signature(&account.key), Some(account.token_uri.as_str())))
            }
            CredentialConfig::VonageApplication { key, .. } => ("private_key", (signature(key), None)),
            CredentialConfig::GoogleAmbient => continue,
        };
        let account = source.credential.account();
        let (earlier, theirs) = first.entry(account).or_insert_with(|| (source, signs.clone()));
        if *theirs != signs {
            let place = format!("sources.{}.{setting}", source.source.id);
            let problem = format!(
                "differs from that of `{}`, which signs for the same account: give both the same one",
                earlier.source.id
            );
            faults.push(Fault::new(place, &problem));
        }
    }
    faults
}
