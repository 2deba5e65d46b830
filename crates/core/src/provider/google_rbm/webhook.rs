//! Inbound calls of Google: the handshake that registers a webhook, and signed events in a Pub/Sub envelope.
//!
//! The signature covers the decoded bytes of `message.data` and nothing around them, so nothing around them is
//! read. <https://developers.google.com/business-communications/rcs-business-messaging/guides/integrate/webhooks>

use alloc::borrow::Cow;

use subtle::ConstantTimeEq;

use super::event;
use crate::base64::{Alphabet, decode, encode};
use crate::json;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::joined;
use crate::text;
use crate::webhook::{Hash, Reception, Refusal, Verdict, Verified, WebhookCall, WebhookSecret};

/// Verifies and reads one call.
pub(super) fn receive(call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Reception {
    hear(call, secret).unwrap_or_else(|why| Reception::refused(Provider::GoogleRbm, why))
}

fn hear(call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Result<Reception, Refusal> {
    let secret = call.admit(secret)?;
    let envelope = Envelope::read(call.body).ok_or(Refusal::Malformed)?;
    match (&envelope.data, &envelope.client_token, &envelope.secret) {
        (Some(data), ..) => event(call, secret, data),
        (None, Some(token), Some(answer)) => handshake(secret, token, answer),
        _ => Err(Refusal::Malformed),
    }
}

fn event(call: &WebhookCall<'_>, secret: &WebhookSecret, data: &str) -> Result<Reception, Refusal> {
    let payload = decode(Alphabet::Standard, data).ok_or(Refusal::Malformed)?;
    let signature = call.header("x-goog-signature").map_or("", text::trimmed);
    if signature.is_empty() {
        return Err(Refusal::SignatureMissing);
    }
    let tag = decode(Alphabet::Standard, signature).ok_or(Refusal::SignatureWrong)?;
    let payload = Verified::by_mac(secret, &payload, Hash::SHA512, &tag).ok_or(Refusal::SignatureWrong)?;
    Ok(Reception::kept(event::read(&payload)))
}

/// Google wants the bare secret back, and only the holder of the token may see it.
fn handshake(secret: &WebhookSecret, token: &str, answer: &str) -> Result<Reception, Refusal> {
    if !bool::from(token.as_bytes().ct_eq(secret.key())) {
        return Err(Refusal::WrongToken);
    }
    Ok(Reception { status: 200, body: answer.to_owned(), verdict: Verdict::Handshake })
}

/// Reads a call that was verified when it came.
pub(super) fn read_again(call: &WebhookCall<'_>) -> Verdict {
    match payload(call.body) {
        Ok(payload) => event::read(&Verified::when_it_came(&payload)),
        Err(reason) => {
            let raw = text::decode(call.body).into_owned();
            Verdict::Unreadable { reason: reason.to_owned(), raw }
        }
    }
}

/// The body with nothing left in it but what is signed. Whoever has one signed event may write around it what he
/// likes, and would otherwise make us keep it again and again.
pub(super) fn worth_keeping<'a>(call: &WebhookCall<'a>) -> Cow<'a, [u8]> {
    match payload(call.body) {
        Ok(payload) => {
            let data = encode(&payload);
            Cow::Owned(joined(&[r#"{"message":{"data":""#, &data, r#""}}"#]).into_bytes())
        }
        Err(_) => Cow::Borrowed(call.body),
    }
}

fn payload(body: &[u8]) -> Result<Vec<u8>, &'static str> {
    let envelope = Envelope::read(body).ok_or("not the envelope of an event")?;
    let data = envelope.data.ok_or("no event in its envelope")?;
    decode(Alphabet::Standard, &data).ok_or("`message.data` is no base64")
}

/// The transport's own fields. A field that stands twice is refused, and so is a list of them: nothing signs it, and
/// two readers might take one each.
struct Envelope {
    client_token: Option<String>,
    secret: Option<String>,
    /// The field `data` of `message`, which is there whenever `message` is.
    data: Option<String>,
}

impl Envelope {
    fn read(body: &[u8]) -> Option<Self> {
        let [client_token, secret, message] = json::pick(body, &["clientToken", "secret", "message"])?;
        let data = match message.filter(|message| *message != b"null") {
            Some(message) => {
                let [data] = json::pick(message, &["data"])?;
                Some(json::text(data.unwrap_or_default())?)
            }
            None => None,
        };
        Some(Self {
            client_token: json::opt_text(client_token).ok()?,
            secret: json::opt_text(secret).ok()?,
            data,
        })
    }
}
