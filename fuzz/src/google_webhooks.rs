//! Calls of Google. The first byte says how the rest is taken: `s` is a payload that we sign, `w` a whole call as
//! written down, signature and all.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_PAD_INDIFFERENT};
use rcs_revoke_core::Provider;
use rcs_revoke_core::webhook::Verdict;
use serde::Deserialize;
use serde_json::json;

use super::call::{Call, GOOGLE_KEY, OTHER_KEY, is_verified, sha512_tag};

/// Checks one input.
///
/// # Panics
/// When something does not hold.
pub fn check(data: &[u8]) {
    match data.split_first() {
        Some((b's', payload)) => signed(payload),
        Some((b'w', call)) => written(call),
        _ => written(data),
    }
}

/// Whatever is signed is kept, and nothing is that was signed by somebody else or changed afterwards.
fn signed(payload: &[u8]) {
    let call = sign(GOOGLE_KEY, payload);
    let reception = call.check();
    assert!(is_verified(&reception), "{reception:?}");
    assert!(!is_verified(&sign(OTHER_KEY, payload).receive(GOOGLE_KEY)), "signed by somebody else");
    let mut changed = payload.to_vec();
    changed.push(b' ');
    let changed = Call { body: envelope(&changed), ..call };
    assert!(!is_verified(&changed.receive(GOOGLE_KEY)), "changed after it was signed");
}

fn sign(key: &[u8], payload: &[u8]) -> Call {
    let signature = STANDARD.encode(sha512_tag(key, payload));
    Call {
        provider: Provider::GoogleRbm,
        headers: vec![("X-Goog-Signature".to_owned(), signature)],
        body: envelope(payload),
    }
}

fn envelope(payload: &[u8]) -> Vec<u8> {
    json!({ "message": { "data": STANDARD.encode(payload) } }).to_string().into_bytes()
}

/// What stands in a call, read apart from the core.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    client_token: Option<String>,
    secret: Option<String>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    data: String,
}

/// Whatever passes carries a good signature over the very bytes that were read, or our own token.
fn written(text: &[u8]) {
    let call = Call::written(Provider::GoogleRbm, text);
    let reception = call.check();
    let body: Body = serde_json::from_slice(&call.body).unwrap_or_default();
    if reception.verdict == Verdict::Handshake {
        assert_eq!(body.client_token.as_deref().map(str::as_bytes), Some(GOOGLE_KEY));
        assert_eq!(body.secret.as_deref(), Some(&*reception.body), "the bare secret comes back");
    }
    if is_verified(&reception) {
        let data = body.message.expect("what was verified has a message").data;
        let payload = STANDARD_PAD_INDIFFERENT.decode(data).expect("what was verified is base64");
        let tag = sha512_tag(GOOGLE_KEY, &payload);
        let is_it = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("x-goog-signature")
                && STANDARD_PAD_INDIFFERENT.decode(value.trim()).is_ok_and(|stated| stated == tag)
        };
        assert!(call.headers.iter().any(is_it), "verified without a good signature");
    }
}
