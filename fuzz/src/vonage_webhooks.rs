//! Calls of Vonage. The first byte says how the rest is taken: `s` is a body that we sign, `t` is the header and the
//! claims of a token that we sign, line by line, and a body behind it; `w` is a whole call as written down.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE_NO_PAD, URL_SAFE_NO_PAD_INDIFFERENT};
use rcs_revoke_core::Provider;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::call::{Call, OTHER_KEY, VONAGE_KEY, is_verified, sha256_tag};

const APPLICATION: &str = "11111111-2222-4333-8444-555555555555";

/// Checks one input.
///
/// # Panics
/// When something does not hold.
pub fn check(data: &[u8]) {
    match data.split_first() {
        Some((b's', body)) => signed(body),
        Some((b't', text)) => token(text),
        Some((b'w', call)) => written(call),
        _ => written(data),
    }
}

/// Whatever is signed is kept, and nothing is that was signed by somebody else or changed afterwards.
fn signed(body: &[u8]) {
    let claims = json!({ "iss": "Vonage", "payload_hash": hash(body), "application_id": APPLICATION });
    let claims = claims.to_string();
    let call = sign(VONAGE_KEY, br#"{"alg":"HS256"}"#, claims.as_bytes(), body);
    let reception = call.check();
    assert!(is_verified(&reception), "{reception:?}");
    let forged = sign(OTHER_KEY, br#"{"alg":"HS256"}"#, claims.as_bytes(), body);
    assert!(!is_verified(&forged.receive(VONAGE_KEY)), "signed by somebody else");
    let mut changed = call;
    changed.body.push(b' ');
    assert!(!is_verified(&changed.receive(VONAGE_KEY)), "changed after it was signed");
}

/// A good signature is not enough: algorithm, issuer and the hash of the body must be right too.
fn token(text: &[u8]) {
    let mut parts = text.splitn(3, |byte| *byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let (header, claims, body) = (next(), next(), next());
    // Nobody can write a hash by chance: the right one stands for a word.
    let claims = String::from_utf8_lossy(claims).replace("HASH", &hash(body));
    let call = sign(VONAGE_KEY, header, claims.as_bytes(), body);
    if is_verified(&call.check()) {
        is_right(header, claims.as_bytes(), body);
    }
}

/// Whatever passes carries a token that is right in every part.
fn written(text: &[u8]) {
    let call = Call::written(Provider::Vonage, text);
    if !is_verified(&call.check()) {
        return;
    }
    let is_it =
        |(name, value): &&(String, String)| name.eq_ignore_ascii_case("authorization") && value.contains('.');
    let (_, value) = call.headers.iter().find(is_it).expect("verified without a token");
    let token = value.rsplit_once(' ').map_or("", |(_, token)| token.trim());
    let (signed, tag) = token.rsplit_once('.').expect("a token has three parts");
    let decode = |part: &str| URL_SAFE_NO_PAD_INDIFFERENT.decode(part).expect("each part is base64");
    assert_eq!(decode(tag), sha256_tag(VONAGE_KEY, signed.as_bytes()), "verified without a good signature");
    let (header, claims) = signed.split_once('.').expect("a token has three parts");
    is_right(&decode(header), &decode(claims), &call.body);
}

/// What must stand in a token, read apart from the core.
#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    payload_hash: String,
}

fn is_right(header: &[u8], claims: &[u8], body: &[u8]) {
    let header: Header = serde_json::from_slice(header).expect("the header names an algorithm");
    let claims: Claims = serde_json::from_slice(claims).expect("the claims name issuer and hash");
    assert_eq!((header.alg.as_str(), claims.iss.as_str()), ("HS256", "Vonage"));
    assert_eq!(claims.payload_hash, hash(body));
}

fn sign(key: &[u8], header: &[u8], claims: &[u8], body: &[u8]) -> Call {
    let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let tag = URL_SAFE_NO_PAD.encode(sha256_tag(key, signed.as_bytes()));
    let headers = vec![("Authorization".to_owned(), format!("Bearer {signed}.{tag}"))];
    Call { provider: Provider::Vonage, headers, body: body.to_vec() }
}

fn hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
