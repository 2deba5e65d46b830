//! JavaScript's numbers as whole ones: instants, and counts of bytes, pixels and lines.

/// Milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and every instant of a calendar fits")]
pub fn millis(number: f64) -> i64 {
    number as i64
}

/// A count; nothing below zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates at zero and at the largest count"
)]
pub fn count(number: f64) -> usize {
    number as usize
}

/// A count as JavaScript's number.
#[expect(clippy::cast_precision_loss, reason = "exact for everything that fits into a page")]
pub fn number(count: usize) -> f64 {
    count as f64
}
