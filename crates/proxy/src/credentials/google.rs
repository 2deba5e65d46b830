//! Google's service accounts: a signed assertion becomes an access token at the token endpoint.
//!
//! Wire facts: <https://developers.google.com/identity/protocols/oauth2/service-account#httprest>.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use jsonwebtoken::{Algorithm, Header};
use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::{Span, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::clock::SharedClock;
use crate::config::ready::ServiceAccount;
use crate::credentials::Credential;
use crate::transport::Transport;

/// The only permission that is asked for.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/rcsbusinessmessaging";
/// How long an assertion may be used.
const ASSERTION_LIFE: i64 = 3_600;
/// How much earlier than its end a token is replaced.
const MARGIN: Span = Span::minutes(5);
/// How long the token endpoint may take, in real time.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long a failure answers those who waited for the same token.
const SHARED_FOR: Duration = Duration::from_millis(500);

/// The access token of one service account.
pub struct ServiceAccountToken {
    account: ServiceAccount,
    transport: Arc<dyn Transport>,
    clock: SharedClock,
    /// Held while a token is fetched, so that one request at a time asks for it and the others wait for its answer.
    cached: Mutex<Cached>,
}

#[derive(Default)]
struct Cached {
    token: Option<Token>,
    /// The last failure: those who waited for it share it.
    failed: Option<(SendFailure, Instant)>,
}

struct Token {
    bearer: SecretString,
    good_until: Timestamp,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: Option<i64>,
}

#[derive(Deserialize)]
struct Denied {
    error: String,
}

impl ServiceAccountToken {
    /// The token of a service account, not fetched yet.
    pub fn new(account: ServiceAccount, transport: Arc<dyn Transport>, clock: SharedClock) -> Self {
        Self { account, transport, clock, cached: Mutex::default() }
    }

    async fn fetch(&self) -> Result<Token, SendFailure> {
        let now = self.clock.now();
        let request = self.request(now).ok_or(SendFailure::TokenRefused)?;
        let answer = self.transport.send(request, TIMEOUT).await.map_err(|failure| {
            tracing::warn!(
                account = self.account.client_email,
                ?failure,
                "the token endpoint could not be reached"
            );
            SendFailure::TokenUnreachable
        })?;
        if answer.status().is_success() {
            let granted: Granted =
                serde_json::from_slice(answer.body()).map_err(|_| SendFailure::TokenUnreachable)?;
            // One that lasts hardly longer than the margin is used once and not kept.
            let life = Span::secs(granted.expires_in.unwrap_or(0).clamp(0, ASSERTION_LIFE));
            return Ok(Token { bearer: granted.access_token, good_until: now + life - MARGIN });
        }
        Err(self.denied(answer.status().as_u16(), answer.body()))
    }

    fn request(&self, now: Timestamp) -> Option<http::Request<Bytes>> {
        let iat = now.as_millis() / 1_000;
        let claims = Claims {
            iss: &self.account.client_email,
            scope: SCOPE,
            aud: &self.account.token_uri,
            iat,
            exp: iat + ASSERTION_LIFE,
        };
        let mut header = Header::new(Algorithm::RS256);
        header.kid.clone_from(&self.account.key_id);
        let assertion = jsonwebtoken::encode(&header, &claims, &self.account.key).ok()?;
        let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
        http::Request::post(&self.account.token_uri)
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(http::header::ACCEPT, "application/json")
            .body(Bytes::from(format!("{grant}{assertion}")))
            .ok()
    }

    fn denied(&self, status: u16, body: &[u8]) -> SendFailure {
        let error =
            serde_json::from_slice::<Denied>(body).map_or_else(|_| String::new(), |denied| denied.error);
        let for_good = (400..500).contains(&status) && status != 408 && status != 429;
        let account = &self.account.client_email;
        if for_good {
            tracing::error!(
                account,
                status,
                error,
                "the token endpoint refused our key: check that the key file is current and that this machine's clock is right"
            );
            SendFailure::TokenRefused
        } else {
            tracing::warn!(account, status, error, "the token endpoint failed");
            SendFailure::TokenUnreachable
        }
    }
}

#[async_trait]
impl Credential for ServiceAccountToken {
    async fn bearer(&self) -> Result<SecretString, SendFailure> {
        let mut cached = self.cached.lock().await;
        if let Some(token) = cached.token.as_ref().filter(|token| token.good_until > self.clock.now()) {
            return Ok(token.bearer.clone());
        }
        if let Some((failure, _)) = cached.failed.filter(|(_, at)| at.elapsed() < SHARED_FOR) {
            return Err(failure);
        }
        match self.fetch().await {
            Ok(token) => {
                cached.failed = None;
                Ok(cached.token.insert(token).bearer.clone())
            }
            Err(failure) => {
                cached.failed = Some((failure, Instant::now()));
                Err(failure)
            }
        }
    }

    async fn forget(&self) {
        self.cached.lock().await.token = None;
    }
}
