//! The wishes of one message: which are live, begun, answered, whether a command is one that was given before, and
//! what a new one or a withdrawal could still do.

use crate::assess::case::Case;
use crate::assess::told::{Told, Wish};
use crate::evidence::Evidence;
use crate::explain::explain;
use crate::fact::{Fact, Requested, Then};
use crate::id::WishId;
use crate::outcome::Verdict;
use crate::policy::Policy;
use crate::prelude::*;
use crate::sentence::Sentence;
use crate::source::Source;
use crate::time::{Span, Timestamp};

/// One wish that was not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveWish {
    /// The wish.
    pub id: WishId,
    /// When it was made.
    pub at: Timestamp,
    /// Whether a request for it has left, or may have.
    pub begun: bool,
    /// Whether an attempt begun after it was made, for whichever wish, was accepted.
    pub answered: bool,
    /// Whether an SMS may follow from it.
    pub then_sms: bool,
}

/// The live wishes, the latest first.
pub fn live(evidence: &Evidence) -> Vec<LiveWish> {
    // Until when an answer is waited for does not matter here, nor how long anything lasts.
    let life = evidence.message().provider().adapter().lifetimes();
    let told = Told::by(evidence, Span::ZERO, life, None);
    told.wishes.iter().rev().filter(|wish| wish.live).map(|wish| told.shown(wish)).collect()
}

impl Told<'_> {
    fn shown(&self, wish: &Wish) -> LiveWish {
        LiveWish {
            begun: self.attempts.iter().any(|attempt| attempt.wish == wish.id),
            answered: self.is_answered(wish),
            then_sms: wish.then == Then::Fallback,
            at: wish.at,
            id: wish.id.clone(),
        }
    }
}

/// Whether this wish was made, withdrawn or not.
pub fn was_made(evidence: &Evidence, wish: &WishId) -> bool {
    evidence.facts().any(|fact| matches!(fact, Fact::Requested(requested) if requested.wish == *wish))
}

/// The live wish that a new one would only repeat, if there is one: it begins no later, and the same shall follow.
///
/// While a wish is under way, a command repeats it. Once it was answered, or ended without a result, only *revoke
/// again* is a new one. A wish that was refused stands in nobody's way: something may have been put right since.
pub fn repeated(
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    now: Timestamp,
    wanted: &Requested,
    again: bool,
) -> Option<LiveWish> {
    let case = Case::new(evidence, source, policy);
    let begins = wanted.not_before.unwrap_or(wanted.at).max(now);
    let alike = |wish: &&Wish| {
        wish.live && wish.begins() <= begins && (wish.then, wish.hand) == (wanted.then, wanted.hand)
    };
    let latest = case.told.wishes.iter().rfind(alike)?;
    let answered = case.told.is_answered(latest);
    // A wish that waits for its first request is under way even where an earlier answer still names the outcome.
    let goes_on = !answered && (case.is_being_asked(latest, now) || case.next_attempt(latest, now).is_some());
    let came_to_nothing = match case.verdict(now) {
        Verdict::Refused { .. } => true,
        // Planned is another, and this one is not.
        Verdict::Planned { .. } => !answered,
        _ => false,
    };
    (goes_on || !(again || came_to_nothing)).then(|| case.told.shown(latest))
}

/// The latest wish whose withdrawal would still stop something: an attempt is open, or another is to come.
pub fn withdrawable(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> Option<WishId> {
    let case = Case::new(evidence, source, policy);
    let goes_on = |wish: &&Wish| case.next_if_built(wish, now).is_some() || case.is_being_asked(wish, now);
    case.open_wishes().filter(goes_on).last().map(|wish| wish.id.clone())
}

/// Why one more wish, made now, would come to nothing; none if it would be asked for.
pub fn closed_because(
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    now: Timestamp,
) -> Option<Sentence> {
    let mut imagined = evidence.clone();
    imagined.record(Fact::Requested(Requested {
        wish: WishId::imagined(),
        by: String::new(),
        at: now,
        not_before: None,
        then: Then::Nothing,
        reason: None,
        override_window: false,
        hand: false,
        batch: None,
    }));
    let case = Case::new(&imagined, source, policy);
    let goes_on = case.open_wishes().any(|wish| case.next_if_built(wish, now).is_some());
    (!goes_on).then(|| explain(&imagined, source, policy, now).short)
}
