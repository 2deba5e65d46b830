//! Wishes made, repeated and taken back.

use rcs_revoke_api::Taken;
use rcs_revoke_core::fact::{Registered, Withdrawn};
use rcs_revoke_core::wish::{self, LiveWish};
use rcs_revoke_core::{Fact, Known, MessageRef};

use super::Gathering;
use crate::ledger::change::{Wish, Withdrawal};
use crate::ledger::source;

impl Gathering {
    pub(super) fn wish(&mut self, wish: &Wish) -> Taken {
        let known = self.held.get(&wish.message).and_then(|held| held.source.clone());
        let source =
            match source::resolve(&self.sources, &wish.message, known.as_deref(), wish.source.as_ref()) {
                Ok(entry) => entry.id().clone(),
                Err(none) => return Taken::Refused { code: none.code.to_owned(), detail: none.detail },
            };
        let made = Taken::Made { wish: wish.requested.wish.to_string() };
        if self
            .held
            .get(&wish.message)
            .is_some_and(|held| wish::was_made(&held.evidence, &wish.requested.wish))
        {
            return made;
        }
        self.belongs(&wish.message, Some(&source));
        if let Some(registered) = &wish.registered {
            let class = registered.class.clone().filter(|_| !self.has_class(&wish.message));
            self.record(&wish.message, &Fact::Registered(Registered { class, ..registered.clone() }));
        }
        if wish.replace {
            self.withdraw(&wish.message, &wish.requested.by);
        } else if let Some(repeated) = self.repeated(wish) {
            return Taken::Already { wish: repeated.id.to_string() };
        }
        self.record(&wish.message, &Fact::Requested(wish.requested.clone()));
        made
    }

    /// Whether its sender or its source says what the message is: an operator's word counts only where nobody else's does.
    fn has_class(&self, message: &MessageRef) -> bool {
        let Some(held) = self.held.get(message) else { return false };
        let (_, policy) = self.terms(message, held.source.as_deref());
        policy.class.is_some() || Known::of(&held.evidence, &policy).class.is_some()
    }

    fn repeated(&self, wish: &Wish) -> Option<LiveWish> {
        let held = self.held.get(&wish.message)?;
        let (source, policy) = self.terms(&wish.message, held.source.as_deref());
        wish::repeated(&held.evidence, &source, &policy, self.now, &wish.requested, wish.again)
    }

    pub(super) fn withdraw(&mut self, message: &MessageRef, by: &str) -> Withdrawal {
        let Some(held) = self.held.get(message) else { return Withdrawal::Nothing };
        let live = wish::live(&held.evidence);
        if live.is_empty() {
            return Withdrawal::Nothing;
        }
        let late = live.iter().any(|wish| wish.begun || wish.answered);
        let open: Vec<_> =
            live.iter().filter(|wish| !wish.answered || wish.then_sms).map(|wish| wish.id.clone()).collect();
        for wish in open {
            self.record(message, &Fact::Withdrawn(Withdrawn { wish, by: by.to_owned(), at: self.now }));
        }
        if late { Withdrawal::TooLate } else { Withdrawal::InTime }
    }
}
