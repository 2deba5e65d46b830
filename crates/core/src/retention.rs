//! When a message may be forgotten: nothing is due any more, nothing can still be told, and all that is long past.

use crate::assess::assess;
use crate::assess::case::Case;
use crate::evidence::Evidence;
use crate::policy::Policy;
use crate::source::Source;
use crate::step::Step;
use crate::time::{Span, Timestamp};

/// The shortest time for which facts are kept: a message waits for its phone for 31 days at most, and its webhooks are
/// repeated for 7 more.
pub const SHORTEST: Span = Span::days(38);

/// From when on a message may be forgotten, if everything about it is kept for `keep` after the last that happened or
/// could happen: its last fact, the end of its life, the last webhook. None while anything is due, or will be.
///
/// Nothing is kept for less than [`SHORTEST`], whatever is asked for.
pub fn forgotten_from(
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    keep: Span,
    now: Timestamp,
) -> Option<Timestamp> {
    let assessment = assess(evidence, source, policy, now);
    if assessment.step != Step::Done || assessment.sms.is_some() || assessment.look_again_at.is_some() {
        return None;
    }
    let case = Case::new(evidence, source, policy);
    let over = case.told.known.horizon.map(|end| end + case.told.life.tail);
    let last = evidence.facts().map(crate::fact::Fact::at).max();
    last.max(over).map(|last| last + keep.max(SHORTEST))
}

/// Whether a message may be forgotten now.
pub fn may_be_forgotten(
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    keep: Span,
    now: Timestamp,
) -> bool {
    forgotten_from(evidence, source, policy, keep, now).is_some_and(|from| from <= now)
}
