//! One sort for everything here. The standard library's are faster for long lists, and several kilobytes for each
//! kind of element; the lists here are short, and the core also runs inside web pages.

use crate::prelude::*;

/// Sorts by a key; what is equal keeps its order.
pub(crate) fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |a, b| key(a) < key(b));
}

/// Sorts by what is less; what is equal keeps its order.
pub(crate) fn by<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    let mut place = order(items.len(), &|a, b| less(&items[a], &items[b]));
    for to in 0..place.len() {
        // Whatever stood in a place that is done was moved to where it came from.
        let mut from = place[to];
        while from < to {
            from = place[from];
        }
        items.swap(to, from);
        place[to] = from;
    }
}

/// Which element comes first, second and so on: a merge sort of their places.
pub(crate) fn order(len: usize, less: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..len).collect();
    let mut merged = sorted.clone();
    let mut run = 1;
    while run < len {
        let mut from = 0;
        while from < len {
            let middle = (from + run).min(len);
            let end = (middle + run).min(len);
            let (mut left, mut right) = (from, middle);
            for place in &mut merged[from..end] {
                let takes_right = left == middle || (right < end && less(sorted[right], sorted[left]));
                let taken = if takes_right { &mut right } else { &mut left };
                *place = sorted[*taken];
                *taken += 1;
            }
            from = end;
        }
        core::mem::swap(&mut sorted, &mut merged);
        run *= 2;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::{by, by_key};

    #[test]
    fn sorts_as_the_standard_library_does() {
        arbtest::arbtest(|u| {
            let mut ours: Vec<(u8, u8)> = u.arbitrary()?;
            let mut theirs = ours.clone();
            by_key(&mut ours, |pair| pair.0);
            theirs.sort_by_key(|pair| pair.0);
            assert_eq!(ours, theirs);
            by(&mut ours, |a, b| a > b);
            theirs.sort_by(|a, b| b.cmp(a));
            assert_eq!(ours, theirs);
            Ok(())
        });
    }
}
