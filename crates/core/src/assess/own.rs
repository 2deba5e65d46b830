//! The wishes that a message's class makes by itself: on its date, and once more before an SMS leaves.

use crate::assess::case::Case;
use crate::assess::fallback::{Way, is_by_hand};
use crate::assess::told::Wish;
use crate::class::Cell;
use crate::fact::{Event, Requested, Then};
use crate::id::WishId;
use crate::outcome::Verdict;
use crate::prelude::*;
use crate::say::joined;
use crate::time::Timestamp;

impl Case<'_> {
    /// The wish that the message's class makes by itself: on its date, or once more before an SMS.
    pub(crate) fn own_wish(&self, now: Timestamp) -> Option<Requested> {
        self.scheduled_wish(now).or_else(|| self.one_more_wish(now))
    }

    /// The class's own date, unless anybody wished anything before, or it would come too late.
    fn scheduled_wish(&self, now: Timestamp) -> Option<Requested> {
        let known = &self.told.known;
        let closed = known.window_closes.is_some_and(|closes| closes <= now);
        if !self.told.wishes.is_empty()
            || closed
            || self.is_over(now)
            || self.first_event(Event::is_delivery).is_some()
        {
            return None;
        }
        let not_before = self.own_date()?;
        // Who sent it may yet say what it is: a webhook often comes before its registration.
        if self.told.registrations.received_at.is_none() && not_before > now {
            return None;
        }
        Some(self.wish_of(
            "schedule",
            self.class.map_or(Then::Nothing, |class| class.then),
            Some(not_before),
            now,
        ))
    }

    /// The message's own date, else that of its class.
    fn own_date(&self) -> Option<Timestamp> {
        let known = &self.told.known;
        let by_class = || {
            let after = self.class?.revoke_after?;
            known.sent_at.or(known.first_heard).map(|sent| sent + after)
        };
        self.told.registrations.revoke_at.value.or_else(by_class)
    }

    /// When the wish of a message is made that nobody has registered or wished away.
    pub(crate) fn unregistered_date(&self) -> Option<Timestamp> {
        let waits = self.told.wishes.is_empty() && self.told.registrations.received_at.is_none();
        waits.then(|| self.own_date()).flatten()
    }

    /// One more revocation where nothing certain is known, before an SMS leaves by itself. One for each message.
    fn one_more_wish(&self, now: Timestamp) -> Option<Requested> {
        let class = self.class?;
        if class.fallback.all().iter().all(|(_, cell)| *cell != Cell::RevokeAgain) {
            return None;
        }
        let verdict = self.verdict(now);
        if matches!(verdict, Verdict::Settling { .. })
            || self.cell(class, &verdict, now) != Cell::RevokeAgain
            || self.never(&verdict).is_some()
            || matches!(self.way(&|_| true, now), Way::Barred(_))
            // What an operator ordered does not wait for it.
            || self.standing_order().is_some()
        {
            return None;
        }
        let wish = self.deciding_wish(now);
        if wish.is_some_and(is_by_hand) || self.held_back(class, wish, Cell::RevokeAgain, now).is_some() {
            return None;
        }
        let requested = self.wish_of("once more", Then::Fallback, None, now);
        let was_made = self.told.wishes.iter().any(|wish| wish.id == requested.wish);
        (!was_made && !self.is_under_way(now) && self.can_be_asked_anew(now)).then_some(requested)
    }

    /// Whether a wish made now would be attempted.
    fn can_be_asked_anew(&self, now: Timestamp) -> bool {
        let fresh = Wish::new(WishId::imagined(), now);
        self.next_attempt(&fresh, now).is_some()
    }

    fn wish_of(&self, what: &str, then: Then, not_before: Option<Timestamp>, now: Timestamp) -> Requested {
        let by = match self.class {
            Some(class) => joined(&["class ", &class.name]),
            None => "registration".to_owned(),
        };
        Requested {
            wish: WishId::own(self.evidence.message(), what),
            by,
            at: now,
            not_before,
            then,
            reason: None,
            override_window: false,
            hand: false,
            batch: None,
        }
    }
}
