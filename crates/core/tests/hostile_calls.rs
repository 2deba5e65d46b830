//! Whatever is thrown at the readers of webhooks and answers: they never panic, and nothing that was changed on
//! its way is ever taken for an event that it is not.

use arbtest::arbitrary::{Result, Unstructured};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::provider::Provider;
use rcs_revoke_core::request::Answer;
use rcs_revoke_core::webhook::{LONGEST_BODY, Reception, Refusal, Verdict, WebhookCall, WebhookSecret};
use serde_json::json;
use sha2::{Digest, Sha256, Sha512};

#[path = "support/seeds.rs"]
mod seeds;

use seeds::holds;

const KEY: &[u8] = b"SJENCPGJESMGUFPY";

const KEYS: &str = "HMAC takes keys of any length";

const GOOGLE_EVENT: &str = r#"{"senderPhoneNumber":"+12223334444","eventType":"DELIVERED","eventId":"E1",
    "messageId":"M1","agentId":"my_agent@rbm.goog","sendTime":"2026-11-20T10:00:01Z"}"#;

const VONAGE_EVENT: &str = r#"{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000",
    "from":"DemoAgent","channel":"rcs","timestamp":"2026-11-20T10:00:05Z","status":"rejected",
    "error":{"title":"1360"},"workflow":{"items_total":"2"}}"#;

const APPLICATION: &str = "11111111-2222-4333-8444-555555555555";

/// A call as its provider would make it about this payload.
struct Call {
    provider: Provider,
    header: (String, String),
    body: Vec<u8>,
}

impl Call {
    fn signed(provider: Provider, payload: &[u8]) -> Self {
        match provider {
            Provider::GoogleRbm => {
                let mac = Hmac::<Sha512>::new_from_slice(KEY).expect(KEYS).chain_update(payload);
                let signature = STANDARD.encode(mac.finalize().into_bytes());
                let body = json!({ "message": { "data": STANDARD.encode(payload) } }).to_string();
                Self { provider, header: ("X-Goog-Signature".to_owned(), signature), body: body.into_bytes() }
            }
            Provider::Vonage => {
                let hash = Sha256::digest(payload)
                    .iter()
                    .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
                let claims = json!({ "iss": "Vonage", "payload_hash": hash, "application_id": APPLICATION })
                    .to_string();
                let signed =
                    [r#"{"alg":"HS256"}"#, &claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
                let mac = Hmac::<Sha256>::new_from_slice(KEY).expect(KEYS).chain_update(&signed);
                let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
                let header = ("Authorization".to_owned(), format!("Bearer {signed}.{signature}"));
                Self { provider, header, body: payload.to_vec() }
            }
        }
    }

    fn receive(&self) -> Reception {
        let headers = [self.header.clone()];
        let call = WebhookCall { method: "POST", headers: &headers, body: &self.body };
        self.provider.inbound().receive(&call, Some(&WebhookSecret::new(KEY, None)))
    }
}

fn genuine(provider: Provider) -> &'static str {
    match provider {
        Provider::GoogleRbm => GOOGLE_EVENT,
        Provider::Vonage => VONAGE_EVENT,
    }
}

/// A few bytes changed, removed, doubled or put in.
fn mutate(u: &mut Unstructured<'_>, bytes: &mut Vec<u8>) -> Result<()> {
    for _ in 0..u.int_in_range(1..=4)? {
        let at = u.choose_index(bytes.len() + 1)?;
        match u.int_in_range(0..=3)? {
            0 if at < bytes.len() => bytes[at] = u.arbitrary()?,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.extend_from_within(at..),
            _ => bytes.insert(at, *u.choose(b"\"{}[],:=.\\\0 09azAZ\xff")?),
        }
    }
    Ok(())
}

#[test]
fn genuine_calls_are_events() {
    for provider in Provider::ALL {
        let reception = Call::signed(*provider, genuine(*provider).as_bytes()).receive();
        assert!(matches!(reception.verdict, Verdict::Event(_)), "{reception:?}");
    }
}

