//! The texts that cross the boundary: fields in a row, none of which needs a length in front.
//!
//! A field that is there begins with `=`; an empty one is absent. Fields are parted by U+001F. Where a text holds
//! that character, or U+001A, it stands as U+001A and a letter.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{Display, Write as _};

use rcs_revoke_core::{Span, Timestamp};

use crate::words::Word;

const SEPARATOR: u8 = 0x1f;
const ESCAPE: u8 = 0x1a;

/// What is wrong with a question.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: &'static str,
    /// The field that it is about, from 1; 0 for none.
    pub field: usize,
    /// What is wrong, for people.
    pub message: String,
}

impl Problem {
    /// A problem of the whole question.
    pub fn new(code: &'static str, message: &dyn Display) -> Self {
        Self { code, field: 0, message: message.to_string() }
    }

    /// A question that this package's own code has put together wrongly.
    pub fn internal(what: &'static str) -> Self {
        Self { code: "internal", field: 0, message: what.to_owned() }
    }
}

/// The code of a value that has not its documented type or form.
pub const INVALID: &str = "invalid_argument";

/// Where a field stands.
#[derive(Clone, Copy, Debug)]
pub struct Place(usize);

impl Place {
    /// The field that stands so many after this one is missing.
    pub const fn missing(self, after: usize) -> Missing {
        Missing(self.0 + after)
    }

    /// This field is wrong.
    pub fn wrong(self, message: &'static str) -> Problem {
        Problem { code: INVALID, field: self.0, message: message.to_owned() }
    }
}

/// A field that is missing, before anybody asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Missing(usize);

impl From<Missing> for Problem {
    fn from(missing: Missing) -> Self {
        Place(missing.0).wrong("it is missing")
    }
}

/// The fields of a question, read one after the other.
#[derive(Debug)]
pub struct Fields<'a> {
    rest: Option<&'a str>,
    read: usize,
}

impl<'a> Fields<'a> {
    /// The fields of a text.
    pub fn new(text: &'a str) -> Self {
        Self { rest: Some(text), read: 0 }
    }

    /// Where the field stands that was read last.
    pub const fn place(&self) -> Place {
        Place(self.read)
    }

    /// A problem with the field that was read last.
    pub fn problem(&self, code: &'static str, message: &dyn Display) -> Problem {
        Problem { code, field: self.read, message: message.to_string() }
    }

    /// The next field, if it is there.
    pub fn opt(&mut self) -> Option<Cow<'a, str>> {
        self.read += 1;
        let rest = self.rest?;
        let mut is_escaped = false;
        let end = rest.bytes().position(|byte| {
            is_escaped |= byte == ESCAPE;
            byte == SEPARATOR
        });
        let (field, rest) = match end {
            Some(at) => (&rest[..at], Some(&rest[at + 1..])),
            None => (rest, None),
        };
        self.rest = rest;
        let text = field.get(1..)?;
        Some(if is_escaped { Cow::Owned(unescape(text)) } else { Cow::Borrowed(text) })
    }

    /// The next field.
    ///
    /// # Errors
    /// When it is absent.
    pub fn text(&mut self) -> Result<Cow<'a, str>, Problem> {
        self.opt().ok_or_else(|| self.problem(INVALID, &"it is missing"))
    }

    /// The next field, read by `parse`, if it is there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn opt_parsed<T, E: Display>(
        &mut self,
        code: &'static str,
        parse: fn(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Problem> {
        match self.opt() {
            None => Ok(None),
            Some(text) => parse(&text).map(Some).map_err(|error| self.problem(code, &error)),
        }
    }

    /// The next field, read by `parse`.
    ///
    /// # Errors
    /// When it is absent or cannot be read.
    pub fn parsed<T, E: Display>(
        &mut self,
        code: &'static str,
        parse: fn(&str) -> Result<T, E>,
    ) -> Result<T, Problem> {
        let text = self.text()?;
        parse(&text).map_err(|error| self.problem(code, &error))
    }

    /// The next field as one of some words, if it is there.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn opt_word<T: Word>(&mut self) -> Result<Option<T>, Problem> {
        let Some(text) = self.opt() else {
            return Ok(None);
        };
        match T::WORDS.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(Some(*value)),
            None => Err(self.unknown_word(&text, &mut T::WORDS.iter().map(|(word, _)| *word))),
        }
    }

    /// The next field as one of some words.
    ///
    /// # Errors
    /// When it is absent or none of them.
    pub fn word<T: Word>(&mut self) -> Result<T, Problem> {
        self.opt_word()?.ok_or_else(|| self.problem(INVALID, &"it is missing"))
    }

    /// What is wrong with a word that is none of `known`.
    pub fn unknown_word(&self, text: &str, known: &mut dyn Iterator<Item = &'static str>) -> Problem {
        let mut message = String::from("expected ");
        for (at, word) in known.enumerate() {
            let before = if at == 0 { "" } else { ", " };
            let _ = write!(message, "{before}`{word}`");
        }
        let end = text.char_indices().nth(40).map_or(text.len(), |(end, _)| end);
        let _ = write!(message, ", found `{}`", &text[..end]);
        self.problem(INVALID, &message)
    }

    /// The next field as a whole number, if it is there.
    ///
    /// # Errors
    /// When it is no whole number.
    pub fn opt_int(&mut self) -> Result<Option<i64>, Problem> {
        match self.opt() {
            None => Ok(None),
            Some(text) => {
                text.parse().map(Some).map_err(|_| self.problem(INVALID, &"expected a whole number"))
            }
        }
    }

    /// The next field as a whole number.
    ///
    /// # Errors
    /// When it is absent or no whole number.
    pub fn int(&mut self) -> Result<i64, Problem> {
        self.opt_int()?.ok_or_else(|| self.problem(INVALID, &"it is missing"))
    }

    /// The next field as a number from 0 to `u32::MAX`.
    ///
    /// # Errors
    /// When it is absent, or another number.
    pub fn count(&mut self) -> Result<u32, Problem> {
        let number = self.int()?;
        u32::try_from(number).map_err(|_| self.problem(INVALID, &"expected a number from 0 to 4294967295"))
    }

    /// The next field as an instant, if it is there.
    ///
    /// # Errors
    /// When it is none.
    pub fn opt_time(&mut self) -> Result<Option<Timestamp>, Problem> {
        Ok(self.opt_int()?.map(Timestamp::from_millis))
    }

    /// The next field as an instant.
    ///
    /// # Errors
    /// When it is absent or none.
    pub fn time(&mut self) -> Result<Timestamp, Problem> {
        Ok(Timestamp::from_millis(self.int()?))
    }

    /// The next field as a length of time, if it is there.
    ///
    /// # Errors
    /// When it is none.
    pub fn opt_span(&mut self) -> Result<Option<Span>, Problem> {
        Ok(self.opt_int()?.map(Span::millis))
    }

    /// The next field as a length of time.
    ///
    /// # Errors
    /// When it is absent or none.
    pub fn span(&mut self) -> Result<Span, Problem> {
        Ok(Span::millis(self.int()?))
    }

    /// The next field as yes or no; absent is no.
    pub fn flag(&mut self) -> bool {
        self.opt_flag() == Some(true)
    }

    /// The next field as yes or no, if it is there.
    pub fn opt_flag(&mut self) -> Option<bool> {
        self.opt().map(|text| text == "1")
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\u{1a}' if characters.next() == Some('s') => char::from(SEPARATOR),
            other => other,
        });
    }
    plain
}

