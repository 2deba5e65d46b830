//! Rows in the light of earlier ones: a repetition is folded, and a contradiction is not.

use super::row::{Entry, Flaw, Found, ProblemCode, Row};
use crate::id::{AgentId, SenderId, SourceId, is_lower_uuid};
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
///
/// In blocks of equal size, which are never moved: a list that grows by being copied would halt a web page at a million
/// messages, and take twice their room.
#[derive(Default)]
struct Seen {
    firsts: Vec<Vec<First>>,
    keys: Vec<Vec<u8>>,
    /// The key that is looked for.
    key: Vec<u8>,
}

/// The first row that names a message, and the branch of the tree that came with it.
struct First {
    /// Where its key is: in which block, from where, how long.
    key: (u32, u16, u16),
    line: u32,
    /// The digits of the recipient; 0 if nobody named one.
    phone: u64,
    /// The bit of a key that says on which side to go on. The very first branch has bit 0, and one side.
    bit: u32,
    /// Who comes next on each side. A branch with no later bit is no way on: it is the only message left that can
    /// have the key.
    sides: [u32; 2],
}

/// How many messages a block holds, as a power of two.
const BLOCK: u32 = 11;
/// How many bytes a block of keys holds.
const KEYS: usize = 1 << 16;

impl Seen {
    /// What a row is that names a message.
    fn note(&mut self, line: usize, entry: Entry) -> Found {
        write_key(&entry, &mut self.key);
        let phone = entry.phone.as_ref().map_or(0, digits);
        let (mut bit, mut sides) = (0, [0; 2]);
        let new = self.len();
        if new > 0 {
            let (_, nearest) = self.descend(u32::MAX);
            let Some(differs) = first_difference(&self.key, self.key_of(nearest)) else {
                return self.first(nearest).again(phone, entry);
            };
            let (above, below) = self.descend(differs);
            let side_of_above = side(&self.key, self.firsts[block(above)][within(above)].bit);
            self.first(above).sides[side_of_above] = new;
            (bit, sides) = (differs, [below; 2]);
            sides[side(&self.key, differs)] = new;
        }
        let key = self.keep_key();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        if within(new) == 0 {
            self.firsts.push(Vec::with_capacity(1 << BLOCK));
        }
        self.firsts[block(new)].push(First { key, line, phone, bit, sides });
        Found::Entry(entry)
    }

    fn len(&self) -> u32 {
        let last = self.firsts.last().map_or(0, Vec::len);
        let len = (self.firsts.len().saturating_sub(1) << BLOCK) + last;
        u32::try_from(len).unwrap_or(u32::MAX)
    }

    fn first(&mut self, at: u32) -> &mut First {
        &mut self.firsts[block(at)][within(at)]
    }

    fn key_of(&self, at: u32) -> &[u8] {
        let (number, from, len) = self.firsts[block(at)][within(at)].key;
        &self.keys[number as usize][usize::from(from)..][..usize::from(len)]
    }

    /// Keeps the key that was looked for.
    fn keep_key(&mut self) -> (u32, u16, u16) {
        if self.keys.last().is_none_or(|keys| keys.len() + self.key.len() > KEYS) {
            self.keys.push(Vec::with_capacity(KEYS));
        }
        let number = u32::try_from(self.keys.len() - 1).unwrap_or(u32::MAX);
        let Some(keys) = self.keys.last_mut() else { return (0, 0, 0) };
        let short = |len: usize| u16::try_from(len).unwrap_or(u16::MAX);
        let place = (number, short(keys.len()), short(self.key.len()));
        keys.extend_from_slice(&self.key);
        place
    }

    /// The last branch on the way of the key that decides by a bit before `end`, and who comes next.
    fn descend(&self, end: u32) -> (u32, u32) {
        let mut above = 0;
        let mut branch = &self.firsts[0][0];
        let mut next = branch.sides[0];
        loop {
            let below = &self.firsts[block(next)][within(next)];
            if below.bit <= branch.bit || below.bit >= end {
                return (above, next);
            }
            (above, branch) = (next, below);
            next = branch.sides[side(&self.key, branch.bit)];
        }
    }
}

const fn block(at: u32) -> usize {
    (at >> BLOCK) as usize
}

const fn within(at: u32) -> usize {
    (at & ((1 << BLOCK) - 1)) as usize
}

