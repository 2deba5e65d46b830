//! What one more wish would do, before anything is sent: the same decisions as afterwards, over a wish that is only
//! imagined.

use serde::{Deserialize, Serialize};

use crate::assess::case::Case;
use crate::evidence::Evidence;
use crate::fact::{Fact, Requested};
use crate::fallback::Offer;
use crate::host::Host;
use crate::outcome::Verdict;
use crate::policy::Policy;
use crate::prelude::*;
use crate::region::Certainty;
use crate::source::Source;
use crate::time::Timestamp;
use crate::wish;

/// What a wish would do for one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foresight {
    /// Whether it would be asked for.
    #[serde(flatten)]
    pub fate: Fate,
    /// When the message was sent, by its sender's word.
    pub sent_at: Option<Timestamp>,
    /// When its window closes; none if it has none, or if nothing is known of its age.
    pub window_closes: Option<Timestamp>,
    /// Its message class.
    pub class: Option<String>,
    /// What would be done about an SMS, right after the wish.
    pub sms: Offer,
}

/// Whether a message would be asked for. In JSON `{"fate": "ask", "host": "vonage.eu", "certainty": "known"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// It would.
    Ask {
        /// Where first.
        host: Host,
        /// How sure that is.
        certainty: Certainty,
    },
    /// It would not.
    Skip {
        /// The stable code: that of the outcome, of the refusal, or `already`.
        reason: String,
    },
}

/// The reason of a message that a live wish stands for already.
const ALREADY: &str = "already";

/// What this wish would do if it were made now.
///
/// With `again`, a message that was asked for already is asked for once more.
pub fn foresee(
    evidence: &Evidence,
    source: &Source,
    policy: &Policy,
    now: Timestamp,
    wanted: &Requested,
    again: bool,
) -> Foresight {
    let repeats = wish::repeated(evidence, source, policy, now, wanted, again).is_some();
    let mut imagined = evidence.clone();
    imagined.record(Fact::Requested(wanted.clone()));
    let case = Case::new(&imagined, source, policy);
    let own = |wish: &&crate::assess::told::Wish| wish.id == wanted.wish;
    let next = case.open_wishes().find(own).and_then(|wish| case.next_attempt(wish, now));
    let fate = match next {
        _ if repeats => Fate::Skip { reason: ALREADY.to_owned() },
        Some(next) => {
            let certainty = policy.route(source, case.told.known.host).certainty;
            Fate::Ask { host: next.host, certainty }
        }
        None => Fate::Skip { reason: reason(&case.verdict(now)).to_owned() },
    };
    let known = &case.told.known;
    // The window of a message that nobody heard of before would be counted from now, which says nothing.
    let is_heard_of = known.sent_at.is_some() || known.first_heard.is_some_and(|at| at < wanted.at);
    Foresight {
        fate,
        sent_at: known.sent_at,
        window_closes: known.window_closes.filter(|_| is_heard_of),
        class: known.class.clone(),
        sms: case.fallback(now).offer,
    }
}

/// Why it would not be asked for: the refusal, where it is one, else the outcome that stands.
const fn reason(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Refused { reason } => reason.code(),
        // Nothing is planned any more for what is not asked for: only the number is missing.
        Verdict::Planned { .. } => "needs_input",
        other => other.code(),
    }
}
