//! Questions as they cross the boundary: fields in a row, each a length in bytes, a colon, and as much text.
//!
//! A field without a length is absent. Answers are JSON, or one text as it is.

use alloc::borrow::ToOwned;
use alloc::string::String;
use rcs_revoke_core::{Say, Span, Timestamp};

use crate::words::{Word, first};

/// The code of a value that has not its documented type or form.
pub const INVALID: &str = "invalid_argument";

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

/// The fields of a question, read one after the other.
///
/// The first that is wrong is kept, and reading goes on without it: whoever has read what belongs together asks
/// once, with [`fine`](Self::fine), whether it holds. Asking after each field would be far more code.
#[derive(Debug)]
pub struct Fields<'a> {
    rest: &'a str,
    read: usize,
    problem: Option<Problem>,
}

impl<'a> Fields<'a> {
    /// The fields of a text.
    pub const fn new(text: &'a str) -> Self {
        Self { rest: text, read: 0, problem: None }
    }

    /// What is wrong, if anything is.
    pub fn into_problem(self) -> Option<Problem> {
        self.problem
    }

    /// What was read, unless anything was wrong.
    pub fn fine<T>(&self, read: T) -> Option<T> {
        self.problem.is_none().then_some(read)
    }

    /// The number of the field that was read last.
    pub const fn place(&self) -> usize {
        self.read
    }

    fn keep(&mut self, code: &'static str, field: usize, why: &str) {
        if self.problem.is_none() {
            self.problem = Some(Problem { code, field, message: why.to_owned() });
        }
    }

    /// Nothing, for what is wrong with a field, or with the whole question: field 0.
    pub fn refuse<T>(&mut self, code: &'static str, field: usize, why: &str) -> Option<T> {
        self.keep(code, field, why);
        None
    }

    /// A value that must be there. Where something was wrong with it, that is known already.
    pub fn required<T>(&mut self, value: Option<T>) -> Option<T> {
        value.or_else(|| self.refuse(INVALID, self.read, "it is missing"))
    }

