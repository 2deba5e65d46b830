//! JSON, as little of it as the core reads and writes: what providers send, and what facts are compared by.
//!
//! Reading is as strict as `serde_json`'s, which a test compares it with; it is written here because the core also
//! runs inside web pages, where every kilobyte is sent to every visitor.

use crate::prelude::*;
use crate::say::{Say, joined, number};

mod read;
mod write;

use read::Reader;
pub use write::ObjectWriter;
pub(crate) use write::write_list;

/// A value.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// A number, `true`, `false` or `null`, as it is written.
    Plain(&'a str),
    /// A text.
    Text(String),
    /// A list: fields without names.
    List(Vec<Field<'a>>),
    /// An object, each name in it once, in the order of names. None stood there twice with different values: what
    /// such an object means differs from reader to reader, so nobody knows what its writer meant.
    Object(Vec<Field<'a>>),
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self::Plain("")
    }
}

/// A value with its name.
#[derive(Debug, Default)]
pub(crate) struct Field<'a> {
    name: String,
    value: Value<'a>,
    /// Where the reader stood behind it.
    end: usize,
}

impl PartialEq for Field<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl<'a> Value<'a> {
    /// Reads a value.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, JsonError> {
        let mut reader = Reader::new(bytes);
        reader.document().ok_or_else(|| reader.error())
    }

    /// The text, if it is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a field, if it is an object that has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|field| field.name == name).map(|field| &field.value),
            _ => None,
        }
    }

    /// The text of a field, if it is an object that has it, and it is one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Whether it is an object.
    pub(crate) const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

/// The named fields of an object, as they are written; none for absent ones. A named field that stands twice is
/// refused; what else there is need only be JSON.
pub(crate) fn pick<'a, const N: usize>(bytes: &'a [u8], names: &[&str; N]) -> Option<[Option<&'a [u8]>; N]> {
    let mut found = [None; N];
    Reader::new(bytes).pick(names, &mut found)?;
    Some(found)
}

/// A text, as it is written; anything else is not even read.
pub(crate) fn text(raw: &[u8]) -> Option<String> {
    let mut reader = Reader::new(raw);
    reader.expect(b'"')?;
    reader.text()
}

/// A text, as it is written, that may be absent or `null`.
pub(crate) fn opt_text(raw: Option<&[u8]>) -> Result<Option<String>, NoText> {
    match raw {
        None | Some(b"null") => Ok(None),
        Some(raw) => text(raw).map(Some).ok_or(NoText),
    }
}

/// What should be a text is something else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoText;

/// Whether something, as it is written, is that text.
pub(crate) fn is_text(raw: Option<&[u8]>, wanted: &str) -> bool {
    raw.and_then(text).as_deref() == Some(wanted)
}

/// Why bytes are no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl Say for JsonError {
    fn say(&self) -> String {
        joined(&[self.what, " at line ", &number(self.line), " column ", &number(self.column)])
    }
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
