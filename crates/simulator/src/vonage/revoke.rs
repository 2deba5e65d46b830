//! `PATCH /v1/messages/{message_uuid}` with `{"status":"revoked"}`.
//!
//! What Vonage does not document is a choice of the configuration.
//! <https://developer.vonage.com/en/messages/guides/rcs/rcs-message-revocation>

use serde_json::Value;

use super::auth::Caller;
use super::problem::problems;
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
        return problems(site).invalid_json();
    };
    match body["status"].as_str() {
        Some("revoked") => {}
        // A read receipt is for inbound messages; what can be revoked is outbound.
        Some("read") => return problems(site).not_supported(),
        _ => return problems(site).invalid_parameter("status", "invalid value"),
    }
    let id = call.message.as_deref().unwrap_or_default();
    if !is_uuid(id) && site.config().vonage.answers.malformed_id == 422 {
        return problems(site).invalid_parameter("message_uuid", "invalid value");
    }
    let now = site.clock.now_ms();
    site.world(|world| {
        let index = match find(site, world, call, caller, now) {
            Ok(index) => index,
            Err(401) => return problems(site).of(401),
            Err(_) => {
                return problems(site).not_found(&format!("External Id not found for message {id}."));
            }
        };
        let (status, effect) = revoke(site, world, index, now);
        let reply = match status {
            200..300 => accepted(site, world, status, id),
            404 => problems(site).not_found(&format!("Message with ID {id} not found")),
            422 => problems(site).not_supported(),
            other => problems(site).of(other),
        };
        Reply { revoked: Some((index, effect)), ..reply }
    })
}

/// The message, if it lives on this host, is known there already, and belongs to the caller; else the status.
fn find(site: &Site, world: &World, call: &Call, caller: &Caller, now: i64) -> Result<usize, u16> {
    let config = site.config();
    let vonage = &config.vonage;
    let everywhere = call.host == HostName::VonageApi && vonage.answers.global_patch != 404;
    let id = call.message.as_deref().unwrap_or_default().to_ascii_lowercase();
    let here = world.with_id(&id).iter().copied().find(|&index| {
        let message = &world.messages[index];
        let is_known = now >= message.sent_at_ms.saturating_add_unsigned(vonage.external_id_delay_ms);
        message.provider == Provider::Vonage && is_known && (everywhere || message.host == call.host)
    });
    let index = here.ok_or(404_u16)?;
    match (&caller.application_id, &world.messages[index].application_id) {
        (None, _) => Ok(index),
        (caller, owner) if caller == owner => Ok(index),
        // What the account sent itself belongs to no application.
        (_, None) => Err(404),
        _ => Err(vonage.answers.other_application),
    }
}

fn revoke(site: &Site, world: &mut World, index: usize, now: i64) -> (u16, Effect) {
    let answers = site.config().vonage.answers;
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
    if !site.config().vonage.answers.request_id {
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
