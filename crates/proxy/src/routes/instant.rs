//! Instants from outside, checked for being plausible before anything is derived from them.

use rcs_revoke_core::{Span, Timestamp};

use crate::problem::ApiError;

/// Nothing that is still to be revoked was sent before 2015.
const EARLIEST: Timestamp = Timestamp::from_millis(1_420_070_400_000);
/// How far a sender's clock may be ahead of ours.
const AHEAD: Span = Span::hours(24);
/// How far ahead anything may be planned.
const LATEST: Span = Span::days(366);

/// An instant in the past, such as a time of sending.
///
/// # Errors
/// When it is before 2015 or more than a day ahead.
pub fn past(at: i64, now: Timestamp, field: &str) -> Result<Timestamp, ApiError> {
    between(at, now + AHEAD, field)
}

/// An instant that may lie ahead, such as an end of life.
///
/// # Errors
/// When it is before 2015 or more than a year ahead.
pub fn ahead(at: i64, now: Timestamp, field: &str) -> Result<Timestamp, ApiError> {
    between(at, now + LATEST, field)
}

fn between(millis: i64, latest: Timestamp, field: &str) -> Result<Timestamp, ApiError> {
    let at = Timestamp::from_millis(millis);
    if at >= EARLIEST && at <= latest {
        return Ok(at);
    }
    let hint =
        if (1_420_070_400..=99_999_999_999).contains(&millis) { " These look like seconds." } else { "" };
    Err(ApiError::invalid("absurd_time", format!("{field} cannot be {millis}"))
        .detail(format!("Nothing was done. Times are milliseconds since 1970 in UTC.{hint}"))
        .at(field))
}

/// A length of time in milliseconds.
///
/// # Errors
/// When it is not positive or longer than a year.
pub fn length(millis: i64, field: &str) -> Result<Span, ApiError> {
    if (1..=LATEST.as_millis()).contains(&millis) {
        return Ok(Span::millis(millis));
    }
    Err(ApiError::invalid("absurd_length", format!("{field} cannot be {millis}"))
        .detail("Nothing was done. Lengths are milliseconds, from 1 to a year.")
        .at(field))
}
