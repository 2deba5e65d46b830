//! `GET /v1/channel-manager/rcs/agents/{sender}/google/phones/{number}/capabilities`.
//!
//! Only the status of success is documented; the errors are a choice of the phone's behaviour.
//! <https://developer.vonage.com/en/messages/guides/rcs/rcs-device-capability-check>

use http::request::Parts;
use serde_json::json;

use super::auth::Caller;
use super::problem::problems;
use crate::behaviour::Capability;
use crate::fault::Call;
use crate::google::FEATURES;
use crate::host::Provider;
use crate::reply::Reply;
use crate::site::Site;
use crate::uri::decode;
use crate::world::canonical_phone;

/// Sender and phone of a capability check.
pub(super) fn path(path: &str) -> Option<(String, String)> {
    let rest = path.strip_prefix("/v1/channel-manager/rcs/agents/")?.strip_suffix("/capabilities")?;
    let (sender, phone) = rest.split_once("/google/phones/")?;
    Some((decode(sender)?, canonical_phone(&decode(phone)?)))
}

/// Answers a request whose caller is known. The sender has to be linked to the caller's application.
pub(super) fn answer(site: &Site, call: &Call, caller: &Caller, head: &Parts) -> Reply {
    let config = site.config();
    let sender = path(head.uri.path()).map(|(sender, _)| sender).unwrap_or_default();
    let is_known = config.vonage.senders.iter().any(|it| it.name == sender);
    if !is_known || !caller.is_main {
        return problems(site).of(403);
    }
    let phone = call.phone.as_deref().unwrap_or_default();
    match site.world(|world| world.capability_of(Provider::Vonage, phone)) {
        Capability::Features => {
            Reply::new(200, "application/json", json!({ "features": FEATURES }).to_string())
        }
        Capability::NotFound => problems(site).not_found("The phone cannot be reached by RCS."),
        Capability::Forbidden => problems(site).of(403),
    }
}
