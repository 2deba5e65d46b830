//! Google RCS for Business: the token endpoint, sending and revoking on four hosts.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest>

use http::Method;
use http::request::Parts;

use crate::fault::Call;
use crate::host::{HostName, Provider, Route};
use crate::reply::Reply;
use crate::site::Site;
use crate::uri::{decode, query};
use crate::world::Effect;

mod capability;
pub(crate) mod error;
mod revoke;
mod send;
mod token;
pub(crate) use capability::FEATURES;
pub(crate) use token::refusal as token_refusal;
pub(crate) mod webhook;

/// Google's event words, and one that it does not have.
pub(crate) mod words {
    pub(crate) const DELIVERED: &str = "DELIVERED";
    pub(crate) const READ: &str = "READ";
    pub(crate) const SUBSCRIBE: &str = "SUBSCRIBE";
    pub(crate) const UNSUBSCRIBE: &str = "UNSUBSCRIBE";
    pub(crate) const TTL_REVOKED: &str = "TTL_EXPIRATION_REVOKED";
    pub(crate) const TTL_REVOKE_FAILED: &str = "TTL_EXPIRATION_REVOKE_FAILED";
    pub(crate) const TTL_UNKNOWN: &str = "TTL_EXPIRATION_UNSPECIFIED";
}

/// The part of an agent id before `@rbm.goog`: the API takes both forms.
pub(crate) fn canonical_agent(id: &str) -> &str {
    id.strip_suffix("@rbm.goog").unwrap_or(id)
}

/// Names what is asked, for faults and counters.
pub(crate) fn describe(host: HostName, head: &Parts) -> Call {
    let other = Call { route: Route::Other, host, message: None, phone: None };
    if host == HostName::GoogleToken {
        let route = if head.uri.path() == "/token" { Route::GoogleToken } else { Route::Other };
        return Call { route, ..other };
    }
    if head.method == Method::POST && head.uri.path() == capability::BATCH {
        return Call { route: Route::GoogleBatchGet, ..other };
    }
    if head.method == Method::GET
        && let Some(phone) = capability::phone(head.uri.path())
    {
        return Call { route: Route::GoogleCapabilities, phone: Some(phone), ..other };
    }
    let parameters = query(head.uri.query().unwrap_or_default());
    match (&head.method, name(head.uri.path())) {
        (&Method::POST, Some((phone, None))) => Call {
            route: Route::GoogleSend,
            message: parameters.get("messageId").cloned(),
            phone: Some(phone),
            ..other
        },
        (&Method::DELETE, Some((phone, message @ Some(_)))) => {
            Call { route: Route::GoogleRevoke, message, phone: Some(phone), ..other }
        }
        _ => other,
    }
}

/// Answers one request.
pub(crate) fn answer(site: &Site, call: &Call, head: &Parts, body: &[u8]) -> Reply {
    match call.route {
        Route::GoogleToken => token::answer(site, head, body),
        Route::GoogleSend => {
            checked(site, head, agent(head).as_deref(), || send::answer(site, call, head, body))
        }
        Route::GoogleRevoke => {
            checked(site, head, agent(head).as_deref(), || revoke::answer(site, call, head, body))
        }
        Route::GoogleCapabilities => {
            checked(site, head, agent(head).as_deref(), || capability::answer(site, call, head))
        }
        Route::GoogleBatchGet => {
            let agent =
                agent(head).or_else(|| capability::agent_in(body).map(|id| canonical_agent(&id).to_owned()));
            checked(site, head, agent.as_deref(), || capability::answer_many(site, body))
        }
        _ => error::not_google_json(),
    }
}

/// Token, limit and agent come before everything else.
fn checked(site: &Site, head: &Parts, agent: Option<&str>, then: impl FnOnce() -> Reply) -> Reply {
    let now = site.clock.now_ms();
    let token =
        head.headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let arrived = std::time::Instant::now();
    let limit = site.config().google.rate_limit;
    let (known, admitted) = site.world(|world| {
        let ends = token.and_then(|token| world.tokens.get(token).copied());
        let known = ends.is_some_and(|ends| now < ends);
        (known, !known || world.counters.admit("google", limit, arrived))
    });
    if !known {
        return error::error(401, None);
    }
    if !admitted {
        return error::error(429, None);
    }
    if !site.config().google.agents.iter().any(|it| agent == Some(it.id.as_str())) {
        return error::error(403, None);
    }
    then()
}

/// The agent that a request names, in its short form.
fn agent(head: &Parts) -> Option<String> {
    let id = query(head.uri.query().unwrap_or_default()).remove("agentId")?;
    Some(canonical_agent(&id).to_owned())
}

/// Phone and message id of `/v1/phones/{phone}/agentMessages[/{id}]`, decoded; a raw `+` stays one.
fn name(path: &str) -> Option<(String, Option<String>)> {
    let mut segments = path.strip_prefix("/v1/phones/")?.split('/');
    let phone = decode(segments.next()?)?;
    if segments.next()? != "agentMessages" {
        return None;
    }
    let id = match segments.next() {
        Some(id) => Some(decode(id).filter(|id| !id.is_empty())?),
        None => None,
    };
    segments.next().is_none().then_some((phone, id))
}

/// The message that a name means, or the status that says why not.
fn find(site: &Site, world: &crate::world::World, call: &Call, agent: &str) -> Result<usize, u16> {
    let answers = site.config().google.answers;
    let id = call.message.as_deref().unwrap_or_default();
    let mut of_google =
        world.with_id(id).iter().copied().filter(|&index| world.messages[index].provider == Provider::Google);
    let own = of_google.clone().find(|&index| world.messages[index].agent == agent);
    let index = match own {
        Some(index) => index,
        None if of_google.next().is_some() => return Err(answers.other_agent),
        None => return Err(answers.unknown_id),
    };
    if call.phone.as_deref() == Some(&world.messages[index].phone) {
        Ok(index)
    } else {
        Err(answers.other_phone)
    }
}

/// An answer to a revocation of a message that is known.
fn revoked(status: u16, index: usize, effect: Effect) -> Reply {
    Reply { revoked: Some((index, effect)), ..error::error(status, None) }
}