/// An answer, written field by field.
#[derive(Debug, Default)]
pub struct Answer(Vec<u8>);

impl Answer {
    /// The bytes of the answer.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// One field that is there.
    pub fn text(&mut self, text: &str) {
        self.0.push(b'=');
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| matches!(*byte, SEPARATOR | ESCAPE)) {
            self.0.extend_from_slice(&rest[..at]);
            self.0.extend_from_slice(&[ESCAPE, if rest[at] == SEPARATOR { b's' } else { b'e' }]);
            rest = &rest[at + 1..];
        }
        self.0.extend_from_slice(rest);
        self.0.push(SEPARATOR);
    }

    /// One absent field.
    pub fn none(&mut self) {
        self.0.push(SEPARATOR);
    }

    /// One field that may be there.
    pub fn opt(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.none(),
        }
    }

    /// A word of a closed set.
    pub fn word<T: Word>(&mut self, value: T) {
        self.text(T::WORDS.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word));
    }

    /// A whole number.
    pub fn int(&mut self, number: i64) {
        let mut digits = [0; 20];
        let mut from = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            from -= 1;
            digits[from] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.0.push(b'=');
        if number < 0 {
            self.0.push(b'-');
        }
        self.0.extend_from_slice(&digits[from..]);
        self.0.push(SEPARATOR);
    }

    /// How many things follow, or where something stands.
    pub fn count(&mut self, count: usize) {
        self.int(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// A whole number that may be there.
    pub fn opt_int(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.int(number),
            None => self.none(),
        }
    }

    /// An instant that may be there.
    pub fn opt_time(&mut self, time: Option<Timestamp>) {
        self.opt_int(time.map(Timestamp::as_millis));
    }

    /// A length of time that may be there.
    pub fn opt_span(&mut self, span: Option<Span>) {
        self.opt_int(span.map(Span::as_millis));
    }

    /// Yes or no.
    pub fn flag(&mut self, flag: bool) {
        self.int(i64::from(flag));
    }

    /// Some yes or no, the first as the lowest bit.
    pub fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        self.int(flags.iter().rev().fold(0, |bits, flag| bits << 1 | i64::from(*flag)));
    }

    /// A text that is no list of fields, as it is.
    pub fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Fields};

    #[test]
    fn every_text_survives() {
        let texts = ["", "=", "\u{1f}", "\u{1a}", "\u{1a}s", "a\u{1f}\u{1f}b\u{1a}e", "é\u{0}→"];
        let mut answer = Answer::default();
        for text in texts {
            answer.text(text);
            answer.none();
        }
        let packed = String::from_utf8(answer.into_bytes()).unwrap();
        let mut fields = Fields::new(&packed);
        for text in texts {
            assert_eq!(fields.opt().as_deref(), Some(text));
            assert_eq!(fields.opt(), None);
        }
        assert_eq!(fields.opt(), None);
    }

    #[test]
    fn every_number_survives() {
        for number in [0, 1, -1, 9, 10, 1_795_168_800_000, i64::MAX, i64::MIN] {
            let mut answer = Answer::default();
            answer.int(number);
            let packed = String::from_utf8(answer.into_bytes()).unwrap();
            assert_eq!(Fields::new(&packed).int(), Ok(number));
        }
        for text in ["=1.5", "=", "=x", "=9223372036854775808", "=1e3"] {
            assert_eq!(Fields::new(text).int().unwrap_err().field, 1);
        }
    }
}
