//! The calendar between instants and the dates that people and providers write: RFC 3339 and RFC 9110.
//!
//! Only these two forms, because a general library costs a browser more than all of our own decisions together.

use core::ops::Range;

use crate::prelude::*;
use crate::text;
use crate::time::InvalidTime;

const DAY: i64 = 86_400_000;
/// Days from 400 years before 0000-03-01 to 1970-01-01: counted from there, no day and no year is negative.
const TO_EPOCH: i64 = 719_468 + CYCLE;
/// Days in 400 years.
const CYCLE: i64 = 146_097;
/// The instants whose years have four digits.
const FOUR_DIGITS: Range<i64> = -62_167_219_200_000..253_402_300_800_000;
const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// Year, month, day, hour, minute, second and millisecond in UTC: the digits in a pattern are places in here.
type Numbers = [i64; 7];

const DATE: &[u8] = b"0000-11-22";
const TIME: &[u8] = b"33:44:55";
const WRITTEN: [u8; 24] = *b"0000-11-22T33:44:55.666Z";

/// RFC 3339 in UTC, for the years that have four digits.
pub(super) fn written(millis: i64) -> Option<String> {
    let mut numbers = numbers(millis)?;
    let mut text = WRITTEN;
    for byte in text.iter_mut().rev().filter(|byte| byte.is_ascii_digit()) {
        let number = &mut numbers[usize::from(*byte - b'0')];
        *byte = b'0' + (*number % 10).to_le_bytes()[0];
        *number /= 10;
    }
    String::from_utf8(text.into()).ok()
}

/// Reads the front of a text that looks like a pattern, and returns the rest.
fn read<'a>(text: &'a [u8], pattern: &[u8], numbers: &mut Numbers) -> Option<&'a [u8]> {
    let (front, rest) = text.split_at_checked(pattern.len())?;
    for (byte, place) in front.iter().zip(pattern) {
        if place.is_ascii_digit() && byte.is_ascii_digit() {
            let number = &mut numbers[usize::from(place - b'0')];
            *number = *number * 10 + i64::from(byte - b'0');
        } else if byte != place || byte.is_ascii_digit() {
            return None;
        }
    }
    Some(rest)
}

/// Milliseconds since 1970, if such a day and time exist.
fn millis([year, month, day, hour, minute, second, milli]: Numbers) -> Option<i64> {
    let exists = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    // A leap second is read as the second before it, as clocks without leap seconds show it.
    let second = second.min(59);
    exists.then_some(days_to(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1_000 + milli)
}

/// The date and time of an instant.
fn numbers(millis: i64) -> Option<Numbers> {
    if !FOUR_DIGITS.contains(&millis) {
        return None;
    }
    let millis = millis + TO_EPOCH * DAY;
    let (days, rest) = (millis / DAY, millis % DAY);
    // The average length of a year misses the year by one at most: the search begins before it.
    let mut year = days * 400 / CYCLE - 1;
    while begins(year + 1) <= days {
        year += 1;
    }
    let mut day = days - begins(year);
    let mut month = 11;
    while before_month(month) > day {
        month -= 1;
    }
    day -= before_month(month);
    let in_year = if month < 10 { year - 400 } else { year - 399 };
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    Some([in_year, (month + 2) % 12 + 1, day + 1, hour, minute, second, rest % 1_000])
}

/// Days since 1970 of a date.
const fn days_to(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year + 400 } else { year + 399 };
    begins(year) + before_month((month + 9) % 12) + day - 1 - TO_EPOCH
}

/// The day on which a year begins: in March here, so that a leap day comes last and needs no exception.
const fn begins(year: i64) -> i64 {
    year * 365 + year / 4 - year / 100 + year / 400
}

