//! The demo credentials of one world: made at start unless the configuration brings its own.

use std::fmt;
use std::path::Path;

use serde_json::json;

use crate::config::Config;
use crate::dice::Dice;
use crate::keys::{self, ClientKey, KeyError};

mod files;
mod other;

pub use other::OtherApplication;

/// Everything a client needs to talk to the simulated providers, and to check their webhooks.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// A Google service-account key (JSON); its `token_uri` is the simulator's token endpoint.
    pub google_service_account: String,
    /// The client token that signs Google's webhooks.
    pub google_client_token: String,
    /// The client token that was in use before, for webhooks signed `stale`.
    pub google_old_client_token: String,
    /// The Vonage application's id.
    pub vonage_application_id: String,
    /// The Vonage application's private key (PEM).
    pub vonage_private_key: String,
    /// Another application of the account.
    pub vonage_other_application: OtherApplication,
    /// The Vonage account's key.
    pub vonage_api_key: String,
    /// The Vonage account's secret.
    pub vonage_api_secret: String,
    /// The secret that signs Vonage's webhooks.
    pub vonage_signature_secret: String,
    /// The secret that was in use before, for webhooks signed `stale`.
    pub vonage_old_signature_secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("vonage_application_id", &self.vonage_application_id)
            .field("vonage_api_key", &self.vonage_api_key)
            .finish_non_exhaustive()
    }
}

/// Why the credentials cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A private key cannot be used.
    #[error("{what}: {source}")]
    Key {
        /// Which key.
        what: String,
        /// What is wrong with it.
        source: KeyError,
    },
    /// The service-account file lacks something.
    #[error("{path} is not a service-account key: it has no text field `{field}`")]
    NotAServiceAccount {
        /// The file.
        path: String,
        /// The missing field.
        field: &'static str,
    },
}

/// What the simulator keeps of the clients it knows.
pub(crate) struct Clients {
    pub google_email: String,
    pub google_key: ClientKey,
    pub google_audiences: Vec<String>,
    pub vonage_key: ClientKey,
}

impl Credentials {
    /// Writes each credential into a file of its own under `folder`, readable by its owner only.
    ///
    /// # Errors
    /// When the folder or a file cannot be written.
    pub fn write_to(&self, folder: &Path) -> Result<(), CredentialsError> {
        files::write(self, folder)
    }

    /// Makes or reads everything. Takes a moment: up to two RSA keys, made at the same time.
    pub(crate) fn prepare(config: &Config, token_uri: &str) -> Result<(Self, Clients), CredentialsError> {
        let dice = Dice::new(config.seed);
        let vonage = &config.vonage;
        let other_key = vonage.other_private_key_file.as_deref().map(read_key).transpose()?;
        let (google, application) = std::thread::scope(|scope| {
            let application = scope.spawn(|| match vonage.private_key_file.as_deref() {
                Some(path) => read_key(path),
                None => keys::generate().map_err(|source| key_error("Vonage application key", source)),
            });
            let google = match &config.google.service_account_file {
                Some(path) => files::read_service_account(path),
                None => new_service_account(token_uri, dice),
            };
            (google, application.join().expect("making a key does not panic"))
        });
        let (google, (vonage_private_key, vonage_key)) = (google?, application?);
        let or_hex = |given: &Option<String>, name: &str, bytes: usize| {
            given.clone().unwrap_or_else(|| dice.hex("credentials", name, bytes))
        };
        let credentials = Self {
            google_service_account: google.json,
            google_client_token: or_hex(&config.google.client_token, "client_token", 8),
            google_old_client_token: dice.hex("credentials", "old client_token", 8),
            vonage_application_id: vonage
                .application_id
                .clone()
                .unwrap_or_else(|| dice.uuid("credentials", "application_id", 0)),
            vonage_private_key,
            vonage_other_application: OtherApplication::new(
                dice.uuid("credentials", "other application_id", 0),
                other_key,
            ),
            vonage_api_key: or_hex(&vonage.api_key, "api_key", 4),
            vonage_api_secret: or_hex(&vonage.api_secret, "api_secret", 8),
            vonage_signature_secret: or_hex(&vonage.signature_secret, "signature_secret", 24),
            vonage_old_signature_secret: dice.hex("credentials", "old signature_secret", 24),
        };
        let clients = Clients {
            google_email: google.email,
            google_key: google.key,
            google_audiences: [&config.google.audiences[..], &[token_uri.to_owned(), google.token_uri]]
                .concat(),
            vonage_key,
        };
        Ok((credentials, clients))
    }
}

/// A private key with its public half.
fn read_key(path: &Path) -> Result<(String, ClientKey), CredentialsError> {
    let pem = files::read(path)?;
    let key = keys::from_pem(&pem).map_err(|source| key_error(&path.display().to_string(), source))?;
    Ok((pem, key))
}

/// A service account with the public half of its key.
struct ServiceAccount {
    json: String,
    email: String,
    token_uri: String,
    key: ClientKey,
}

fn new_service_account(token_uri: &str, dice: Dice) -> Result<ServiceAccount, CredentialsError> {
    let (pem, key) = keys::generate().map_err(|source| key_error("Google service-account key", source))?;
    let email = "rbm-demo@rcs-revoke-simulator.iam.gserviceaccount.com".to_owned();
    let json = json!({
        "type": "service_account",
        "project_id": "rcs-revoke-simulator",
        "private_key_id": dice.hex("credentials", "private_key_id", 20),
        "private_key": pem,
        "client_email": email,
        "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    });
    Ok(ServiceAccount { json: format!("{json:#}\n"), email, token_uri: token_uri.to_owned(), key })
}

fn key_error(what: &str, source: KeyError) -> CredentialsError {
    CredentialsError::Key { what: what.to_owned(), source }
}
