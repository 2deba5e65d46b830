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

mod ended;
mod mask;
mod refusal;
mod timeline;
mod verdict;

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
    let mut explanation = case.say(&outcome.verdict, now);
    if source.listening_since.is_none() {
        explanation.notes.push(Sentence::new(format!(
            "No verified webhook has ever arrived for {}. Without them silence proves nothing.",
            source.id
        )));
    }
    if outcome.flags.unknown_word {
        explanation.notes.push(Sentence::new(
            "The provider used a word that this version does not know. It is kept below and changed nothing.",
        ));
    }
    if outcome.flags.registrations_differ {
        explanation.notes.push(Sentence::new(
            "Two registrations of this message differ. Where they do, the one that came first counts.",
        ));
    }
    if outcome.flags.phone_mismatch {
        explanation.notes.push(Sentence::new(
            "A webhook names another phone number than the registration. It counts, because id and agent fit.",
        ));
    }
    explanation
}
