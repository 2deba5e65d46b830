//! The life of a message: delivery, reading, expiry, purge, and what a revocation does to it.

use super::World;
use super::agenda::Task;
use super::message::{Channel, Effect, Fate, Message};
use crate::behaviour::{AfterRevoke, Delivery, Expiry};
use crate::google::words as google;
use crate::host::Provider;
use crate::vonage::words as vonage;

/// One step in the life of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Submit,
    Deliver,
    Read,
    Expire,
    Purge,
    Reject {
        code: u32,
        undeliverable: bool,
    },
    /// The report of something that happened to a revoked message.
    Report {
        code: u32,
        undeliverable: bool,
    },
}

impl Step {
    /// Whether a new plan of the message makes it void.
    pub(super) const fn is_planned(self) -> bool {
        !matches!(self, Self::Submit | Self::Report { .. })
    }

    /// Whether it still means something for this message.
    pub(super) fn concerns(self, message: &Message) -> bool {
        match self {
            Self::Submit => true,
            Self::Deliver | Self::Purge | Self::Reject { .. } => message.fate == Fate::Queued,
            Self::Read => {
                message.fate == Fate::Delivered
                    && message.read_at_ms.is_none()
                    && message.channel == Channel::Rcs
            }
            Self::Expire => {
                message.expired_at_ms.is_none()
                    && (message.fate == Fate::Queued
                        || message.fate == Fate::Revoked
                            && message.behaviour.expiry_after_revoke == Some(true))
            }
            Self::Report { .. } => message.fate == Fate::Revoked,
        }
    }
}

impl World {
    /// Plans the rest of a message's life anew.
    pub(super) fn plan(&mut self, index: usize, now: i64) {
        let message = &mut self.messages[index];
        message.plan += 1;
        let mut steps = Vec::with_capacity(3);
        let sent = message.sent_at_ms;
        match message.racing_until {
            Some(at) => steps.push((at, Step::Deliver)),
            None => match message.behaviour.delivery() {
                Delivery::Online { after_ms } | Delivery::Offline { for_ms: after_ms } => {
                    steps.push((sent.saturating_add_unsigned(after_ms), Step::Deliver));
                }
                Delivery::OfflineUntil { at_ms } => steps.push((at_ms, Step::Deliver)),
                Delivery::Rejected { code, after_ms } if message.provider == Provider::Vonage => {
                    let step = Step::Reject { code, undeliverable: false };
                    steps.push((sent.saturating_add_unsigned(after_ms), step));
                }
                Delivery::Undeliverable { code, after_ms } if message.provider == Provider::Vonage => {
                    let step = Step::Reject { code, undeliverable: true };
                    steps.push((sent.saturating_add_unsigned(after_ms), step));
                }
                Delivery::Never
                | Delivery::RacesRevoke { .. }
                | Delivery::DeliveredBeforeRevoke { .. }
                | Delivery::Rejected { .. }
                | Delivery::Undeliverable { .. } => {}
            },
        }
        if let (Some(read), Some(delivered)) = (message.behaviour.read_after_ms, message.delivered_at_ms) {
            steps.push((delivered.saturating_add_unsigned(read), Step::Read));
        }
        steps.extend(message.expires_at_ms.map(|at| (at, Step::Expire)));
        if message.provider == Provider::Google {
            let days = i64::from(self.config.google.purge_after_days);
            steps.push((sent + days * 86_400_000, Step::Purge));
        }
        for (at, step) in steps {
            self.push_step(index, at.max(now), step);
        }
    }

    pub(super) fn plan_submitted(&mut self, index: usize, now: i64) {
        let at =
            self.messages[index].sent_at_ms.saturating_add_unsigned(self.config.vonage.submitted_after_ms);
        self.push_step(index, at.max(now), Step::Submit);
    }

    fn push_step(&mut self, index: usize, at: i64, step: Step) {
        let message = &self.messages[index];
        if step.concerns(message) {
            self.agenda.push(at, Task::Message { index, plan: message.plan, step });
        }
    }

    /// Carries out one step of a message's life.
    pub(crate) fn live(&mut self, index: usize, step: Step, now: i64) {
        match step {
            Step::Submit => self.emit_word(index, vonage::SUBMITTED, None, now),
            Step::Deliver => self.deliver(index, now, now),
            Step::Read => {
                self.messages[index].read_at_ms = Some(now);
                let word = self.word(index, google::READ, vonage::READ);
                self.emit_word(index, word, None, now);
            }
            Step::Expire => self.expire(index, now),
            Step::Purge => {
                self.messages[index].fate = Fate::Purged;
                self.messages[index].expired_at_ms = Some(now);
            }
            Step::Reject { code, undeliverable } => {
                self.messages[index].fate = Fate::Rejected;
                self.report(index, code, undeliverable, now);
            }
            Step::Report { code, undeliverable } => self.report(index, code, undeliverable, now),
        }
    }

