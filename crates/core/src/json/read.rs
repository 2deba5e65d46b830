//! The reader itself: strict, and with a bound on how deep it goes.
//!
//! What fails gives nothing, and the reader keeps why and stays where it was: most errors are never told.

use super::{Field, JsonError, Value};
use crate::prelude::*;
use crate::sort;
use crate::text;

/// Deeper nesting is refused: nothing that a provider sends comes near it.
const DEEPEST: usize = 127;

const NO_VALUE: &str = "expected value";

/// Reads bytes from the front.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    wrong: &'static str,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, wrong: "" }
    }

    /// What went wrong, and where.
    pub(super) fn error(&self) -> JsonError {
        let mut error = JsonError { what: self.wrong, line: 1, column: 0 };
        for byte in &self.bytes[..self.at] {
            error.column += 1;
            if *byte == b'\n' {
                error.line += 1;
                error.column = 0;
            }
        }
        error.column += usize::from(self.at < self.bytes.len());
        error
    }

    /// Nothing, for a reason that is kept unless there is one already.
    const fn fail<T>(&mut self, why: &'static str) -> Option<T> {
        if self.wrong.is_empty() {
            self.wrong = why;
        }
        None
    }

    /// One value and nothing else.
    pub(super) fn document(&mut self) -> Option<Value<'a>> {
        let value = self.value(0)?;
        self.end()?;
        Some(value)
    }

    /// The named fields of an object and nothing else.
    pub(super) fn pick(&mut self, names: &[&str], found: &mut [Option<&'a [u8]>]) -> Option<()> {
        core::str::from_utf8(self.bytes).ok()?;
        self.expect(b'{')?;
        let mut first = true;
        while self.more(b'}', &mut first)? {
            let name = self.key()?;
            self.peek();
            let from = self.at;
            self.skip()?;
            if let Some(at) = names.iter().position(|known| *known == name)
                && found[at].replace(&self.bytes[from..self.at]).is_some()
            {
                return None;
            }
        }
        self.end()
    }

    /// The next byte that is no white space. At the end it is 0, which stands nowhere in JSON, and whoever asks for more
    /// fails.
    fn peek(&mut self) -> u8 {
        while let Some(byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return *byte;
            }
            self.at += 1;
        }
        self.wrong = "EOF while parsing a value";
        0
    }

    fn end(&mut self) -> Option<()> {
        self.peek();
        if self.at < self.bytes.len() { self.fail("trailing characters") } else { Some(()) }
    }

    pub(super) fn expect(&mut self, wanted: u8) -> Option<()> {
        if self.peek() != wanted {
            return self.fail(NO_VALUE);
        }
        self.at += 1;
        Some(())
    }

    /// Passes over the very next byte if it is one of those.
    fn take(&mut self, wanted: &[u8]) -> bool {
        let is_there = self.bytes.get(self.at).is_some_and(|byte| text::is_one_of(*byte, wanted));
        self.at += usize::from(is_there);
        is_there
    }

    /// Whether another element follows before `close`.
    fn more(&mut self, close: u8, first: &mut bool) -> Option<bool> {
        if self.peek() == close {
            self.at += 1;
            return Some(false);
        }
        if !*first {
            self.expect(b',')?;
            if self.peek() == close {
                return self.fail("trailing comma");
            }
        }
        *first = false;
        Some(true)
    }

    fn key(&mut self) -> Option<String> {
        self.expect(b'"')?;
        let key = self.text()?;
        self.expect(b':')?;
        Some(key)
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        let byte = self.peek();
        if byte == b'"' {
            self.at += 1;
            return self.text().map(Value::Text);
        }
        if !matches!(byte, b'{' | b'[') {
            let from = self.at;
            self.plain()?;
            return core::str::from_utf8(&self.bytes[from..self.at]).ok().map(Value::Plain);
        }
        if depth >= DEEPEST {
            return self.fail("recursion limit exceeded");
        }
        self.at += 1;
        let mut fields = Vec::new();
        let complete = self.fields(byte + 2, depth + 1, &mut fields);
        if byte == b'[' {
            complete?;
            return Some(Value::List(fields));
        }
        // Also when it is not complete: what is ambiguous stands before what is wrong.
        self.sort(&mut fields)?;
        complete?;
        Some(Value::Object(fields))
    }

    /// The fields of an object or a list, after its opening bracket.
    fn fields(&mut self, close: u8, depth: usize, fields: &mut Vec<Field<'a>>) -> Option<()> {
        let mut first = true;
        while self.more(close, &mut first)? {
            let name = if close == b'}' { self.key()? } else { String::new() };
            let value = self.value(depth)?;
            fields.push(Field { name, value, end: self.at });
        }
        Some(())
    }

    /// Brings fields into order, each once. Where one has two values, told is the place behind the second, and behind the
    /// object if it ends there.
    fn sort(&mut self, fields: &mut Vec<Field<'a>>) -> Option<()> {
        let mut sorted: Vec<Field<'a>> = Vec::new();
        let mut ambiguous = usize::MAX;
        for place in sort::order(fields.len(), &|a, b| fields[a].name < fields[b].name) {
            let field = core::mem::take(&mut fields[place]);
            match sorted.last() {
                Some(before) if before.name == field.name => {
                    if before.value != field.value {
                        ambiguous = ambiguous.min(field.end);
                    }
                }
                _ => sorted.push(field),
            }
        }
        *fields = sorted;
        if ambiguous == usize::MAX {
            return Some(());
        }
        self.at = ambiguous;
        if self.peek() == b'}' {
            self.at += 1;
        }
        self.bytes = &self.bytes[..self.at];
        self.wrong = "a key stands twice and says two things";
        None
    }

    /// Passes over a value without looking into it, however deep it is.
    fn skip(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            let byte = self.peek();
            let mut first = matches!(byte, b'{' | b'[');
            if first {
                self.at += 1;
                open.push(byte + 2);
            } else if byte == b'"' {
                self.at += 1;
                self.string(None)?;
            } else {
                self.plain()?;
            }
            loop {
                let Some(close) = open.last().copied() else {
                    return Some(());
                };
                if self.more(close, &mut first)? {
                    if close == b'}' {
                        self.expect(b'"')?;
                        self.string(None)?;
                        self.expect(b':')?;
                    }
                    break;
                }
                open.pop();
                first = false;
            }
        }
    }

    /// A number or a word.
    fn plain(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        if matches!(rest.first(), Some(b'-' | b'0'..=b'9')) {
            return self.number();
        }
        let words: [&[u8]; 3] = [b"null", b"true", b"false"];
        let Some(word) = words.iter().find(|word| rest.starts_with(word)) else {
            return self.fail(NO_VALUE);
        };
        self.at += word.len();
        Some(())
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Option<()> {
        self.take(b"-");
        let leads_with_zero = self.take(b"0");
        let more_digits = self.digits() > 0;
        let mut right = leads_with_zero != more_digits;
        if self.take(b".") {
            right &= self.digits() > 0;
        }
        if self.take(b"eE") {
            self.take(b"+-");
            right &= self.digits() > 0;
        }
        if right { Some(()) } else { self.fail("invalid number") }
    }

    /// The rest of a text, after its first quote.
    pub(super) fn text(&mut self) -> Option<String> {
        let mut text = Vec::new();
        self.string(Some(&mut text))?;
        String::from_utf8(text).ok().or_else(|| self.fail("invalid unicode code point"))
    }

    /// Passes over the rest of a text, after its first quote, and adds it to `text`. Only there it matters what its
    /// characters are.
    fn string(&mut self, mut text: Option<&mut Vec<u8>>) -> Option<()> {
        loop {
            let mut byte = self.next_in_string()?;
            if byte == b'"' {
                return Some(());
            }
            if byte == b'\\' {
                byte = self.next_in_string()?;
                if byte == b'u' {
                    let code = self.hex()?;
                    if let Some(text) = &mut text {
                        let character = self.character(code)?;
                        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    continue;
                }
                let Some(at) = b"\"\\/bfnrt".iter().position(|letter| *letter == byte) else {
                    return self.fail("invalid escape");
                };
                byte = b"\"\\/\x08\x0c\n\r\t"[at];
            }
            if let Some(text) = &mut text {
                text.push(byte);
            }
        }
    }

    fn next_in_string(&mut self) -> Option<u8> {
        match self.bytes.get(self.at) {
            None => self.fail("EOF while parsing a string"),
            Some(0..0x20) => self.fail("control character (\\u0000-\\u001F) found while parsing a string"),
            Some(byte) => {
                self.at += 1;
                Some(*byte)
            }
        }
    }

    /// The character of an escape, with its second half if that follows.
    fn character(&mut self, mut code: u32) -> Option<char> {
        if (0xD800..0xDC00).contains(&code) && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            // Without a right second half it stays the code of no character.
            code = text::paired(code, self.hex()?).map_or(code, u32::from);
        }
        char::from_u32(code).or_else(|| self.fail("lone leading surrogate in hex escape"))
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.next_in_string()?).to_digit(16) else {
                return self.fail("invalid escape");
            };
            code = code << 4 | digit;
        }
        Some(code)
    }
}
