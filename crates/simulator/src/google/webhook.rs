//! Google's webhooks: the event, its Pub/Sub envelope, its signature, and when it is tried again.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/guides/integrate/webhooks>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha512;

use super::words;
use crate::behaviour::WebhookBehaviour;
use crate::clock::rfc3339;
use crate::world::{JournalEntry, Message, Pause};

const LONGEST_PAUSE_MS: u64 = 600_000;
const GIVE_UP_AFTER_MS: i64 = 7 * 86_400_000;

/// The JSON of an event: a user event for what the handset did, else a server event.
pub(crate) fn payload(message: &Message, word: &str, event_id: &str, at: i64) -> String {
    let way = &message.behaviour.webhook;
    let by_user = matches!(word, words::DELIVERED | words::READ);
    let phone_field = if by_user { "senderPhoneNumber" } else { "phoneNumber" };
    let mut event = json!({
        phone_field: message.phone,
        "eventType": word,
        "eventId": event_id,
        "messageId": message.id,
        "agentId": format!("{}@rbm.goog", message.agent),
    });
    if way.send_time != Some(false) {
        event["sendTime"] = json!(rfc3339(at));
    }
    if way.pretty == Some(true) { format!("{event:#}") } else { event.to_string() }
}

/// The JSON of what a person does that is about no message of the agent: an event of this word, or a text.
pub(crate) fn consent(
    way: &WebhookBehaviour,
    agent: &str,
    phone: &str,
    said: Result<&str, &str>,
    number: u64,
    at: i64,
) -> String {
    let mut event = json!({ "senderPhoneNumber": phone, "agentId": format!("{agent}@rbm.goog") });
    match said {
        Ok(word) => {
            event["eventType"] = json!(word);
            event["eventId"] = json!(format!("Ms{number:016x}"));
        }
        Err(text) => {
            event["messageId"] = json!(format!("Mx{number:016x}"));
            event["text"] = json!(text);
        }
    }
    if way.send_time != Some(false) {
        event["sendTime"] = json!(rfc3339(at));
    }
    if way.pretty == Some(true) { format!("{event:#}") } else { event.to_string() }
}

/// The envelope that carries an event.
pub(crate) fn envelope(entry: &JournalEntry, at: i64) -> String {
    let agent = entry.agent.as_deref().unwrap_or("demo_agent");
    let mut envelope = json!({
        "subscription": "projects/rcs-revoke-simulator/subscriptions/rbm",
        "message": {
            "data": STANDARD.encode(&entry.payload),
            "attributes": {
                "project_number": "100000000001",
                "product": "RBM",
                "business_id": format!("{agent}@rbm.goog"),
                "type": "event",
                "event_type": entry.word,
            },
            "messageId": format!("{}", 6_000_000_000_000_000 + entry.id),
            "publishTime": rfc3339(at),
        },
    });
    if entry.way.attributes == Some(false)
        && let Some(message) = envelope["message"].as_object_mut()
    {
        message.remove("attributes");
    }
    envelope.to_string()
}

/// The value of `X-Goog-Signature`: HMAC-SHA512 over the event's own bytes.
pub(crate) fn signature(client_token: &str, payload: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha512>::new_from_slice(client_token.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(payload);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Everything but 200 is tried again, for seven days.
pub(crate) fn pause(status: Option<u16>, attempt: u32) -> Option<Pause> {
    if status == Some(200) {
        return None;
    }
    let wait_ms = 1_000_u64.saturating_mul(1 << attempt.min(20)).min(LONGEST_PAUSE_MS);
    Some(Pause { wait_ms, give_up_after_ms: GIVE_UP_AFTER_MS })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors computed with Python's `hmac` and OpenSSL; the key is the example in Google's documentation.
    #[test]
    fn signs_like_the_vectors() {
        let vectors = [
            (
                "eyJzZW5kZXJQaG9uZU51bWJlciI6IisxMjIyMzMzNDQ0NCIsImV2ZW50VHlwZSI6IkRFTElWRVJFRCIsImV2ZW50SWQiOiJNc0V2dDEiLCJtZXNzYWdlSWQiOiIwYjFjMmQzZS00ZjUwLTRhNmItOGM3ZC05ZTBmMWEyYjNjNGQiLCJhZ2VudElkIjoibXlfYWdlbnRAcmJtLmdvb2ciLCJzZW5kVGltZSI6IjIwMjYtMTEtMjBUMTA6MDA6MDAuMTIzNDU2WiJ9",
                "wOixvCOJAMaguVmbzBssQcVdDzSjMnessIA4NuLYJtIjgrrlnh/b9ChSldG82R1WvXmCzM8eusXBxrEF29SmqA==",
            ),
            (
                "ewogICJwaG9uZU51bWJlciI6ICIrMTIyMjMzMzQ0NDQiLAogICJtZXNzYWdlSWQiOiAiMGIxYzJkM2UtNGY1MC00YTZiLThjN2QtOWUwZjFhMmIzYzRkIiwKICAiYWdlbnRJZCI6ICJteV9hZ2VudEByYm0uZ29vZyIsCiAgImV2ZW50VHlwZSI6ICJUVExfRVhQSVJBVElPTl9SRVZPS0VEIiwKICAiZXZlbnRJZCI6ICJTcnZFdnQxIiwKICAic2VuZFRpbWUiOiAiMjAyNi0xMS0yMFQxMDowNTowMC41WiIKfQ==",
                "DqJal6uD6EbpqAr0q8l6cgEG22DjZRLGyM0nGEIuk+cRugli0Sbdz0QZtxR/tM7Zkbhnz41bB8wCvXQfhEmWMA==",
            ),
        ];
        for (data, expected) in vectors {
            let payload = STANDARD.decode(data).expect("base64");
            assert_eq!(signature("SJENCPGJESMGUFPY", &payload), expected);
        }
    }

    #[test]
    fn pauses_grow_to_ten_minutes() {
        let waits: Vec<u64> =
            (0..12).filter_map(|n| pause(Some(204), n)).map(|pause| pause.wait_ms / 1000).collect();
        assert_eq!(pause(None, 0).map(|pause| pause.give_up_after_ms), Some(604_800_000));
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
        assert!(pause(Some(200), 0).is_none());
        assert!(pause(None, 40).is_some());
    }
}
