//! Why the outcome is what it is, and what happened when: sentences that cite the facts they rest on.
//!
//! Words only: nothing here decides. Instants stay data, so that a reader's own zone can show them.

use serde::{Deserialize, Serialize};

use crate::assess::case::Case;
use crate::evidence::Evidence;
use crate::policy::Policy;
use crate::prelude::*;
use crate::sentence::Sentence;
use crate::source::Source;
use crate::time::Timestamp;

mod cites;
mod ended;
mod mask;
mod places;
mod refusal;
mod route;
mod sms;
mod templates;
mod timeline;
mod verdict;

pub use route::{NextHost, next_host};
pub use sms::{SMS_COST, SmsWords, sms};
pub use timeline::{Entry, Side, timeline};

/// Why the outcome is what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// A few words for a list.
    pub short: Sentence,
    /// The whole of it.
    pub sentence: Sentence,
    /// What else to know: flags, and what silence does not prove.
    pub notes: Vec<Sentence>,
    /// The keys of the facts that it rests on.
    pub cites: Vec<String>,
}

/// Says why the outcome is what it is.
pub fn explain(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> Explanation {
    let case = Case::new(evidence, source, policy);
    let outcome = case.outcome(now);
    case.say(&outcome, now)
}
