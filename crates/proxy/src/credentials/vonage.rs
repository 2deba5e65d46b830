//! Vonage's application tokens: a JWT that we sign ourselves is the bearer; there is no token endpoint.
//!
//! Wire facts: <https://developer.vonage.com/en/getting-started/concepts/authentication>.

use async_trait::async_trait;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::id::ApplicationId;
use rcs_revoke_core::{Span, Timestamp};
use secrecy::SecretString;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::clock::SharedClock;
use crate::credentials::Credential;

/// How long a token is good.
const LIFE: i64 = 900;
/// How long one is used; shorter than its life, since clocks differ.
const USED_FOR: Span = Span::minutes(10);

/// The token of one application.
pub struct ApplicationToken {
    application: ApplicationId,
    key: EncodingKey,
    clock: SharedClock,
    cached: Mutex<Option<(SecretString, Timestamp)>>,
}

#[derive(Serialize)]
struct Claims<'a> {
    application_id: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl ApplicationToken {
    /// The token of an application, not signed yet.
    pub fn new(application: ApplicationId, key: EncodingKey, clock: SharedClock) -> Self {
        Self { application, key, clock, cached: Mutex::new(None) }
    }

    fn sign(&self, now: Timestamp) -> Result<SecretString, SendFailure> {
        let iat = now.as_millis() / 1_000;
        let jti = ulid::Ulid::generate().to_string();
        let claims = Claims { application_id: self.application.as_str(), iat, exp: iat + LIFE, jti };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key);
        token.map(Into::into).map_err(|_| SendFailure::TokenRefused)
    }
}

#[async_trait]
impl Credential for ApplicationToken {
    async fn bearer(&self) -> Result<SecretString, SendFailure> {
        let now = self.clock.now();
        let mut cached = self.cached.lock().await;
        if let Some((token, signed_at)) = cached.as_ref()
            && *signed_at <= now
            && now - *signed_at < USED_FOR
        {
            return Ok(token.clone());
        }
        let token = self.sign(now)?;
        *cached = Some((token.clone(), now));
        Ok(token)
    }

    async fn forget(&self) {
        *self.cached.lock().await = None;
    }
}
