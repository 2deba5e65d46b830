//! What goes over the wire: answers with their faults, and signed webhooks, as the documentation of both providers
//! prints them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_core::ack::SendFailure;
use rcs_revoke_core::webhook::{Reception, WebhookCall, WebhookSecret};
use rcs_revoke_core::{Provider, Timestamp};
use sha2::{Digest, Sha256, Sha512};

use super::provider::Word;
use super::script::{Script, chance, one_of};

const KEY: &[u8] = b"drill-token-0123456789";
const FORGED: &[u8] = b"drill-token-0123456780";
const ANY_LENGTH: &str = "HMAC takes keys of any length";

/// What happens to a request on its way.
#[derive(Clone, Copy, Debug)]
pub enum Trip {
    /// It arrives, and so does the answer.
    Good,
    /// It never leaves.
    NotSent(SendFailure),
    /// It leaves, and no answer comes back.
    Lost { arrives: bool, why: SendFailure },
    /// Our own process ends before it can write the answer down.
    Killed { arrives: bool },
    /// Something in between, or the provider in trouble, answers with this status.
    Fault { arrives: bool, status: u16, retry_after: Option<u32> },
}

impl Trip {
    pub fn draw(trouble: u32, random: &mut ChaCha8Rng) -> Self {
        if !chance(random, trouble) {
            return Self::Good;
        }
        let arrives = chance(random, 50);
        match random.random_range(0..10) {
            0 => {
                Self::NotSent(one_of(random, &[SendFailure::ConnectionRefused, SendFailure::NameNotResolved]))
            }
            1..=3 => {
                let why = one_of(random, &[SendFailure::BrokenAfterSending, SendFailure::TimedOut]);
                Self::Lost { arrives, why }
            }
            4 => Self::Killed { arrives },
            5 => Self::Fault { arrives: false, status: 429, retry_after: Some(random.random_range(1..120)) },
            6 => {
                let status = one_of(random, &[400, 401, 403, 422, 429, 409, 302, 499, 501]);
                Self::Fault { arrives: false, status, retry_after: None }
            }
            // The page of a gateway: no word about the message.
            7 => Self::Fault { arrives: false, status: 404, retry_after: None },
            _ => {
                Self::Fault { arrives, status: one_of(random, &[500, 502, 503, 504, 408]), retry_after: None }
            }
        }
    }
}

/// The body that a provider puts into an answer.
pub fn body(provider: Provider, status: u16) -> &'static str {
    match (provider, status) {
        (Provider::GoogleRbm, 200) => "{}",
        (Provider::GoogleRbm, 404) => {
            r#"{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}"#
        }
        (Provider::Vonage, 404) => {
            r#"{"type":"https://developer.vonage.com/api-errors#not-found","title":"Not Found","instance":"bf0ca0bf"}"#
        }
        (Provider::Vonage, 422) => r#"{"type":"","title":"Operation not supported","instance":"bf0ca0bf"}"#,
        _ => "",
    }
}

/// The body that something in between puts into an answer.
pub const GATEWAY: &str = "<html><body>no healthy upstream</body></html>";

/// What the core makes of a webhook about this word.
pub fn receive(script: &Script, number: usize, at: i64, word: Word, genuine: bool) -> Reception {
    let time = Timestamp::from_millis(at);
    let key = if genuine { KEY } else { FORGED };
    let provider = script.message.provider();
    let (name, value, body) = match provider {
        Provider::GoogleRbm => google(script, number, time, word, key),
        Provider::Vonage => vonage(script, number, time, word, key),
    };
    let headers = [(name.to_owned(), value)];
    let call = WebhookCall { method: "POST", headers: &headers, body: body.as_bytes() };
    provider.inbound().receive(&call, Some(&WebhookSecret::new(KEY, None)))
}

fn google(
    script: &Script,
    number: usize,
    time: Timestamp,
    word: Word,
    key: &[u8],
) -> (&'static str, String, String) {
    let (who, word) = match word {
        Word::Delivered => ("senderPhoneNumber", "DELIVERED"),
        Word::Read => ("senderPhoneNumber", "READ"),
        Word::ExpiryRevoked => ("phoneNumber", "TTL_EXPIRATION_REVOKED"),
        Word::ExpiryRevokeFailed => ("phoneNumber", "TTL_EXPIRATION_REVOKE_FAILED"),
        Word::NewExpiry => ("phoneNumber", "TTL_EXPIRATION_PENDING"),
        Word::Submitted | Word::Rejected(_) | Word::Undeliverable(_) => unreachable!("no word of Google's"),
    };
    let agent = script.message.agent().map(ToString::to_string).unwrap_or_default();
    let (phone, id) = (script.phone.as_str(), script.message.id());
    let event = format!(
        r#"{{"{who}":"{phone}","eventType":"{word}","eventId":"E{number}","messageId":"{id}","agentId":"{agent}","sendTime":"{time}"}}"#
    );
    let mac = Hmac::<Sha512>::new_from_slice(key).expect(ANY_LENGTH).chain_update(&event);
    let body = format!(r#"{{"message":{{"data":"{}"}}}}"#, STANDARD.encode(&event));
    ("X-Goog-Signature", STANDARD.encode(mac.finalize().into_bytes()), body)
}

fn vonage(
    script: &Script,
    number: usize,
    time: Timestamp,
    word: Word,
    key: &[u8],
) -> (&'static str, String, String) {
    let (status, code) = match word {
        Word::Submitted => ("submitted", None),
        Word::Delivered => ("delivered", None),
        Word::Read => ("read", None),
        Word::Rejected(code) => ("rejected", Some(code)),
        Word::Undeliverable(code) => ("undeliverable", Some(code)),
        Word::ExpiryRevoked | Word::ExpiryRevokeFailed | Word::NewExpiry => {
            unreachable!("no word of Vonage's")
        }
    };
    let (phone, id) = (script.phone.digits(), script.message.id());
    // The older format comes through account settings.
    let body = if number % 5 == 4 {
        let error =
            code.map(|code| format!(r#","error":{{"code":{code},"reason":"x"}}"#)).unwrap_or_default();
        format!(
            r#"{{"message_uuid":"{id}","to":{{"type":"rcs","number":"{phone}"}},"from":{{"type":"rcs","id":"Demo"}},"timestamp":"{time}","status":"{status}"{error}}}"#
        )
    } else {
        let error = code.map(|code| format!(r#","error":{{"title":"{code}"}}"#)).unwrap_or_default();
        format!(
            r#"{{"message_uuid":"{id}","to":"{phone}","from":"Demo","channel":"rcs","timestamp":"{time}","status":"{status}"{error}}}"#
        )
    };
    let hash = Sha256::digest(&body).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let claims = format!(r#"{{"iat":1795168800,"iss":"Vonage","payload_hash":"{hash}"}}"#);
    let signed =
        [r#"{"alg":"HS256","typ":"JWT"}"#, &claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let mac = Hmac::<Sha256>::new_from_slice(key).expect(ANY_LENGTH).chain_update(&signed);
    let tag = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    ("Authorization", format!("Bearer {signed}.{tag}"), body)
}
