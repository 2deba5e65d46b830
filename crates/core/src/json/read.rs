//! The reader itself: strict, and with a bound on how deep it goes.

use alloc::collections::BTreeMap;

use super::{JsonError, Map, Value};
use crate::prelude::*;

/// Deeper nesting is refused: nothing that a provider sends comes near it.
const DEEPEST: usize = 127;

const EOF: &str = "EOF while parsing a value";
const NO_VALUE: &str = "expected value";

/// Reads bytes from the front.
pub(super) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl Reader<'_> {
    pub(super) fn error(&self, what: &'static str) -> JsonError {
        let read = &self.bytes[..self.at.min(self.bytes.len())];
        let line = read.split(|byte| *byte == b'\n').count();
        let column = read.iter().rev().take_while(|byte| **byte != b'\n').count();
        let here = usize::from(self.at < self.bytes.len());
        JsonError { what, line, column: column + here }
    }

    /// Two values under one key; told is the place behind them, and behind the object if it ends there.
    fn ambiguous(&mut self) -> JsonError {
        if matches!(self.peek(), Ok(b'}')) {
            self.at += 1;
        }
        let error = self.error("a key stands twice and says two things");
        let here = usize::from(self.at < self.bytes.len());
        JsonError { column: error.column - here, ..error }
    }

    /// The next byte that is no white space.
    pub(super) fn peek(&mut self) -> Result<u8, JsonError> {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Ok(*byte),
            }
        }
        Err(self.error(EOF))
    }

    pub(super) fn expect(&mut self, wanted: u8) -> Result<(), JsonError> {
        if self.peek()? != wanted {
            return Err(self.error(NO_VALUE));
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), JsonError> {
        if self.peek().is_ok() { Err(self.error("trailing characters")) } else { Ok(()) }
    }

    /// Whether another element follows before `close`.
    pub(super) fn more(&mut self, close: u8, first: &mut bool) -> Result<bool, JsonError> {
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

    pub(super) fn key(&mut self) -> Result<String, JsonError> {
        self.expect(b'"')?;
        let key = self.string()?;
        self.expect(b':')?;
        Ok(key)
    }

    pub(super) fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        let byte = self.peek()?;
        if depth >= DEEPEST && matches!(byte, b'{' | b'[') {
            return Err(self.error("recursion limit exceeded"));
        }
        let mut first = true;
        match byte {
            b'{' => {
                self.at += 1;
                let mut map = BTreeMap::new();
                while self.more(b'}', &mut first)? {
                    let key = self.key()?;
                    let value = self.value(depth + 1)?;
                    if map.get(&key).is_some_and(|before| *before != value) {
                        return Err(self.ambiguous());
                    }
                    map.insert(key, value);
                }
                Ok(Value::Object(Map(map)))
            }
            b'[' => {
                self.at += 1;
                let mut list = Vec::new();
                while self.more(b']', &mut first)? {
                    list.push(self.value(depth + 1)?);
                }
                Ok(Value::Array(list))
            }
            b'"' => {
                self.at += 1;
                self.string().map(Value::String)
            }
            b'n' => self.word(b"null").map(|()| Value::Null),
            b't' => self.word(b"true").map(|()| Value::Bool(true)),
            b'f' => self.word(b"false").map(|()| Value::Bool(false)),
            b'-' | b'0'..=b'9' => {
                let from = self.at;
                self.number()?;
                let digits = core::str::from_utf8(&self.bytes[from..self.at]).unwrap_or_default();
                Ok(Value::Number(digits.into()))
            }
            _ => Err(self.error(NO_VALUE)),
        }
    }

    /// Passes over a value without looking into it, however deep it is.
    pub(super) fn skip(&mut self) -> Result<(), JsonError> {
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
    pub(super) fn string(&mut self) -> Result<String, JsonError> {
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
