//! Evidence in, outcome and next step out: the one function that decides what happened and what comes next.

use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::outcome::{Outcome, Verdict};
use crate::policy::Policy;
use crate::source::Source;
use crate::step::Step;
use crate::time::Timestamp;

/// What the facts of one message mean at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What happened.
    pub outcome: Outcome,
    /// What comes next.
    pub step: Step,
    /// When time alone may change one of the two; none if it never will.
    pub look_again_at: Option<Timestamp>,
}

/// Derives outcome and next step from all facts, as of `now`.
pub fn assess(_evidence: &Evidence, _source: &Source, _policy: &Policy, _now: Timestamp) -> Assessment {
    Assessment {
        outcome: Outcome { verdict: Verdict::Watched, flags: crate::outcome::Flags::default() },
        step: Step::Done,
        look_again_at: None,
    }
}
