//! `POST /v1/phones/{phone}/agentMessages`.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/phones.agentMessages/create>

use http::request::Parts;
use serde_json::{Map, Value, json};

use super::error::{error, ok};
use crate::behaviour::Capability;
use crate::clock::{parse_rfc3339, rfc3339};
use crate::config::DuplicateCreate;
use crate::fault::Call;
use crate::host::Provider;
use crate::reply::Reply;
use crate::site::Site;
use crate::world::{Channel, Sending};

const LARGEST: usize = 250 * 1024;
const LONGEST_TEXT: usize = 3072;
const LONGEST_TTL_MS: i64 = 15 * 86_400_000;

/// Answers a request whose token and agent were checked.
pub(super) fn answer(site: &Site, call: &Call, head: &Parts, body: &[u8]) -> Reply {
    let now = site.clock.now_ms();
    let request = match Request::read(call, body, now) {
        Ok(request) => request,
        Err(text) => return error(400, Some(text)),
    };
    let agent = super::agent(head).unwrap_or_default();
    // Google answers the same to a message as to a capability check.
    match site.world(|world| world.capability_of(Provider::Google, &request.phone)) {
        Capability::Features => {}
        Capability::NotFound => return error(404, None),
        Capability::Forbidden => return error(403, None),
    }
    let answer = request.answer(now);
    let Request { id, phone, expires_at_ms, .. } = request;
    let sending = Sending {
        provider: Provider::Google,
        id,
        agent,
        phone,
        host: call.host,
        channel: Channel::Rcs,
        sent_at_ms: now,
        expires_at_ms,
        client_ref: None,
        application_id: None,
        webhook_url: None,
        behaviour: None,
        submitted: false,
        workflow: None,
    };
    let is_new = site.world(|world| {
        let taken = world.with_id(&sending.id).iter().any(|&index| {
            let other = &world.messages[index];
            other.provider == Provider::Google && other.agent == sending.agent
        });
        if !taken {
            world.send(sending, now);
        }
        !taken
    });
    if !is_new && site.config().google.answers.duplicate_create == DuplicateCreate::Conflict {
        return error(409, None);
    }
    ok(&answer)
}

struct Request {
    id: String,
    phone: String,
    content: Map<String, Value>,
    traffic_type: Option<String>,
    expires_at_ms: Option<i64>,
}

impl Request {
    fn read(call: &Call, body: &[u8], now: i64) -> Result<Self, &'static str> {
        let id = call.message.clone().filter(|id| !id.is_empty()).ok_or("messageId is required.")?;
        let phone = call.phone.clone().filter(|phone| is_e164(phone)).ok_or("Invalid phone number.")?;
        if body.len() > LARGEST {
            return Err("The message is larger than 250 KB.");
        }
        let body: Value = serde_json::from_slice(body).map_err(|_| "Invalid JSON payload received.")?;
        let content = body["contentMessage"].as_object().cloned().ok_or("contentMessage is required.")?;
        let text = content.get("text").and_then(Value::as_str).unwrap_or_default();
        if text.chars().count() > LONGEST_TEXT {
            return Err("The text is longer than 3072 characters.");
        }
        let traffic_type = body["messageTrafficType"].as_str().map(str::to_owned);
        Ok(Self { id, phone, content, traffic_type, expires_at_ms: expiry(&body, now)? })
    }

    fn answer(&self, now: i64) -> Value {
        let mut answer = json!({
            "name": format!("phones/{}/agentMessages/{}", self.phone, self.id),
            "sendTime": rfc3339(now),
            "contentMessage": self.content,
        });
        if let Some(traffic_type) = &self.traffic_type {
            answer["messageTrafficType"] = json!(traffic_type);
        }
        if let Some(at) = self.expires_at_ms {
            answer["expireTime"] = json!(rfc3339(at));
        }
        answer
    }
}

/// `ttl` or `expireTime`, not both, and at most 15 days ahead.
fn expiry(body: &Value, now: i64) -> Result<Option<i64>, &'static str> {
    let at = match (body["ttl"].as_str(), body["expireTime"].as_str()) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err("ttl and expireTime cannot both be set."),
        (Some(ttl), None) => now + duration_ms(ttl).ok_or("Invalid ttl.")?,
        (None, Some(time)) => parse_rfc3339(time).ok_or("Invalid expireTime.")?,
    };
    if at <= now || at - now > LONGEST_TTL_MS {
        return Err("The expiration must lie in the future and at most 15 days ahead.");
    }
    Ok(Some(at))
}

/// A duration such as `3.5s`, with up to nine digits after the point.
fn duration_ms(text: &str) -> Option<i64> {
    let (whole, fraction) = {
        let number = text.strip_suffix('s')?;
        number.split_once('.').unwrap_or((number, ""))
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 9 || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let millis: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(millis)
}

fn is_e164(phone: &str) -> bool {
    phone.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_like_protobuf_json() {
        assert_eq!(duration_ms("600s"), Some(600_000));
        assert_eq!(duration_ms("3.5s"), Some(3_500));
        assert_eq!(duration_ms("0.000000001s"), Some(0));
        for bad in ["600", "s", "-1s", "1.0000000001s", "1e3s", "9999999999999999999s"] {
            assert_eq!(duration_ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_expiry_is_given_once_and_within_fifteen_days() {
        assert_eq!(expiry(&json!({}), 0), Ok(None));
        assert_eq!(expiry(&json!({"ttl": "10s"}), 5), Ok(Some(10_005)));
        assert_eq!(expiry(&json!({"expireTime": "1970-01-01T00:00:09Z"}), 5), Ok(Some(9_000)));
        assert!(expiry(&json!({"ttl": "10s", "expireTime": "1970-01-01T00:00:09Z"}), 5).is_err());
        assert!(expiry(&json!({"ttl": "1296001s"}), 5).is_err());
    }
}
