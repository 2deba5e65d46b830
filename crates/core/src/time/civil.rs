//! The calendar between instants and the dates that people and providers write: RFC 3339 and RFC 9110.
//!
//! Only these two forms, because a general library costs a browser more than all of our own decisions together.

use core::fmt;

use crate::text;
use crate::time::InvalidTime;

const DAY: i64 = 86_400_000;
/// Days from 0000-03-01 to 1970-01-01.
const TO_EPOCH: i64 = 719_468;
/// Days in 400 years.
const CYCLE: i64 = 146_097;
const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// A date and a time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub milli: i64,
}

impl Civil {
    /// Milliseconds since 1970, if such a day and time exist.
    pub(super) fn millis(self) -> Option<i64> {
        let exists = (1..=12).contains(&self.month)
            && (1..=days_in(self.year, self.month)).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second <= 60;
        // A leap second is read as the second before it, as clocks without leap seconds show it.
        let second = self.second.min(59);
        let day = days_to(self.year, self.month, self.day);
        exists.then_some(day * DAY + ((self.hour * 60 + self.minute) * 60 + second) * 1_000 + self.milli)
    }

    /// The date and time of an instant, for the years that have four digits.
    pub(super) fn of(millis: i64) -> Option<Self> {
        let (days, rest) = (millis.div_euclid(DAY), millis.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        (0..=9_999).contains(&year).then_some(Self {
            year,
            month,
            day,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1_000 % 60,
            milli: rest % 1_000,
        })
    }
}

impl fmt::Display for Civil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, milli } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

/// Days since 1970 of a date. Years begin in March here, so that a leap day comes last and needs no exception.
const fn days_to(year: i64, month: i64, day: i64) -> i64 {
    // A cycle later no year is negative, and the divisions are plain ones.
    let year = if month > 2 { year + 400 } else { year + 399 };
    let leaps = year / 4 - year / 100 + year / 400;
    year * 365 + leaps + before_month((month + 9) % 12) + day - 1 - TO_EPOCH - CYCLE
}

/// The date that lies so many days after 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + TO_EPOCH;
    // The average length of a year tells the year, or one that begins too late.
    let begins = |year: i64| year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let mut year = (days * 400).div_euclid(CYCLE);
    while begins(year) > days {
        year -= 1;
    }
    while begins(year + 1) <= days {
        year += 1;
    }
    let day = days - begins(year);
    let month = (0..12).rev().find(|month| before_month(*month) <= day).unwrap_or(0);
    let in_year = if month < 10 { year } else { year + 1 };
    (in_year, (month + 2) % 12 + 1, day - before_month(month) + 1)
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

/// Reads digits, signs and separators from the front of a text.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    /// Exactly so many digits.
    pub(super) fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let value = head.iter().try_fold(0, |value, digit| {
            digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0'))
        })?;
        self.0 = rest;
        Some(value)
    }

    /// One byte of those.
    pub(super) fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        wanted.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// A date as `YYYY-MM-DD` or a time of day as `HH:MM:SS`: three numbers, the last two of two digits.
    fn three(&mut self, digits: usize, separator: u8) -> Option<(i64, i64, i64)> {
        let first = self.number(digits)?;
        self.one_of(&[separator])?;
        let second = self.number(2)?;
        self.one_of(&[separator])?;
        Some((first, second, self.number(2)?))
    }

    /// `.` and digits, cut to milliseconds; zero where there is none.
    fn fraction(&mut self) -> Option<i64> {
        if self.one_of(b".,").is_none() {
            return Some(0);
        }
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        let millis = (0..3).fold(0, |millis, place| {
            millis * 10
                + self.0.get(place).filter(|_| place < digits).map_or(0, |digit| i64::from(digit - b'0'))
        });
        self.0 = &self.0[digits..];
        Some(millis)
    }

    /// `Z`, or an offset in minutes.
    fn zone(&mut self) -> Option<i64> {
        if self.one_of(b"Zz").is_some() {
            return Some(0);
        }
        let sign = self.one_of(b"+-")?;
        let hours = self.number(2)?;
        let colon = self.one_of(b":").is_some();
        let minutes = if colon || !self.0.is_empty() { self.number(2)? } else { 0 };
        let offset = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
        Some(if sign == b'-' { -offset } else { offset })
    }

    /// A date, and a time of day unless the text ends there.
    fn civil(&mut self) -> Option<Civil> {
        let (year, month, day) = self.three(4, b'-')?;
        let mut civil = Civil { year, month, day, hour: 0, minute: 0, second: 0, milli: 0 };
        if !self.0.is_empty() {
            self.one_of(b"Tt ")?;
            (civil.hour, civil.minute, civil.second) = self.three(2, b':')?;
            civil.milli = self.fraction()?;
        }
        Some(civil)
    }
}

/// Reads RFC 3339.
pub(super) fn rfc3339(text: &str) -> Result<i64, InvalidTime> {
    let mut reader = Reader(text.as_bytes());
    let millis = reader.civil().and_then(Civil::millis).ok_or(InvalidTime::NotATime)?;
    if reader.0.is_empty() {
        return Err(InvalidTime::ZoneMissing);
    }
    let minutes = reader.zone().filter(|_| reader.0.is_empty()).ok_or(InvalidTime::NotATime)?;
    Ok(millis - minutes * 60_000)
}

/// Reads an HTTP date such as `Fri, 20 Nov 2026 10:00:30 GMT` (RFC 9110 §5.6.7).
pub(super) fn http_date(text: &str) -> Option<i64> {
    let (_, text) = text::split_once(text.trim(), ", ")?;
    let mut reader = Reader(text.as_bytes());
    let day = reader.number(2)?;
    reader.one_of(b" ")?;
    let (name, rest) = reader.0.split_at_checked(3)?;
    let month = (1..).zip(MONTHS.chunks(3)).find(|(_, month)| *month == name)?.0;
    reader.0 = rest;
    reader.one_of(b" ")?;
    let year = reader.number(4)?;
    reader.one_of(b" ")?;
    let (hour, minute, second) = reader.three(2, b':')?;
    let civil = Civil { year, month, day, hour, minute, second, milli: 0 };
    if reader.0 == b" GMT" { civil.millis() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Civil, InvalidTime, http_date, rfc3339};

    #[test]
    fn every_day_of_four_centuries_survives_its_text() {
        let first = rfc3339("1799-12-31T12:34:56.789Z").unwrap();
        for day in 0..146_200 {
            let at = first + day * super::DAY;
            let text = Civil::of(at).unwrap().to_string();
            assert_eq!(rfc3339(&text), Ok(at), "{text}");
        }
    }

    #[test]
    fn agrees_with_a_calendar_library_on_any_instant() {
        // Steps that share no factor with a day or a year, over all years that have four digits.
        let (first, step) = (-62_167_219_200_000_i64, 15_768_017_023);
        for (millis, minutes) in (0..20_000).map(|n| (first + n * step, n % 2_879 - 1_439)) {
            let theirs = jiff::Timestamp::from_millisecond(millis).unwrap();
            let ours = Civil::of(millis).unwrap().to_string();
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
