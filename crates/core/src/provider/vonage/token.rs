//! The token in `Authorization` that signs a webhook of Vonage, and through its hash the body.
//!
//! HS256 and nothing else, whatever the token's header asks for. It has no `exp`, and an old `iat` is no reason
//! to refuse: Vonage retries for 24 hours, and what comes twice is one fact.
//! <https://developer.vonage.com/en/getting-started/concepts/webhooks>

use crate::base64::{self, Alphabet};
use crate::json;
use crate::prelude::*;
use crate::text;
use crate::webhook::{Hash, Refusal, Verified, WebhookCall, WebhookSecret};

/// Verifies the call. Beside its body stands the application that the token names.
pub(super) fn verify<'a>(
    call: &WebhookCall<'a>,
    secret: Option<&WebhookSecret>,
) -> Result<(Verified<'a>, Option<String>), Refusal> {
    let secret = call.admit(secret)?;
    let token = bearer(call).ok_or(Refusal::SignatureMissing)?;
    proven(token, secret, call.body).ok_or(Refusal::SignatureWrong)
}

/// The application that the token of a verified call names; nothing is checked here.
pub(super) fn application(call: &WebhookCall<'_>) -> Option<String> {
    let (_, claims) = text::split_once(bearer(call)?, ".")?;
    let claims = decode(text::before(claims, b"."))?;
    let [application] = json::pick(&claims, &["application_id"])?;
    json::opt_text(application).ok()?
}

fn bearer<'a>(call: &'a WebhookCall<'_>) -> Option<&'a str> {
    let (scheme, token) = text::split_once(text::trimmed(call.header("authorization")?), " ")?;
    scheme.eq_ignore_ascii_case("bearer").then(|| text::trimmed(token)).filter(|token| !token.is_empty())
}

/// The body, if the token is signed with our secret and names it, with the application that the token names.
fn proven<'a>(token: &str, secret: &WebhookSecret, body: &'a [u8]) -> Option<(Verified<'a>, Option<String>)> {
    let (signed, signature) = text::rsplit_once(token, ".")?;
    let (header, claims) = text::split_once(signed, ".")?;
    if !is_hs256(&decode(header)?) {
        return None;
    }
    Verified::by_mac(secret, signed.as_bytes(), Hash::SHA256, &decode(signature)?)?;
    let claims = decode(claims)?;
    let names = &["iss", "payload_hash", "api_key", "application_id"];
    let [issuer, payload_hash, account, application] = json::pick(&claims, names)?;
    let account = json::opt_text(account).ok()?;
    let application = json::opt_text(application).ok()?;
    if !json::is_text(issuer, "Vonage")
        || secret.account().is_some_and(|ours| account.as_deref() != Some(ours))
    {
        return None;
    }
    Some((Verified::by_hash(body, payload_hash)?, application))
}

/// Whether a token's header asks for HS256 and names no extensions: whoever does not know one must refuse it
/// (RFC 7515 §4.1.11), we know none, and the name of none is no valid list of them.
fn is_hs256(header: &[u8]) -> bool {
    let read = json::pick(header, &["alg", "crit"]);
    read.is_some_and(|[alg, crit]| json::is_text(alg, "HS256") && crit.is_none())
}

fn decode(part: &str) -> Option<Vec<u8>> {
    base64::decode(Alphabet::Url, part)
}
