//! Instants and lengths of time in milliseconds. They are always arguments: nothing here asks a clock.

use core::fmt;
use core::num::NonZero;
use core::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

use crate::prelude::*;
use crate::say::{Say, joined, number};

mod civil;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Held as milliseconds since the first instant there is, which are never zero: so an instant that may be absent is no
/// larger than one that is there, and compared as fast. Facts and outcomes are full of such.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct Timestamp(NonZero<u64>);

/// A length of time in milliseconds; never negative in a policy, possibly negative as a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

/// A text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTime {
    /// There is a date and a time, but no zone: the instant could be any of two dozen.
    ZoneMissing,
    /// Not RFC 3339.
    NotATime,
}

impl Say for InvalidTime {
    fn say(&self) -> String {
        let what = match self {
            Self::ZoneMissing => "a time without a zone: add `Z` or an offset such as `+01:00`",
            Self::NotATime => "not a time: expected RFC 3339, such as 2026-11-20T10:00:00Z",
        };
        what.to_owned()
    }
}

impl Timestamp {
    /// The epoch, in milliseconds since the first instant.
    const EPOCH: u64 = 1 << 63;

    /// The instant `millis` milliseconds after the epoch; the least number gives the same instant as the next.
    pub const fn from_millis(millis: i64) -> Self {
        match NonZero::new(millis.cast_unsigned() ^ Self::EPOCH) {
            Some(since_first) => Self(since_first),
            None => Self(NonZero::<u64>::MIN),
        }
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        (self.0.get() ^ Self::EPOCH).cast_signed()
    }

    /// Reads an RFC 3339 time with zero to nine fractional digits and any offset; what is finer than a
    /// millisecond is cut off.
    ///
    /// # Errors
    /// When the text is no time, or has no zone.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        civil::rfc3339(text.trim()).map(Self::from_millis)
    }

    /// Reads an HTTP date such as `Fri, 20 Nov 2026 10:00:30 GMT`.
    pub(crate) fn parse_http_date(text: &str) -> Option<Self> {
        civil::http_date(text).map(Self::from_millis)
    }

    /// RFC 3339 in UTC with milliseconds; instants beyond the year 9999 as plain milliseconds.
    pub fn text(self) -> String {
        let millis = self.as_millis();
        civil::written(millis).unwrap_or_else(|| joined(&[&number(millis), " ms"]))
    }

    /// The later of two instants.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Ord::max(self, other)
    }
}

impl From<i64> for Timestamp {
    fn from(millis: i64) -> Self {
        Self::from_millis(millis)
    }
}

impl From<Timestamp> for i64 {
    fn from(time: Timestamp) -> Self {
        time.as_millis()
    }
}

/// As [`Timestamp::text`].
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A length in milliseconds.
    pub const fn millis(millis: i64) -> Self {
        Self(millis)
    }

    /// A length in seconds.
    pub const fn secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// A length in minutes.
    pub const fn minutes(minutes: i64) -> Self {
        Self::secs(minutes.saturating_mul(60))
    }

    /// A length in hours.
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours.saturating_mul(60))
    }

    /// A length in days of 24 hours.
    pub const fn days(days: i64) -> Self {
        Self::hours(days.saturating_mul(24))
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;

    // A saturating sum is long in WebAssembly: there it shall be written once.
    #[inline(never)]
    fn add(self, span: Span) -> Self {
        Self::from_millis(self.as_millis().saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;

    fn sub(self, span: Span) -> Self {
        Self::from_millis(self.as_millis().saturating_sub(span.0))
    }
}

impl Sub for Timestamp {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        Span(self.as_millis().saturating_sub(earlier.as_millis()))
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidTime, Span, Timestamp};

    #[test]
    fn reads_what_providers_write() {
        let at = Timestamp::from_millis(1_795_168_800_000);
        for text in ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000000000Z", "2026-11-20T11:00:00+01:00"] {
            assert_eq!(Timestamp::parse(text), Ok(at), "{text}");
        }
        assert_eq!(Timestamp::parse("2026-11-20T10:00:00.123456789Z"), Ok(at + Span::millis(123)));
        assert_eq!((at + Span::millis(5)).to_string(), "2026-11-20T10:00:00.005Z");
    }

    #[test]
    fn a_time_without_a_zone_is_not_a_time() {
        assert_eq!(Timestamp::parse("2026-11-20T10:00:00"), Err(InvalidTime::ZoneMissing));
        assert_eq!(Timestamp::parse("2026-11-20 10:00:00"), Err(InvalidTime::ZoneMissing));
        assert_eq!(Timestamp::parse("yesterday"), Err(InvalidTime::NotATime));
    }

    #[test]
    fn absurd_instants_saturate_and_print() {
        let end = Timestamp::from_millis(i64::MAX) + Span::days(1);
        assert_eq!(end.as_millis(), i64::MAX);
        assert_eq!(end.to_string(), "9223372036854775807 ms");
        assert_eq!(Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MIN + 1));
    }

    #[test]
    fn instants_are_as_their_milliseconds() {
        let millis = [i64::MIN + 1, -1, 0, 1, 1_795_168_800_000, i64::MAX];
        let instants = millis.map(Timestamp::from_millis);
        assert_eq!(instants.map(Timestamp::as_millis), millis);
        assert!(instants.is_sorted() && None < Some(instants[0]));
        assert_eq!(serde_json::to_string(&instants).unwrap(), serde_json::to_string(&millis).unwrap());
        assert_eq!(size_of::<Option<Timestamp>>(), size_of::<Timestamp>());
    }
}
