//! Messages as the writer's last commits left them, so that what follows soon reads nothing.
//!
//! They cannot differ from what is stored: the writer alone changes the store; it takes a message out of here before it
//! changes anything of it, and puts it back only once the commit that wrote all of it is made. So whatever fails in
//! between, the message is read again.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use rcs_revoke_core::MessageRef;

use crate::store::projection::Held;

/// How many facts each half holds, at some kilobytes with their share of a message.
const HALF: usize = 4_096;

/// Messages that changed lately. What was not used while a whole half was filled is dropped. Cheap to clone: each is the
/// same.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent(Arc<Mutex<Halves>>);

#[derive(Debug, Default)]
struct Halves {
    young: HashMap<MessageRef, Held>,
    old: HashMap<MessageRef, Held>,
    facts: usize,
}

impl Recent {
    /// Takes out those of these messages that are here.
    pub(super) fn take(&self, wanted: &HashSet<MessageRef>) -> HashMap<MessageRef, Held> {
        let mut held = HashMap::with_capacity(wanted.len());
        let mut halves = self.halves();
        for message in wanted {
            let young = halves.young.remove_entry(message);
            halves.facts -= young.as_ref().map_or(0, |(_, held)| weight(held));
            held.extend(young.or_else(|| halves.old.remove_entry(message)));
        }
        held
    }

    /// Keeps messages as they are stored.
    pub(super) fn keep(&self, stored: impl IntoIterator<Item = (MessageRef, Held)>) {
        let mut halves = self.halves();
        for (message, held) in stored {
            halves.facts += weight(&held);
            halves.young.insert(message, held);
            if halves.facts > HALF {
                halves.old = std::mem::take(&mut halves.young);
                halves.facts = 0;
            }
        }
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        *self.halves() = Halves::default();
    }

    fn halves(&self) -> MutexGuard<'_, Halves> {
        self.0.lock().expect("nobody panics while holding this lock")
    }
}

/// A message itself weighs about as much as two facts.
fn weight(held: &Held) -> usize {
    held.evidence.len() + 2
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rcs_revoke_core::MessageRef;

    use super::{HALF, Recent};
    use crate::store::projection::Held;

    fn messages(numbers: std::ops::Range<usize>) -> HashSet<MessageRef> {
        let key = |n| MessageRef::parse(&format!("vonage:aaaaaaaa-bbbb-4ccc-8ddd-{n:012}")).unwrap();
        numbers.map(key).collect()
    }

    fn keep(recent: &Recent, numbers: std::ops::Range<usize>) {
        recent.keep(messages(numbers).into_iter().map(|message| (message.clone(), Held::new(message))));
    }

    #[test]
    fn what_changed_lately_is_kept_and_taken_once() {
        let recent = Recent::default();
        keep(&recent, 0..10);
        assert_eq!(recent.take(&messages(5..15)).len(), 5);
        assert_eq!(recent.take(&messages(0..15)).len(), 5);
        assert!(recent.take(&messages(0..15)).is_empty());
        assert_eq!(recent.halves().facts, 0);
    }

    #[test]
    fn what_changed_long_ago_is_dropped_and_what_is_used_stays() {
        let recent = Recent::default();
        let half = HALF / 2 + 1;
        keep(&recent, 0..half);
        let used = recent.take(&messages(0..10));
        assert_eq!(used.len(), 10);
        recent.keep(used);
        keep(&recent, half..half * 2);
        assert_eq!(recent.take(&messages(0..half)).len(), 10);
        keep(&recent, half * 2..half * 4);
        let halves = recent.halves();
        assert!(halves.young.len() + halves.old.len() <= half * 2);
    }
}
