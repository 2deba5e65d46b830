//! An SMS instead: ordered, begun, and given up where nobody will read its answer any more.

use rcs_revoke_core::ack::{Ack, NoEffect, SendFailure};
use rcs_revoke_core::fact::{FallbackAnswered, FallbackIntended, FallbackOrdered};
use rcs_revoke_core::fallback::{self, Because, OrderRefused, SmsState};
use rcs_revoke_core::{Fact, MessageRef, assess};

use super::Gathering;
use crate::ledger::change::BegunSms;

impl Gathering {
    /// Takes an operator's order, if the core lets it stand.
    pub(super) fn order(
        &mut self,
        message: &MessageRef,
        number: u32,
        by: &str,
        text: Option<&str>,
    ) -> Result<(), OrderRefused> {
        let held = self.held.get(message).ok_or(OrderRefused::NotOffered(Because::NoRecipient))?;
        let (source, policy) = self.terms(message, held.source.as_deref());
        let offered = fallback::fallback(&held.evidence, &source, &policy, self.now);
        fallback::order(&held.evidence, &offered, number, text)?;
        let order = FallbackOrdered {
            fallback: number,
            by: by.to_owned(),
            at: self.now,
            text: text.map(str::to_owned),
        };
        self.record(message, &Fact::FallbackOrdered(order));
        Ok(())
    }

    /// Begins the SMS that is due for a message, if one still is: the intent is written down before it leaves.
    ///
    /// Where the configuration says by now that another account sends it, only that is noted.
    pub(super) fn begin_sms(&mut self, message: &MessageRef, via: &[String]) -> Option<BegunSms> {
        let held = self.held.get(message)?;
        let (source, policy) = self.terms(message, held.source.as_deref());
        let number = assess(&held.evidence, &source, &policy, self.now).sms;
        let drafted =
            number.map(|number| fallback::draft(&held.evidence, &source, &policy, number, self.now));
        self.touch(message);
        let (fallback, drafted) = number.zip(drafted)?;
        if drafted.as_ref().is_ok_and(|draft| via.iter().all(|source| source != draft.via.as_str())) {
            return None;
        }
        let built = drafted.and_then(|draft| Ok((draft.request()?, draft.via.to_string())));
        let said = match &built {
            Ok((request, _)) => request.to_string(),
            Err(error) => error.to_string(),
        };
        self.record(
            message,
            &Fact::FallbackIntended(FallbackIntended { fallback, at: self.now, request: said }),
        );
        let Ok((request, via)) = built else {
            // Nothing leaves, and trying again would change nothing.
            self.end_sms(message, fallback, Ack::no_effect(NoEffect::Invalid));
            return None;
        };
        Some(BegunSms { message: message.clone(), fallback, request, via })
    }

    /// Closes the SMS that a former process left open: it may have left.
    pub(super) fn abandon_sms(&mut self, message: &MessageRef) {
        let Some(held) = self.held.get(message) else { return };
        let (_, policy) = self.terms(message, held.source.as_deref());
        for sms in fallback::sent(&held.evidence, &policy, self.now) {
            if sms.state == SmsState::Sending {
                self.end_sms(message, sms.number, SendFailure::BrokenAfterSending.ack());
            }
        }
    }

    fn end_sms(&mut self, message: &MessageRef, fallback: u32, ack: Ack) {
        let answer = FallbackAnswered { fallback, ack, provider_id: None, at: self.now };
        self.record(message, &Fact::FallbackAnswered(answer));
    }
}
