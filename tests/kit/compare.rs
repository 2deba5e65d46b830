//! The judgement: what the server claims of one message, beside what happened to it. Pure functions.
//!
//! The world goes on while the two are read, so the books are read twice: what the server had acknowledged *before*
//! it was asked must show in its claims, and what it claims must have been handed over by the time *after*.

use std::fmt;

use rcs_revoke_core::Outcome;
use rcs_revoke_core::outcome::{Proof, Verdict};

use crate::reality::{Reality, Statement};

/// One message: what the server claims, and what happened.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What the server claims; none if it does not know the message.
    pub claim: Option<&'a Outcome>,
    /// What had happened when the server was about to be asked.
    pub before: &'a Reality,
    /// What had happened when the server had answered.
    pub after: &'a Reality,
    /// Whether it took a registration or a wish for this message.
    pub was_taken: bool,
    /// Whether it is told to believe what the answers of this sender's provider mean.
    pub confirmed: bool,
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lie {
    /// It states an outcome, and nobody said so.
    NobodySaidSo(Statement),
    /// It acknowledged an event, and does not say what that event states, nor anything above it.
    Unheard(Statement),
    /// It says that something was answered, and nothing of the kind was.
    NeverAnswered(&'static str),
    /// It states more than its proof carries.
    WithoutProof(&'static str),
    /// It cites a code that no event had.
    InventedCode(String),
    /// It acknowledged something about the message, and does not know it.
    Lost,
    /// It was due for long, and nothing was done although nothing was ahead of it.
    Stuck,
    /// It still moves although all retries are over.
    NeverAtRest,
    /// A fact in its store that nobody in the world stands behind.
    InventedFact(String),
    /// It acknowledged an event with this word, and has no such fact.
    ForgottenEvent(String),
    /// A provider had more requests than were written down before they left.
    UnwrittenRequest {
        /// Requests that a provider had.
        seen: usize,
        /// Attempts in the store that may have left.
        written: usize,
    },
}

impl fmt::Display for Lie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodySaidSo(statement) => {
                write!(f, "says {statement:?}, and no such event was handed over")
            }
            Self::Unheard(statement) => {
                write!(f, "acknowledged an event that states {statement:?}, and says less")
            }
            Self::NeverAnswered(answer) => {
                write!(f, "rests on {answer}, and nothing of the kind was answered")
            }
            Self::WithoutProof(what) => write!(f, "{what}"),
            Self::InventedCode(code) => write!(f, "cites the code {code}, and no event had it"),
            Self::Lost => f.write_str("was taken by the server, and is not in its store"),
            Self::Stuck => f.write_str("was due for ten seconds with nothing ahead of it"),
            Self::NeverAtRest => f.write_str("still moves although all retries are over"),
            Self::InventedFact(fact) => write!(f, "holds a fact that the world did not produce: {fact}"),
            Self::ForgottenEvent(word) => write!(f, "acknowledged {word}, and holds no such fact"),
            Self::UnwrittenRequest { seen, written } => {
                write!(f, "made {seen} requests, and had written down {written} of them")
            }
        }
    }
}

/// Everything that is wrong with what the server claims of one message.
pub fn judge(case: &Case<'_>) -> Vec<Lie> {
    let mut lies = Vec::new();
    let heard = case.before.acknowledged();
    let Some(outcome) = case.claim else {
        let acknowledged = case.before.heard.iter().any(|heard| heard.acknowledged);
        return if case.was_taken || acknowledged { vec![Lie::Lost] } else { lies };
    };
    let claimed = stated(&outcome.verdict);
    if let Some(statement) = claimed.filter(|statement| !case.after.was_told(*statement)) {
        lies.push(Lie::NobodySaidSo(statement));
    }
    // A statement that was made outranks everything that was not.
    if let Some(heard) = heard.filter(|heard| claimed.is_none_or(|claimed| claimed > *heard)) {
        lies.push(Lie::Unheard(heard));
    }
    lies.extend(unproven(&outcome.verdict, case));
    if is_moving(&outcome.verdict) {
        lies.push(Lie::NeverAtRest);
    }
    lies
}

/// What an outcome states in a provider's name.
pub const fn stated(verdict: &Verdict) -> Option<Statement> {
    match verdict {
        Verdict::Delivered { .. } => Some(Statement::Delivered),
        Verdict::Revoked { proof: Proof::Event } => Some(Statement::Revoked),
        Verdict::NotDelivered { .. } => Some(Statement::NotDelivered),
        _ => None,
    }
}

/// Whether something is still to happen by itself and soon.
pub const fn is_moving(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Requesting | Verdict::Settling { .. } | Verdict::Planned { .. })
}

/// What an outcome rests on and did not happen.
fn unproven(verdict: &Verdict, case: &Case<'_>) -> Option<Lie> {
    let accepted = case.after.was_accepted();
    let not_found = case.after.answers.contains(&Some(404));
    match verdict {
        Verdict::Revoked { proof: Proof::Answer } if !case.confirmed => {
            Some(Lie::WithoutProof("says revoked by answer where answers are not believed"))
        }
        Verdict::PresumedDelivered if !case.confirmed => {
            Some(Lie::WithoutProof("presumes a delivery where answers are not believed"))
        }
        Verdict::Revoked { proof: Proof::Answer }
        | Verdict::Settling { .. }
        | Verdict::PresumedRevoked
        | Verdict::Unconfirmed
        | Verdict::Delivered { raced: true, .. }
            if !accepted =>
        {
            Some(Lie::NeverAnswered("an accepted request"))
        }
        Verdict::PresumedDelivered if !not_found => Some(Lie::NeverAnswered("a 404")),
        Verdict::Delivered { contradicts: true, .. } if !was_contradicted(case) => {
            Some(Lie::WithoutProof("says that a delivery contradicts what was told, and nothing was"))
        }
        Verdict::NotDelivered { code } => {
            let said = |heard: &crate::reality::Heard| {
                heard.handed_over && heard.code.is_none_or(|said| said.to_string() == *code)
            };
            (!case.after.heard.iter().any(said)).then(|| Lie::InventedCode(code.clone()))
        }
        _ => None,
    }
}

fn was_contradicted(case: &Case<'_>) -> bool {
    case.after.was_told(Statement::Revoked)
        || case.after.was_told(Statement::NotDelivered)
        || (case.confirmed && case.after.was_accepted())
}

#[cfg(test)]
mod tests;
