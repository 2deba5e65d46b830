//! Answers to requests. The first byte names the provider, `g` or `v`; then the status, the headers line by line, an
//! empty line, and the body.

use rcs_revoke_core::ack::{Ack, NoEffect};
use rcs_revoke_core::fact::Answered;
use rcs_revoke_core::request::Answer;
use rcs_revoke_core::{Fact, Provider, Span, Timestamp};
use serde_json::{Map, Value};

use super::call::Call;

/// Checks one input.
///
/// # Panics
/// When something does not hold.
pub fn check(data: &[u8]) {
    let (provider, rest) = match data.split_first() {
        Some((b'g', rest)) => (Provider::GoogleRbm, rest),
        Some((_, rest)) => (Provider::Vonage, rest),
        None => return,
    };
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let status = str::from_utf8(&rest[..end]).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(200);
    let call = Call::written(provider, rest.get(end + 1..).unwrap_or_default());
    let answer = Answer { status, headers: &call.headers, body: &call.body };
    let ack = provider.answers().read_answer(&answer);
    means_no_more_than_it_says(provider, &answer, &ack);
    is_a_fact(status, ack);
}

fn means_no_more_than_it_says(provider: Provider, answer: &Answer<'_>, ack: &Ack) {
    let status = answer.status;
    match ack {
        Ack::Accepted => {
            assert!((200..300).contains(&status), "{status} is no success");
            let object = serde_json::from_slice::<Map<String, Value>>(answer.body);
            // A number may be beyond all that `serde_json` holds: JSON it is all the same.
            let is_object = object.map_or_else(|error| error.to_string().contains("out of range"), |_| true);
            assert!(provider != Provider::GoogleRbm || is_object, "Google answers with an object");
        }
        Ack::NotFound { .. } => assert_eq!(status, 404),
        Ack::NoEffect { reason, .. } => {
            assert!((300..500).contains(&status) || status == 501, "{status} may have had an effect");
            assert_eq!(*reason == NoEffect::Throttled, status == 429);
            assert_eq!(*reason == NoEffect::Credentials, status == 401);
        }
        Ack::Unknown { .. } => {
            let lost = status == 408 || !(200..500).contains(&status);
            assert!(lost || provider == Provider::GoogleRbm && status < 300, "{status} says what it did");
        }
        Ack::NotSent { why } => panic!("an answer came, and it reads as never sent: {why:?}"),
    }
    if let Some(wait) = ack.retry_after() {
        assert!(Span::ZERO < wait && wait <= Span::days(31), "nobody waits {wait:?}");
        assert!(answer.header("retry-after").is_some(), "nobody asked to wait");
    }
}

/// It can be kept, and is read the same again.
fn is_a_fact(status: u16, ack: Ack) {
    let at = Timestamp::from_millis(1_795_168_800_000);
    let fact = Fact::Answered(Answered { attempt: 1, ack, status: Some(status), body: None, at });
    let again: Fact = serde_json::from_str(&fact.canonical()).expect("its own JSON");
    assert_eq!(again, fact);
}
