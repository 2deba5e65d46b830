//! What messages and keys are made of: texts in a row.
//!
//! Not `format!`: what it brings along, for every base, sign, width and alignment, is two kilobytes of a web page when
//! compressed. A single `{}` or `to_string()` of an error in what the page reaches would bring it back; what only
//! servers and logs reach may use it.

use core::fmt;

use crate::class::{ClassDoubt, ClassFault};
use crate::expiry::TtlOutOfRange;
use crate::fallback::{BuildFallbackError, OrderRefused};
use crate::host::UnknownHost;
use crate::id::{IdProblem, InvalidId};
use crate::json::JsonError;
use crate::phone::InvalidPhone;
use crate::prelude::*;
use crate::provider::vonage::sms::BuildSmsError;
use crate::region::UnknownCountry;
use crate::request::BuildRequestError;
use crate::source::InvalidSource;
use crate::text::is_letter;
use crate::time::InvalidTime;
use crate::truth::TruthFault;

/// What can say in words, for people, what is wrong. Its `Display` writes the same.
pub trait Say {
    /// What is wrong.
    fn say(&self) -> String;
}

macro_rules! display {
    ($($error:ty),+ $(,)?) => {
        $(impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.say())
            }
        })+
    };
}

display!(
    BuildFallbackError,
    BuildRequestError,
    BuildSmsError,
    ClassDoubt,
    ClassFault,
    IdProblem,
    InvalidId,
    InvalidPhone,
    InvalidSource,
    InvalidTime,
    JsonError,
    OrderRefused,
    TruthFault,
    TtlOutOfRange,
    UnknownCountry,
    UnknownHost,
);

/// The parts as one text.
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        text.push_str(part);
    }
    text
}

/// A whole number as text.
pub(crate) fn number(number: impl TryInto<i64>) -> String {
    // Nothing that is counted here comes near the end of an `i64`.
    decimal(number.try_into().unwrap_or(i64::MAX), 1)
}

/// A number with zeros in front, up to six digits: so texts sort as their numbers do.
pub(crate) fn six_digits(number: u32) -> String {
    decimal(number.into(), 6)
}

/// A number with at least so many digits.
fn decimal(number: i64, digits: usize) -> String {
    // As long as the longest is with its sign.
    let mut text = [b'0'; 20];
    let (mut rest, mut at) = (number.unsigned_abs(), text.len());
    while rest > 0 || text.len() - at < digits {
        at -= 1;
        text[at] += (rest % 10).to_le_bytes()[0];
        rest /= 10;
    }
    if number < 0 {
        at -= 1;
        text[at] = b'-';
    }
    core::str::from_utf8(&text[at..]).unwrap_or_default().to_owned()
}

/// A text in a message: letters as they are, and as an escape what could be misread, not seen, or obeyed.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if is_letter(c) { shown.push(c) } else { push_escaped(&mut shown, c) }
    }
    shown
}

/// One character in a message, as an escape if it is not of ASCII: an `а` of another script looks like ours.
pub(crate) fn character(c: char) -> String {
    let mut shown = String::new();
    push_escaped(&mut shown, c);
    shown
}

fn push_escaped(text: &mut String, c: char) {
    match c {
        '\t' => text.push_str("\\t"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        ' '..='~' => {
            if matches!(c, '\'' | '"' | '\\') {
                text.push('\\');
            }
            text.push(c);
        }
        _ => {
            text.push_str("\\u{");
            let code = u32::from(c);
            for place in (0..6).rev().filter(|place| *place == 0 || code >> (4 * place) > 0) {
                text.extend(char::from_digit(code >> (4 * place) & 0xF, 16));
            }
            text.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{character, number, shown, six_digits};

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for n in [0, 7, 10, 99, 1_000_000, i64::MAX, -1, -10, i64::MIN] {
            assert_eq!(number(n), n.to_string());
        }
        for n in [0, 1, 99_999, 999_999, 1_000_000, u32::MAX] {
            assert_eq!(six_digits(n), format!("{n:06}"));
        }
    }

    #[test]
    fn a_message_shows_letters_and_escapes_the_rest() {
        assert_eq!(shown("Österreich 1\t\"\u{202e}\0"), r#"Österreich 1\t\"\u{202e}\u{0}"#);
        for c in ('\0'..='\u{3000}').chain([char::MAX]) {
            assert_eq!(character(c), c.escape_default().to_string());
        }
    }
}
