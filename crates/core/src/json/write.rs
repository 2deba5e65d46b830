//! Writing: texts, lists of texts, and objects field by field.

use crate::prelude::*;

/// Writes a text as JSON, exactly as `serde_json` does.
pub(crate) fn write_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            control @ '\0'..'\u{20}' => {
                json.push_str(if control < '\u{10}' { "\\u000" } else { "\\u001" });
                json.extend(char::from_digit(u32::from(control) & 0xF, 16));
            }
            other => json.push(other),
        }
    }
    json.push('"');
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
pub(crate) struct ObjectWriter(String);

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        write_string(&mut self.0, name);
        self.0.push(':');
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        write_string(&mut self.0, text);
    }

    /// A text that may be missing.
    pub(crate) fn opt_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// A whole number.
    pub(crate) fn int(&mut self, name: &str, number: i64) {
        self.raw(name, &number.to_string());
    }

    /// A whole number that may be missing.
    pub(crate) fn opt_int(&mut self, name: &str, number: Option<i64>) {
        if let Some(number) = number {
            self.int(name, number);
        }
    }

    /// Yes or no.
    pub(crate) fn bool(&mut self, name: &str, value: bool) {
        self.raw(name, if value { "true" } else { "false" });
    }

    /// JSON as it is.
    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    /// The object.
    pub(crate) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
