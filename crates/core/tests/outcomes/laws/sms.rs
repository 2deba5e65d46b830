//! What must hold for every SMS, whatever class and outcome say, read from the facts alone. First of all: a second one
//! never leaves by itself while the first is not surely unsent.

use rcs_revoke_core::class::Class;
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::fact::{Event, Fact, Requested, Then};
use rcs_revoke_core::fallback::{Offer, fallback, order};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{Ack, Timestamp};

use super::Look;

pub fn hold(look: Look<'_>) -> Result<(), String> {
    look.is_the_next_number()?;
    look.is_no_second_one()?;
    look.goes_to_somebody_who_wants_it()?;
    look.was_wished_and_is_fresh()
}

impl Look<'_> {
    /// The number that is due, whatever step stands beside it.
    fn due(&self) -> Option<u32> {
        match self.assessment.step {
            Step::SendFallback { fallback } => Some(fallback),
            _ => self.assessment.sms,
        }
    }

    fn is_the_next_number(&self) -> Result<(), String> {
        if self.due() != self.assessment.sms {
            return Err("an SMS is to leave that is not the one that is due".into());
        }
        let offered = fallback(self.evidence, self.source, self.policy, self.now);
        let taken = self.evidence.facts().filter_map(sms_number).max();
        if taken.is_some_and(|taken| offered.number <= taken) {
            return Err("the number of an SMS is given twice".into());
        }
        // As it was ordered already, if it was: with another text it would be another order.
        let ordered = self.evidence.facts().find_map(|fact| match fact {
            Fact::FallbackOrdered(order) if order.fallback == offered.number => order.text.as_deref(),
            _ => None,
        });
        let order = |number| order(self.evidence, &offered, number, ordered);
        if order(offered.number.saturating_add(1)).is_ok() {
            return Err("an order for another number is taken".into());
        }
        let taken = order(offered.number).is_ok();
        if taken == matches!(offered.offer, Offer::No { .. } | Offer::Wait) {
            return Err("an order is taken where none is offered, or the other way round".into());
        }
        Ok(())
    }

    /// While one that may have left stands, another leaves only on an order for a later number, or one that was given
    /// in advance after it.
    fn is_no_second_one(&self) -> Result<(), String> {
        if self.due().is_none() {
            return Ok(());
        }
        for fact in self.evidence.facts() {
            let Some(number) = sms_number(fact) else { continue };
            if !self.surely_did_not_leave(number) && !self.is_ordered_beside(number) {
                return Err("a second SMS leaves by itself".into());
            }
        }
        Ok(())
    }

    fn surely_did_not_leave(&self, number: u32) -> bool {
        let told = self.evidence.facts().any(|fact| {
            matches!(fact, Fact::FallbackStatus(status) if status.fallback == number && matches!(status.event,
                Event::Submitted | Event::Delivered | Event::Read | Event::NotDelivered { .. }))
        });
        let answered = self.evidence.facts().any(|fact| {
            matches!(fact, Fact::FallbackAnswered(answered) if answered.fallback == number && matches!(answered.ack,
                Ack::NotSent { .. } | Ack::NotFound { .. } | Ack::NoEffect { .. }))
        });
        answered && !told
    }

    fn is_ordered_beside(&self, number: u32) -> bool {
        let ordered = self
            .evidence
            .facts()
            .any(|fact| matches!(fact, Fact::FallbackOrdered(order) if order.fallback > number));
        let meant = self.evidence.facts().filter(|fact| sms_number(fact) == Some(number)).map(Fact::at).min();
        ordered || self.hands().any(|wish| meant.is_some_and(|meant| meant < wish.at))
    }

    /// The live wishes whose SMS was ordered in advance.
    fn hands(&self) -> impl Iterator<Item = &Requested> {
        self.wishes().filter(|wish| wish.hand && wish.then == Then::Fallback)
    }

    fn wishes(&self) -> impl Iterator<Item = &Requested> {
        let withdrawn = |wish: &Requested| {
            self.evidence
                .facts()
                .any(|fact| matches!(fact, Fact::Withdrawn(withdrawn) if withdrawn.wish == wish.wish))
        };
        self.evidence.facts().filter_map(move |fact| match fact {
            Fact::Requested(wish) if !withdrawn(wish) => Some(wish),
            _ => None,
        })
    }

    fn class(&self) -> Option<&Class> {
        let mut named: Vec<&Fact> = self
            .evidence
            .facts()
            .filter(|fact| matches!(fact, Fact::Registered(told) if told.class.is_some()))
            .collect();
        named.sort_by_key(|fact| (fact.at(), fact.canonical()));
        let named = named.first().and_then(|fact| match fact {
            Fact::Registered(told) => told.class.as_deref(),
            _ => None,
        });
        self.policy.class_of(named)
    }

    /// Never to who has the message, without a sender, or as advertising to who wants none.
    fn goes_to_somebody_who_wants_it(&self) -> Result<(), String> {
        if self.due().is_none() {
            return Ok(());
        }
        if self.source.sms.is_none() {
            return Err("an SMS leaves without a sender".into());
        }
        if self.told(|event| matches!(event, Event::Delivered | Event::Read)) {
            return Err("an SMS leaves for a message that was delivered".into());
        }
        let advertising = self.class().is_some_and(|class| class.kind == MessageClass::Promotional);
        if advertising && self.told(|event| *event == Event::Unsubscribed) {
            return Err("advertising leaves for who unsubscribed".into());
        }
        Ok(())
    }

    /// Unless somebody ordered it: a live wish wants it, and its content is not stale.
    fn was_wished_and_is_fresh(&self) -> Result<(), String> {
        let ordered = self.evidence.facts().any(|fact| matches!(fact, Fact::FallbackOrdered(_)));
        if self.due().is_none() || ordered || self.hands().next().is_some() {
            return Ok(());
        }
        if !self.wishes().any(|wish| wish.then == Then::Fallback) {
            return Err("an SMS leaves that nobody wished".into());
        }
        let Some(class) = self.class() else {
            return Err("an SMS leaves for a message without a class".into());
        };
        if !class.may_send_by_itself() {
            return Err("an SMS leaves that no cell lets leave".into());
        }
        let stated = |fact: &Fact| match fact {
            Fact::Registered(told) => told.sent_at,
            _ => None,
        };
        // Of several times of sending any may be the one that holds.
        let sent: Vec<Timestamp> = self.evidence.facts().filter_map(stated).collect();
        let fresh = |sent: &Timestamp| class.not_after.is_none_or(|not_after| self.now < *sent + not_after);
        if sent.iter().any(fresh) { Ok(()) } else { Err("an SMS leaves that is stale".into()) }
    }
}

/// The number of the SMS that a fact tells of.
fn sms_number(fact: &Fact) -> Option<u32> {
    match fact {
        Fact::FallbackIntended(intended) => Some(intended.fallback),
        Fact::FallbackAnswered(answered) => Some(answered.fallback),
        Fact::FallbackStatus(status) => Some(status.fallback),
        _ => None,
    }
}
