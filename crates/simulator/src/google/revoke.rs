//! `DELETE /v1/phones/{phone}/agentMessages/{id}`.
//!
//! Google's own pages disagree on what the statuses mean, so the meaning is a choice of the behaviour.
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/phones.agentMessages/delete>

use http::request::Parts;

use super::error::error;
use super::{find, revoked};
use crate::behaviour::RevokeSemantics;
use crate::config::RegionRule;
use crate::fault::Call;
use crate::reply::Reply;
use crate::site::Site;
use crate::world::{Effect, Fate, World};

/// Answers a request whose token and agent were checked.
pub(super) fn answer(site: &Site, call: &Call, head: &Parts, body: &[u8]) -> Reply {
    if !body.is_empty() {
        return error(400, Some("The request body must be empty."));
    }
    let agent = super::agent(head).unwrap_or_default();
    let now = site.clock.now_ms();
    site.world(|world| {
        let index = match find(site, world, call, &agent) {
            Ok(index) => index,
            Err(status) => return error(status, None),
        };
        if world.messages[index].host != call.host {
            match site.config().google.regions {
                RegionRule::AnyHost => {}
                RegionRule::NotFound => return revoked(404, index, Effect::None),
                RegionRule::Forbidden => return revoked(403, index, Effect::None),
            }
        }
        let (status, effect) = revoke(site, world, index, now);
        revoked(status, index, effect)
    })
}

fn revoke(site: &Site, world: &mut World, index: usize, now: i64) -> (u16, Effect) {
    let answers = site.config().google.answers;
    world.settle_before_revoke(index, now);
    let message = &world.messages[index];
    let semantics = message.behaviour.revoke();
    let race_after_ms = message.behaviour.race_after_ms();
    let gone = match message.fate {
        Fate::Queued => None,
        Fate::Delivered | Fate::Rejected => Some(answers.delivered),
        Fate::Revoked => Some(answers.second_revoke),
        Fate::Expired => Some(answers.after_expiry),
        Fate::Purged => Some(answers.after_purge),
    };
    match (semantics, gone) {
        (RevokeSemantics::Always404, _) => (404, Effect::None),
        (RevokeSemantics::Legacy, Some(_)) => (200, Effect::None),
        (_, Some(status)) => (status, Effect::None),
        (RevokeSemantics::Race, None) => (200, world.race(index, race_after_ms, now)),
        (RevokeSemantics::Confirmed | RevokeSemantics::Legacy, None) => (200, world.take_off(index, now)),
    }
}