/// Days of a year that begins in March before a month, March being 0: 31 and 30 alternate in groups of five.
const fn before_month(month: i64) -> i64 {
    (month * 153 + 2) / 5
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Reads RFC 3339.
pub(super) fn rfc3339(text: &str) -> Result<i64, InvalidTime> {
    let (millis, zone) = local(text.as_bytes()).ok_or(InvalidTime::NotATime)?;
    if zone.is_empty() {
        return Err(InvalidTime::ZoneMissing);
    }
    Ok(millis - offset(zone).ok_or(InvalidTime::NotATime)?)
}

/// A date, and a time of day unless the text ends there; behind them the zone.
fn local(text: &[u8]) -> Option<(i64, &[u8])> {
    let mut numbers = [0; 7];
    let mut rest = read(text, DATE, &mut numbers)?;
    if let [b'T' | b't' | b' ', time @ ..] = rest {
        rest = read(time, TIME, &mut numbers)?;
        if let [b'.' | b',', fraction @ ..] = rest {
            let digits = fraction.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(fraction.len());
            if !(1..=9).contains(&digits) {
                return None;
            }
            let place = digits.min(3);
            read(fraction, &b"666"[..place], &mut numbers)?;
            numbers[6] *= [100, 10, 1][place - 1];
            rest = &fraction[digits..];
        }
    } else if !rest.is_empty() {
        return None;
    }
    Some((millis(numbers)?, rest))
}

/// How many milliseconds a zone is ahead of UTC: `Z`, or hours and perhaps minutes.
fn offset(zone: &[u8]) -> Option<i64> {
    let mut numbers = [0; 7];
    let (sign, time) = zone.split_first()?;
    if matches!(sign, b'Z' | b'z') {
        return time.is_empty().then_some(0);
    }
    let mut rest = read(time, b"33", &mut numbers)?;
    if !rest.is_empty() {
        rest = read(rest.strip_prefix(b":").unwrap_or(rest), b"44", &mut numbers)?;
    }
    let (hours, minutes) = (numbers[3], numbers[4]);
    let offset = (hours * 60 + minutes) * 60_000;
    let exists = rest.is_empty() && hours < 24 && minutes < 60;
    match sign {
        b'+' if exists => Some(offset),
        b'-' if exists => Some(-offset),
        _ => None,
    }
}

/// Reads an HTTP date such as `Fri, 20 Nov 2026 10:00:30 GMT` (RFC 9110 §5.6.7).
pub(super) fn http_date(text: &str) -> Option<i64> {
    let mut numbers = [0; 7];
    let (_, text) = text::split_once(text::trimmed(text), ", ")?;
    let (name, rest) = read(text.as_bytes(), b"22 ", &mut numbers)?.split_at_checked(3)?;
    numbers[1] = (1..).zip(MONTHS.chunks(3)).find(|(_, month)| *month == name)?.0;
    let rest = read(rest, b" 0000 33:44:55 GMT", &mut numbers)?;
    if rest.is_empty() { millis(numbers) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{InvalidTime, http_date, rfc3339, written};

    #[test]
    fn every_day_of_four_centuries_survives_its_text() {
        let first = rfc3339("1799-12-31T12:34:56.789Z").unwrap();
        for day in 0..146_200 {
            let at = first + day * super::DAY;
            let text = written(at).unwrap();
            assert_eq!(rfc3339(&text), Ok(at), "{text}");
        }
    }

    #[test]
    fn agrees_with_a_calendar_library_on_any_instant() {
        // Steps that share no factor with a day or a year, over all years that have four digits.
        let (first, step) = (-62_167_219_200_000_i64, 15_768_017_023);
        for (millis, minutes) in (0..20_000).map(|n| (first + n * step, n % 2_879 - 1_439)) {
            let theirs = jiff::Timestamp::from_millisecond(millis).unwrap();
            let ours = written(millis).unwrap();
            assert_eq!(ours, format!("{theirs:.3}"));
            let offset = jiff::tz::Offset::from_seconds(i32::try_from(minutes * 60).unwrap()).unwrap();
            let zoned = theirs.to_zoned(offset.to_time_zone());
            if (0..=9_999).contains(&zoned.year()) {
                let text = zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
                assert_eq!(rfc3339(&text), Ok(millis), "{text}");
            }
        }
    }

    #[test]
    fn agrees_with_a_calendar_library_on_what_is_no_time() {
        let wrong = [
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-04-30T24:00:00Z",
            "2026-04-30T23:60:00Z",
            "2026-04-30T23:00:61Z",
            "2026-04-30T23:00:00.Z",
            "2026-04-30T23:00:00.1234567890Z",
            "2026-04-30T23:00:00+24:60",
            "2026-04-30T23:00:00Zx",
            "2026-4-30T23:00:00Z",
            "20é6-04-30T23:00:00Z",
        ];
        for text in wrong {
            assert_eq!(rfc3339(text), Err(InvalidTime::NotATime), "{text}");
            assert!(text.parse::<jiff::Timestamp>().is_err(), "{text}");
        }
        assert_eq!(rfc3339("2000-02-29T00:00:00Z"), Ok(951_782_400_000));
        assert_eq!(rfc3339("2016-12-31T23:59:60Z"), rfc3339("2016-12-31T23:59:59Z"));
    }

    #[test]
    fn http_dates_are_read_as_they_are_written() {
        assert_eq!(http_date("Fri, 20 Nov 2026 10:00:30 GMT"), rfc3339("2026-11-20T10:00:30Z").ok());
        for text in [
            "noon",
            "Fri, 20 Nov 2026 10:00:30",
            "Fri, 20 Foo 2026 10:00:30 GMT",
            "Fri, 99 Nov 2026 10:00:30 GMT",
            "Fri, 20 Nov 2026 10:00:301 GMT",
            "Fri, 20 Nov 2026 10:00:30 GMT GMT",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
