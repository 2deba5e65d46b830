//! Capability checks: of one phone, and of many at once.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/guides/build/capabilities>

use http::request::Parts;
use serde_json::{Value, json};

use super::error::{error, ok};
use crate::behaviour::Capability;
use crate::fault::Call;
use crate::host::Provider;
use crate::reply::Reply;
use crate::site::Site;
use crate::uri::{decode, query};
use crate::world::canonical_phone;

/// What a phone with RCS can show, as Google's sample has it.
pub(crate) const FEATURES: [&str; 7] = [
    "RICHCARD_STANDALONE",
    "RICHCARD_CAROUSEL",
    "ACTION_CREATE_CALENDAR_EVENT",
    "ACTION_DIAL",
    "ACTION_OPEN_URL",
    "ACTION_SHARE_LOCATION",
    "ACTION_VIEW_LOCATION",
];
/// The path of the bulk check.
pub(super) const BATCH: &str = "/v1/users:batchGet";
const FEWEST: usize = 500;
const MOST: usize = 10_000;
const CALLS_IN_A_MINUTE: usize = 600;

/// The phone of `/v1/phones/{phone}/capabilities`.
pub(super) fn phone(path: &str) -> Option<String> {
    let phone = path.strip_prefix("/v1/phones/")?.strip_suffix("/capabilities")?;
    decode(phone).filter(|phone| !phone.contains('/'))
}

/// Answers the check of one phone, whose token and agent were checked.
pub(super) fn answer(site: &Site, call: &Call, head: &Parts) -> Reply {
    let request = query(head.uri.query().unwrap_or_default()).remove("requestId");
    if request.is_none_or(|id| id.is_empty()) {
        return error(400, Some("requestId is required."));
    }
    let phone = call.phone.as_deref().unwrap_or_default();
    match site.world(|world| world.capability_of(Provider::Google, phone)) {
        Capability::Features => ok(&json!({ "features": FEATURES })),
        Capability::NotFound => error(404, None),
        Capability::Forbidden => error(403, None),
    }
}

/// The agent that a bulk check names in its body; Google's clients put it there or into the query.
pub(super) fn agent_in(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body["agentId"].as_str().map(str::to_owned)
}

/// Answers the check of many phones, whose token and agent were checked.
pub(super) fn answer_many(site: &Site, body: &[u8]) -> Reply {
    let now = site.clock.now_ms();
    let is_admitted = site.world(|world| {
        let calls = &mut world.batch_calls;
        while calls.front().is_some_and(|at| now - at >= 60_000) {
            calls.pop_front();
        }
        calls.push_back(now);
        calls.len() <= CALLS_IN_A_MINUTE
    });
    if !is_admitted {
        return error(429, None);
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let users: Option<Vec<&str>> =
        body["users"].as_array().and_then(|users| users.iter().map(Value::as_str).collect());
    let Some(users) = users else { return error(400, Some("users is required.")) };
    if !(FEWEST..=MOST).contains(&users.len()) {
        return error(400, Some("The number of users must be between 500 and 10000."));
    }
    let reachable: Vec<&str> = site.world(|world| {
        let can = |phone: &&str| {
            world.capability_of(Provider::Google, &canonical_phone(phone)) == Capability::Features
        };
        users.into_iter().filter(can).collect()
    });
    ok(&json!({
        "reachableUsers": reachable,
        "totalRandomSampleUserCount": 0,
        "reachableRandomSampleUserCount": 0,
    }))
}
