//! What holds for webhooks of every provider, and what the two have in common.

use hmac::{Hmac, KeyInit, Mac};
use rcs_revoke_core::webhook::{Reception, Refusal, Verdict, WebhookCall, WebhookSecret};
use rcs_revoke_core::{Fact, MessageRef, Provider, Timestamp};
use sha2::{Sha256, Sha512};

/// What Google's calls are verified with; the vectors of the repository are signed with it.
pub const GOOGLE_KEY: &[u8] = b"SJENCPGJESMGUFPY";
/// What Vonage's calls are verified with; the vectors of the repository are signed with it.
pub const VONAGE_KEY: &[u8] = b"rcs-revoke-demo-signature-secret-0123456789abcdef";
/// What nothing is verified with.
pub const OTHER_KEY: &[u8] = b"SJENCPGJESMGUFPZ";

const EPOCH: Timestamp = Timestamp::from_millis(0);

const ANY_LENGTH: &str = "HMAC takes keys of any length";

/// The tag of a payload by Google's algorithm.
pub fn sha512_tag(key: &[u8], payload: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha512>::new_from_slice(key).expect(ANY_LENGTH);
    mac.chain_update(payload).finalize().into_bytes().to_vec()
}

/// The tag of a text by Vonage's algorithm.
pub fn sha256_tag(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect(ANY_LENGTH);
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

/// One call as it would come over the wire.
#[derive(Clone, Debug)]
pub struct Call {
    pub provider: Provider,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    /// A call as people write it down: headers line by line, an empty line, and the body.
    pub fn written(provider: Provider, text: &[u8]) -> Self {
        let end = text.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = end.map_or((&[][..], text), |end| (&text[..end], &text[end + 2..]));
        let headers = String::from_utf8_lossy(head)
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self { provider, headers, body: body.to_vec() }
    }

    fn as_core<'a>(&'a self, headers: &'a [(String, String)]) -> WebhookCall<'a> {
        WebhookCall { method: "POST", headers, body: &self.body }
    }

    /// What the core makes of it, verified with this key.
    pub fn receive(&self, key: &[u8]) -> Reception {
        let secret = WebhookSecret::new(key, None);
        self.provider.inbound().receive(&self.as_core(&self.headers), Some(&secret))
    }

    /// Checks what holds for every call, and returns what the core made of it.
    pub fn check(&self) -> Reception {
        let key = match self.provider {
            Provider::GoogleRbm => GOOGLE_KEY,
            Provider::Vonage => VONAGE_KEY,
        };
        let reception = self.receive(key);
        assert_eq!(reception, self.receive(key), "the same call is read the same twice");
        let unconfigured = self.provider.inbound().receive(&self.as_core(&self.headers), None);
        assert_eq!(unconfigured.verdict, Verdict::Refused { why: Refusal::NotConfigured });
        match &reception.verdict {
            Verdict::Refused { why } => {
                assert_eq!(reception, Reception::refused(self.provider, *why));
                assert!(reception.status >= 400 && reception.body.is_empty(), "{reception:?}");
            }
            Verdict::Handshake => assert_eq!(reception.status, 200),
            verified => {
                assert_eq!((reception.status, reception.body.as_str()), (200, ""));
                self.check_verified(verified);
            }
        }
        let json = serde_json::to_string(&reception).expect("a reception is JSON");
        assert_eq!(serde_json::from_str::<Reception>(&json).expect("its own JSON"), reception);
        reception
    }

    fn check_verified(&self, verdict: &Verdict) {
        let refused = Verdict::Refused { why: Refusal::SignatureWrong };
        assert_eq!(self.receive(OTHER_KEY).verdict, refused, "another key verifies nothing");
        let inbound = self.provider.inbound();
        let kept = inbound.worth_keeping(&self.as_core(&self.headers));
        assert_eq!(&inbound.read_again(&self.as_core(&kept)), verdict, "what is kept is read the same again");
        let event = match verdict {
            Verdict::Event(event) => event,
            Verdict::Sms(sms) => {
                assert_eq!(sms.provider, self.provider);
                assert!(!sms.message.as_str().is_empty() && !sms.identity.is_empty(), "{sms:?}");
                return is_a_fact(&Fact::FallbackStatus(sms.as_ref().clone().into_fact(1, EPOCH)));
            }
            Verdict::Consent(consent) => {
                assert_eq!(consent.provider, self.provider);
                assert!(consent.holds_from(EPOCH) <= EPOCH);
                let fact = consent.to_fact(EPOCH);
                assert_eq!(fact.is_none(), consent.subscribed);
                return fact.map(Fact::Event).iter().for_each(is_a_fact);
            }
            _ => return,
        };
        assert_eq!(event.provider, self.provider);
        assert!(!event.message.as_str().is_empty() && !event.identity.is_empty(), "{event:?}");
        let message = event.message_ref().expect("an event that is one names its message");
        assert_eq!(MessageRef::parse(&message.to_string()), Ok(message));
        is_a_fact(&Fact::Event(event.as_ref().clone().into_fact(EPOCH)));
    }
}

fn is_a_fact(fact: &Fact) {
    let again: Fact = serde_json::from_str(&fact.canonical()).expect("its own JSON");
    assert_eq!((again.key(), again.canonical()), (fact.key(), fact.canonical()));
}

/// Whether something went behind the signature.
pub fn is_verified(reception: &Reception) -> bool {
    !matches!(reception.verdict, Verdict::Refused { .. } | Verdict::Handshake)
}
