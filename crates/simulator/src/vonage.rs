//! The Vonage Messages API: sending on four hosts, revoking on three.
//!
//! <https://developer.vonage.com/en/messages/guides/rcs/rcs-message-revocation>

use std::time::Instant;

use http::Method;
use http::request::Parts;
use serde_json::Value;

use crate::fault::Call;
use crate::host::{HostName, Route};
use crate::reply::Reply;
use crate::site::Site;
use crate::uri::decode;
use crate::world::canonical_phone;

mod auth;
mod capability;
pub(crate) mod problem;
mod revoke;
mod send;
pub(crate) mod webhook;

use problem::problems;

/// Vonage's status words, and one that it does not have.
pub(crate) mod words {
    pub(crate) const SUBMITTED: &str = "submitted";
    pub(crate) const DELIVERED: &str = "delivered";
    pub(crate) const READ: &str = "read";
    pub(crate) const REJECTED: &str = "rejected";
    pub(crate) const UNDELIVERABLE: &str = "undeliverable";
    pub(crate) const UNKNOWN: &str = "expired";
    pub(crate) const EXPIRED_CODE: u32 = 1360;
    pub(crate) const UNDELIVERABLE_CODE: u32 = 1100;
}

/// Names what is asked, for faults and counters.
pub(crate) fn describe(host: HostName, head: &Parts, body: &[u8]) -> Call {
    let other = Call { route: Route::Other, host, message: None, phone: None };
    match (&head.method, head.uri.path().strip_prefix("/v1/messages")) {
        (&Method::POST, Some("")) => Call { route: Route::VonageSend, phone: recipient(body), ..other },
        (&Method::PATCH, Some(rest)) => match rest.strip_prefix('/') {
            Some(id) if !id.is_empty() && !id.contains('/') => {
                Call { route: Route::VonageRevoke, message: decode(id), ..other }
            }
            _ => other,
        },
        (&Method::GET, None) => match capability::path(head.uri.path()) {
            Some((_, phone)) => Call { route: Route::VonageCapabilities, phone: Some(phone), ..other },
            None => other,
        },
        _ => other,
    }
}

/// Answers one request.
pub(crate) fn answer(site: &Site, call: &Call, head: &Parts, body: &[u8]) -> Reply {
    let config = site.config();
    let basic = match call.route {
        Route::VonageSend => true,
        Route::VonageRevoke => config.vonage.answers.basic_patch != 401,
        Route::VonageCapabilities => false,
        _ => return problems(site).not_found("The requested resource was not found."),
    };
    let caller = match auth::caller(site, head) {
        Ok(caller) if basic || caller.application_id.is_some() => caller,
        _ => return problems(site).of(401),
    };
    let arrived = Instant::now();
    let limit = config.vonage.rate_limit;
    if !site.world(|world| world.counters.admit("vonage", limit, arrived)) {
        let reply = problems(site).of(429);
        return match config.vonage.answers.retry_after_s {
            0 => reply,
            seconds => reply.with_header("retry-after", &seconds.to_string()),
        };
    }
    match call.route {
        Route::VonageSend => send::answer(site, &caller, body),
        Route::VonageCapabilities => capability::answer(site, call, &caller, head),
        _ => revoke::answer(site, call, &caller, body),
    }
}

fn recipient(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    Some(canonical_phone(body["to"].as_str()?))
}
