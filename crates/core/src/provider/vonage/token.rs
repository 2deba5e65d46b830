//! The token in `Authorization` that signs a webhook of Vonage, and through its hash the body.
//!
//! HS256 and nothing else, whatever the token's header asks for. It has no `exp`, and an old `iat` is no reason
//! to refuse: Vonage retries for 24 hours, and what comes twice is one fact.
//! <https://developer.vonage.com/en/getting-started/concepts/webhooks>

use alloc::borrow::Cow;

use crate::base64::{self, Alphabet};
use crate::json;
use crate::prelude::*;
use crate::text;
use crate::webhook::{Hash, Refusal, Verified, WebhookCall, WebhookSecret};

struct Claims {
    iss: Option<String>,
    payload_hash: Option<String>,
    api_key: Option<String>,
    application_id: Option<String>,
}

impl Claims {
    fn read(part: &str) -> Option<Self> {
        let names = ["iss", "payload_hash", "api_key", "application_id"];
        let [iss, payload_hash, api_key, application_id] = json::texts(&decode(part)?, names)?;
        Some(Self { iss, payload_hash, api_key, application_id })
    }
}

/// Verifies the call. Beside its body stands the application that the token names.
pub(super) fn verify<'a>(
    call: &WebhookCall<'a>,
    secret: Option<&WebhookSecret>,
) -> Result<(Verified<'a>, Option<String>), Refusal> {
    let secret = call.admit(secret)?;
    let token = call.header("authorization").and_then(bearer).ok_or(Refusal::SignatureMissing)?;
    let claims = claims(token, secret).ok_or(Refusal::SignatureWrong)?;
    let account_fits = secret.account().is_none_or(|account| claims.api_key.as_deref() == Some(account));
    if claims.iss.as_deref() != Some("Vonage") || !account_fits {
        return Err(Refusal::SignatureWrong);
    }
    let payload =
        Verified::by_hash(call.body, claims.payload_hash.as_deref()).ok_or(Refusal::SignatureWrong)?;
    Ok((payload, claims.application_id))
}

/// The application that the token of a verified call names; nothing is checked here.
pub(super) fn application(call: &WebhookCall<'_>) -> Option<String> {
    let token = call.header("authorization").and_then(bearer)?;
    Claims::read(token.split('.').nth(1)?)?.application_id
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = text::split_once(authorization.trim(), " ")?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// What a token claims, if its signature is right.
fn claims(token: &str, secret: &WebhookSecret) -> Option<Claims> {
    let (signed, signature) = text::rsplit_once(token, ".")?;
    let (header, claims) = text::split_once(signed, ".")?;
    if !is_hs256(&decode(header)?) {
        return None;
    }
    let signed = Cow::Borrowed(signed.as_bytes());
    Verified::by_mac(secret, signed, Hash::SHA256, &decode(signature)?)?;
    Claims::read(claims)
}

/// Whether a token's header asks for HS256 and names no extensions: whoever does not know one must refuse it
/// (RFC 7515 §4.1.11), we know none, and the name of none is no valid list of them.
fn is_hs256(header: &[u8]) -> bool {
    json::pick(header, ["alg", "crit"])
        .is_some_and(|[alg, crit]| crit.is_none() && alg.and_then(json::text).as_deref() == Some("HS256"))
}

fn decode(part: &str) -> Option<Vec<u8>> {
    base64::decode(Alphabet::Url, part)
}
