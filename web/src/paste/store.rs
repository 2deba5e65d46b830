//! Where a million rows are kept without a million small pieces of memory.

use std::hash::{BuildHasher, RandomState};

/// The longest id in bytes.
const LONGEST_ID: usize = 256;

/// How large a piece of an [`Ids`] is.
const PIECE: usize = 64 * 1024;

/// Ids one behind the other, in pieces that are never moved.
#[derive(Default)]
pub struct Ids {
    pieces: Vec<Vec<u8>>,
}

impl Ids {
    /// Adds one and says where it stands.
    pub fn push(&mut self, id: &str) -> usize {
        let has_room = self.pieces.last().is_some_and(|piece| piece.len() + id.len() <= PIECE);
        if !has_room {
            let room = if self.pieces.is_empty() { 0 } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        let before = (self.pieces.len() - 1) * PIECE;
        let Some(piece) = self.pieces.last_mut() else { return 0 };
        let at = before + piece.len();
        piece.extend_from_slice(id.as_bytes());
        at
    }

    /// The id that stands there.
    pub fn get(&self, at: usize, len: usize) -> &str {
        let piece = self.pieces.get(at / PIECE).map_or(&[][..], Vec::as_slice);
        let bytes = piece.get(at % PIECE..at % PIECE + len).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// No row.
const NONE: u32 = u32::MAX;

/// Which row named a message first: a hash table that holds nothing but the rows' numbers.
#[derive(Default)]
pub struct Firsts {
    rows: Vec<u32>,
    hasher: RandomState,
}

impl Firsts {
    /// Forgets everything and makes room for so many rows.
    pub fn clear(&mut self, rows: usize) {
        self.rows.clear();
        self.rows.resize((2 * rows).next_power_of_two().max(16), NONE);
    }

    /// The first row of those that name what `row` names, which is `row` itself if none did before.
    ///
    /// `is_same` says whether another row names the same message. Ids that differ in more than case never do.
    pub fn first(&mut self, id: &str, row: usize, is_same: impl Fn(usize) -> bool) -> usize {
        let mask = self.rows.len() - 1;
        let mut place = self.hash(id) & mask;
        loop {
            match self.rows[place] {
                NONE => {
                    self.rows[place] = u32::try_from(row).unwrap_or(NONE);
                    return row;
                }
                other if other as usize == row || is_same(other as usize) => return other as usize,
                _ => place = (place + 1) & mask,
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower bits of a hash are as good as the others")]
    fn hash(&self, id: &str) -> usize {
        let mut lower = [0; LONGEST_ID];
        let len = id.len().min(LONGEST_ID);
        lower[..len].copy_from_slice(&id.as_bytes()[..len]);
        lower[..len].make_ascii_lowercase();
        self.hasher.hash_one(&lower[..len]) as usize
    }
}

/// Texts of which there are few: each is kept once and called by its number.
pub struct Names<T>(Vec<T>);

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Names<T> {
    /// The number of a name.
    pub fn number(&mut self, name: T) -> u16 {
        let at = self.0.iter().rposition(|other| *other == name).unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// The name of a number.
    pub fn get(&self, number: u16) -> Option<&T> {
        self.0.get(usize::from(number))
    }
}

#[cfg(test)]
mod tests {
    use super::{Firsts, Ids};

    #[test]
    fn ids_are_found_where_they_were_put() {
        let mut ids = Ids::default();
        let texts: Vec<String> = (0..20_000).map(|n| format!("{n:0width$}", width = 1 + n % 40)).collect();
        let places: Vec<usize> = texts.iter().map(|text| ids.push(text)).collect();
        for (text, place) in texts.iter().zip(places) {
            assert_eq!(ids.get(place, text.len()), text);
        }
    }

    #[test]
    fn the_first_row_of_a_message_is_found_whatever_the_case() {
        let names: Vec<String> =
            (0..500).map(|n| format!("{}-{}", n % 100, if n % 2 == 0 { "a" } else { "A" })).collect();
        let mut firsts = Firsts::default();
        firsts.clear(names.len());
        for (row, name) in names.iter().enumerate() {
            let first = firsts.first(name, row, |other| names[other].eq_ignore_ascii_case(name));
            assert_eq!(first, row % 100);
        }
        assert_eq!(firsts.first(&names[7], 7, |_| false), 7, "a row may be looked at twice");
    }
}
