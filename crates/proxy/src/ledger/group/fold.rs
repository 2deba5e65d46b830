//! What changes mean, asked of the core once for each message that they touched.

use rcs_revoke_core::{Fact, MessageRef, Step};

use super::{Folded, Gathering};
use crate::ledger::not_before;
use crate::store::StoreError;
use crate::store::projection::Projection;
use crate::store::tallies::{ALL, Tally};
use crate::store::write::MessageRow;

impl Gathering<'_> {
    /// What the facts of a message mean now, with the wishes that its class makes by itself.
    pub(super) fn project(&mut self, message: &MessageRef) -> Option<Projection> {
        loop {
            let held = self.held.get(message)?;
            let (source, policy) = self.terms(message, held.source.as_deref());
            let (projection, assessment) = Projection::of(&held.evidence, &source, &policy, self.now);
            match assessment.step {
                // Recorded, it is not asked for again.
                Step::Request { requested } if self.record(message, &Fact::Requested(requested.clone())) => {}
                _ => return Some(projection),
            }
        }
    }

    /// Asks the core what all this means now.
    pub(in crate::ledger) fn fold(mut self) -> Result<Folded, StoreError> {
        let (mut due, mut look) = (false, false);
        for message in std::mem::take(&mut self.touched) {
            let Some(mut projection) = self.project(&message) else { continue };
            let Some(held) = self.held.get(&message) else { continue };
            let Some(n) = held.n else { continue };
            projection.look_at = projection.look_at.map(|at| not_before(self.now, at));
            let before = held.projection.as_ref();
            if !self.changed.contains(&message)
                && before.is_some_and(|before| {
                    before.says_the_same(&projection) && before.agrees_with_itself(held.version)
                })
            {
                continue;
            }
            projection.view.version = held.version + 1;
            self.seq += 1;
            due |= projection.due_at.is_some() || projection.sms_due_at.is_some();
            look |= projection.look_at.is_some();
            let (before, source) =
                (held.outcome.clone().map(|outcome| (outcome, held.batch)), held.source.clone());
            self.group.messages.push(MessageRow::new(n, self.seq, source, &projection)?);
            self.moved(before, Some((projection.outcome, projection.batch)));
        }
        for (id, learnt) in &self.learnt {
            self.group.sources.push((id.clone(), serde_json::to_string(learnt)?));
        }
        let counted = std::mem::take(&mut self.tallies).into_iter().filter(|(_, count)| *count != 0);
        self.group.tallies = counted.map(|((batch, what), count)| Tally { batch, what, count }).collect();
        let Self { group, n, seq, last_batch, learnt, .. } = self;
        let kept = group.unclaimed.len() as u64;
        Ok(Folded { group, n, seq, last_batch, learnt, due, look, kept })
    }

    /// A message is counted under another outcome, or in another batch; or was not there, or is no more.
    pub(super) fn moved(
        &mut self,
        before: Option<(String, Option<i64>)>,
        after: Option<(String, Option<i64>)>,
    ) {
        for (counted, by) in [(before, -1), (after, 1)] {
            let Some((outcome, batch)) = counted else { continue };
            if let Some(batch) = batch {
                self.tally(batch, outcome.clone(), by);
            }
            self.tally(ALL, outcome, by);
        }
    }
}
