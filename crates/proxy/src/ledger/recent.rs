//! Messages as the writer's last commits left them, so that what follows soon reads nothing.
//!
//! They cannot differ from what is stored: the writer alone changes the store; it takes a message out of here before it
//! changes anything of it, and puts it back only once the commit that wrote all of it is made. So whatever fails in
//! between, the message is read again.

use std::collections::{HashMap, HashSet};

use rcs_revoke_core::MessageRef;

use crate::store::projection::Held;

/// How many facts each half holds, at some kilobytes with their share of a message.
const HALF: usize = 4_096;

/// Messages that changed lately. What was not used while a whole half was filled is dropped.
#[derive(Debug, Default)]
pub(super) struct Recent {
    young: HashMap<MessageRef, Held>,
    old: HashMap<MessageRef, Held>,
    facts: usize,
}

impl Recent {
    /// Takes out those of these messages that are here.
    pub(super) fn take(&mut self, wanted: &HashSet<MessageRef>) -> HashMap<MessageRef, Held> {
        let mut held = HashMap::with_capacity(wanted.len());
        for message in wanted {
            let young = self.young.remove_entry(message);
            self.facts -= young.as_ref().map_or(0, |(_, held)| weight(held));
            held.extend(young.or_else(|| self.old.remove_entry(message)));
        }
        held
    }

    /// Keeps messages as they are stored.
    pub(super) fn keep(&mut self, stored: impl IntoIterator<Item = (MessageRef, Held)>) {
        for (message, held) in stored {
            self.facts += weight(&held);
            self.young.insert(message, held);
            if self.facts > HALF {
                self.old = std::mem::take(&mut self.young);
                self.facts = 0;
            }
        }
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

    fn keep(recent: &mut Recent, numbers: std::ops::Range<usize>) {
        recent.keep(messages(numbers).into_iter().map(|message| (message.clone(), Held::new(message))));
    }

    #[test]
    fn what_changed_lately_is_kept_and_taken_once() {
        let mut recent = Recent::default();
        keep(&mut recent, 0..10);
        assert_eq!(recent.take(&messages(5..15)).len(), 5);
        assert_eq!(recent.take(&messages(0..15)).len(), 5);
        assert!(recent.take(&messages(0..15)).is_empty());
        assert_eq!(recent.facts, 0);
    }

    #[test]
    fn what_changed_long_ago_is_dropped_and_what_is_used_stays() {
        let mut recent = Recent::default();
        let half = HALF / 2 + 1;
        keep(&mut recent, 0..half);
        let used = recent.take(&messages(0..10));
        assert_eq!(used.len(), 10);
        recent.keep(used);
        keep(&mut recent, half..half * 2);
        assert_eq!(recent.take(&messages(0..half)).len(), 10);
        keep(&mut recent, half * 2..half * 4);
        assert!(recent.young.len() + recent.old.len() <= half * 2);
    }
}
