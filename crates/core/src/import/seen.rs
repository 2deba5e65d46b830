//! Which messages earlier lines have named, so that a repetition is folded and a contradiction is not.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry as Slot;

use super::row::{Entry, Found, ProblemCode, Row, problem};
use crate::id::{AgentId, SenderId};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;

/// An id in as few bytes as it needs; a UUID that is not all lower case keeps its spelling.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Id {
    Uuid(u128),
    Text(Box<str>),
}

impl Id {
    fn of(text: &str) -> Self {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        if is_lower && super::item::is_uuid(text) {
            let digits = text.bytes().filter_map(|byte| char::from(byte).to_digit(16));
            return Self::Uuid(digits.fold(0, |number, digit| number << 4 | u128::from(digit)));
        }
        Self::Text(text.into())
    }
}

type Key = (Id, Option<Provider>, Option<AgentId>, Option<SenderId>);

/// The messages named so far.
#[derive(Default)]
pub(super) struct Seen {
    first: BTreeMap<Key, First>,
}

struct First {
    line: usize,
    phone: Option<E164>,
}

impl Seen {
    /// The row, or what it is in the light of earlier ones.
    pub fn note(&mut self, row: Row) -> Row {
        let Row { line, column, found: Found::Entry(entry) } = row else {
            return row;
        };
        let key = (Id::of(entry.id.as_str()), entry.provider, entry.agent.clone(), entry.sender.clone());
        let first = match self.first.entry(key) {
            Slot::Vacant(free) => {
                free.insert(First { line, phone: entry.phone.clone() });
                return Row { line, column, found: Found::Entry(entry) };
            }
            Slot::Occupied(held) => held.into_mut(),
        };
        if differ(first, &entry) {
            let message = format!(
                "line {} names another recipient for the same message: nothing was taken from this line",
                first.line
            );
            return problem((line, column), ProblemCode::PhoneDiffers, message, entry.id.as_str());
        }
        if first.phone.is_none() {
            first.phone.clone_from(&entry.phone);
        }
        Row { line, column, found: Found::Duplicate { of_line: first.line, entry } }
    }
}

fn differ(first: &First, entry: &Entry) -> bool {
    matches!((&first.phone, &entry.phone), (Some(first), Some(this)) if first != this)
}
