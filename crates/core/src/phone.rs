//! Phone numbers in E.164 form. They are personal data: only [`E164::as_str`] shows one whole.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::prelude::*;
use crate::say::{Say, joined, number};
use crate::text::trimmed;

/// A phone number with `+` and 7 to 15 digits, such as `+12223334444`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct E164(Box<str>);

/// Why a text is no E.164 number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPhone {
    /// Not 7 to 15 digits.
    Length(usize),
    /// A character that is neither a digit nor a usual separator.
    NotDigits,
    /// No country code starts with 0.
    LeadingZero,
}

impl Say for InvalidPhone {
    fn say(&self) -> String {
        match *self {
            Self::Length(digits) => {
                joined(&["a phone number has 7 to 15 digits after the `+`, this one has ", &number(digits)])
            }
            Self::NotDigits => {
                "not a phone number: expected `+`, the country code and digits only".to_owned()
            }
            Self::LeadingZero => {
                "no country code starts with 0: write the number with `+` and its country code".to_owned()
            }
        }
    }
}

impl E164 {
    /// Reads a number with or without `+`, as Google and Vonage write it; spaces, hyphens, dots and brackets
    /// between the digits are dropped.
    ///
    /// # Errors
    /// When what is left is not 7 to 15 digits that start with a country code.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let text = trimmed(text);
        let body = text.strip_prefix('+').unwrap_or(text);
        let mut number = String::with_capacity(16);
        number.push('+');
        for c in body.chars() {
            match c {
                '0'..='9' => number.push(c),
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
                _ => return Err(InvalidPhone::NotDigits),
            }
        }
        match number.len() - 1 {
            7..=15 if number.as_bytes()[1] == b'0' => Err(InvalidPhone::LeadingZero),
            7..=15 => Ok(Self(number.into())),
            digits => Err(InvalidPhone::Length(digits)),
        }
    }

    /// The whole number with `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits without `+`, as Vonage writes numbers.
    pub fn digits(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }

    /// The number for people who need not see it whole: country part and last two digits, such as `+44 •••• 00`.
    pub fn masked(&self) -> String {
        let shown = self.0.len().min(3);
        joined(&[&self.0[..shown], " •••• ", &self.0[self.0.len() - 2..]])
    }
}

impl FromStr for E164 {
    type Err = InvalidPhone;

    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        Self::parse(text)
    }
}

impl TryFrom<String> for E164 {
    type Error = InvalidPhone;

    fn try_from(text: String) -> Result<Self, InvalidPhone> {
        Self::parse(&text)
    }
}

impl From<E164> for String {
    fn from(phone: E164) -> Self {
        phone.0.into()
    }
}

/// Masked, so that a log never holds a whole number.
impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::{E164, InvalidPhone};

    #[test]
    fn both_providers_spellings_are_one_number() {
        let google = E164::parse("+447700900000").unwrap();
        assert_eq!(E164::parse("447700900000").unwrap(), google);
        assert_eq!(E164::parse(" +44 (7700) 900-000 ").unwrap(), google);
        assert_eq!(google.digits(), "447700900000");
    }

    #[test]
    fn what_is_no_number_says_why() {
        assert_eq!(E164::parse("+4477"), Err(InvalidPhone::Length(4)));
        assert_eq!(E164::parse("07700900000"), Err(InvalidPhone::LeadingZero));
        assert_eq!(E164::parse("+44770090000x"), Err(InvalidPhone::NotDigits));
        assert_eq!(E164::parse("++447700900000"), Err(InvalidPhone::NotDigits));
    }

    #[test]
    fn debug_hides_the_number() {
        assert_eq!(format!("{:?}", E164::parse("+447700900042").unwrap()), "+44 •••• 42");
    }
}
