//! Vonage's workflows: messages of which the next is sent when the one before is rejected.
//!
//! <https://developer.vonage.com/en/messages/guides/failover-message>

use serde::Serialize;

use super::World;
use super::create::{Planned, Sending};

/// Where a message stands in its workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workflow {
    /// The workflow's id.
    pub id: String,
    /// Which of its messages this is, counted from 1.
    pub number: u32,
    /// How many messages it has at most.
    pub total: u32,
}

impl World {
    /// Sends a message now, and keeps what is to be sent if it is rejected.
    pub(crate) fn send_workflow(&mut self, mut first: Planned, then: Vec<Planned>, now: i64) -> usize {
        if !then.is_empty() {
            let id = self.dice.hex(&first.sending.id, "workflow", 16);
            let total = u32::try_from(then.len() + 1).unwrap_or(u32::MAX);
            first.sending.workflow = Some(Workflow { id, number: 1, total });
        }
        let index = self.send(first.sent(now), now);
        if !then.is_empty() {
            self.failovers.insert(index, then.into());
        }
        index
    }

    /// A message was rejected: the next one of its workflow is sent.
    pub(super) fn fail_over(&mut self, index: usize, now: i64) {
        let Some(mut rest) = self.failovers.remove(&index) else { return };
        let Some(mut next) = rest.pop_front() else { return };
        let message = &self.messages[index];
        let workflow =
            message.workflow.as_ref().map(|before| Workflow { number: before.number + 1, ..before.clone() });
        if next.sending.id.is_empty() {
            next.sending.id = self.dice.uuid(&message.id, "failover", 0);
        }
        next.sending.workflow = workflow;
        let index = self.send(next.sent(now), now);
        if !rest.is_empty() {
            self.failovers.insert(index, rest);
        }
    }

    /// A revocation ends a workflow, or counts as a rejection: Vonage does not document which.
    pub(super) fn revoke_workflow(&mut self, index: usize, now: i64) {
        if self.config.vonage.failover_after_revoke {
            self.fail_over(index, now);
        } else {
            self.failovers.remove(&index);
        }
    }
}

impl Planned {
    /// This message, sent at this time unless it was sent before.
    pub(super) fn sent(self, now: i64) -> Sending {
        let mut sending = self.sending;
        sending.sent_at_ms = self.sent_at_ms.unwrap_or(now);
        let end = |ttl_s: u64| sending.sent_at_ms.saturating_add_unsigned(ttl_s.saturating_mul(1000));
        sending.expires_at_ms = self.ttl_s.map(end);
        sending
    }
}
