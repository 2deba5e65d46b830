//! Whatever is thrown at the readers of webhooks and answers: they never panic, and nothing that was changed on
//! its way is ever taken for an event that it is not.

use arbtest::arbitrary::{Result, Unstructured};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::id::AgentId;
use rcs_revoke_core::provider::Provider;
use rcs_revoke_core::request::Answer;
use rcs_revoke_core::webhook::{LONGEST_BODY, Reception, Refusal, Verdict, WebhookCall, WebhookSecret};
use rcs_revoke_core::{E164, Timestamp};
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

const GOOGLE_CONSENT: &str = r#"{"senderPhoneNumber":"+12223334444","eventType":"UNSUBSCRIBE","eventId":"E4",
    "agentId":"my_agent@rbm.goog","sendTime":"2026-11-20T10:00:01Z"}"#;

const VONAGE_SMS: &str = r#"{"message_uuid":"bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000",
    "from":"Demo","channel":"sms","timestamp":"2026-11-20T10:00:20Z","status":"rejected",
    "error":{"title":"1240"},"client_ref":"rr-0123456789abcdef"}"#;

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

/// What each provider sends that is followed: an event about a message, and what else there is.
const GENUINE: [(Provider, &str); 4] = [
    (Provider::GoogleRbm, GOOGLE_EVENT),
    (Provider::Vonage, VONAGE_EVENT),
    (Provider::GoogleRbm, GOOGLE_CONSENT),
    (Provider::Vonage, VONAGE_SMS),
];

/// Whether anything follows from a verdict.
const fn is_followed(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Event(_) | Verdict::Sms(_) | Verdict::Consent(_))
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
fn genuine_calls_are_what_they_are() {
    for (provider, payload) in GENUINE {
        let verdict = Call::signed(provider, payload.as_bytes()).receive().verdict;
        let is_right = match payload {
            GOOGLE_CONSENT => matches!(&verdict, Verdict::Consent(consent) if !consent.subscribed),
            VONAGE_SMS => matches!(&verdict, Verdict::Sms(sms) if sms.reference.is_some()),
            _ => matches!(verdict, Verdict::Event(_)),
        };
        assert!(is_right, "{verdict:?}");
    }
}

#[test]
fn a_call_changed_on_its_way_never_says_anything_else() {
    holds(|u| {
        let (provider, payload) = *u.choose(&GENUINE)?;
        let genuine = Call::signed(provider, payload.as_bytes());
        let mut header = genuine.header.1.clone().into_bytes();
        let mut body = genuine.body.clone();
        let changed = if u.arbitrary()? { &mut header } else { &mut body };
        mutate(u, changed)?;
        let header = (genuine.header.0.clone(), String::from_utf8_lossy(&header).into_owned());
        let changed = Call { provider, header, body }.receive();
        // What nothing signs (Google's envelope, padding) may change without changing the event.
        assert!(!is_followed(&changed.verdict) || changed == genuine.receive(), "{changed:?}");
        Ok(())
    });
}

#[test]
fn whatever_is_signed_is_kept() {
    holds(|u| {
        let (provider, payload) = *u.choose(&GENUINE)?;
        let mut payload = payload.as_bytes().to_vec();
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
        let (provider, payload) = *u.choose(&GENUINE)?;
        let mut payload = payload.as_bytes().to_vec();
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

/// Any JSON object about an SMS or a consent: it is followed only if it names what it is about, and its fact says what
/// the call says.
#[test]
fn any_json_is_followed_only_if_it_names_what_it_is_about() {
    let words = ["UNSUBSCRIBE", "SUBSCRIBE", "delivered", "rejected", "", "new"];
    let numbers = ["+12223334444", "447700900000", "nobody", ""];
    let uuids = ["bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab", "BBBBBBBB-BBBB-4CCC-8DDD-0123456789AB", "none"];
    holds(|u| {
        let provider = *u.choose(Provider::ALL)?;
        let mut fields = serde_json::Map::new();
        for (name, values) in [
            ("eventType", &words[..]),
            ("status", &words),
            ("senderPhoneNumber", &numbers),
            ("to", &numbers),
            ("agentId", &["my_agent", "my_agent@rbm.goog", "../x"]),
            ("message_uuid", &uuids),
            ("channel", &["sms", "SMS", "rcs", "mms"]),
            ("client_ref", &["rr-0123", ""]),
            ("sendTime", &["2026-11-20T10:00:01.123456789Z", "yesterday"]),
        ] {
            let value = match u.int_in_range(0..=7)? {
                0 => continue,
                1 => json!(u.arbitrary::<Option<u8>>()?),
                2 => json!({ "type": u.choose(values)?, "number": u.arbitrary::<u32>()? }),
                3 => json!(u.arbitrary::<&str>()?),
                _ => json!(u.choose(values)?),
            };
            fields.insert(name.to_owned(), value);
        }
        let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str);
        let payload = serde_json::Value::Object(fields.clone()).to_string();
        match Call::signed(provider, payload.as_bytes()).receive().verdict {
            Verdict::Sms(sms) => {
                assert_eq!(
                    Some(sms.message.as_str()),
                    text("message_uuid").map(str::to_lowercase).as_deref()
                );
                assert_eq!(sms.raw, payload);
                assert!(text("status").is_some());
                let identity = sms.identity.clone();
                let fact = sms.into_fact(3, Timestamp::from_millis(7));
                assert_eq!((fact.fallback, &fact.identity), (3, &identity));
            }
            Verdict::Consent(consent) => {
                let number = E164::parse(text("senderPhoneNumber").unwrap()).unwrap();
                assert_eq!(AgentId::parse(text("agentId").unwrap()).as_ref(), Ok(&consent.agent));
                assert_eq!(
                    (&consent.phone, text("eventType")),
                    (&number, Some(if consent.subscribed { "SUBSCRIBE" } else { "UNSUBSCRIBE" }))
                );
                assert_eq!(consent.to_fact(Timestamp::from_millis(7)).is_none(), consent.subscribed);
            }
            Verdict::Aside { raw, .. } | Verdict::Unreadable { raw, .. } => assert_eq!(raw, payload),
            Verdict::Event(event) => assert_eq!(event.raw, payload),
            Verdict::Handshake | Verdict::Refused { .. } => panic!("it was signed: {payload}"),
        }
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
        let ack = provider.answers().read_answer(&Answer { status, headers: &headers, body });
        assert!(ack != Ack::Accepted || (200..300).contains(&status), "{status}");
        assert_eq!(matches!(ack, Ack::NotFound { .. }), status == 404, "{status}");
        Ok(())
    });
}

#[test]
fn a_body_over_the_limit_is_refused_unread() {
    for (provider, payload) in GENUINE {
        let fits = Call::signed(provider, &vec![b' '; LONGEST_BODY / 2]).receive();
        assert_eq!(fits.status, 200);
        let mut call = Call::signed(provider, payload.as_bytes());
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
