//! JSON, as little of it as the core reads and writes: what providers send, and what facts are compared by.
//!
//! Reading is as strict as `serde_json`'s, which a test compares it with; it is written here because the core also
//! runs inside web pages, where every kilobyte is sent to every visitor.

use core::fmt;
use core::ops::Index;

use crate::prelude::*;

mod read;
mod write;

use read::Reader;
pub(crate) use write::{ObjectWriter, write_list};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing.
    Null,
    /// A number; only whole ones from 0 are ever looked at.
    Number(Option<u64>),
    /// A text.
    String(String),
    /// An object.
    Object(Map),
    /// Something that nobody looks into: `true`, `false`, a list.
    Other,
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

/// An object. Of a name that stands twice the last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Map(Vec<(String, Value)>);

impl Map {
    /// Reads an object.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, JsonError> {
        let mut reader = Reader { bytes, at: 0 };
        let value = reader.value(0)?;
        reader.end()?;
        let kind = match value {
            Value::Object(map) => return Ok(map),
            Value::Null => "null",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Other if bytes.contains(&b'[') => "sequence",
            Value::Other => "boolean",
        };
        Err(JsonError { what: What::Type(kind), line: 1, column: 0 })
    }

    /// The value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Whether there is such a field.
    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The named fields of an object, as they are written; none for absent ones and for `null`. A named field that
/// stands twice is refused; what else there is need only be JSON.
pub(crate) fn pick<'a, const N: usize>(
    bytes: &'a [u8],
    names: [&str; N],
) -> Result<[Option<&'a [u8]>; N], JsonError> {
    let mut reader = Reader { bytes, at: 0 };
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
    Ok(found.map(|raw| raw.filter(|raw| *raw != b"null")))
}

/// A text, as it is written.
pub(crate) fn string(raw: &[u8]) -> Result<String, JsonError> {
    let mut reader = Reader { bytes: raw, at: 0 };
    reader.expect(b'"')?;
    let text = reader.string()?;
    reader.end()?;
    Ok(text)
}

/// Why bytes are no JSON, or not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    what: What,
    line: usize,
    column: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Syntax(&'static str),
    Type(&'static str),
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::Syntax(what) => f.write_str(what)?,
            What::Type(kind) => write!(f, "invalid type: {kind}, expected a map")?,
        }
        write!(f, " at line {} column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests;
