//! Compact JSON Web Tokens, as the providers take and make them.
//!
//! Reading is lenient about base64 padding, because two widespread Rust crates pad. Times are left to the caller, who
//! has the virtual clock.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{
    DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::keys::ClientKey;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The claims of an RS256 token, if the key that `key_of` finds for them signed it.
pub(crate) fn verify_rs256<'a>(
    token: &str,
    key_of: impl FnOnce(&Map<String, Value>) -> Option<&'a ClientKey>,
) -> Option<Map<String, Value>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Value = decode(header)?;
    if header["alg"] != "RS256" {
        return None;
    }
    let signature = LENIENT.decode(signature).ok()?;
    let claims = decode(claims)?;
    key_of(&claims)?.verifies(signed.as_bytes(), &signature).then_some(claims)
}

/// What a Vonage webhook token says besides its time and id.
pub(crate) struct WebhookClaims<'a> {
    pub iat_s: i64,
    pub jti: &'a str,
    pub api_key: &'a str,
    pub application_id: Option<&'a str>,
}

/// The token that Vonage sends with a webhook of this body: HS256 over compact header and claims.
pub(crate) fn sign_webhook(secret: &str, body: &[u8], claims: &WebhookClaims<'_>) -> String {
    let hash = hex(&Sha256::digest(body));
    let application =
        claims.application_id.map(|id| format!(",\"application_id\":{}", json!(id))).unwrap_or_default();
    let claims = format!(
        "{{\"iat\":{},\"jti\":{},\"iss\":\"Vonage\",\"payload_hash\":\"{hash}\",\"api_key\":{}{application}}}",
        claims.iat_s,
        json!(claims.jti),
        json!(claims.api_key),
    );
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{signed}.{signature}")
}

fn hex(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.map(|nibble| char::from(b"0123456789abcdef"[usize::from(nibble)])).collect()
}

fn decode<T: serde::de::DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&LENIENT.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vector computed with Python's `hmac` and OpenSSL; Vonage has published none with a body.
    #[test]
    fn signs_like_the_vector() {
        let body = br#"{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000","from":"DemoAgent","channel":"rcs","timestamp":"2026-11-20T10:00:00Z","status":"delivered","client_ref":"demo-1"}"#;
        let token = sign_webhook(
            "rcs-revoke-demo-signature-secret-0123456789abcdef",
            body,
            &WebhookClaims {
                iat_s: 1_795_168_800,
                jti: "0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d",
                api_key: "abcd1234",
                application_id: Some("11111111-2222-4333-8444-555555555555"),
            },
        );
        assert_eq!(
            token,
            concat!(
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3OTUxNjg4MDAsImp0aSI6IjBiMWMyZDNlLTRmNTAtNGE2Yi04YzdkLTllMGYxYTJiM2M0ZCIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6",
                "IjUyNzYyNTMwNzNhODQzMTEzY2M5OTExOTMwNzYxYmJmODg4MTQ3N2U5NDA0YTM1Y2Y5ODVkYWIzMzU2MzFmMDkiLCJhcGlfa2V5IjoiYWJjZDEyMzQiLCJhcHBsaWNhdGlvbl9pZCI6",
                "IjExMTExMTExLTIyMjItNDMzMy04NDQ0LTU1NTU1NTU1NTU1NSJ9.rxLmRWJ-1b_IeXv_olN9CsE6BU3Rp8Pfpz6iADsINUM",
            )
        );
    }
}
