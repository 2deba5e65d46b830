//! One sort for everything here. The standard library's are faster for long lists, and several kilobytes for each
//! kind of element; the lists here are short, and the core also runs inside web pages.

use crate::prelude::*;

/// Puts an item into a sorted list, behind everything that does not come after it, and says where.
///
/// Each takes its place by few comparisons, and costs no more where items come in order.
pub(crate) fn insert<T>(items: &mut Vec<T>, item: T, before: impl Fn(&T, &T) -> bool) -> usize {
    let place = items.partition_point(|held| !before(&item, held));
    items.insert(place, item);
    place
}

#[cfg(test)]
mod tests {
    use super::insert;

    #[test]
    fn sorts_as_the_standard_library_does() {
        arbtest::arbtest(|u| {
            let mut items: Vec<(u8, u8)> = u.arbitrary()?;
            let mut sorted = Vec::new();
            for item in &items {
                let place = insert(&mut sorted, *item, |a, b| a.0 < b.0);
                assert_eq!(sorted[place], *item);
            }
            items.sort_by_key(|pair| pair.0);
            assert_eq!(sorted, items);
            Ok(())
        });
    }
}
