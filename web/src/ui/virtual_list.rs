//! Which rows of a long list are in view, so that only those are made.

use crate::whole;

/// Rows made beyond either edge, so that quick scrolling shows no gap.
const BEYOND: usize = 8;

/// The range of rows to make, for a list of `count` rows of `row` pixels in a box of `height` scrolled to `top`.
pub fn visible(top: f64, height: f64, row: f64, count: usize) -> core::ops::Range<usize> {
    let first = whole::count(top / row).saturating_sub(BEYOND).min(count);
    let last = (whole::count((top + height) / row) + BEYOND + 1).min(count);
    first..last.max(first)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn only_what_is_seen_and_a_little_more() {
        assert_eq!(visible(0.0, 260.0, 26.0, 100_000), 0..19);
        assert_eq!(visible(26_000.0, 260.0, 26.0, 100_000), 992..1_019);
        assert_eq!(visible(260.0, 260.0, 26.0, 3), 2..3);
        assert_eq!(visible(9_000.0, 260.0, 26.0, 3), 3..3);
        assert_eq!(visible(0.0, 0.0, 26.0, 0), 0..0);
    }
}
