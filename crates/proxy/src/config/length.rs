//! Lengths of time as people write them in a configuration: `500ms`, `20s`, `5m`, `24h`, `7d`.

use rcs_revoke_core::Span;
use serde::{Deserialize, Deserializer, de};

/// The longest length that makes sense anywhere here.
const LONGEST: i64 = 366 * 24 * 3_600_000;

/// The longest time for which anything is kept, but for ever.
const LONGEST_KEPT: i64 = 100 * LONGEST;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub Span);

/// Reads a number and its unit.
///
/// # Errors
/// When the unit is missing or unknown, or the length is negative or longer than a year.
pub fn parse(text: &str) -> Result<Span, String> {
    parse_up_to(text, LONGEST, "a year")
}

fn parse_up_to(text: &str, longest: i64, said: &str) -> Result<Span, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 24 * 3_600_000,
        _ => {
            return Err(format!(
                "`{text}` is no length of time: write a number and ms, s, m, h or d, such as \"20s\""
            ));
        }
    };
    let millis = number.parse::<i64>().ok().and_then(|number| number.checked_mul(unit));
    match millis {
        Some(millis) if millis <= longest => Ok(Span::millis(millis)),
        _ => Err(format!("`{text}` is longer than {said}")),
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).map(Self).map_err(de::Error::custom)
    }
}

/// A length of time, or none: `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub Option<Span>);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim() == "never" {
            return Ok(Self(None));
        }
        let never = |problem| format!("{problem}; or \"never\"");
        parse(&text).map(|span| Self(Some(span))).map_err(|problem| de::Error::custom(never(problem)))
    }
}

/// How long something is kept, or none: `forever`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep(pub Option<Span>);

impl<'de> Deserialize<'de> for Keep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim() == "forever" {
            return Ok(Self(None));
        }
        let forever = |problem| format!("{problem}; or \"forever\"");
        parse_up_to(&text, LONGEST_KEPT, "a hundred years")
            .map(|span| Self(Some(span)))
            .map_err(|problem| de::Error::custom(forever(problem)))
    }
}

/// A length as it is written: in the largest unit that gives a whole number.
pub fn written(span: Span) -> String {
    let millis = span.as_millis();
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
    match units.into_iter().find(|(_, unit)| millis >= *unit && millis % unit == 0) {
        Some((name, unit)) => format!("{}{name}", millis / unit),
        None if millis == 0 => "0s".to_owned(),
        None => format!("{millis}ms"),
    }
}

#[cfg(test)]
mod tests {
    use rcs_revoke_core::Span;

    use super::{parse, written};

    #[test]
    fn units_are_read_and_nonsense_is_not() {
        assert_eq!(parse("500ms"), Ok(Span::millis(500)));
        assert_eq!(parse(" 2 m"), Ok(Span::minutes(2)));
        for text in ["20", "-1s", "s", "", "1.5s", "99999999999999999999d", "400d"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_is_written_reads_as_the_same() {
        for text in ["0s", "999ms", "1s", "90s", "2m", "36h", "3d", "31d"] {
            assert_eq!(written(parse(text).unwrap()), text);
        }
        assert_eq!(written(Span::hours(72)), "3d");
    }
}
