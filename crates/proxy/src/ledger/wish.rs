//! The wishes of one message, read from its facts: which are live, begun, answered.

use rcs_revoke_core::fact::Requested;
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::{Evidence, Fact, Timestamp};

/// One wish that was not taken back.
#[derive(Clone, Copy, Debug)]
pub struct LiveWish<'a> {
    /// The wish.
    pub requested: &'a Requested,
    /// Whether a request for it has left, or may have.
    pub begun: bool,
    /// Whether an attempt begun after it was made was accepted.
    pub answered: bool,
}

/// The live wishes, the latest first.
pub fn live(evidence: &Evidence) -> Vec<LiveWish<'_>> {
    let withdrawn: Vec<&WishId> = evidence
        .facts()
        .filter_map(|fact| match fact {
            Fact::Withdrawn(fact) => Some(&fact.wish),
            _ => None,
        })
        .collect();
    let last_accepted = accepted(evidence).max();
    let mut live: Vec<_> = evidence
        .facts()
        .filter_map(|fact| match fact {
            Fact::Requested(requested) if !withdrawn.contains(&&requested.wish) => Some(LiveWish {
                requested,
                begun: begun(evidence, &requested.wish),
                answered: last_accepted.is_some_and(|begun_at| begun_at >= requested.at),
            }),
            _ => None,
        })
        .collect();
    live.sort_by_key(|wish| core::cmp::Reverse(wish.requested.at));
    live
}

/// Whether this wish was made, withdrawn or not.
pub fn was_made(evidence: &Evidence, wish: &WishId) -> bool {
    evidence.facts().any(|fact| matches!(fact, Fact::Requested(requested) if requested.wish == *wish))
}

fn begun(evidence: &Evidence, wish: &WishId) -> bool {
    evidence.facts().any(|fact| matches!(fact, Fact::Attempted(attempt) if attempt.wish == *wish))
}

/// When the accepted attempts were begun.
fn accepted(evidence: &Evidence) -> impl Iterator<Item = Timestamp> {
    evidence.facts().filter_map(|fact| match fact {
        Fact::Answered(answer) if answer.ack.is_accepted() => {
            let begun = evidence.facts().find_map(|fact| match fact {
                Fact::Attempted(attempt) if attempt.attempt == answer.attempt => Some(attempt.begun_at),
                _ => None,
            });
            Some(begun.unwrap_or(answer.at))
        }
        _ => None,
    })
}