    fn report(&mut self, index: usize, code: u32, undeliverable: bool, now: i64) {
        let word = if undeliverable { vonage::UNDELIVERABLE } else { vonage::REJECTED };
        self.emit_word(index, word, Some(code), now);
    }

    fn deliver(&mut self, index: usize, at: i64, now: i64) {
        let message = &mut self.messages[index];
        message.fate = Fate::Delivered;
        message.delivered_at_ms = Some(at);
        message.racing_until = None;
        let read = message.behaviour.read_after_ms;
        let word = self.word(index, google::DELIVERED, vonage::DELIVERED);
        self.emit_word(index, word, None, at);
        if let Some(after) = read {
            self.push_step(index, at.saturating_add_unsigned(after).max(now), Step::Read);
        }
    }

    fn expire(&mut self, index: usize, now: i64) {
        let message = &mut self.messages[index];
        if message.racing_until.is_some() {
            return;
        }
        message.expired_at_ms = Some(now);
        let expiry = message.behaviour.expiry();
        let was_queued = message.fate == Fate::Queued;
        let failed = expiry == Expiry::RevokeFailed && message.provider == Provider::Google;
        if was_queued && !failed {
            message.fate = Fate::Expired;
        }
        let gone = (self.word(index, google::TTL_REVOKED, vonage::REJECTED), Some(vonage::EXPIRED_CODE));
        match expiry {
            Expiry::Neither => {}
            Expiry::RevokeFailed if failed => self.emit_word(index, google::TTL_REVOKE_FAILED, None, now),
            Expiry::UnknownWord => {
                let word = self.word(index, google::TTL_UNKNOWN, vonage::UNKNOWN);
                self.emit_word(index, word, None, now);
            }
            Expiry::Both => {
                if was_queued {
                    self.deliver(index, now, now);
                }
                self.emit_word(index, gone.0, gone.1, now);
            }
            Expiry::Revoked | Expiry::RevokeFailed => self.emit_word(index, gone.0, gone.1, now),
        }
    }

    /// The behaviour that shows itself only when the first revocation comes: delivered a moment before it.
    pub(crate) fn settle_before_revoke(&mut self, index: usize, now: i64) {
        let message = &self.messages[index];
        if let (Fate::Queued, Delivery::DeliveredBeforeRevoke { before_ms }) =
            (message.fate, message.behaviour.delivery())
        {
            let at = now.saturating_sub_unsigned(before_ms).max(message.sent_at_ms);
            self.deliver(index, at, now);
        }
    }

    /// A revocation takes a queued message off the queue, unless the message races it.
    pub(crate) fn take_off(&mut self, index: usize, now: i64) -> Effect {
        let message = &self.messages[index];
        match (message.behaviour.delivery(), message.behaviour.after_revoke()) {
            (Delivery::RacesRevoke { after_ms }, _) => return self.race(index, after_ms, now),
            (_, AfterRevoke::LateDelivered { after_ms }) if message.provider == Provider::Vonage => {
                return self.race(index, after_ms, now);
            }
            _ => {}
        }
        let message = &mut self.messages[index];
        message.fate = Fate::Revoked;
        message.revoked_at_ms = Some(now);
        if message.provider == Provider::Vonage {
            self.plan_report(index, now);
            self.revoke_workflow(index, now);
        }
        Effect::Removed
    }

    /// A revocation is taken, and the message is delivered all the same.
    pub(crate) fn race(&mut self, index: usize, after_ms: u64, now: i64) -> Effect {
        if self.messages[index].racing_until.is_none() {
            self.messages[index].racing_until = Some(now.saturating_add_unsigned(after_ms));
            self.plan(index, now);
        }
        Effect::Raced
    }

    fn plan_report(&mut self, index: usize, now: i64) {
        let (after_ms, code, undeliverable) = match self.messages[index].behaviour.after_revoke() {
            AfterRevoke::Silence | AfterRevoke::LateDelivered { .. } => return,
            AfterRevoke::Rejected1360 { after_ms } => (after_ms, vonage::EXPIRED_CODE, false),
            AfterRevoke::RejectedOther { after_ms, code } => (after_ms, code, false),
            AfterRevoke::Undeliverable { after_ms } => (after_ms, vonage::UNDELIVERABLE_CODE, true),
        };
        self.push_step(index, now.saturating_add_unsigned(after_ms), Step::Report { code, undeliverable });
    }

    fn word(&self, index: usize, google: &'static str, vonage: &'static str) -> &'static str {
        match self.messages[index].provider {
            Provider::Google => google,
            Provider::Vonage => vonage,
        }
    }

    /// Reports something, which may be what the next message of a workflow waits for.
    fn emit_word(&mut self, index: usize, word: &str, code: Option<u32>, at: i64) {
        self.emit(index, word, code, at);
        let message = &self.messages[index];
        if message.provider == Provider::Vonage && word == vonage::REJECTED && message.fate != Fate::Revoked {
            self.fail_over(index, at);
        }
    }
}
