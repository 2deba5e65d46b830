//! Facts and what they mean. An input that begins with `{` is a world as JSON: evidence, source, instant, and the
//! figures if they are not the provider's own. Any other input is read as a recipe for facts, three bytes each.

use rcs_revoke_core::{Evidence, Policy, Source, Timestamp};
use serde::Deserialize;

use super::scripted;
use super::worlds::World;

#[derive(Deserialize)]
struct Json {
    evidence: Evidence,
    source: Source,
    policy: Option<Policy>,
    now: Timestamp,
}

/// Checks one input.
///
/// # Panics
/// When something does not hold.
pub fn check(data: &[u8]) {
    if data.first() == Some(&b'{') {
        let Ok(Json { evidence, source, policy, now }) = serde_json::from_slice(data) else { return };
        let policy = policy.unwrap_or_else(|| evidence.message().provider().adapter().policy());
        World { evidence, source, policy, now }.check();
    } else if let Some(world) = scripted::world(data) {
        world.check();
    }
}
