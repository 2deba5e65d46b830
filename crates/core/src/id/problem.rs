//! Why a text is no identifier.

use crate::prelude::*;
use crate::say::{Say, character, joined, number};

/// Why a text is not an identifier of the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct InvalidId {
    /// What was expected, with its article: "a message id".
    pub kind: &'static str,
    /// What is wrong with the text.
    pub problem: IdProblem,
}

/// What is wrong with an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdProblem {
    /// Nothing there.
    Empty,
    /// More than the given number of characters.
    TooLong(usize),
    /// A character that may not stand in it; columns count from 1.
    Character {
        /// The character.
        found: char,
        /// Its column, from 1.
        column: usize,
    },
    /// Only dots: it would walk up a path.
    Dots,
    /// Not 8-4-4-4-12 hexadecimal digits; the number of digits found.
    NotAUuid(usize),
    /// The provider's name in front is none that we know.
    UnknownProvider,
    /// The agent in the middle is missing.
    AgentMissing,
}

impl Say for InvalidId {
    fn say(&self) -> String {
        joined(&["not ", self.kind, ": ", &self.problem.say()])
    }
}

impl Say for IdProblem {
    fn say(&self) -> String {
        match *self {
            Self::Empty => "it is empty".to_owned(),
            Self::TooLong(longest) => joined(&["it is longer than ", &number(longest), " characters"]),
            Self::Character { found, column } => {
                joined(&["column ", &number(column), ": `", &character(found), "` may not stand in it"])
            }
            Self::Dots => "it is made of dots only".to_owned(),
            Self::NotAUuid(digits) => joined(&[
                "a UUID has 32 hexadecimal digits as 8-4-4-4-12, this has ",
                &number(digits),
                " digits",
            ]),
            Self::UnknownProvider => "it does not start with a known provider".to_owned(),
            Self::AgentMissing => "the agent is missing".to_owned(),
        }
    }
}
