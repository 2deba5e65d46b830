//! Messages forgotten: never one that anything may still happen to, or of which anything changed since it was written
//! elsewhere.

use rcs_revoke_core::retention::may_be_forgotten;
use rcs_revoke_core::{MessageRef, Span};

use super::Gathering;
use crate::store::projection::Held;

impl Gathering {
    pub(super) fn forget_message(&mut self, message: &MessageRef, version: i64, keep: Span) -> bool {
        let Some(held) = self.held.get(message) else { return false };
        let Some(n) = held.n else { return false };
        // The highest numbers stay, so that a server that starts again gives none of them twice: who follows the
        // changes has seen them.
        if n == self.n || held.seq == self.seq || held.version != version || self.seen.contains(message) {
            return false;
        }
        let (source, policy) = self.terms(message, held.source.as_deref());
        if !may_be_forgotten(&held.evidence, &source, &policy, keep, self.now) {
            return false;
        }
        if let Some(Held { outcome: Some(outcome), batch, .. }) = self.held.remove(message) {
            self.moved(Some((outcome, batch)), None);
        }
        self.group.forgotten.push(n);
        true
    }
}
