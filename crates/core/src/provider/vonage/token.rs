//! The token in `Authorization` that signs a webhook of Vonage, and through its hash the body.
//!
//! HS256 and nothing else, whatever the token's header asks for. It has no `exp`, and an old `iat` is no reason
//! to refuse: Vonage retries for 24 hours, and what comes twice is one fact.
//! <https://developer.vonage.com/en/getting-started/concepts/webhooks>

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD_INDIFFERENT as BASE64URL;
use hmac::Hmac;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use sha2::Sha256;

use crate::webhook::{Refusal, Verified, WebhookCall, WebhookSecret, object};

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Whether extensions are named that whoever does not know them must refuse (RFC 7515 §4.1.11); we know none,
    /// and the name of none is no valid list of them.
    #[serde(default, deserialize_with = "stands_there")]
    crit: bool,
}

fn stands_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    payload_hash: String,
    api_key: Option<String>,
    application_id: Option<String>,
}

/// Verifies the call. Beside its body stands the application that the token names.
pub(super) fn verify<'a>(
    call: &WebhookCall<'a>,
    secret: Option<&WebhookSecret>,
) -> Result<(Verified<'a>, Option<String>), Refusal> {
    let secret = call.admit(secret)?;
    let token = call.header("authorization").and_then(bearer).ok_or(Refusal::SignatureMissing)?;
    let claims = claims(token, secret)?;
    let account_fits = secret.account().is_none_or(|account| claims.api_key.as_deref() == Some(account));
    if claims.iss != "Vonage" || !account_fits {
        return Err(Refusal::SignatureWrong);
    }
    Ok((Verified::by_hash(call.body, &claims.payload_hash)?, claims.application_id))
}

/// The application that the token of a verified call names; nothing is checked here.
pub(super) fn application(call: &WebhookCall<'_>) -> Option<String> {
    let token = call.header("authorization").and_then(bearer)?;
    let claims: Claims = json(&decode(token.split('.').nth(1)?).ok()?).ok()?;
    claims.application_id
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

fn claims(token: &str, secret: &WebhookSecret) -> Result<Claims, Refusal> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::SignatureWrong)?;
    let (header, claims) = signed.split_once('.').ok_or(Refusal::SignatureWrong)?;
    let header: Header = json(&decode(header)?)?;
    if header.alg != "HS256" || header.crit {
        return Err(Refusal::SignatureWrong);
    }
    let signed = Cow::Borrowed(signed.as_bytes());
    Verified::by_mac::<Hmac<Sha256>>(secret, signed, &decode(signature)?)?;
    json(&decode(claims)?)
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    BASE64URL.decode(part).map_err(|_| Refusal::SignatureWrong)
}

fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Refusal> {
    object(bytes).ok_or(Refusal::SignatureWrong)
}
