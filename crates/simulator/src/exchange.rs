//! One request and its answer: the provider's own, or what the faults in force make of it.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;

use crate::fault::{Call, FaultKind};
use crate::host::{HostName, Provider, Route};
use crate::reply::Reply;
use crate::site::Site;
use crate::world::{Effect, RevokeAnswer, RevokeSeen, SendSeen};
use crate::{google, vonage};

const LARGEST_BODY: usize = 1024 * 1024;

/// What the client gets.
pub(crate) enum Outcome {
    Answer(Response<Bytes>),
    Reset,
}

/// Reads the request, lets faults strike, answers, and keeps the books.
pub(crate) async fn exchange(site: &Arc<Site>, host: HostName, request: Request<Incoming>) -> Outcome {
    let arrived = Instant::now();
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        return Outcome::Answer(*Reply::new(413, "text/plain", "the body is too large\n").response);
    };
    let body = body.to_bytes();
    let is_google = host.provider() == Some(Provider::Google);
    let call = if is_google { google::describe(host, &head) } else { vonage::describe(host, &head, &body) };
    let (verdict, place) = site.world(|world| {
        world.counters.arrived(call.route, arrived);
        let sending = || SendSeen::read(host, &body, site.clock.now_ms());
        let place = (call.route == Route::VonageSend).then(|| world.note_send(sending()));
        (world.faults.judge(&call, world.dice), place)
    });
    if !verdict.latency.is_zero() {
        tokio::time::sleep(verdict.latency).await;
    }
    let answer = || {
        if is_google {
            google::answer(site, &call, &head, &body)
        } else {
            vonage::answer(site, &call, &head, &body)
        }
    };
    let (reply, is_reset) = match &verdict.harm {
        None | Some(FaultKind::Latency { .. }) => (answer(), false),
        Some(FaultKind::ResetBefore) => (Reply::new(500, "text/plain", ""), true),
        Some(FaultKind::ResetAfter) => (answer(), true),
        Some(
            harm @ (FaultKind::Status { after_effect: true, .. }
            | FaultKind::Answer { after_effect: true, .. }),
        ) => {
            let Reply { revoked, sent, .. } = answer();
            (Reply { revoked, sent, ..faulty(site, &call, harm) }, false)
        }
        Some(harm) => (faulty(site, &call, harm), false),
    };
    keep_books(site, &call, &reply, is_reset, place);
    if !verdict.latency_after_effect.is_zero() {
        tokio::time::sleep(verdict.latency_after_effect).await;
    }
    if is_reset { Outcome::Reset } else { Outcome::Answer(*reply.response) }
}

/// The answer that a fault gives instead of the provider's own.
fn faulty(site: &Site, call: &Call, harm: &FaultKind) -> Reply {
    let (status, retry_after, body) = match harm {
        FaultKind::Status { status, retry_after, body, .. } => (status, retry_after, body),
        FaultKind::Answer { status, headers, body, .. } => return Reply::verbatim(*status, headers, body),
        _ => return Reply::new(500, "text/plain", ""),
    };
    let reply = match (body, call.route) {
        (Some(body), _) => Reply::new(*status, media_type(body), body.clone()),
        (None, Route::GoogleToken) if *status == 400 => {
            google::token_refusal(400, "invalid_grant", "Invalid JWT Signature.")
        }
        (None, Route::GoogleToken) => google::token_refusal(*status, "internal_failure", "Please try again."),
        (None, _) if call.host.provider() == Some(Provider::Google) => google::error::error(*status, None),
        (None, _) if (200..300).contains(status) => Reply::new(*status, "application/json", ""),
        (None, _) => vonage::problem::problems(site).of(*status),
    };
    match retry_after {
        Some(seconds) => reply.with_header("retry-after", seconds),
        None => reply,
    }
}

fn media_type(body: &str) -> &'static str {
    if body.starts_with(['{', '[']) { "application/json" } else { "text/html" }
}

/// Writes down what was asked and what its sender heard.
fn keep_books(site: &Site, call: &Call, reply: &Reply, is_reset: bool, place: Option<usize>) {
    let status = reply.response.status().as_u16();
    let at_ms = site.clock.now_ms();
    let answer = if is_reset { RevokeAnswer::Reset } else { RevokeAnswer::Status(status) };
    site.world(|world| {
        let label = if is_reset { "reset".to_owned() } else { status.to_string() };
        world.counters.answered(call.route, label);
        if let Some(place) = place {
            world.note_sent(place, reply.sent.clone(), answer);
        }
        if !matches!(call.route, Route::GoogleRevoke | Route::VonageRevoke) {
            return;
        }
        let named = || {
            let indexes = world.with_id(call.message.as_deref()?);
            let provider = call.host.provider();
            indexes.iter().copied().find(|&index| Some(world.messages[index].provider) == provider)
        };
        let known = reply.revoked.or_else(|| named().map(|index| (index, Effect::None)));
        if let Some((index, effect)) = known {
            world.messages[index].revokes.push(RevokeSeen { at_ms, host: call.host, effect, answer });
        }
    });
}
