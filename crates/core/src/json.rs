//! JSON, as little of it as the core reads and writes: what providers send, and what facts are compared by.
//!
//! Reading is as strict as `serde_json`'s, which a test compares it with; it is written here because the core also
//! runs inside web pages, where every kilobyte is sent to every visitor.

use core::fmt;
use core::ops::Index;

use crate::prelude::*;

/// Deeper nesting is refused: nothing that a provider sends comes near it.
const DEEPEST: usize = 127;

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

const EOF: &str = "EOF while parsing a value";
const NO_VALUE: &str = "expected value";

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn error(&self, what: &'static str) -> JsonError {
        let read = &self.bytes[..self.at.min(self.bytes.len())];
        let line = read.split(|byte| *byte == b'\n').count();
        let column = read.iter().rev().take_while(|byte| **byte != b'\n').count();
        let here = usize::from(self.at < self.bytes.len());
        JsonError { what: What::Syntax(what), line, column: column + here }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8, JsonError> {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Ok(*byte),
            }
        }
        Err(self.error(EOF))
    }

    fn expect(&mut self, wanted: u8) -> Result<(), JsonError> {
        if self.peek()? != wanted {
            return Err(self.error(NO_VALUE));
        }
        self.at += 1;
        Ok(())
    }

    fn end(&mut self) -> Result<(), JsonError> {
        if self.peek().is_ok() { Err(self.error("trailing characters")) } else { Ok(()) }
    }

    /// Whether another element follows before `close`.
    fn more(&mut self, close: u8, first: &mut bool) -> Result<bool, JsonError> {
        let next = self.peek()?;
        if next == close {
            self.at += 1;
            return Ok(false);
        }
        if !*first {
            self.expect(b',')?;
            if self.peek()? == close {
                return Err(self.error("trailing comma"));
            }
        }
        *first = false;
        Ok(true)
    }

    fn key(&mut self) -> Result<String, JsonError> {
        self.expect(b'"')?;
        let key = self.string()?;
        self.expect(b':')?;
        Ok(key)
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        let byte = self.peek()?;
        if depth >= DEEPEST && matches!(byte, b'{' | b'[') {
            return Err(self.error("recursion limit exceeded"));
        }
        let mut first = true;
        match byte {
            b'{' => {
                self.at += 1;
                let mut map = Vec::new();
                while self.more(b'}', &mut first)? {
                    let key = self.key()?;
                    map.push((key, self.value(depth + 1)?));
                }
                Ok(Value::Object(Map(map)))
            }
            b'[' => {
                self.at += 1;
                while self.more(b']', &mut first)? {
                    self.value(depth + 1)?;
                }
                Ok(Value::Other)
            }
            b'"' => {
                self.at += 1;
                self.string().map(Value::String)
            }
            b'n' => self.word(b"null").map(|()| Value::Null),
            b't' => self.word(b"true").map(|()| Value::Other),
            b'f' => self.word(b"false").map(|()| Value::Other),
            b'-' | b'0'..=b'9' => {
                let from = self.at;
                self.number()?;
                let digits = core::str::from_utf8(&self.bytes[from..self.at]).unwrap_or_default();
                Ok(Value::Number(digits.parse().ok()))
            }
            _ => Err(self.error(NO_VALUE)),
        }
    }

    /// Passes over a value without looking into it, however deep it is.
    fn skip(&mut self) -> Result<(), JsonError> {
        let mut open = Vec::new();
        loop {
            match self.peek()? {
                opening @ (b'{' | b'[') => {
                    self.at += 1;
                    let close = opening + 2;
                    if self.peek()? == close {
                        self.at += 1;
                    } else {
                        open.push(close);
                        self.skip_key(close)?;
                        continue;
                    }
                }
                b'"' => {
                    self.at += 1;
                    self.skip_string()?;
                }
                b'n' => self.word(b"null")?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'-' | b'0'..=b'9' => self.number()?,
                _ => return Err(self.error(NO_VALUE)),
            }
            loop {
                let Some(close) = open.last().copied() else {
                    return Ok(());
                };
                match self.peek()? {
                    b',' => {
                        self.at += 1;
                        self.skip_key(close)?;
                        break;
                    }
                    byte if byte == close => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return Err(self.error("expected `,` or an end")),
                }
            }
        }
    }

    fn skip_key(&mut self, close: u8) -> Result<(), JsonError> {
        if close == b'}' {
            self.expect(b'"')?;
            self.skip_string()?;
            self.expect(b':')?;
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), JsonError> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(self.error(NO_VALUE));
        }
        self.at += word.len();
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let count = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let next = |reader: &Self| reader.bytes.get(reader.at).copied();
        if next(self) == Some(b'-') {
            self.at += 1;
        }
        let from = self.at;
        let count = self.digits();
        let mut right = count == 1 || (count > 1 && self.bytes[from] != b'0');
        if next(self) == Some(b'.') {
            self.at += 1;
            right &= self.digits() > 0;
        }
        if matches!(next(self), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(next(self), Some(b'+' | b'-')) {
                self.at += 1;
            }
            right &= self.digits() > 0;
        }
        if right { Ok(()) } else { Err(self.error("invalid number")) }
    }

    /// The rest of a text, after its first quote.
    fn string(&mut self) -> Result<String, JsonError> {
        let mut text = Vec::new();
        loop {
            match self.next_in_string()? {
                b'"' => break,
                b'\\' => {
                    let character = self.escape()?;
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                byte => text.push(byte),
            }
        }
        String::from_utf8(text).map_err(|_| self.error("invalid unicode code point"))
    }

    fn skip_string(&mut self) -> Result<(), JsonError> {
        loop {
            match self.next_in_string()? {
                b'"' => return Ok(()),
                b'\\' if self.escaped()? == b'u' => {
                    self.hex()?;
                }
                _ => {}
            }
        }
    }

    fn next_in_string(&mut self) -> Result<u8, JsonError> {
        match self.bytes.get(self.at) {
            None => Err(self.error("EOF while parsing a string")),
            Some(byte) if *byte < 0x20 => {
                Err(self.error("control character (\\u0000-\\u001F) found while parsing a string"))
            }
            Some(byte) => {
                self.at += 1;
                Ok(*byte)
            }
        }
    }

    fn escaped(&mut self) -> Result<u8, JsonError> {
        match self.next_in_string()? {
            letter @ (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u') => Ok(letter),
            _ => Err(self.error("invalid escape")),
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        Ok(match self.escaped()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hex()?;
                if (0xD800..0xDC00).contains(&code) && self.bytes[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    let low = self.hex()?;
                    if !(0xDC00..0xE000).contains(&low) {
                        return Err(self.error("lone leading surrogate in hex escape"));
                    }
                    code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                }
                char::from_u32(code).ok_or_else(|| self.error("lone leading surrogate in hex escape"))?
            }
            letter => char::from(letter),
        })
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.next_in_string()?).to_digit(16);
            code = code << 4 | digit.ok_or_else(|| self.error("invalid escape"))?;
        }
        Ok(code)
    }
}

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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Map, Value, pick, string, write_string};

    /// The same value as `serde_json` reads it.
    fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Value::Number(number), serde_json::Value::Number(theirs)) => *number == theirs.as_u64(),
            (Value::String(text), serde_json::Value::String(theirs)) => text == theirs,
            (Value::Object(map), serde_json::Value::Object(theirs)) => {
                theirs.iter().all(|(key, value)| map.get(key).is_some_and(|ours| same(ours, value)))
                    && map.0.iter().all(|(key, _)| theirs.contains_key(key))
            }
            (Value::Null, serde_json::Value::Null)
            | (Value::Other, serde_json::Value::Bool(_) | serde_json::Value::Array(_)) => true,
            _ => false,
        }
    }

    fn check(bytes: &[u8]) {
        let theirs = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes);
        match (Map::read(bytes), theirs) {
            (Ok(map), Ok(theirs)) => {
                assert!(same(&Value::Object(map), &theirs.into()), "{:?}", String::from_utf8_lossy(bytes));
            }
            // Only `serde_json` makes a float of every number, and refuses one that is none.
            (ours, Err(why)) => {
                let is_range = why.to_string().contains("number out of range");
                assert!(ours.is_err() || is_range, "{:?}: {why}", String::from_utf8_lossy(bytes));
            }
            (ours, theirs) => panic!("{:?}: {ours:?}, {theirs:?}", String::from_utf8_lossy(bytes)),
        }
    }

    #[derive(Deserialize)]
    struct Picked {
        a: Option<String>,
        data: Option<serde::de::IgnoredAny>,
    }

    fn check_picked(bytes: &[u8]) {
        let ours =
            pick(bytes, ["a", "data"]).and_then(|[a, data]| Ok((a.map(string).transpose()?, data.is_some())));
        // Derived code also takes a list for an object: we do not.
        let is_list = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        let theirs = serde_json::from_slice::<Picked>(bytes).map(|read| (read.a, read.data.is_some()));
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "{:?}", String::from_utf8_lossy(bytes)),
            (Err(_), theirs) if theirs.is_err() || is_list => {}
            (ours, theirs) => panic!("{:?}: {ours:?}, {theirs:?}", String::from_utf8_lossy(bytes)),
        }
    }

    const SEEDS: &[&str] = &[
        r#"{"a":"x","data":{"b":[1,2,{"c":null}],"d":"\u00e9\ud83d\ude00\n\/"},"e":-0.5e+3,"f":true}"#,
        r#"{"a":null,"data":null,"data2":[],"x":{},"y":"","z":18446744073709551616}"#,
        r#" {"\u0061" : "1" , "a" : "2" , "n" : [ false , [ ] , { } ] } "#,
        r#"{"a":"\ud800","s":"\udc00\ud800","t":"\u12g4","u":01,"v":1.,"w":.5,"x":1e,"y":-}"#,
        r#"[null,null,["x"]]"#,
        "{}",
        "",
        "null",
        r#"{"a":1,}"#,
        r#"{"a":"x","a":"y"}"#,
        r#"{"data":1,"b":"\ud800","data":2}"#,
        "{\"a\":\"tab\there\"}",
        "{\"a\":\"\u{7f}é→😀\"}",
        r#"{"n":1e400,"m":123456789012345678901234567890}"#,
    ];

    #[test]
    fn reads_what_serde_json_reads() {
        for seed in SEEDS {
            check(seed.as_bytes());
            check_picked(seed.as_bytes());
        }
        for depth in [1, 125, 126, 127, 128, 129, 500] {
            let nested = format!("{{\"b\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            check(nested.as_bytes());
            check_picked(nested.as_bytes());
            let nested = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
            check(nested.as_bytes());
            check_picked(nested.as_bytes());
        }
    }

    #[test]
    fn reads_what_serde_json_reads_of_what_was_bent() {
        arbtest::arbtest(|u| {
            let mut bytes = u.choose(SEEDS)?.as_bytes().to_vec();
            for _ in 0..u.int_in_range(1..=4)? {
                let at = u.int_in_range(0..=bytes.len())?;
                let symbols = b"{}[]\",:\\/u0159aden-+.tfl \n\x00\x80\xc3\xa9\xff";
                match u.int_in_range(0..=3)? {
                    0 => bytes.insert(at, *u.choose(symbols)?),
                    1 if at < bytes.len() => bytes[at] = *u.choose(symbols)?,
                    2 if at < bytes.len() => drop(bytes.remove(at)),
                    _ => bytes.truncate(at),
                }
            }
            check(&bytes);
            check_picked(&bytes);
            Ok(())
        });
    }

    #[test]
    fn writes_texts_as_serde_json_does() {
        let all: String = ('\0'..='\u{300}').chain(['\u{2028}', '\u{fffd}', '😀']).collect();
        let mut json = String::new();
        write_string(&mut json, &all);
        assert_eq!(json, serde_json::to_string(&all).unwrap());
    }
}
