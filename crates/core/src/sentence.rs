//! Sentences for people, with the instants left as data so that a reader's own clock and zone can show them.

use alloc::borrow::Cow;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::prelude::*;
use crate::time::Timestamp;

/// A sentence in pieces. In JSON `["Asked at ", {"time": 1795168800000}, "."]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sentence(pub Vec<Piece>);

/// One piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// Words.
    Text(String),
    /// An instant, to be shown in the reader's zone.
    Time {
        /// The instant.
        time: Timestamp,
    },
}

impl Sentence {
    /// A sentence of words only.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(Vec::new()).text(text)
    }

    /// The sentence with more words.
    #[must_use]
    pub fn text(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.push(text.into());
        self
    }

    /// The sentence with an instant.
    #[must_use]
    pub fn time(mut self, time: Timestamp) -> Self {
        self.0.push(Piece::Time { time });
        self
    }

    /// The sentence with another behind it.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.0.extend(next.0);
        self
    }

    fn push(&mut self, text: Cow<'static, str>) {
        self.0.push(Piece::Text(text.into_owned()));
    }

    /// Whether there is nothing to say.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The sentence with its instants in UTC.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Time { time } => write!(f, "{time}")?,
            }
        }
        Ok(())
    }
}
