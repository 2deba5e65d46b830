//! One sort for everything here. The standard library's are faster for long lists, and several kilobytes for each
//! kind of element; the lists here are short, and the core also runs inside web pages.

use crate::prelude::*;

/// The items by what comes before what; what is equal keeps its order. A merge sort.
pub(crate) fn by<T: Copy>(mut items: Vec<T>, before: &dyn Fn(T, T) -> bool) -> Vec<T> {
    let mut merged = items.clone();
    let mut run = 1;
    while run < items.len() {
        let mut from = 0;
        while from < items.len() {
            let middle = (from + run).min(items.len());
            let end = (middle + run).min(items.len());
            let (mut left, mut right) = (from, middle);
            for place in &mut merged[from..end] {
                let takes_right = left == middle || (right < end && before(items[right], items[left]));
                let taken = if takes_right { &mut right } else { &mut left };
                *place = items[*taken];
                *taken += 1;
            }
            from = end;
        }
        core::mem::swap(&mut items, &mut merged);
        run *= 2;
    }
    items
}

#[cfg(test)]
mod tests {
    use super::by;

    #[test]
    fn sorts_as_the_standard_library_does() {
        arbtest::arbtest(|u| {
            let items: Vec<(u8, u8)> = u.arbitrary()?;
            let mut theirs = items.clone();
            theirs.sort_by_key(|pair| pair.0);
            assert_eq!(by(items.clone(), &|a, b| a.0 < b.0), theirs);
            theirs.clone_from(&items);
            theirs.sort_by(|a, b| b.cmp(a));
            assert_eq!(by(items, &|a, b| a > b), theirs);
            Ok(())
        });
    }
}
