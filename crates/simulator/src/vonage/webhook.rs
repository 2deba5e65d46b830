//! Vonage's status webhooks: both formats, and when they are tried again. The signature is in `jwt`.
//!
//! <https://developer.vonage.com/en/messages/concepts/messages-status-callbacks>

use serde_json::{Value, json};

use super::words;
use crate::behaviour::WorkflowShape;
use crate::clock::rfc3339;
use crate::world::{Channel, Message, Pause, Workflow};

const FIRST_PAUSE_MS: u64 = 5_000;
const LONGEST_PAUSE_MS: u64 = 15 * 60_000;
const GIVE_UP_AFTER_MS: i64 = 24 * 3_600_000;

/// The JSON of a status.
pub(crate) fn payload(message: &Message, word: &str, code: Option<u32>, at: i64) -> String {
    let is_v0_1 = message.behaviour.webhook.v0_1 == Some(true);
    if is_v0_1 { old_format(message, word, code, at) } else { current_format(message, word, code, at) }
        .to_string()
}

fn current_format(message: &Message, word: &str, code: Option<u32>, at: i64) -> Value {
    let mut status = json!({
        "message_uuid": message.id,
        "to": number(message),
        "from": message.agent,
        "channel": channel(message),
        // Whole seconds, as in Vonage's samples.
        "timestamp": rfc3339(at - at.rem_euclid(1000)),
        "status": word,
    });
    let way = &message.behaviour.webhook;
    if let Some(code) = code {
        let title = if way.numeric_title == Some(true) { json!(code) } else { json!(code.to_string()) };
        status["error"] = json!({
            "type": format!("https://developer.vonage.com/api-errors/messages#{code}"),
            "title": title,
            "detail": meaning(code),
            "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf",
        });
    }
    if let Some(client_ref) = &message.client_ref {
        status["client_ref"] = json!(client_ref);
    }
    if let Some(place) = &message.workflow {
        status["workflow"] = workflow(place, way.workflow.unwrap_or_default());
    }
    if word == words::DELIVERED {
        status["destination"] = json!({ "network_code": "12345" });
    }
    if message.channel == Channel::Sms {
        status["usage"] = json!({ "currency": "EUR", "price": "0.0333" });
        status["sms"] = json!({ "count_total": "1" });
    }
    status
}

/// The shapes in which clients have met a workflow.
fn workflow(place: &Workflow, shape: WorkflowShape) -> Value {
    let Workflow { id, number, total } = place;
    match shape {
        WorkflowShape::WorkflowId => {
            json!({ "workflow_id": id, "items_number": number.to_string(), "items_total": total.to_string() })
        }
        WorkflowShape::Id => json!({ "id": id, "item_number": number, "items_total": total }),
        WorkflowShape::TotalItems => json!({ "id": id, "item_number": number, "total_items": total }),
    }
}

fn old_format(message: &Message, word: &str, code: Option<u32>, at: i64) -> Value {
    let channel = channel(message);
    let mut status = json!({
        "message_uuid": message.id,
        "to": { "type": channel, "number": number(message) },
        "from": { "type": channel, "number": message.agent },
        "timestamp": rfc3339(at),
        "status": word,
    });
    if let Some(code) = code {
        status["error"] = json!({ "code": code, "reason": meaning(code) });
    }
    if let Some(client_ref) = &message.client_ref {
        status["client_ref"] = json!(client_ref);
    }
    status
}

/// Only 429 and 5xx are tried again, and what could not be connected; a 4xx loses the event.
pub(crate) fn pause(status: Option<u16>, attempt: u32) -> Option<Pause> {
    if status.is_some_and(|status| status != 429 && status < 500) {
        return None;
    }
    let wait_ms = FIRST_PAUSE_MS.saturating_mul(1 << attempt.min(20)).min(LONGEST_PAUSE_MS);
    Some(Pause { wait_ms, give_up_after_ms: GIVE_UP_AFTER_MS })
}

fn number(message: &Message) -> &str {
    message.phone.trim_start_matches('+')
}

const fn channel(message: &Message) -> &'static str {
    match message.channel {
        Channel::Rcs => "rcs",
        Channel::Sms => "sms",
    }
}

const fn meaning(code: u32) -> &'static str {
    match code {
        1100 => "Communication Failed",
        1300 => "Not part of the provider network",
        1310 => "Not suitable device",
        1330 => "Unknown",
        1360 => "TTL was activated, or message expired before delivered.",
        _ => "See the error catalogue",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_a_quarter_of_an_hour() {
        let waits: Vec<u64> =
            (0..10).filter_map(|n| pause(Some(503), n)).map(|pause| pause.wait_ms / 1000).collect();
        assert_eq!(pause(None, 0).map(|pause| pause.give_up_after_ms), Some(86_400_000));
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    }

    #[test]
    fn a_client_error_loses_the_event() {
        for status in [200, 204, 302, 400, 401, 404] {
            assert_eq!(pause(Some(status), 0), None, "{status}");
        }
        for status in [429, 500, 503] {
            assert!(pause(Some(status), 0).is_some(), "{status}");
        }
        assert!(pause(None, 0).is_some());
    }
}
