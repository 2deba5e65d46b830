//! What an import yields: rows with their place, each a message, a repetition, or a problem.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::fact::Life;
use crate::host::Host;
use crate::id::{AgentId, MessageId, SenderId, SourceId};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::joined;
use crate::text;
use crate::time::Timestamp;

/// One row: where it stands and what it is. In JSON `{"line": 1, "column": 1, "row": "entry", "id": …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What stands there.
    #[serde(flatten)]
    pub found: Found,
}

/// What a row turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum Found {
    /// A message.
    Entry(Entry),
    /// A message that an earlier line named in the same words.
    Duplicate {
        /// That line.
        of_line: usize,
        /// What this line says of it; see [`Entry::fill_from`].
        #[serde(flatten)]
        entry: Entry,
    },
    /// Nothing that could be taken as a message.
    Problem(RowProblem),
}

/// A message as a row names it; [`resolve`](super::resolve) finds its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id, as written.
    pub id: MessageId,
    /// The provider, where the row names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// The sender that the row names, read as an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// The sender that the row names, read as a sender id. A bare name may be either: both are set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<SenderId>,
    /// The source that the row names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<E164>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// Its message class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The text to send by SMS instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Whether it carries a failover of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failover: Option<bool>,
    /// The host that took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Host>,
    /// Its own end of life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life: Option<Life>,
    /// When it is to be revoked unless it was delivered by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_at: Option<Timestamp>,
}

impl Entry {
    /// A message of which only the id is known.
    pub const fn new(id: MessageId) -> Self {
        Self {
            id,
            provider: None,
            agent: None,
            sender: None,
            source: None,
            phone: None,
            sent_at: None,
            class: None,
            fallback_text: None,
            failover: None,
            host: None,
            life: None,
            revoke_at: None,
        }
    }

    /// Takes from a repetition of the same message what this row leaves open.
    pub fn fill_from(&mut self, repetition: &Self) {
        self.phone = self.phone.take().or_else(|| repetition.phone.clone());
        self.sent_at = self.sent_at.or(repetition.sent_at);
        if self.agent.is_none() && self.sender.is_none() {
            self.agent.clone_from(&repetition.agent);
            self.sender.clone_from(&repetition.sender);
        }
        self.source = self.source.take().or_else(|| repetition.source.clone());
        self.class = self.class.take().or_else(|| repetition.class.clone());
        self.fallback_text = self.fallback_text.take().or_else(|| repetition.fallback_text.clone());
        self.failover = self.failover.or(repetition.failover);
        self.host = self.host.or(repetition.host);
        self.life = self.life.or(repetition.life);
        self.revoke_at = self.revoke_at.or(repetition.revoke_at);
    }
}

/// Why a row is no message, for people and for code.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RowProblem {
    /// The stable code.
    pub code: ProblemCode,
    /// What is wrong and what to do.
    pub message: String,
    /// The text itself, shortened.
    pub text: String,
}

/// Without the text: it may hold whole phone numbers, and a log never does.
impl fmt::Debug for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowProblem")
            .field("code", &self.code)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// The stable code of a row's problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// A line without anything that could be a message id.
    NoId,
    /// Almost a UUID.
    NotAUuid,
    /// A character or length that no message id has.
    InvalidId,
    /// A message key, such as `vonage:…`, that cannot be read.
    InvalidKey,
    /// A phone number that cannot be one.
    InvalidPhone,
    /// A sender that is neither an agent nor a sender id.
    InvalidSender,
    /// A time that cannot be read.
    InvalidTime,
    /// A time without a zone.
    ZoneMissing,
    /// A length of time that cannot be read.
    InvalidLength,
    /// A length of time without a unit.
    UnitMissing,
    /// Both an end of life and a time to live.
    TwoEndsOfLife,
    /// No name of a message class.
    InvalidClass,
    /// A text that no SMS takes.
    InvalidText,
    /// Neither yes nor no.
    InvalidFlag,
    /// No host of a provider.
    UnknownHost,
    /// A number that a spreadsheet has rounded, such as `4.47701E+11`.
    RoundedNumber,
    /// An earlier line names another recipient for the same message.
    PhoneDiffers,
    /// A header without a column for the message id.
    HeaderWithoutId,
    /// The row has nothing in the column of the message id.
    IdMissing,
    /// More columns than the header.
    TooManyColumns,
    /// A quote that is never closed.
    QuoteNotClosed,
    /// Something between a closing quote and the next separator.
    TextAfterQuote,
    /// Longer than what is read in one piece.
    TooLong,
    /// Text in another encoding than UTF-8 or UTF-16.
    NotUtf8,
    /// No name of a source.
    InvalidSource,
    /// A provider that this build does not know, or another one than the id names.
    UnknownProvider,
    /// A webhook about something else than a message that was sent.
    NotAMessage,
    /// JSON that breaks off or goes on as none.
    InvalidJson,
}

/// What is wrong with a text, and at which of its bytes. In a box: it is rare, and handed on by many.
pub(super) struct Flaw(Box<Parts>);

struct Parts {
    at: usize,
    code: ProblemCode,
    message: String,
}

/// The longest text that a problem repeats, in characters.
const SHOWN: usize = 120;

impl Flaw {
    /// What is wrong with a whole text, in a message of these parts.
    pub fn new(code: ProblemCode, message: &[&str]) -> Self {
        Self(Box::new(Parts { at: 0, code, message: joined(message) }))
    }

    /// The same behind so many more bytes.
    pub fn behind(mut self, bytes: usize) -> Self {
        self.0.at += bytes;
        self
    }

    /// The byte at which it is wrong.
    pub const fn at(&self) -> usize {
        self.0.at
    }

    /// The problem of a row that shows this text.
    pub fn shown_with(self, text: &str) -> Found {
        let Parts { code, message, .. } = *self.0;
        Found::Problem(RowProblem { code, message, text: text::shortened(text, SHOWN) })
    }
}
