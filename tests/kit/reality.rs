//! What happened to a message, as the simulator's books say: its fate, what was handed over to the server, and what
//! its requests were answered.
//!
//! The meaning of the providers' words is written down here once more, from their documentation and apart from the
//! core: a mistake that both shared would hide.

use rcs_revoke_simulator::{Fate, JournalEntry, Provider, RevokeAnswer, Truth};

/// An outcome that a provider's event states by itself. The first one outranks the second, the second the third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statement {
    /// The person has it.
    Delivered,
    /// It was taken back.
    Revoked,
    /// It will not be delivered.
    NotDelivered,
}

/// One event that may have reached the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What it states, if it states an outcome.
    pub statement: Option<Statement>,
    /// Its code, where it has one.
    pub code: Option<u32>,
    /// Its bytes reached the server, signed as they should be, or may have at this moment.
    pub handed_over: bool,
    /// The server said that it has taken it.
    pub acknowledged: bool,
    /// Nobody ever tries to hand it over.
    pub lost: bool,
}

/// What happened to one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reality {
    /// What became of it.
    pub fate: Fate,
    /// Its events.
    pub heard: Vec<Heard>,
    /// What each request for it was answered; none where the connection was reset.
    pub answers: Vec<Option<u16>>,
}

impl Reality {
    /// Reads the simulator's books.
    pub fn of(truth: &Truth) -> Self {
        let answer = |answer| match answer {
            RevokeAnswer::Status(status) => Some(status),
            RevokeAnswer::Reset => None,
        };
        Self {
            fate: truth.message.fate,
            heard: truth.events.iter().map(heard).collect(),
            answers: truth.message.revokes.iter().map(|revoke| answer(revoke.answer)).collect(),
        }
    }

    /// Whether a provider said yes to a request for it.
    pub fn was_accepted(&self) -> bool {
        self.answers.iter().flatten().any(|status| (200..300).contains(status))
    }

    /// The strongest statement that the server has taken.
    pub fn acknowledged(&self) -> Option<Statement> {
        self.heard.iter().filter(|heard| heard.acknowledged).filter_map(|heard| heard.statement).min()
    }

    /// Whether an event that says so reached the server.
    pub fn was_told(&self, statement: Statement) -> bool {
        self.heard.iter().any(|heard| heard.handed_over && heard.statement == Some(statement))
    }

    /// How the fate is called in the table.
    pub const fn truth(&self) -> &'static str {
        match self.fate {
            Fate::Queued => "still queued",
            Fate::Delivered => "delivered",
            Fate::Revoked => "removed",
            Fate::Expired => "expired",
            Fate::Purged => "purged",
            Fate::Rejected => "rejected",
        }
    }
}

fn heard(entry: &JournalEntry) -> Heard {
    Heard {
        statement: statement(entry.provider, &entry.word),
        code: entry.code,
        handed_over: entry.credible || entry.under_way > 0,
        acknowledged: entry.acknowledged,
        lost: entry.lost,
    }
}

fn statement(provider: Provider, word: &str) -> Option<Statement> {
    match (provider, word) {
        (Provider::Google, "DELIVERED" | "READ") | (Provider::Vonage, "delivered" | "read") => {
            Some(Statement::Delivered)
        }
        (Provider::Google, "TTL_EXPIRATION_REVOKED") => Some(Statement::Revoked),
        (Provider::Vonage, "rejected" | "undeliverable") => Some(Statement::NotDelivered),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rcs_revoke_simulator::Provider;

    use super::{Statement, statement};

    #[test]
    fn only_words_that_state_an_outcome_state_one() {
        assert_eq!(statement(Provider::Google, "READ"), Some(Statement::Delivered));
        assert_eq!(statement(Provider::Google, "TTL_EXPIRATION_REVOKE_FAILED"), None);
        assert_eq!(statement(Provider::Vonage, "rejected"), Some(Statement::NotDelivered));
        assert_eq!(statement(Provider::Vonage, "submitted"), None);
        assert_eq!(statement(Provider::Vonage, "DELIVERED"), None);
    }
}
