//! Tokens: fetched once for all who wait, kept until shortly before their end, and dropped when not accepted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use jsonwebtoken::EncodingKey;
use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::id::ApplicationId;
use secrecy::ExposeSecret;

use super::Credential;
use super::google::ServiceAccountToken;
use super::vonage::ApplicationToken;
use crate::clock::{SharedClock, System};
use crate::config::ready::ServiceAccount;
use crate::transport::{HttpRequest, Transport};

const KEY: &[u8] = include_bytes!("../../tests/throw-away-key.pem");

/// A token endpoint that counts, and answers the same each time.
fn endpoint(status: u16, body: &'static str) -> (ServiceAccountToken, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let transport: Arc<dyn Transport> = Arc::new(move |request: HttpRequest| {
        count.fetch_add(1, Ordering::Relaxed);
        let form = String::from_utf8_lossy(request.body()).into_owned();
        assert!(
            form.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey")
        );
        async move {
            tokio::task::yield_now().await;
            Ok(http::Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap())
        }
    });
    let account = ServiceAccount {
        client_email: "demo@example.iam.gserviceaccount.com".to_owned(),
        key_id: None,
        token_uri: "https://oauth2.googleapis.com/token".to_owned(),
        key: EncodingKey::from_rsa_pem(KEY).unwrap(),
    };
    let clock: SharedClock = Arc::new(System);
    (ServiceAccountToken::new(account, transport, clock), asked)
}

#[tokio::test]
async fn all_who_wait_share_one_fetch() {
    let (token, asked) =
        endpoint(200, r#"{"access_token":"ya29.A","expires_in":3599,"token_type":"Bearer"}"#);
    let (one, other) = tokio::join!(token.bearer(), token.bearer());
    assert_eq!(one.unwrap().expose_secret(), other.unwrap().expose_secret());
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    token.forget().await;
    token.bearer().await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2, "a token that was not accepted is not used again");
}

#[tokio::test]
async fn a_token_about_to_end_is_not_kept() {
    let (token, asked) = endpoint(200, r#"{"access_token":"ya29.A","expires_in":60,"token_type":"Bearer"}"#);
    token.bearer().await.unwrap();
    token.bearer().await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_refusal_for_good_differs_from_a_failure_that_may_pass() {
    for (status, body, failure) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#,
            SendFailure::TokenRefused,
        ),
        (401, "", SendFailure::TokenRefused),
        (429, "", SendFailure::TokenUnreachable),
        (503, "", SendFailure::TokenUnreachable),
        (200, "not json", SendFailure::TokenUnreachable),
    ] {
        let (token, asked) = endpoint(status, body);
        let (one, other) = tokio::join!(token.bearer(), token.bearer());
        assert_eq!((one.unwrap_err(), other.unwrap_err()), (failure, failure), "{status}");
        assert_eq!(asked.load(Ordering::Relaxed), 1, "{status}: those who waited share the failure");
    }
}

#[tokio::test]
async fn an_application_signs_its_own_token_and_keeps_it_for_a_while() {
    let clock: SharedClock = Arc::new(System);
    let application = ApplicationId::parse("11111111-2222-4333-8444-555555555555").unwrap();
    let token = ApplicationToken::new(application, EncodingKey::from_rsa_pem(KEY).unwrap(), clock);
    let (one, other) = (token.bearer().await.unwrap(), token.bearer().await.unwrap());
    assert_eq!(one.expose_secret(), other.expose_secret());
    token.forget().await;
    assert_ne!(token.bearer().await.unwrap().expose_secret(), one.expose_secret());
}