#[test]
fn a_call_changed_on_its_way_is_never_another_event() {
    holds(|u| {
        let provider = *u.choose(Provider::ALL)?;
        let genuine = Call::signed(provider, genuine(provider).as_bytes());
        let mut header = genuine.header.1.clone().into_bytes();
        let mut body = genuine.body.clone();
        let changed = if u.arbitrary()? { &mut header } else { &mut body };
        mutate(u, changed)?;
        let header = (genuine.header.0.clone(), String::from_utf8_lossy(&header).into_owned());
        let changed = Call { provider, header, body }.receive();
        // What nothing signs (Google's envelope, padding) may change without changing the event.
        assert!(!matches!(changed.verdict, Verdict::Event(_)) || changed == genuine.receive(), "{changed:?}");
        Ok(())
    });
}

#[test]
fn whatever_is_signed_is_kept() {
    holds(|u| {
        let provider = *u.choose(Provider::ALL)?;
        let mut payload = genuine(provider).as_bytes().to_vec();
        mutate(u, &mut payload)?;
        let reception = Call::signed(provider, &payload).receive();
        assert_eq!(reception.status, 200);
        assert!(!matches!(reception.verdict, Verdict::Refused { .. } | Verdict::Handshake), "{reception:?}");
        Ok(())
    });
}

#[test]
fn what_is_kept_reads_the_same_again_without_secret_or_token() {
    holds(|u| {
        let provider = *u.choose(Provider::ALL)?;
        let mut payload = genuine(provider).as_bytes().to_vec();
        if u.arbitrary()? {
            mutate(u, &mut payload)?;
        }
        let call = Call::signed(provider, &payload);
        let headers = [call.header.clone()];
        let came = WebhookCall { method: "POST", headers: &headers, body: &call.body };
        let kept = provider.inbound().worth_keeping(&came);
        assert!(kept.iter().all(|(_, value)| !call.header.1.contains(value.as_str())), "{kept:?}");
        let again = WebhookCall { method: "POST", headers: &kept, body: &call.body };
        assert_eq!(provider.inbound().read_again(&again), call.receive().verdict);
        Ok(())
    });
}

#[test]
fn noise_is_refused() {
    holds(|u| {
        let provider = *u.choose(Provider::ALL)?;
        let name = *u.choose(&["Authorization", "X-Goog-Signature"])?;
        let header = (name.to_owned(), format!("{}{}", u.choose(&["Bearer ", ""])?, u.arbitrary::<&str>()?));
        let reception = Call { provider, header, body: u.arbitrary::<&[u8]>()?.to_vec() }.receive();
        assert!(matches!(reception.verdict, Verdict::Refused { .. }), "{reception:?}");
        Ok(())
    });
}

#[test]
fn only_a_success_is_accepted() {
    holds(|u| {
        let provider = *u.choose(Provider::ALL)?;
        let status = u.int_in_range(0..=1_000)?;
        let headers = [("Retry-After".to_owned(), u.arbitrary()?), ("Date".to_owned(), u.arbitrary()?)];
        let body = if u.arbitrary()? { b"{}".as_slice() } else { u.arbitrary()? };
        let ack = provider.inbound().read_answer(&Answer { status, headers: &headers, body });
        assert!(ack != Ack::Accepted || (200..300).contains(&status), "{status}");
        assert_eq!(matches!(ack, Ack::NotFound { .. }), status == 404, "{status}");
        Ok(())
    });
}

#[test]
fn a_body_over_the_limit_is_refused_unread() {
    for provider in Provider::ALL {
        let fits = Call::signed(*provider, &vec![b' '; LONGEST_BODY / 2]).receive();
        assert_eq!(fits.status, 200);
        let mut call = Call::signed(*provider, genuine(*provider).as_bytes());
        call.body.resize(LONGEST_BODY + 1, b' ');
        let reception = call.receive();
        assert_eq!(reception.verdict, Verdict::Refused { why: Refusal::TooLarge });
        assert_eq!(reception.status, 413);
    }
}

#[test]
fn nesting_without_end_is_kept_unread() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for provider in Provider::ALL {
        let verdict = Call::signed(*provider, deep.as_bytes()).receive().verdict;
        assert!(matches!(verdict, Verdict::Unreadable { .. }), "{verdict:?}");
    }
}
