//! Credentials: whatever signs our requests, one file for each scheme. Nothing of them is stored, logged or shown.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use rcs_revoke_core::ack::SendFailure;
use secrecy::SecretString;

use crate::clock::SharedClock;
use crate::config::ReadySource;
use crate::config::ready::CredentialConfig;
use crate::transport::Transport;

pub mod ambient;
pub mod google;
pub mod vonage;

/// Whoever gives a bearer token.
#[async_trait]
pub trait Credential: Send + Sync {
    /// A token that is good now.
    ///
    /// # Errors
    /// When none can be had; nothing was sent to the provider then.
    async fn bearer(&self) -> Result<SecretString, SendFailure>;

    /// Drops the cached token, because it was not accepted.
    async fn forget(&self);
}

/// The credentials of all sources; those of one account are shared.
#[derive(Clone)]
pub struct Credentials(HashMap<String, Arc<dyn Credential>>);

impl Credentials {
    /// Makes the credentials of these sources.
    pub fn new(sources: &[ReadySource], transport: &Arc<dyn Transport>, clock: &SharedClock) -> Self {
        let mut shared: HashMap<String, Arc<dyn Credential>> = HashMap::new();
        let mut all = HashMap::new();
        for source in sources {
            let credential = shared
                .entry(source.credential.account())
                .or_insert_with(|| make(&source.credential, transport, clock));
            all.insert(source.source.id.to_string(), Arc::clone(credential));
        }
        Self(all)
    }

    /// The credential of a source.
    pub fn of(&self, source: &str) -> Option<Arc<dyn Credential>> {
        self.0.get(source).cloned()
    }
}

fn make(
    config: &CredentialConfig,
    transport: &Arc<dyn Transport>,
    clock: &SharedClock,
) -> Arc<dyn Credential> {
    match config {
        CredentialConfig::GoogleKey(account) => Arc::new(google::ServiceAccountToken::new(
            account.clone(),
            Arc::clone(transport),
            Arc::clone(clock),
        )),
        CredentialConfig::GoogleAmbient => Arc::new(ambient::AmbientToken::default()),
        CredentialConfig::VonageApplication { application, key } => {
            Arc::new(vonage::ApplicationToken::new(application.clone(), key.clone(), Arc::clone(clock)))
        }
    }
}

#[cfg(test)]
mod tests;
