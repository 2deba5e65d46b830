//! `POST /v1/messages`: RCS and SMS.
//!
//! <https://developer.vonage.com/en/api/messages>

use serde::Deserialize;
use serde_json::json;

use super::auth::Caller;
use super::problem;
use crate::config::check_webhook_url;
use crate::host::{HostName, Provider};
use crate::reply::Reply;
use crate::site::Site;
use crate::world::{Channel, Sending, canonical_phone};

const SHORTEST_TTL_S: u64 = 20;
const LONGEST_RCS_TTL_S: u64 = 259_200;
const LONGEST_SMS_TTL_S: u64 = 604_800;
const LONGEST_RCS_TEXT: usize = 3072;
const LONGEST_SMS_TEXT: usize = 3200;
const LONGEST_CLIENT_REF: usize = 100;
const RCS_TYPES: [&str; 7] = ["text", "image", "video", "file", "card", "carousel", "custom"];

/// What is read of a message; the rest is taken as it is.
#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    message_type: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    from: String,
    text: Option<String>,
    ttl: Option<u64>,
    client_ref: Option<String>,
    webhook_url: Option<String>,
    webhook_version: Option<String>,
}

/// Answers a request whose caller is known.
pub(super) fn answer(site: &Site, caller: &Caller, body: &[u8]) -> Reply {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else {
        return problem::invalid_json();
    };
    let Ok(request) = serde_json::from_value::<Request>(value) else {
        return problem::invalid_parameter("body", "a field has the wrong type");
    };
    let (channel, host) = match request.check(site) {
        Ok(found) => found,
        Err(reply) => return reply,
    };
    let now = site.clock.now_ms();
    let ttl_s = request.ttl.unwrap_or(site.config.vonage.default_ttl_s);
    let is_old_format = request.webhook_version.as_deref() == Some("v0.1");
    let key = format!(
        "{} {} {} {}",
        request.from,
        request.to,
        request.client_ref.as_deref().unwrap_or_default(),
        request.text.as_deref().unwrap_or_default()
    );
    let mut sending = Sending {
        provider: Provider::Vonage,
        id: String::new(),
        agent: request.from,
        phone: canonical_phone(&request.to),
        host,
        channel,
        sent_at_ms: now,
        expires_at_ms: Some(now.saturating_add_unsigned(ttl_s.saturating_mul(1000))),
        client_ref: request.client_ref,
        application_id: caller.application_id.clone(),
        webhook_url: request.webhook_url,
        behaviour: None,
        submitted: true,
    };
    if is_old_format {
        sending.behaviour.get_or_insert_default().webhook.v0_1 = Some(true);
    }
    let id = site.world(|world| {
        // Named by what is sent, not by when: the order of requests must not change a message's fate.
        let nth = world.occurrence(&key);
        sending.id = world.dice.uuid(&key, "message_uuid", nth);
        let id = sending.id.clone();
        world.send(sending, now);
        id
    });
    Reply::new(202, "application/json", json!({ "message_uuid": id }).to_string())
}

impl Request {
    /// The channel, and the host on which the message is going to live.
    fn check(&self, site: &Site) -> Result<(Channel, HostName), Reply> {
        let (channel, home) = self.check_channel(site)?;
        let digits = self.to.bytes().all(|byte| byte.is_ascii_digit());
        if !(7..=15).contains(&self.to.len()) || !digits || self.to.starts_with("00") {
            let detail = "The `to` parameter is invalid for the given channel.";
            return Err(problem::invalid("/messages#110", "Invalid recipient", detail));
        }
        self.check_limits(channel)?;
        Ok((channel, home))
    }

    fn check_channel(&self, site: &Site) -> Result<(Channel, HostName), Reply> {
        let senders = &site.config.vonage.senders;
        let sender = senders.iter().find(|sender| sender.name == self.from);
        let bad_sender = || {
            let detail = "The `from` parameter is invalid for the given channel.";
            problem::invalid("/messages#1120", "Invalid sender", detail)
        };
        let bad_type = || {
            let detail = "The `message_type` parameter is invalid for the given channel.";
            problem::invalid("/messages#1140", "Invalid message type", detail)
        };
        match self.channel.as_str() {
            "rcs" if !RCS_TYPES.contains(&self.message_type.as_str()) => Err(bad_type()),
            "rcs" => sender.map(|sender| (Channel::Rcs, sender.region)).ok_or_else(bad_sender),
            "sms" if self.message_type != "text" => Err(bad_type()),
            "sms" if self.from.is_empty() => Err(bad_sender()),
            "sms" => Ok((Channel::Sms, HostName::VonageEu)),
            _ => {
                let detail = "The `channel` parameter is not supported.";
                Err(problem::invalid("/messages#1100", "Unsupported channel", detail))
            }
        }
    }

    fn check_limits(&self, channel: Channel) -> Result<(), Reply> {
        let (longest_text, longest_ttl) = match channel {
            Channel::Rcs => (LONGEST_RCS_TEXT, LONGEST_RCS_TTL_S),
            Channel::Sms => (LONGEST_SMS_TEXT, LONGEST_SMS_TTL_S),
        };
        let text = self.text.as_deref().unwrap_or_default();
        if self.message_type == "text" && (text.is_empty() || text.chars().count() > longest_text) {
            return Err(problem::invalid_parameter("text", "is missing or too long"));
        }
        if self.ttl.is_some_and(|ttl| !(SHORTEST_TTL_S..=longest_ttl).contains(&ttl)) {
            return Err(problem::invalid_parameter("ttl", "is out of range"));
        }
        if self.client_ref.as_deref().is_some_and(|text| text.chars().count() > LONGEST_CLIENT_REF) {
            let detail = "The `client_ref` parameter is invalid.";
            return Err(problem::invalid("/messages#1060", "Invalid client reference", detail));
        }
        if self.webhook_url.as_deref().is_some_and(|url| check_webhook_url(url).is_err()) {
            return Err(problem::invalid_parameter("webhook_url", "must be an absolute http URL here"));
        }
        match self.webhook_version.as_deref() {
            None | Some("v1" | "v0.1") => Ok(()),
            Some(_) => Err(problem::invalid_parameter("webhook_version", "must be v0.1 or v1")),
        }
    }
}
