//! One sort for everything here. The standard library's are faster for long lists, and several kilobytes for each
//! kind of element; the lists here are short, and the core also runs inside web pages.

use crate::prelude::*;

/// Puts an item into a sorted list, behind everything that does not come after it, and says where: mostly at its end.
pub(crate) fn insert<T>(items: &mut Vec<T>, item: T, before: impl Fn(&T, &T) -> bool) -> usize {
    let place = items.iter().rposition(|held| !before(&item, held)).map_or(0, |last| last + 1);
    items.insert(place, item);
    place
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

/// The items in order; equal ones keep theirs. Each is moved twice, however many there are.
pub(crate) fn sorted<T>(items: Vec<T>, before: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let order = order(items.len(), &|a, b| before(&items[a], &items[b]));
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| items[place].take()).collect()
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::{insert, order, sorted};

    #[test]
    fn sorts_as_the_standard_library_does() {
        arbtest::arbtest(|u| {
            let items: Vec<(u8, u8)> = u.arbitrary()?;
            let mut theirs = items.clone();
            theirs.sort_by_key(|pair| pair.0);
            let places = order(items.len(), &|a, b| items[a].0 < items[b].0);
            assert_eq!(places.into_iter().map(|place| items[place]).collect::<Vec<_>>(), theirs);
            let mut ours = Vec::new();
            for item in items {
                let place = insert(&mut ours, item, |a, b| a.0 < b.0);
                assert_eq!(ours[place], item);
            }
            assert_eq!(ours, theirs);
            Ok(())
        });
    }

    #[test]
    fn the_worst_order_is_sorted_in_few_steps() {
        let compared = Cell::new(0);
        let before = |a: &u32, b: &u32| {
            compared.set(compared.get() + 1);
            a < b
        };
        assert!(sorted((0..100_000).rev().collect(), before).is_sorted());
        assert!(compared.get() <= 17 * 100_000, "{} comparisons", compared.get());
    }
}
