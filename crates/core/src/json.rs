//! JSON, as little of it as the core reads and writes: what providers send, and what facts are compared by.
//!
//! Reading is as strict as `serde_json`'s, which a test compares it with; it is written here because the core also
//! runs inside web pages, where every kilobyte is sent to every visitor.

use alloc::collections::BTreeMap;
use core::fmt;
use core::ops::Index;

use crate::prelude::*;

mod read;
mod write;

use read::Reader;
pub use write::ObjectWriter;
pub(crate) use write::write_list;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing.
    Null,
    /// A number, as it is written.
    Number(Box<str>),
    /// A text.
    String(String),
    /// An object.
    Object(Map),
    /// Yes or no.
    Bool(bool),
    /// A list.
    Array(Vec<Self>),
}

static NULL: Value = Value::Null;

impl Value {
    /// The text, if it is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a field, if it is an object that has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(map) => map.get(name),
            _ => None,
        }
    }

    /// Whether it is a text.
    pub(crate) const fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    /// Whether it is an object.
    pub(crate) const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

/// The value of a field; `null` where there is none.
impl Index<&str> for Value {
    type Output = Self;

    fn index(&self, name: &str) -> &Self {
        self.get(name).unwrap_or(&NULL)
    }
}

/// An object. No name in it stands twice with different values: what such an object means differs from reader to
/// reader, so nobody knows what its writer meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Map(BTreeMap<String, Value>);

impl Map {
    /// Reads an object; none if it is another value.
    pub(crate) fn read(bytes: &[u8]) -> Result<Option<Self>, JsonError> {
        let mut reader = Reader { bytes, at: 0 };
        let value = reader.value(0)?;
        reader.end()?;
        Ok(match value {
            Value::Object(map) => Some(map),
            _ => None,
        })
    }

    /// The value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether there is such a field.
    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// The named fields of an object, as they are written; none for absent ones. A named field that stands twice is
/// refused; what else there is need only be JSON.
pub(crate) fn pick<'a, const N: usize>(
    bytes: &'a [u8],
    names: [&str; N],
) -> Result<[Option<&'a [u8]>; N], JsonError> {
    let mut reader = Reader { bytes, at: 0 };
    if core::str::from_utf8(bytes).is_err() {
        return Err(reader.error("invalid unicode code point"));
    }
    let mut found: [Option<&[u8]>; N] = [None; N];
    reader.expect(b'{')?;
    let mut first = true;
    while reader.more(b'}', &mut first)? {
        let name = reader.key()?;
        reader.peek()?;
        let from = reader.at;
        reader.skip()?;
        if let Some(at) = names.iter().position(|known| *known == name) {
            if found[at].is_some() {
                return Err(reader.error("duplicate field"));
            }
            found[at] = Some(&bytes[from..reader.at]);
        }
    }
    reader.end()?;
    Ok(found)
}

/// A text, as it is written.
pub(crate) fn string(raw: &[u8]) -> Result<String, JsonError> {
    let mut reader = Reader { bytes: raw, at: 0 };
    reader.expect(b'"')?;
    let text = reader.string()?;
    reader.end()?;
    Ok(text)
}

/// A text, as it is written, that may be absent or `null`.
pub(crate) fn opt_string(raw: Option<&[u8]>) -> Result<Option<String>, JsonError> {
    raw.filter(|raw| *raw != b"null").map(string).transpose()
}

/// Why bytes are no JSON, or not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        write!(f, "{what} at line {} column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
