//! What is foreseen of one more wish is what happens once it is made.

use rcs_revoke_core::fact::{Fact, Requested};
use rcs_revoke_core::foresight::{Fate, foresee};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{assess, wish};

use crate::check::listed;
use crate::facts::requested;
use crate::random::Scene;
use crate::seeds::holds;

/// A wish like no other of a scene.
fn wanted(at: rcs_revoke_core::Timestamp) -> Requested {
    Requested { at, ..requested(999, 0) }
}

#[test]
fn a_message_is_asked_for_exactly_where_that_was_foreseen() {
    let (mut asked, mut skipped) = (0, 0);
    holds(|u| {
        let scene = Scene::any(u)?;
        let latest = scene.facts.iter().map(Fact::at).max();
        let turns: Vec<_> =
            scene.turns().into_iter().filter(|turn| latest.is_none_or(|latest| *turn >= latest)).collect();
        let now = *u.choose(&turns)?;
        let evidence = scene.evidence();
        let wanted = wanted(now);
        let again = u.arbitrary()?;
        let seen = foresee(&evidence, &scene.source, &scene.policy, now, &wanted, again);
        let repeats = wish::repeated(&evidence, &scene.source, &scene.policy, now, &wanted, again).is_some();
        let mut made = evidence.clone();
        made.record(Fact::Requested(wanted.clone()));
        let step = assess(&made, &scene.source, &scene.policy, now).step;
        let is_alone =
            !scene.facts.iter().any(|fact| matches!(fact, Fact::Requested(_) | Fact::Attempted(_)));
        let shown = || format!("at {now}: {seen:?}, {step:?}{}", listed(&evidence));
        match (&seen.fate, &step) {
            (Fate::Skip { reason }, _) if repeats => assert_eq!(reason, "already", "{}", shown()),
            (Fate::Ask { host, .. }, Step::Send { wish, host: sent, .. }) if *wish == wanted.wish => {
                asked += 1;
                assert_eq!(host, sent, "{}", shown());
            }
            // What an own wish or an earlier one waits for comes first.
            (Fate::Ask { .. }, step) => {
                assert!(!is_alone || matches!(step, Step::Request { .. }), "{}", shown());
            }
            (Fate::Skip { .. }, Step::Send { wish, .. }) => assert_ne!(*wish, wanted.wish, "{}", shown()),
            (Fate::Skip { .. }, _) => skipped += 1,
        }
        Ok(())
    });
    assert!(asked > 0 && skipped > 0, "{asked} asked, {skipped} skipped: too few to mean anything");
}
