//! What a ledger says of a message besides whose it is: its class, its end, its host, and the SMS instead.

use super::item;
use super::row::{Flaw, ProblemCode};
use crate::class::{Class, LONGEST_NAME};
use crate::fact::Life;
use crate::host::Host;
use crate::prelude::*;
use crate::provider::vonage::sms::LONGEST_TEXT;
use crate::say::{Say, joined, number};
use crate::text::characters;
use crate::time::Span;

/// Reads the name of a message class, in any case. Whether there is such a class, only a server knows.
pub(super) fn class(name: &str) -> Result<String, Flaw> {
    let name = name.to_ascii_lowercase();
    if Class::is_name(&name) {
        return Ok(name);
    }
    let message = [
        "no name of a message class: it has 1 to ",
        &number(LONGEST_NAME),
        " letters, digits, `_` or `-`. Rename the column if it holds something else",
    ];
    Err(Flaw::new(ProblemCode::InvalidClass, &message))
}

/// Reads the text of an SMS.
pub(super) fn sms_text(text: String) -> Result<String, Flaw> {
    let length = characters(text.as_bytes());
    if length <= LONGEST_TEXT {
        return Ok(text);
    }
    let longest = number(LONGEST_TEXT);
    let message = ["the text of an SMS has at most ", &longest, " characters, this has ", &number(length)];
    Err(Flaw::new(ProblemCode::InvalidText, &message))
}

/// Reads a yes or a no.
pub(super) fn flag(word: &str) -> Result<bool, Flaw> {
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is(&["yes", "true", "y", "1"]) {
        return Ok(true);
    }
    if is(&["no", "false", "n", "0"]) {
        return Ok(false);
    }
    Err(Flaw::new(ProblemCode::InvalidFlag, &["expected `yes` or `no`, or nothing where it is not known"]))
}

/// Reads a host: our name for it, its label, or its address.
pub(super) fn host(text: &str) -> Result<Host, Flaw> {
    let address = text.strip_prefix("https://").unwrap_or(text);
    let address = address.strip_suffix('/').unwrap_or(address);
    let called = |host: &Host| {
        let own = host.base_url().strip_prefix("https://").unwrap_or_default();
        [host.name(), host.label(), own].iter().any(|name| name.eq_ignore_ascii_case(address))
    };
    Host::all().find(called).ok_or_else(|| {
        let why = crate::host::UnknownHost(crate::text::shortened(text, LONGEST_NAME)).say();
        let message = [
            &why,
            ". Leave the field empty if it is not known; rename the column if it holds something else",
        ];
        Flaw::new(ProblemCode::UnknownHost, &message)
    })
}

/// Whether a sender says that it set no end.
fn is_none(word: &str) -> bool {
    word.eq_ignore_ascii_case("none") || word.eq_ignore_ascii_case("never")
}

/// Reads an end of life: an instant, or `none`.
pub(super) fn end(text: &str) -> Result<Life, Flaw> {
    if is_none(text) {
        return Ok(Life::None);
    }
    item::time(text).map(|at| Life::ExpiresAt { at })
}

/// Reads a time to live: a number and its unit, or `none`. A bare number counts what its column says.
pub(super) fn ttl(text: &str, unit: Option<Span>) -> Result<Life, Flaw> {
    if is_none(text) {
        return Ok(Life::None);
    }
    length(text, unit).map(|ttl| Life::Ttl { ttl })
}

/// More digits than any length of a message's life has, and still no sum too large.
const MOST_DIGITS: usize = 9;

