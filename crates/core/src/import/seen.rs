//! Rows in the light of earlier ones: a repetition is folded, and a contradiction is not.

use super::row::{Entry, Flaw, Found, ProblemCode, Row};
use crate::id::{AgentId, SenderId};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::number;

/// The rows that nobody has taken yet, and every message that was named so far.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
    seen: Seen,
}

impl Rows {
    /// Adds a row; `text` is what it shows if nothing can be taken from it.
    pub fn push(&mut self, (line, column): (usize, usize), read: Result<Entry, Flaw>, text: &str) {
        let found = match read {
            Ok(entry) => self.seen.note(line, entry),
            Err(flaw) => flaw.shown_with(text),
        };
        self.rows.push(Row { line, column, found });
    }

    /// Hands the rows over.
    pub fn take(&mut self) -> Vec<Row> {
        core::mem::take(&mut self.rows)
    }
}

/// The messages named so far, as a tree over the bits of their keys (a Patricia trie): never deeper than a key has
/// bits, whatever is imported, and neither balanced nor hashed.
#[derive(Default)]
struct Seen(Vec<First>);

/// The first row that names a message, and the branch of the tree that came with it.
struct First {
    key: Box<[u8]>,
    line: usize,
    phone: Option<E164>,
    /// The bit of a key that says on which side to go on. The very first branch has bit 0, and one side.
    bit: usize,
    /// Who comes next on each side. A branch with no later bit is no way on: it is the only message left that can
    /// have the key.
    sides: [usize; 2],
}

impl Seen {
    /// What a row is that names a message.
    fn note(&mut self, line: usize, entry: Entry) -> Found {
        let key = key(&entry);
        let mut first = First { key, line, phone: entry.phone.clone(), bit: 0, sides: [0; 2] };
        if !self.0.is_empty() {
            let (_, nearest) = self.descend(&first.key, usize::MAX);
            let Some(bit) = first_difference(&first.key, &self.0[nearest].key) else {
                return self.0[nearest].again(entry);
            };
            let new = self.0.len();
            let (above, below) = self.descend(&first.key, bit);
            let above = &mut self.0[above];
            above.sides[side(&first.key, above.bit)] = new;
            first.bit = bit;
            first.sides = [below; 2];
            first.sides[side(&first.key, bit)] = new;
        }
        self.0.push(first);
        Found::Entry(entry)
    }

    /// The last branch on the way of a key that decides by a bit before `end`, and who comes next.
    fn descend(&self, key: &[u8], end: usize) -> (usize, usize) {
        let (mut above, mut next) = (0, self.0[0].sides[0]);
        while self.0[above].bit < self.0[next].bit && self.0[next].bit < end {
            above = next;
            next = self.0[above].sides[side(key, self.0[above].bit)];
        }
        (above, next)
    }
}

impl First {
    /// What another row is that names the same message.
    fn again(&mut self, entry: Entry) -> Found {
        let of_line = self.line;
        match (&self.phone, &entry.phone) {
            (Some(first), Some(this)) if first != this => {
                let message = [
                    "line ",
                    &number(of_line),
                    " names another recipient for the same message: nothing was taken from this line",
                ];
                return Flaw::new(ProblemCode::PhoneDiffers, &message).shown_with(entry.id.as_str());
            }
            (None, Some(this)) => self.phone = Some(this.clone()),
            _ => {}
        }
        Found::Duplicate { of_line, entry }
    }
}

/// What is the same for two rows if and only if they name one message in the same words.
fn key(entry: &Entry) -> Box<[u8]> {
    let parts = [
        Some(entry.id.as_str()),
        entry.provider.map(Provider::code),
        entry.agent.as_ref().map(AgentId::as_str),
        entry.sender.as_ref().map(SenderId::as_str),
    ];
    let mut key = Vec::with_capacity(64);
    for part in parts {
        key.extend_from_slice(part.unwrap_or_default().as_bytes());
        // Stands in none of them.
        key.push(b' ');
    }
    key.into()
}

/// The first bit in which two keys differ, counted from 8. A key goes on with zeros, which no text holds.
fn first_difference(a: &[u8], b: &[u8]) -> Option<usize> {
    let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    let bits = a.get(at).unwrap_or(&0) ^ b.get(at).unwrap_or(&0);
    (bits != 0).then(|| 8 * (at + 1) + bits.leading_zeros() as usize)
}

/// The side that a bit of a key leads to; bit 0 is before all of them.
fn side(key: &[u8], bit: usize) -> usize {
    let byte = (bit / 8).checked_sub(1).and_then(|at| key.get(at));
    byte.map_or(0, |byte| usize::from(byte << (bit % 8) >> 7))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Entry, Found, Provider, Rows};
    use crate::id::{AgentId, MessageId, SenderId};

    /// The first line of each message, by a map of the standard library and by the tree.
    #[test]
    fn folds_as_a_map_does() {
        arbtest::arbtest(|u| {
            let (mut rows, mut first) = (Rows::default(), BTreeMap::new());
            let mut line = 0;
            while !u.is_empty() {
                line += 1;
                let id: String = (0..u.int_in_range(1..=4)?)
                    .map(|_| u.choose(&['a', 'b', '1', '-']))
                    .collect::<Result<_, _>>()?;
                let mut entry = Entry::new(MessageId::parse(&id).unwrap());
                entry.provider = u.arbitrary::<bool>()?.then_some(Provider::Vonage);
                entry.agent = u.arbitrary::<bool>()?.then(|| AgentId::parse("a").unwrap());
                entry.sender = u.arbitrary::<bool>()?.then(|| SenderId::parse("a").unwrap());
                let key = (id, entry.provider, entry.agent.clone(), entry.sender.clone());
                let expected = *first.entry(key).or_insert(line);
                rows.push((line, 1), Ok(entry), "");
                let of_line = match &rows.rows.last().unwrap().found {
                    Found::Entry(_) => line,
                    Found::Duplicate { of_line, .. } => *of_line,
                    Found::Problem(problem) => panic!("{problem:?}"),
                };
                assert_eq!(of_line, expected);
            }
            Ok(())
        });
    }
}
