//! Google credentials of the machine, where no key file is given: the metadata server, or gcloud.
//!
//! `gcp_auth` knows where to look; it waits without end, so the time-out and the single flight are ours.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gcp_auth::TokenProvider;
use rcs_revoke_core::ack::SendFailure;
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::credentials::Credential;
use crate::credentials::google::SCOPE;

/// How long a token may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The machine's own token; the library caches it and knows when it ends.
#[derive(Default)]
pub struct AmbientToken(Mutex<Option<Arc<dyn TokenProvider>>>);

#[async_trait]
impl Credential for AmbientToken {
    async fn bearer(&self) -> Result<SecretString, SendFailure> {
        let mut found = self.0.lock().await;
        let fetch = async {
            let provider = match found.as_ref() {
                Some(provider) => Arc::clone(provider),
                None => Arc::clone(found.insert(gcp_auth::provider().await?)),
            };
            provider.token(&[SCOPE]).await
        };
        match tokio::time::timeout(TIMEOUT, fetch).await {
            Ok(Ok(token)) => Ok(token.as_str().to_owned().into()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "no Google credentials found on this machine");
                Err(SendFailure::TokenUnreachable)
            }
            Err(_) => Err(SendFailure::TokenUnreachable),
        }
    }

    async fn forget(&self) {
        *self.0.lock().await = None;
    }
}