fn length(text: &str, unit: Option<Span>) -> Result<Span, Flaw> {
    item::not_rounded(text)?;
    let wrong = |code, message| Err(Flaw::new(code, &[message]));
    let (whole, rest) = digits(text);
    let (fraction, rest) = rest.strip_prefix('.').map_or(("", rest), digits);
    let unit = match (rest.trim(), unit) {
        ("", Some(unit)) => unit,
        ("", None) if !whole.is_empty() => {
            return wrong(
                ProblemCode::UnitMissing,
                "a time to live without a unit: write it as `600s`, or name the column `ttl_seconds` or `ttl_ms`",
            );
        }
        ("ms", _) => Span::millis(1),
        ("s", _) => Span::secs(1),
        ("m" | "min", _) => Span::minutes(1),
        ("h", _) => Span::hours(1),
        ("d", _) => Span::days(1),
        _ => Span::ZERO,
    };
    // Zeros behind the fraction make it a whole number of nanoseconds of the unit.
    let nanos = value(&joined(&[fraction, "000000000"])[..MOST_DIGITS]);
    let millis = value(whole) * unit.as_millis() + nanos * unit.as_millis() / 1_000_000_000;
    if whole.is_empty() || whole.len() > MOST_DIGITS || fraction.len() > MOST_DIGITS || millis == 0 {
        return wrong(
            ProblemCode::InvalidLength,
            "no time to live: expected a number with ms, s, m, h or d, such as `600s`, or `none`",
        );
    }
    Ok(Span::millis(millis))
}

/// The digits at the beginning, and what follows them.
fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    (text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default())
}

/// The number that a few digits make.
fn value(digits: &str) -> i64 {
    digits.bytes().take(MOST_DIGITS).fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
}

/// Why a message cannot have both an end of life and another time to live.
pub(super) fn two_ends() -> Flaw {
    let message = "another end of the message's life stands on the same line: leave one of them empty";
    Flaw::new(ProblemCode::TwoEndsOfLife, &[message])
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_TEXT, class, flag, host, length, sms_text};
    use crate::time::Span;

    #[test]
    fn a_length_has_a_unit_of_its_own_or_of_its_column() {
        let read = |text, unit| length(text, unit).ok().map(Span::as_millis);
        for (text, millis) in [
            ("600s", 600_000),
            ("3.5s", 3_500),
            ("0.000000001d", 0),
            ("1.000999999s", 1_000),
            ("10 m", 600_000),
            ("10min", 600_000),
            ("24h", 86_400_000),
            ("999999999d", 999_999_999 * 86_400_000),
            ("250ms", 250),
        ] {
            assert_eq!(read(text, None), (millis > 0).then_some(millis), "{text}");
            assert_eq!(read(text, Some(Span::secs(1))), read(text, None), "its own unit counts: {text}");
        }
        assert_eq!(read("600", Some(Span::secs(1))), Some(600_000));
        assert_eq!(read("600", Some(Span::millis(1))), Some(600));
        for text in
            ["600", "", "s", "-1s", "0s", "1 week", "1.2.3s", "6E+05s", "1234567890s", "1.1234567890s", "½h"]
        {
            assert_eq!(read(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_host_is_known_by_its_name_its_label_and_its_address() {
        for text in ["vonage.eu", "API-EU", "https://api-eu.nexmo.com/", "api-eu.nexmo.com"] {
            assert_eq!(host(text).ok().map(crate::Host::name), Some("vonage.eu"), "{text}");
        }
        for text in ["", "eu", "api.nexmo.com", "http://api-eu.nexmo.com", "https://"] {
            assert!(host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_class_has_a_name_as_a_configuration_writes_it() {
        assert_eq!(class("OTP").ok().as_deref(), Some("otp"));
        for text in ["", "one time", "öffentlich", &"x".repeat(65)] {
            assert!(class(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_flag_is_yes_or_no_and_a_text_is_what_an_sms_takes() {
        assert_eq!(["Yes", "TRUE", "1", "n", "False", "0"].map(|word| flag(word).ok()), {
            [true, true, true, false, false, false].map(Some)
        });
        assert!(flag("perhaps").is_err());
        assert!(sms_text("é".repeat(LONGEST_TEXT)).is_ok());
        assert!(sms_text("é".repeat(LONGEST_TEXT + 1)).is_err());
    }
}