impl First {
    /// What another row is that names the same message.
    fn again(&mut self, phone: u64, entry: Entry) -> Found {
        let of_line = self.line as usize;
        if phone > 0 && self.phone > 0 && phone != self.phone {
            let message = [
                "line ",
                &number(of_line),
                " names another recipient for the same message: nothing was taken from this line",
            ];
            return Flaw::new(ProblemCode::PhoneDiffers, &message).shown_with(entry.id.as_str());
        }
        self.phone = self.phone.max(phone);
        Found::Duplicate { of_line, entry }
    }
}

/// The digits of a number as one, which no other number has.
fn digits(phone: &E164) -> u64 {
    phone.digits().bytes().fold(0, |digits, digit| digits * 10 + u64::from(digit & 0xf))
}

/// Writes what is the same for two rows if and only if they name one message in the same words.
fn write_key(entry: &Entry, key: &mut Vec<u8>) {
    key.clear();
    let id = entry.id.as_str().as_bytes();
    if is_lower_uuid(id) {
        // A UUID in half its length, behind a byte with which no text begins.
        key.push(1);
        let digits = id.iter().filter(|byte| **byte != b'-');
        for (at, digit) in digits.map(|byte| (byte & 0xf) + if *byte > b'9' { 9 } else { 0 }).enumerate() {
            match key.last_mut() {
                Some(half) if at % 2 == 1 => *half = *half << 4 | digit,
                _ => key.push(digit),
            }
        }
    } else {
        key.extend_from_slice(id);
    }
    let parts = [
        entry.provider.map(Provider::code),
        entry.agent.as_ref().map(AgentId::as_str),
        entry.sender.as_ref().map(SenderId::as_str),
        entry.source.as_ref().map(SourceId::as_str),
    ];
    for (at, part) in parts.into_iter().enumerate() {
        if let Some(part) = part {
            // No text holds such a byte.
            key.push(2 + at.to_le_bytes()[0]);
            key.extend_from_slice(part.as_bytes());
        }
    }
}

/// The first bit in which two keys differ, counted from 8. A key goes on with zeros, with which no part of one begins.
fn first_difference(a: &[u8], b: &[u8]) -> Option<u32> {
    let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    let bits = a.get(at).unwrap_or(&0) ^ b.get(at).unwrap_or(&0);
    (bits != 0).then(|| 8 * (u32::try_from(at).unwrap_or(u32::MAX) + 1) + bits.leading_zeros())
}

/// The side that a bit of a key leads to; bit 0 is before all of them.
fn side(key: &[u8], bit: u32) -> usize {
    let byte = (bit as usize / 8).checked_sub(1).and_then(|at| key.get(at));
    byte.map_or(0, |byte| usize::from(byte << (bit % 8) >> 7))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Entry, Found, Provider, Rows};
    use crate::id::{AgentId, MessageId, SenderId, SourceId};

    /// The first line of each message, by a map of the standard library and by the tree.
    #[test]
    fn folds_as_a_map_does() {
        arbtest::arbtest(|u| {
            let (mut rows, mut first) = (Rows::default(), BTreeMap::new());
            let mut line = 0;
            while !u.is_empty() {
                line += 1;
                let mut id: String = (0..u.int_in_range(1..=4)?)
                    .map(|_| u.choose(&['a', 'b', '1', '-']))
                    .collect::<Result<_, _>>()?;
                if u.arbitrary()? {
                    id = u
                        .choose(&[
                            "00000000-0000-0000-0000-00000000000",
                            "AAAAAAAA-bbbb-4ccc-8ddd-00000000000",
                        ])?
                        .to_string();
                    id.push(*u.choose(&['0', '1', 'a'])?);
                }
                let mut entry = Entry::new(MessageId::parse(&id).unwrap());
                entry.provider = u.arbitrary::<bool>()?.then_some(Provider::Vonage);
                entry.agent = u.arbitrary::<bool>()?.then(|| AgentId::parse("a").unwrap());
                entry.sender = u.arbitrary::<bool>()?.then(|| SenderId::parse("a").unwrap());
                entry.source = u.arbitrary::<bool>()?.then(|| SourceId::parse("a").unwrap());
                let key =
                    (id, entry.provider, entry.agent.clone(), entry.sender.clone(), entry.source.clone());
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
