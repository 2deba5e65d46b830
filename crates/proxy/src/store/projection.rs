//! One row of `messages`: what the facts of a message mean, as of `folded_at`.

use rcs_revoke_api::MessageView;
use rcs_revoke_core::fact::Requested;
use rcs_revoke_core::fallback::{self, SentSms, SmsState};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::{
    Assessment, E164, Evidence, Fact, Known, MessageRef, Policy, Source, Step, Timestamp, explain,
};
use serde::{Deserialize, Serialize};

use crate::store::batches::number_of;

/// What the facts of a message mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// The message's id, by which it is found whatever its agent.
    pub id: String,
    /// The outcome's code.
    pub outcome: String,
    /// Since when a request is due.
    pub due_at: Option<i64>,
    /// Since when an SMS is due.
    pub sms_due_at: Option<i64>,
    /// The source whose account sends that SMS.
    pub sms_via: Option<String>,
    /// Whether the answer to an SMS is still to come.
    pub sms_open: bool,
    /// When time alone may change something.
    pub look_at: Option<i64>,
    /// As of when all this holds.
    pub folded_at: i64,
    /// The recipient's digits from the last to the first, so that an end of the number is found.
    pub phone_reversed: Option<String>,
    /// When the message was sent, or first heard of.
    pub sent_at: Option<i64>,
    /// When its window closes.
    pub window_closes: Option<i64>,
    /// The latest batch that made a wish for it.
    pub batch: Option<i64>,
    /// The batch of the wish that is due.
    pub due_batch: Option<i64>,
    /// What lists show.
    pub view: MessageView,
}

/// A number as it is looked for by its end.
pub(crate) fn reversed(phone: &E164) -> String {
    phone.digits().chars().rev().collect()
}

/// The latest batch that made a wish for the message.
fn latest_batch(evidence: &Evidence) -> Option<i64> {
    let wishes = evidence.facts().filter_map(|fact| match fact {
        Fact::Requested(Requested { batch: Some(batch), at, .. }) => Some((*at, number_of(batch.as_str())?)),
        _ => None,
    });
    wishes.max().map(|(_, batch)| batch)
}

/// The batch that a wish was made in.
pub(crate) fn batch_of(evidence: &Evidence, wish: &WishId) -> Option<i64> {
    evidence.facts().find_map(|fact| match fact {
        Fact::Requested(Requested { batch: Some(batch), wish: other, .. }) if other == wish => {
            number_of(batch.as_str())
        }
        _ => None,
    })
}

impl Projection {
    /// Folds the facts, as of `now`.
    pub fn of(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> (Self, Assessment) {
        let assessment = rcs_revoke_core::assess(evidence, source, policy, now);
        let known = Known::of(evidence, policy);
        let sms = fallback::sent(evidence, policy, now);
        // Then the view of an SMS under way says that nobody knows.
        let is_open = |sms: &&SentSms| sms.state == SmsState::Sending;
        let overdue = sms.iter().filter(is_open).map(|sms| sms.at + policy.attempt_deadline()).min();
        let due = matches!(assessment.step, Step::Send { .. });
        let message = evidence.message();
        let view = MessageView {
            message: message.to_string(),
            provider: message.provider().code().to_owned(),
            id: message.id().to_string(),
            source: Some(source.id.to_string()),
            recipient: known.recipient.as_ref().map(E164::masked),
            outcome: assessment.outcome.clone(),
            why: explain::explain(evidence, source, policy, now).short,
            step: assessment.step.clone(),
            sent_at: known.sent_at.map(Timestamp::as_millis),
            window_closes: known.window_closes.map(Timestamp::as_millis),
            changed_at: now.as_millis(),
            version: 0,
            sms: sms.last().cloned(),
            deaf: source.listening_since.is_none(),
        };
        let projection = Self {
            id: message.id().to_string(),
            outcome: assessment.outcome.verdict.code().to_owned(),
            due_at: due.then_some(now.as_millis()),
            sms_due_at: assessment.sms.map(|_| now.as_millis()),
            sms_via: assessment.sms.and(source.sms.as_ref()).map(|sender| sender.source.to_string()),
            sms_open: sms.iter().any(|sms| sms.state == SmsState::Sending),
            look_at: assessment.look_again_at.into_iter().chain(overdue).min().map(Timestamp::as_millis),
            folded_at: now.as_millis(),
            phone_reversed: known.recipient.as_ref().map(reversed),
            sent_at: known.sent_at.or(known.first_heard).map(Timestamp::as_millis),
            window_closes: known.window_closes.map(Timestamp::as_millis),
            batch: latest_batch(evidence),
            due_batch: match &assessment.step {
                Step::Send { wish, .. } => batch_of(evidence, wish),
                _ => None,
            },
            view,
        };
        (projection, assessment)
    }

    /// Whether both mean the same, whenever they were made.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let timeless = |of: &Self| {
            let mut of = of.clone();
            of.due_at = of.due_at.map(|_| 0);
            of.sms_due_at = of.sms_due_at.map(|_| 0);
            (of.folded_at, of.view.changed_at, of.view.version) = (0, 0, 0);
            // Told anew whenever it is read.
            of.view.deaf = false;
            of
        };
        timeless(self) == timeless(other)
    }

    /// Whether its parts agree with each other about when it was folded, and how often the message changed.
    pub fn agrees_with_itself(&self, version: i64) -> bool {
        self.view.changed_at == self.folded_at
            && self.view.version == version
            && [self.due_at, self.sms_due_at].iter().flatten().all(|at| *at == self.folded_at)
    }
}

/// One message as it is stored.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its number; none if it is new.
    pub n: Option<i64>,
    /// Its source, if one is known.
    pub source: Option<String>,
    /// Its facts.
    pub evidence: Evidence,
    /// The outcome that it is counted under; none if it is new.
    pub outcome: Option<String>,
    /// The batch that it is counted in.
    pub batch: Option<i64>,
    /// What they meant when they were folded last; none if this build cannot read it, and then it is folded again.
    pub projection: Option<Projection>,
    /// How often it changed.
    pub version: i64,
    /// The number of its latest change; 0 if it is new.
    pub seq: i64,
}

impl Held {
    /// A message that nobody heard of before.
    pub const fn new(message: MessageRef) -> Self {
        Self {
            n: None,
            source: None,
            evidence: Evidence::new(message),
            outcome: None,
            batch: None,
            projection: None,
            version: 0,
            seq: 0,
        }
    }

    /// The same, once this is stored of it under the number of a change.
    #[must_use]
    pub fn after(self, seq: i64, projection: Projection) -> Self {
        Self {
            outcome: Some(projection.outcome.clone()),
            batch: projection.batch,
            version: projection.view.version,
            projection: Some(projection),
            seq,
            ..self
        }
    }
}
