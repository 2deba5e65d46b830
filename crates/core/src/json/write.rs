//! Writing: texts, lists of texts, and objects field by field.

use crate::prelude::*;
use crate::say;

/// As a text, which is written in fewer steps than a character.
const QUOTE: &str = "\"";

/// Writes a text as JSON, exactly as `serde_json` does.
pub(crate) fn write_string(json: &mut String, text: &str) {
    json.push_str(QUOTE);
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x0c => "\\f",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x10 => "\\u000",
            _ => "\\u001",
        };
        json.push_str(text.get(written..at).unwrap_or_default());
        written = at + 1;
        json.push_str(escape);
        if escape.len() > 2 {
            json.extend(char::from_digit(u32::from(byte) & 0xF, 16));
        }
    }
    json.push_str(text.get(written..).unwrap_or_default());
    json.push_str(QUOTE);
}

/// Writes a list of texts, with `null` for what is missing.
pub(crate) fn write_list(parts: &[Option<&str>]) -> String {
    let mut json = String::from("[");
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        match part {
            Some(text) => write_string(&mut json, text),
            None => json.push_str("null"),
        }
    }
    json.push(']');
    json
}

/// Writes an object, field by field, in the order in which they come.
#[derive(Debug)]
pub struct ObjectWriter(String);

impl Default for ObjectWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl ObjectWriter {
    /// An object without a field.
    pub fn new() -> Self {
        // Room for most of what is written, instead of growing to it step by step.
        Self::over(String::with_capacity(240))
    }

    /// An object without a field, in the room of a text that nobody needs any more.
    pub fn over(mut text: String) -> Self {
        text.clear();
        text.push('{');
        Self(text)
    }

    fn name(&mut self, name: &str) {
        if !matches!(self.0.as_bytes().last(), Some(b'{' | b'[')) {
            self.0.push(',');
        }
        if !name.is_empty() {
            self.0.push_str(QUOTE);
            self.0.push_str(name);
            self.0.push_str("\":");
        }
    }

    /// A text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        write_string(&mut self.0, text);
    }

    /// A text that may be missing.
    pub fn opt_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// A whole number.
    pub fn int(&mut self, name: &str, number: i64) {
        self.raw(name, &say::number(number));
    }

    /// A whole number that may be missing.
    pub fn opt_int(&mut self, name: &str, number: Option<i64>) {
        if let Some(number) = number {
            self.int(name, number);
        }
    }

    /// Yes or no.
    pub fn bool(&mut self, name: &str, value: bool) {
        self.raw(name, if value { "true" } else { "false" });
    }

    /// Yes, or nothing.
    pub fn flag(&mut self, name: &str, flag: bool) {
        if flag {
            self.bool(name, true);
        }
    }

    /// JSON as it is.
    pub fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    /// Begins an object or a list inside, with its opening bracket. What stands in a list has no name: `""`.
    pub fn open(&mut self, name: &str, bracket: &str) {
        self.name(name);
        self.0.push_str(bracket);
    }

    /// Ends the object or list that was begun last, with its closing bracket.
    pub fn close(&mut self, bracket: &str) {
        self.0.push_str(bracket);
    }

    /// The object.
    pub fn end(mut self) -> String {
        self.close("}");
        self.0
    }
}
