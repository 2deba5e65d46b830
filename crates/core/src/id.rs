//! Identifiers, each a type that parses. None can carry a path, a query or a header into a request.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::prelude::*;
use crate::provider::Provider;
use crate::say::{joined, number};
use crate::text;
use crate::webhook::Hash;

mod problem;

pub use problem::{IdProblem, InvalidId};

/// Whether a byte is a letter or a digit of ASCII, or one of `signs`.
fn fits(byte: u8, signs: &[u8]) -> bool {
    byte.is_ascii_alphanumeric() || text::is_one_of(byte, signs)
}

fn is_fine(bytes: &[u8], longest: usize, signs: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes.len() <= longest
        && bytes.iter().all(|byte| fits(*byte, signs))
        && bytes.iter().any(|byte| *byte != b'.')
}

fn check(kind: &'static str, text: &str, longest: usize, signs: &[u8]) -> Result<(), InvalidId> {
    if is_fine(text.as_bytes(), longest, signs) {
        return Ok(());
    }
    let problem = if text.is_empty() {
        IdProblem::Empty
    } else if let Some(problem) = stranger(text, |byte| fits(byte, signs)) {
        problem
    } else if text.len() > longest {
        IdProblem::TooLong(longest)
    } else if text.bytes().all(|b| b == b'.') {
        IdProblem::Dots
    } else {
        return Ok(());
    };
    Err(InvalidId { kind, problem })
}

/// The first character that does not fit. What fits is ASCII, so each byte before it is a character.
fn stranger(text: &str, fits: impl Fn(u8) -> bool) -> Option<IdProblem> {
    let at = text.bytes().position(|byte| !fits(byte))?;
    let found = text.get(at..)?.chars().next()?;
    Some(IdProblem::Character { found, column: at + 1 })
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $longest:literal, $signs:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Reads the identifier.
            ///
            /// # Errors
            /// When it is empty, too long, or holds a character that may not stand in it.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                check($kind, text, $longest, $signs)?;
                Ok(Self(text.into()))
            }

            /// Whether a text is such an identifier.
            pub fn is_one(text: &[u8]) -> bool {
                is_fine(text, $longest, $signs)
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        text_traits!($name);
    };
}

macro_rules! text_traits {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

text_id!(
    /// The id of one message in its provider's words: agent-assigned at Google, a UUID at Vonage.
    ///
    /// Letters, digits, `-`, `_`, `.`, `~`; at most 256 characters. Google asks for a UUID when sending, but its
    /// own samples do not use one, so other ids are accepted for revoking.
    MessageId, "a message id", 256, b"-_.~"
);
text_id!(
    /// The name of a configured source, such as `otp-eu`: letters, digits, `-`, `_`, at most 64 characters.
    SourceId, "a source id", 64, b"-_"
);
text_id!(
    /// The id of a wish to revoke, such as `rev_01JD…`.
    WishId, "a wish id", 64, b"-_"
);
text_id!(
    /// The id of a batch of wishes that were made together, such as `bat_01JD…`.
    BatchId, "a batch id", 64, b"-_"
);
text_id!(
    /// A Vonage sender as it stands in `from`: the RCS sender id, or a number.
    SenderId, "a sender", 64, b"-_.+"
);

/// The id of a Vonage application, a UUID in lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApplicationId(Box<str>);

impl ApplicationId {
    /// Reads a UUID in its 8-4-4-4-12 form, in any case.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        uuid("an application id", text).map(Self)
    }

    /// The UUID in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_traits!(ApplicationId);

impl WishId {
    /// The id of the wish behind an answer whose attempt, and so whose wish, is not known.
    pub(crate) fn stand_in(attempt: u32) -> Self {
        Self(joined(&["unknown-", &number(attempt)]).into())
    }

    /// The id of a wish that a message's class makes by itself, the same whoever makes it.
    pub(crate) fn own(message: &MessageRef, what: &str) -> Self {
        let digest = Hash::SHA256.hex(joined(&[&message.text(), "/", what]).as_bytes());
        Self(joined(&["rev_", digest.get(..26).unwrap_or_default()]).into())
    }

    /// The id of a wish that is only imagined.
    pub(crate) fn imagined() -> Self {
        Self("imagined".into())
    }
}

/// A Google agent in its full form, `my_agent@rbm.goog`; the short form reads as the same agent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgentId(Box<str>);

impl AgentId {
    const DOMAIN: &str = "@rbm.goog";

    /// Reads either form of the agent's id.
    ///
    /// # Errors
    /// When it is empty, too long, or holds a character that may not stand in it.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let local = text.strip_suffix(Self::DOMAIN).unwrap_or(text);
        check("an agent id", local, 128, b"-_.")?;
        let mut id = local.to_owned();
        id.push_str(Self::DOMAIN);
        Ok(Self(id.into()))
    }

    /// The full form, with `@rbm.goog`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The short form, without `@rbm.goog`.
    pub fn short(&self) -> &str {
        self.0.strip_suffix(Self::DOMAIN).unwrap_or(&self.0)
    }
}

