//! What is read of a message, and what is refused in it.

use serde::Deserialize;

use crate::config::check_webhook_url;
use crate::host::HostName;
use crate::reply::Reply;
use crate::site::Site;
use crate::vonage::problem::problems;
use crate::world::Channel;

const LONGEST_SMS_TTL_S: u64 = 604_800;
const LONGEST_RCS_TEXT: usize = 3072;
const LONGEST_SMS_TEXT: usize = 3200;
const LONGEST_CLIENT_REF: usize = 100;
const RCS_TYPES: [&str; 7] = ["text", "image", "video", "file", "card", "carousel", "custom"];

/// What is read of a message; the rest is taken as it is.
#[derive(Deserialize)]
pub(super) struct Request {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    message_type: String,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub from: String,
    text: Option<String>,
    pub ttl: Option<u64>,
    pub client_ref: Option<String>,
    pub webhook_url: Option<String>,
    pub webhook_version: Option<String>,
}

impl Request {
    /// The channel, and the host on which the message is going to live.
    pub(super) fn check(&self, site: &Site) -> Result<(Channel, HostName), Reply> {
        let (channel, home) = self.check_channel(site)?;
        let digits = self.to.bytes().all(|byte| byte.is_ascii_digit());
        if !(7..=15).contains(&self.to.len()) || !digits || self.to.starts_with("00") {
            let detail = "The `to` parameter is invalid for the given channel.";
            return Err(problems(site).invalid("/messages#110", "Invalid recipient", detail));
        }
        self.check_limits(site, channel)?;
        Ok((channel, home))
    }

    /// What names the message.
    pub(super) fn key(&self) -> String {
        let (client_ref, text) =
            (self.client_ref.as_deref().unwrap_or_default(), self.text.as_deref().unwrap_or_default());
        format!("{} {} {client_ref} {text}", self.from, self.to)
    }

    fn check_channel(&self, site: &Site) -> Result<(Channel, HostName), Reply> {
        let config = site.config();
        let sender = config.vonage.senders.iter().find(|sender| sender.name == self.from);
        let bad_sender = || problems(site).bad_sender();
        let bad_type = || {
            let detail = "The `message_type` parameter is invalid for the given channel.";
            problems(site).invalid("/messages#1140", "Invalid message type", detail)
        };
        match self.channel.as_str() {
            "rcs" if !RCS_TYPES.contains(&self.message_type.as_str()) => Err(bad_type()),
            "rcs" => sender.map(|sender| (Channel::Rcs, sender.region)).ok_or_else(bad_sender),
            "sms" if self.message_type != "text" => Err(bad_type()),
            "sms" if self.from.is_empty() => Err(bad_sender()),
            "sms" => Ok((Channel::Sms, HostName::VonageEu)),
            _ => {
                let detail = "The `channel` parameter is not supported.";
                Err(problems(site).invalid("/messages#1100", "Unsupported channel", detail))
            }
        }
    }

    fn check_limits(&self, site: &Site, channel: Channel) -> Result<(), Reply> {
        let config = site.config();
        let vonage = &config.vonage;
        let (longest_text, longest_ttl) = match channel {
            Channel::Rcs => (LONGEST_RCS_TEXT, vonage.longest_ttl_s),
            Channel::Sms => (LONGEST_SMS_TEXT, LONGEST_SMS_TTL_S),
        };
        let text = self.text.as_deref().unwrap_or_default();
        if self.message_type == "text" && (text.is_empty() || text.chars().count() > longest_text) {
            return Err(problems(site).invalid_parameter("text", "is missing or too long"));
        }
        if self.ttl.is_some_and(|ttl| !(vonage.shortest_ttl_s..=longest_ttl).contains(&ttl)) {
            return Err(problems(site).invalid_parameter("ttl", "is out of range"));
        }
        if self.client_ref.as_deref().is_some_and(|text| text.chars().count() > LONGEST_CLIENT_REF) {
            let detail = "The `client_ref` parameter is invalid.";
            return Err(problems(site).invalid("/messages#1060", "Invalid client reference", detail));
        }
        if self.webhook_url.as_deref().is_some_and(|url| check_webhook_url(url).is_err()) {
            return Err(problems(site).invalid_parameter("webhook_url", "must be an absolute http URL here"));
        }
        match self.webhook_version.as_deref() {
            None | Some("v1" | "v0.1") => Ok(()),
            Some(_) => Err(problems(site).invalid_parameter("webhook_version", "must be v0.1 or v1")),
        }
    }
}
