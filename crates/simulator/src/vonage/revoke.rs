//! `PATCH /v1/messages/{message_uuid}` with `{"status":"revoked"}`.
//!
//! What Vonage does not document is a choice of the configuration.
//! <https://developer.vonage.com/en/messages/guides/rcs/rcs-message-revocation>

use serde_json::Value;

use super::auth::Caller;
use super::problem;
use crate::config::LateAnswer;
use crate::fault::Call;
use crate::host::{HostName, Provider};
use crate::reply::Reply;
use crate::site::Site;
use crate::world::{Channel, Effect, Fate, World};

const WINDOW_MS: i64 = 24 * 3600 * 1000;

/// Answers a request whose caller is known.
pub(super) fn answer(site: &Site, call: &Call, caller: &Caller, body: &[u8]) -> Reply {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return problem::invalid_json();
    };
    match body["status"].as_str() {
        Some("revoked") => {}
        // A read receipt is for inbound messages; what can be revoked is outbound.
        Some("read") => return problem::not_supported(),
        _ => return problem::invalid_parameter("status", "invalid value"),
    }
    let id = call.message.as_deref().unwrap_or_default();
    if !is_uuid(id) && site.config.vonage.answers.malformed_id == 422 {
        return problem::invalid_parameter("message_uuid", "invalid value");
    }
    let now = site.clock.now_ms();
    site.world(|world| {
        let found = find(site, world, call, caller, now);
        let Some(index) = found else {
            return problem::not_found(&format!("External Id not found for message {id}."));
        };
        let (status, effect) = revoke(site, world, index, now);
        let reply = match status {
            200..300 => accepted(site, world, status, id),
            404 => problem::not_found(&format!("Message with ID {id} not found")),
            422 => problem::not_supported(),
            other => problem::problem(other),
        };
        Reply { revoked: Some((index, effect)), ..reply }
    })
}

/// The message, if it lives on this host, is known there already, and belongs to the caller.
fn find(site: &Site, world: &World, call: &Call, caller: &Caller, now: i64) -> Option<usize> {
    let vonage = &site.config.vonage;
    let everywhere = call.host == HostName::VonageApi && vonage.answers.global_patch != 404;
    let id = call.message.as_deref()?.to_ascii_lowercase();
    let indexes = world.with_id(&id);
    indexes.iter().copied().find(|&index| {
        let message = &world.messages[index];
        let is_known = now >= message.sent_at_ms.saturating_add_unsigned(vonage.external_id_delay_ms);
        let is_own = caller.application_id.is_none() || message.application_id == caller.application_id;
        message.provider == Provider::Vonage
            && is_own
            && is_known
            && (everywhere || message.host == call.host)
    })
}

fn revoke(site: &Site, world: &mut World, index: usize, now: i64) -> (u16, Effect) {
    let answers = site.config.vonage.answers;
    if world.messages[index].channel == Channel::Sms {
        return (422, Effect::None);
    }
    if now - world.messages[index].sent_at_ms > WINDOW_MS {
        let status = match answers.late {
            LateAnswer::AcceptedWithoutEffect => answers.success,
            LateAnswer::NotFound => 404,
            LateAnswer::Unprocessable => 422,
        };
        return (status, Effect::None);
    }
    world.settle_before_revoke(index, now);
    let or_success = |status: u16| if status == 202 { answers.success } else { status };
    match world.messages[index].fate {
        Fate::Queued => (answers.success, world.take_off(index, now)),
        Fate::Revoked => (or_success(answers.second_revoke), Effect::None),
        Fate::Delivered | Fate::Expired | Fate::Purged | Fate::Rejected => {
            (or_success(answers.already_delivered), Effect::None)
        }
    }
}

fn accepted(site: &Site, world: &mut World, status: u16, id: &str) -> Reply {
    let reply = Reply::new(status, "application/json", "");
    if !site.config.vonage.answers.request_id {
        return reply;
    }
    let nth = world.occurrence(id);
    let request_id = world.dice.uuid(id, "request id", nth);
    reply.with_header("x-request-id", &request_id)
}

fn is_uuid(id: &str) -> bool {
    let lengths = id.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
