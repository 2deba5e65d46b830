//! What is going to happen, in order of virtual time: one heap, however many messages there are.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::fate::Step;
use super::handshake::HandshakeToken;
use super::journey::Journey;

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    /// A step in the life of a message; void when the message has another plan by then.
    Message { index: usize, plan: u32, step: Step },
    /// An event is handed over.
    HandOver(Journey),
    /// A webhook is asked for a handshake.
    Handshake { url: String, token: HandshakeToken },
}

#[derive(Debug)]
struct Entry {
    due: i64,
    seq: u64,
    task: Task,
}

/// The heap.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    heap: BinaryHeap<Reverse<Entry>>,
    seq: u64,
    hastened: bool,
}

impl Agenda {
    pub(super) fn push(&mut self, due: i64, task: Task) {
        self.hastened |= self.next_at().is_none_or(|next| due < next);
        self.seq += 1;
        self.heap.push(Reverse(Entry { due, seq: self.seq, task }));
    }

    pub(super) fn pop_due(&mut self, now: i64) -> Option<(i64, Task)> {
        if self.next_at()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.due, entry.task))
    }

    pub(super) fn next_at(&self) -> Option<i64> {
        self.heap.peek().map(|Reverse(entry)| entry.due)
    }

    pub(super) fn take_hastened(&mut self) -> bool {
        std::mem::take(&mut self.hastened)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (i64, &Task)> {
        self.heap.iter().map(|Reverse(entry)| (entry.due, &entry.task))
    }
}

impl Entry {
    fn key(&self) -> (i64, u64) {
        (self.due, self.seq)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
