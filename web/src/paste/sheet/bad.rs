//! The rows that need a look.

use super::{Sheet, Stage};

/// A row that needs a look.
pub struct Bad<'a> {
    pub line: usize,
    pub column: usize,
    pub reason: &'a str,
    /// The text that it is about.
    pub text: &'a str,
}

impl Sheet {
    /// The rows that need a look.
    pub fn bad(&self) -> impl Iterator<Item = Bad<'_>> {
        (0..self.len()).filter_map(|at| self.bad_at(at))
    }

    /// Why a row needs a look, if it does.
    pub fn bad_at(&self, at: usize) -> Option<Bad<'_>> {
        let slot = self.slots.get(at)?;
        let text = match slot.stage {
            Stage::Unread => self.unread.get(slot.id as usize).map_or("", |text| text),
            Stage::Problem => self.id_of(slot),
            _ => return None,
        };
        let reason = self.texts.get(slot.detail as usize).map_or("", |text| text);
        Some(Bad { line: slot.line as usize, column: slot.column as usize, reason, text })
    }
}