text_traits!(AgentId);

/// Reads a message's UUID in its 8-4-4-4-12 form and returns it in lower case.
///
/// # Errors
/// When the text has another form.
pub fn parse_uuid(text: &str) -> Result<MessageId, InvalidId> {
    uuid("a message UUID", text).map(MessageId)
}

/// How long a UUID is.
pub(crate) const UUID: usize = 36;

/// The place where a text departs from the 8-4-4-4-12 form of a UUID, or where one of them ends.
pub(crate) fn departs_from_uuid(text: &[u8]) -> usize {
    let fits = |(at, byte): (usize, &u8)| (*byte == b'-') == matches!(at, 8 | 13 | 18 | 23);
    (0..UUID).zip(text).position(|pair| !fits(pair)).unwrap_or(text.len().min(UUID))
}

/// Whether a text has its hyphens where a UUID has them.
pub(crate) fn has_form_of_uuid(text: &[u8]) -> bool {
    text.len() == UUID && departs_from_uuid(text) == UUID
}

/// Whether a text is a UUID in its 8-4-4-4-12 form, in lower case.
pub(crate) fn is_lower_uuid(text: &[u8]) -> bool {
    if text.len() != UUID {
        return false;
    }
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = text.iter().filter(|byte| is_digit(byte)).count();
    digits == 32 && [8, 13, 18, 23].iter().all(|at| text[*at] == b'-')
}

fn uuid(kind: &'static str, text: &str) -> Result<Box<str>, InvalidId> {
    let lower = text.to_ascii_lowercase();
    if is_lower_uuid(lower.as_bytes()) {
        return Ok(lower.into());
    }
    let problem = stranger(text, |byte| byte.is_ascii_hexdigit() || byte == b'-')
        .unwrap_or_else(|| IdProblem::NotAUuid(text.bytes().filter(u8::is_ascii_hexdigit).count()));
    Err(InvalidId { kind, problem })
}

/// The key of one message: its provider, its agent where ids are only unique within one, and its id.
///
/// As text `google_rbm:my_agent@rbm.goog:0b1c…` or `vonage:aaaaaaaa-…`; the phone number is no part of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageRef {
    provider: Provider,
    agent: Option<AgentId>,
    id: MessageId,
}

impl MessageRef {
    /// The key for `id` at `provider`, read in that provider's form.
    ///
    /// # Errors
    /// When the id has not the provider's form, or the provider needs an agent and none is given.
    pub fn new(provider: Provider, agent: Option<&AgentId>, id: &str) -> Result<Self, InvalidId> {
        let adapter = provider.adapter();
        let agent = match (adapter.keyed_by_agent(), agent) {
            (false, _) => None,
            (true, Some(agent)) => Some(agent.clone()),
            (true, None) => {
                return Err(InvalidId { kind: "a message key", problem: IdProblem::AgentMissing });
            }
        };
        Ok(Self { provider, agent, id: adapter.parse_message_id(id)? })
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// When a part is missing or malformed.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let wrong = |problem| InvalidId { kind: "a message key", problem };
        let (provider, rest) = text::split_once(text, ":").ok_or(wrong(IdProblem::UnknownProvider))?;
        let provider = Provider::from_code(provider).ok_or(wrong(IdProblem::UnknownProvider))?;
        if !provider.adapter().keyed_by_agent() {
            return Self::new(provider, None, rest);
        }
        let (agent, id) = text::split_once(rest, ":").ok_or(wrong(IdProblem::AgentMissing))?;
        Self::new(provider, Some(&AgentId::parse(agent)?), id)
    }

    /// The text form.
    pub fn text(&self) -> String {
        let (before, agent) = self.agent.as_ref().map_or(("", ""), |agent| (":", agent.as_str()));
        joined(&[self.provider.code(), before, agent, ":", self.id.as_str()])
    }

    /// Who carries the message.
    pub const fn provider(&self) -> Provider {
        self.provider
    }

    /// The agent that sent it, where the id is only unique within one.
    pub const fn agent(&self) -> Option<&AgentId> {
        self.agent.as_ref()
    }

    /// The message's id at its provider.
    pub const fn id(&self) -> &MessageId {
        &self.id
    }
}

impl fmt::Display for MessageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for MessageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for MessageRef {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::parse(text)
    }
}

impl TryFrom<String> for MessageRef {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<MessageRef> for String {
    fn from(message: MessageRef) -> Self {
        message.text()
    }
}

#[cfg(test)]
mod tests;
