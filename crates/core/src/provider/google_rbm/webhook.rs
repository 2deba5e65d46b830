//! Inbound calls of Google: the handshake that registers a webhook, and signed events in a Pub/Sub envelope.
//!
//! The signature covers the decoded bytes of `message.data` and nothing around them, so nothing around them is
//! read. <https://developers.google.com/business-communications/rcs-business-messaging/guides/integrate/webhooks>

use alloc::borrow::Cow;

use hmac::Hmac;
use sha2::Sha512;
use subtle::ConstantTimeEq;

use super::event;
use crate::base64::{Alphabet, decode, encode};
use crate::json::{self, JsonError};
use crate::prelude::*;
use crate::provider::Provider;
use crate::text;
use crate::webhook::{Reception, Refusal, Verdict, Verified, WebhookCall, WebhookSecret};

/// Verifies and reads one call.
pub(super) fn receive(call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Reception {
    match verify(call, secret) {
        Ok(Proven::Handshake { answer }) => {
            Reception { status: 200, body: answer, verdict: Verdict::Handshake }
        }
        Ok(Proven::Event(payload)) => Reception::kept(event::read(&payload)),
        Err(why) => Reception::refused(Provider::GoogleRbm, why),
    }
}

/// Reads a call that was verified when it came.
pub(super) fn read_again(call: &WebhookCall<'_>) -> Verdict {
    match payload(call.body) {
        Ok(payload) => event::read(&Verified::when_it_came(Cow::Owned(payload))),
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
            Cow::Owned(format!(r#"{{"message":{{"data":"{data}"}}}}"#).into_bytes())
        }
        Err(_) => Cow::Borrowed(call.body),
    }
}

fn payload(body: &[u8]) -> Result<Vec<u8>, &'static str> {
    let envelope = Envelope::read(body).map_err(|_| "not the envelope of an event")?;
    let data = envelope.data.ok_or("no event in its envelope")?;
    decode(Alphabet::Standard, &data).ok_or("`message.data` is no base64")
}

/// A call that came from Google.
enum Proven {
    Handshake { answer: String },
    Event(Verified<'static>),
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
    fn read(body: &[u8]) -> Result<Self, JsonError> {
        let [client_token, secret, message] = json::pick(body, ["clientToken", "secret", "message"])?;
        let data = match message.filter(|message| *message != b"null") {
            Some(message) => {
                let [data] = json::pick(message, ["data"])?;
                Some(json::string(data.unwrap_or_default())?)
            }
            None => None,
        };
        Ok(Self { client_token: json::opt_string(client_token)?, secret: json::opt_string(secret)?, data })
    }
}

fn verify(call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Result<Proven, Refusal> {
    let secret = call.admit(secret)?;
    let envelope = Envelope::read(call.body).map_err(|_| Refusal::Malformed)?;
    match envelope {
        Envelope { data: Some(data), .. } => {
            let payload = decode(Alphabet::Standard, &data).ok_or(Refusal::Malformed)?;
            let signature = call.header("x-goog-signature").map(str::trim).filter(|text| !text.is_empty());
            let signature = signature.ok_or(Refusal::SignatureMissing)?;
            let tag = decode(Alphabet::Standard, signature).ok_or(Refusal::SignatureWrong)?;
            Verified::by_mac::<Hmac<Sha512>>(secret, Cow::Owned(payload), &tag).map(Proven::Event)
        }
        Envelope { client_token: Some(token), secret: Some(answer), .. } => {
            // Google wants the bare secret back, and only the holder of the token may see it.
            let right: bool = token.as_bytes().ct_eq(secret.key()).into();
            if right { Ok(Proven::Handshake { answer }) } else { Err(Refusal::WrongToken) }
        }
        _ => Err(Refusal::Malformed),
    }
}
