//! What is asked for, and where a row stands.

use rcs_revoke_api::RevocationItem;
use rcs_revoke_core::{MessageRef, SourceId};

use super::{Sheet, Stage, number, phone, small, some};

impl Sheet {
    /// The item of a row that is ready.
    pub fn item(&self, at: usize) -> Option<RevocationItem> {
        let slot = self.slots.get(at)?;
        let (message, source) = self.ready(at)?;
        Some(RevocationItem {
            message,
            source: Some(source.to_string()),
            phone: phone(slot.phone).map(|phone| phone.as_str().to_owned()),
            sent_at: some(slot.told_sent),
        })
    }

    /// The message and the source of a row that is ready.
    pub fn ready(&self, at: usize) -> Option<(MessageRef, &SourceId)> {
        let slot = self.slots.get(at).filter(|slot| slot.stage == Stage::Ready)?;
        let way = self.ways.get(number(slot.detail))?;
        let mut key = String::with_capacity(way.before_id.len() + usize::from(slot.id_len));
        key.push_str(&way.before_id);
        key.push_str(self.id_of(slot));
        Some((MessageRef::parse(&key).ok()?, &way.source))
    }

    /// The rows that stand on one line of the text.
    pub fn on_line(&self, line: usize) -> core::ops::Range<usize> {
        let line = small(line);
        let from = self.slots.partition_point(|other| other.line < line);
        let count = self.slots[from..].iter().take_while(|other| other.line == line).count();
        from..from + count
    }
}
