//! How a provider treats a source just now: whether its last answers all came to nothing, and for the same reason.
//!
//! One message that is refused says nothing about the next. Many in a row, with no other answer in between, do.

use crate::ack::{Ack, NoEffect};
use crate::say::joined;
use crate::sentence::Sentence;
use crate::time::Timestamp;

/// From how many answers in a row on there is something to say.
pub const ENOUGH: u32 = 5;

/// Why answers come to nothing that says anything of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// The request did not leave: no address, no connection, no token.
    Unreachable,
    /// Nothing came back, or nothing whole.
    Silent,
    /// The provider answers that it failed itself, or in a way that nobody can read.
    Failing,
    /// The credentials are not accepted.
    Credentials,
    /// The credentials are not good for this sender.
    Permission,
    /// Too many requests.
    Throttled,
    /// The account has no credit.
    NoCredit,
}

impl Obstacle {
    /// What an answer is a sign of; none where it says something of its message.
    pub const fn of(ack: &Ack, status: Option<u16>) -> Option<Self> {
        match (ack, status) {
            (Ack::NotSent { .. }, _) => Some(Self::Unreachable),
            (Ack::Unknown { .. }, None) => Some(Self::Silent),
            (Ack::Unknown { .. }, Some(_)) => Some(Self::Failing),
            (Ack::NoEffect { reason, .. }, _) => match reason {
                NoEffect::Credentials => Some(Self::Credentials),
                NoEffect::Permission => Some(Self::Permission),
                NoEffect::Throttled => Some(Self::Throttled),
                NoEffect::NoCredit => Some(Self::NoCredit),
                NoEffect::Invalid | NoEffect::Unsupported => None,
            },
            (Ack::Accepted | Ack::NotFound { .. }, _) => None,
        }
    }

    /// What it is and what to do.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Unreachable => (
                "did not even leave since ",
                ": look at this machine's network, name service and proxy. They are sent again by themselves.",
            ),
            Self::Silent => (
                "got no whole answer since ",
                ": the provider may be down, or the network between. They are sent again by themselves.",
            ),
            Self::Failing => (
                "were answered with an error of the provider's own since ",
                ": look at its status page. They are sent again by themselves.",
            ),
            Self::Credentials => (
                "were refused since ",
                ", because the credentials are not accepted: check the source's key and this machine's clock.",
            ),
            Self::Permission => (
                "were refused since ",
                ", because the credentials are not good for this sender: check what the account may do, and pause the batch meanwhile.",
            ),
            Self::Throttled => (
                "were answered that there are too many since ",
                ": somebody else may use the same account, or the configured rate is above its limit.",
            ),
            Self::NoCredit => ("were refused since ", ", because the account has no credit: top it up."),
        }
    }
}

/// The last answers of one source, as far as they were all of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    obstacle: Option<(Obstacle, Timestamp, u32)>,
}

impl Standing {
    /// Takes one answer; says whether what there is to say has changed.
    pub fn note(&mut self, ack: &Ack, status: Option<u16>, at: Timestamp) -> bool {
        let before = self.obstacle();
        self.obstacle = Obstacle::of(ack, status).map(|obstacle| match self.obstacle {
            Some((same, since, count)) if same == obstacle => (obstacle, since, count.saturating_add(1)),
            _ => (obstacle, at, 1),
        });
        self.obstacle() != before
    }

    /// What all the last answers are a sign of, if those are enough.
    pub fn obstacle(&self) -> Option<Obstacle> {
        self.obstacle.filter(|(_, _, count)| *count >= ENOUGH).map(|(obstacle, ..)| obstacle)
    }

    /// What it is and what to do; none where there is nothing to say.
    pub fn sentence(&self, source: &str) -> Option<Sentence> {
        let (obstacle, since, _) = self.obstacle.filter(|(_, _, count)| *count >= ENOUGH)?;
        let (what, advice) = obstacle.words();
        let begin = joined(&["All requests of the source ", source, " "]);
        Some(Sentence::new(begin).text(what).time(since).text(advice))
    }
}

#[cfg(test)]
mod tests {
    use super::{ENOUGH, Obstacle, Standing};
    use crate::ack::{Ack, NoEffect, SendFailure};
    use crate::time::{Span, Timestamp};

    const BEGIN: Timestamp = Timestamp::from_millis(1_795_168_800_000);

    fn after(acks: &[(Ack, Option<u16>)]) -> Standing {
        let mut standing = Standing::default();
        for (second, (ack, status)) in (0..).zip(acks) {
            standing.note(ack, *status, BEGIN + Span::secs(second));
        }
        standing
    }

    #[test]
    fn many_of_one_kind_in_a_row_are_told_with_their_beginning() {
        let silent = (SendFailure::TimedOut.ack(), None);
        let few = after(&vec![silent.clone(); ENOUGH as usize - 1]);
        assert_eq!(few.sentence("codes"), None);
        let many = after(&vec![silent; ENOUGH as usize]);
        assert_eq!(many.obstacle(), Some(Obstacle::Silent));
        let said = many.sentence("codes").map(|said| said.to_string()).unwrap_or_default();
        assert!(said.starts_with("All requests of the source codes got no whole answer since "), "{said}");
        assert!(said.contains(&BEGIN.to_string()), "{said}");
    }

    #[test]
    fn another_answer_ends_it() {
        let mut acks = vec![(Ack::no_effect(NoEffect::Credentials), Some(401)); ENOUGH as usize];
        assert_eq!(after(&acks).obstacle(), Some(Obstacle::Credentials));
        acks.push((Ack::NotFound { proper: true }, Some(404)));
        assert_eq!(after(&acks), Standing::default());
        acks.push((Ack::no_effect(NoEffect::Throttled), Some(429)));
        assert_eq!(after(&acks).obstacle(), None);
    }
}