    /// The next field, if it is there.
    pub fn opt(&mut self) -> Option<&'a str> {
        self.read += 1;
        let (mut digits, mut length) = (0, 0);
        while let Some(digit @ b'0'..=b'9') = self.rest.as_bytes().get(digits) {
            digits += 1;
            length = length * 10 + usize::from(digit - b'0');
        }
        let (text, rest) = self.rest.get(digits + 1..)?.split_at_checked(length)?;
        self.rest = rest;
        (digits > 0).then_some(text)
    }

    /// The next field.
    pub fn text(&mut self) -> &'a str {
        let text = self.opt();
        self.required(text).unwrap_or_default()
    }

    /// The next field, read by `parse`, if it is there.
    pub fn opt_parsed<T, E: Say>(
        &mut self,
        code: &'static str,
        parse: fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.opt()?) {
            Ok(value) => Some(value),
            Err(error) => self.refuse(code, self.read, &error.say()),
        }
    }

    /// The next field, read by `parse`.
    pub fn parsed<T, E: Say>(&mut self, code: &'static str, parse: fn(&str) -> Result<T, E>) -> Option<T> {
        let value = self.opt_parsed(code, parse);
        self.required(value)
    }

    /// The next field as one of some words, if it is there.
    pub fn opt_word<T: Word>(&mut self) -> Option<T> {
        let index = self.opt_index(T::WORDS)?;
        T::ALL.get(index).copied()
    }

    /// The next field as one of some words.
    pub fn word<T: Word>(&mut self) -> Option<T> {
        let value = self.opt_word();
        self.required(value)
    }

    /// Which of some words the next field is, if it is there.
    fn opt_index(&mut self, words: &'static str) -> Option<usize> {
        let text = self.opt()?;
        let (mut index, mut rest) = (0, words);
        while !rest.is_empty() {
            let (word, others) = first(rest);
            if word == text {
                return Some(index);
            }
            (index, rest) = (index + 1, others);
        }
        let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
        let mut why = String::from("expected one of `");
        for part in [words, "`, found `", text.get(..end).unwrap_or_default(), "`"] {
            why.push_str(part);
        }
        self.refuse(INVALID, self.read, &why)
    }

    /// The next field as a whole number, if it is there: as JavaScript has them, of at most 16 digits.
    pub fn opt_int(&mut self) -> Option<i64> {
        let (sign, digits) = match self.opt()?.as_bytes() {
            [b'-', digits @ ..] => (-1, digits),
            digits => (1, digits),
        };
        if digits.is_empty() || digits.len() > 16 || !digits.iter().all(u8::is_ascii_digit) {
            return self.refuse(INVALID, self.read, "expected a whole number");
        }
        Some(sign * digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    /// The next field as a whole number.
    pub fn int(&mut self) -> i64 {
        let number = self.opt_int();
        self.required(number).unwrap_or_default()
    }

    /// The next field as a number from 0 to `u32::MAX`.
    pub fn count(&mut self) -> u32 {
        let number = u32::try_from(self.int());
        let number =
            number.ok().or_else(|| self.refuse(INVALID, self.read, "expected a number from 0 to 4294967295"));
        number.unwrap_or_default()
    }

    /// The next field as a small number, if it is there.
    pub fn opt_count(&mut self) -> Option<u32> {
        let number = u32::try_from(self.opt_int()?);
        number.ok().or_else(|| self.refuse(INVALID, self.read, "expected a number from 0 to 4294967295"))
    }

    /// The next field as a number of something that is counted from 1.
    pub fn ordinal(&mut self) -> u32 {
        let number = self.count();
        if number == 0 {
            self.keep(INVALID, self.read, "expected a number from 1");
        }
        number
    }

    /// The next field as an instant, if it is there.
    pub fn opt_time(&mut self) -> Option<Timestamp> {
        self.opt_int().map(Timestamp::from_millis)
    }

    /// The next field as an instant.
    pub fn time(&mut self) -> Timestamp {
        Timestamp::from_millis(self.int())
    }

    /// The next field as a length of time, if it is there.
    pub fn opt_span(&mut self) -> Option<Span> {
        let length = self.opt_int()?;
        if length < 0 {
            self.keep(INVALID, self.read, "a length of time is not negative");
        }
        Some(Span::millis(length))
    }

    /// The next field as a length of time.
    pub fn span(&mut self) -> Span {
        let length = self.opt_span();
        self.required(length).unwrap_or(Span::ZERO)
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

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn every_text_survives() {
        let texts = ["", ":", "1:", "2:a", "é\u{0}→", "\u{1f}\u{1a}"];
        let packed = texts.map(|text| format!("{}:{text}:", text.len())).concat();
        let mut fields = Fields::new(&packed);
        for text in texts {
            assert_eq!(fields.opt(), Some(text));
            assert_eq!(fields.opt(), None);
        }
        assert_eq!(fields.opt(), None);
        assert_eq!(fields.into_problem(), None);
    }

    #[test]
    fn every_number_survives() {
        for number in [0, 1, -1, 9, 10, 1_795_168_800_000, (1 << 53) - 1, -(1 << 53) + 1] {
            let text = number.to_string();
            let text = format!("{}:{text}", text.len());
            assert_eq!(Fields::new(&text).opt_int(), Some(number));
        }
        for text in ["3:1.5", "0:", "1:-", "1:x", "17:90071992547409911", "3:1e3"] {
            let mut fields = Fields::new(text);
            assert_eq!(fields.opt_int(), None);
            assert_eq!(fields.into_problem().unwrap().field, 1);
        }
    }

    #[test]
    fn the_first_problem_is_the_one_that_is_told() {
        let mut fields = Fields::new("1:x:1:y");
        assert_eq!((fields.int(), fields.text(), fields.opt_int()), (0, "", None));
        assert_eq!(fields.fine(()), None);
        let problem = fields.into_problem().unwrap();
        assert_eq!((problem.field, &*problem.message), (1, "expected a whole number"));
    }
}
