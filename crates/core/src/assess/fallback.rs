//! When an SMS leaves, by the class of the message and the outcome.

use crate::ack::{Ack, NoEffect};
use crate::assess::case::Case;
use crate::assess::sms::{Sms, may_pass};
use crate::assess::told::Wish;
use crate::class::{Cell, Class};
use crate::expiry::MessageClass;
use crate::fact::{Event, FallbackOrdered, Then};
use crate::fallback::{Because, Fallback, Offer, standing};
use crate::outcome::{Refusal, Verdict};
use crate::prelude::*;
use crate::time::{Span, Timestamp};

/// Whether the next SMS may leave, as far as those before it go.
pub(super) enum Way {
    Free,
    /// The one before surely did not leave; it is tried again then.
    At(Timestamp),
    Barred(Because),
}

impl Case<'_> {
    /// What is to be done about an SMS.
    pub(crate) fn fallback(&self, now: Timestamp) -> Fallback {
        let last = self.told.sms.last().map_or(0, |sms| sms.number);
        Fallback { number: last.saturating_add(1), offer: self.offer(now) }
    }

    fn offer(&self, now: Timestamp) -> Offer {
        let verdict = self.verdict(now);
        if let Some(because) = self.never(&verdict) {
            return Offer::No { because };
        }
        // An order waits, too: a delivery that crossed it would be a second message.
        if matches!(verdict, Verdict::Settling { .. }) {
            return Offer::Wait;
        }
        if let Some(order) = self.standing_order().filter(|order| !self.grew_stale_since(order.at, now)) {
            match self.way(&|sms| sms.number >= order.fallback, now) {
                Way::Free => return Offer::Now,
                Way::At(at) => return Offer::At { at },
                // Its reason does not pass by itself: the order is used up.
                Way::Barred(_) => {}
            }
        }
        let wish = self.deciding_wish(now);
        if let Some(wish) = wish.filter(|wish| is_by_hand(wish) && !self.grew_stale_since(wish.at, now))
            && let Some(offer) = self.in_advance(wish, &verdict, now)
        {
            return offer;
        }
        let Some(class) = self.class else { return by_hand(Because::NoClass) };
        let cell = self.cell(class, &verdict, now);
        if cell == Cell::No {
            return Offer::No { because: Because::Outcome };
        }
        let way = self.way(&|_| true, now);
        if let Way::Barred(because) = way {
            return by_hand(because);
        }
        if let Some(because) = self.held_back(class, wish, cell, now) {
            return by_hand(because);
        }
        let at = match (cell, way) {
            (Cell::RevokeAgain, _) if self.is_asked_again(now) => return Offer::Wait,
            (Cell::AtFallbackBy, way) => {
                let Some(by) = self.fallback_by(class) else { return by_hand(Because::Outcome) };
                match way {
                    Way::At(at) => by.max(at),
                    _ => by,
                }
            }
            (_, Way::At(at)) => at,
            _ => return Offer::Now,
        };
        match self.stale_at() {
            _ if at <= now => Offer::Now,
            Some(stale) if at >= stale => by_hand(Because::Stale),
            _ => Offer::At { at },
        }
    }

    /// What no operator overrides either.
    pub(super) fn never(&self, verdict: &Verdict) -> Option<Because> {
        if matches!(verdict, Verdict::Delivered { .. }) {
            return Some(Because::Delivered);
        }
        if self.told.known.recipient.is_none() {
            return Some(Because::NoRecipient);
        }
        if self.source.sms.is_none() {
            return Some(Because::NoSender);
        }
        let promotional = self.class.is_some_and(|class| class.kind == MessageClass::Promotional);
        if promotional && self.first_event(|event| *event == Event::Unsubscribed).is_some() {
            return Some(Because::Unsubscribed);
        }
        (promotional && self.is_about_the_person()).then_some(Because::Person)
    }

    /// Whether a reason of the provider speaks about the person, and not about the channel: also one that came after
    /// the reason which the outcome names.
    fn is_about_the_person(&self) -> bool {
        self.told.events.iter().any(|event| {
            matches!(&event.event, Event::NotDelivered { code } if self.adapter().is_about_the_person(code))
        })
    }

    /// What an operator may override, and nothing else does.
    pub(super) fn held_back(
        &self,
        class: &Class,
        wish: Option<&Wish>,
        cell: Cell,
        now: Timestamp,
    ) -> Option<Because> {
        let Some(wish) = wish else { return Some(Because::NoWish) };
        if wish.then == Then::Nothing {
            return Some(Because::ThenNothing);
        }
        if cell == Cell::ByHand {
            return Some(Because::Outcome);
        }
        if self.is_about_the_person() {
            return Some(Because::Person);
        }
        if self.has_mismatch() {
            return Some(Because::PhoneMismatch);
        }
        if self.told.registrations.failover || self.told.events.iter().any(|event| event.workflow) {
            return Some(Because::OwnFailover);
        }
        if self.told.known.sent_at.is_none() {
            return Some(Because::UnknownAge);
        }
        match self.stale_at() {
            Some(stale) if stale <= now => return Some(Because::Stale),
            None if class.lacks_limit() => return Some(Because::NoLimit),
            _ => {}
        }
        class.text(self.told.registrations.fallback_text.value).is_none().then_some(Because::NoText)
    }

    /// When the content becomes too old for an SMS to leave by itself.
    pub(crate) fn stale_at(&self) -> Option<Timestamp> {
        self.told.known.sent_at.zip(self.class?.not_after).map(|(sent, not_after)| sent + not_after)
    }

    /// Whether the content was still wanted at an instant and is stale by now: what an operator ordered then holds no
    /// longer.
    fn grew_stale_since(&self, ordered: Timestamp, now: Timestamp) -> bool {
        self.stale_at().is_some_and(|stale| ordered < stale && stale <= now)
    }

    /// When an SMS leaves whatever the revocation does.
    fn fallback_by(&self, class: &Class) -> Option<Timestamp> {
        let wanted = self.told.wishes.iter().filter(|wish| wish.live && wish.then == Then::Fallback);
        // A date before the wish was made was due when it was made: the revocation gets its time all the same.
        wanted.map(|wish| wish.begins().max(wish.at)).min().zip(class.fallback_by).map(|(due, by)| due + by)
    }

    /// The class's cell for an outcome; the rows that are no choice have none, and let nothing leave.
    pub(super) fn cell(&self, class: &Class, verdict: &Verdict, now: Timestamp) -> Cell {
        let cells = &class.fallback;
        let earlier;
        let mut verdict = verdict;
        // A wish that is only planned takes nothing away that an earlier one has earned.
        if matches!(verdict, Verdict::Planned { .. }) && self.due_wishes(now).next().is_some() {
            earlier = self.wished(now, |wish| wish.begins() <= now);
            verdict = &earlier;
        }
        match verdict {
            Verdict::Delivered { .. } | Verdict::Settling { .. } => Cell::No,
            Verdict::Revoked { .. } | Verdict::NotDelivered { .. } => cells.gone,
            Verdict::Unconfirmed | Verdict::PresumedRevoked => cells.unconfirmed,
            Verdict::Inconclusive { .. } => cells.inconclusive,
            Verdict::Planned { not_before } if not_before.is_some_and(|at| at > now) => cells.otherwise,
            Verdict::Refused { reason: Refusal::Unsupported | Refusal::Invalid | Refusal::NeedsInput }
            | Verdict::Lapsed => cells.hopeless,
            // A date that can never be kept is refused long before it comes: nothing is overdue until then.
            Verdict::Refused { .. } if self.due_wishes(now).next().is_none() => cells.otherwise,
            Verdict::Requesting | Verdict::Planned { .. } | Verdict::Refused { .. } => cells.unfinished,
            Verdict::PresumedDelivered | Verdict::Withdrawn | Verdict::Watched => cells.otherwise,
        }
    }

    fn due_wishes(&self, now: Timestamp) -> impl DoubleEndedIterator<Item = &Wish> {
        self.told.wishes.iter().filter(move |wish| wish.live && wish.begins() <= now)
    }

    /// The live wish that says what then: the latest of those that are due, else the latest that is planned.
    pub(super) fn deciding_wish(&self, now: Timestamp) -> Option<&Wish> {
        let latest = self.due_wishes(now).next_back();
        latest.or_else(|| self.told.wishes.iter().rfind(|wish| wish.live))
    }

    /// What a wish brings whose SMS an operator ordered in advance; none once that SMS is used up.
    fn in_advance(&self, wish: &Wish, verdict: &Verdict, now: Timestamp) -> Option<Offer> {
        match self.way(&|sms| sms.at >= wish.at, now) {
            Way::Barred(_) => None,
            way => match verdict {
                Verdict::PresumedDelivered => Some(by_hand(Because::Outcome)),
                // Whatever row names the outcome: another wish may be planned, or the new one waits for its turn.
                _ if self.settles_until().is_some_and(|until| now < until) => Some(Offer::Wait),
                _ if self.is_to_be_asked(wish, now) => Some(Offer::Wait),
                _ if self.sms_text(0).is_none() => Some(by_hand(Because::NoText)),
                _ => Some(match way {
                    Way::At(at) => Offer::At { at },
                    _ => Offer::Now,
                }),
            },
        }
    }

    /// Whether a wish that nobody answered is asked, or will be.
    fn is_to_be_asked(&self, wish: &Wish, now: Timestamp) -> bool {
        !self.told.is_answered(wish)
            && (self.is_being_asked(wish, now) || self.next_attempt(wish, now).is_some())
    }

    /// The operator's order that no SMS has fulfilled.
    pub(crate) fn standing_order(&self) -> Option<&FallbackOrdered> {
        standing(&self.told.orders, &self.told.sms)
    }

    /// What the SMS of that number would say.
    pub(crate) fn sms_text(&self, number: u32) -> Option<String> {
        let order = self.told.orders.iter().rfind(|order| order.fallback == number);
        let ordered = order.copied().or_else(|| self.standing_order()).and_then(|order| order.text.clone());
        let registered = self.told.registrations.fallback_text.value;
        ordered.or_else(|| match self.class {
            Some(class) => class.text(registered),
            None => registered.map(ToOwned::to_owned),
        })
    }

    /// Whether the SMS that count leave the way free.
    pub(super) fn way(&self, counts: &dyn Fn(&Sms<'_>) -> bool, now: Timestamp) -> Way {
        let mut all: Vec<&Sms<'_>> = Vec::new();
        for sms in &self.told.sms {
            if counts(sms) {
                all.push(sms);
            }
        }
        if let Some(sms) = all.iter().find(|sms| !sms.is_free()) {
            let may = sms.is_open(now) || !(sms.is_accepted() || sms.was_told());
            return Way::Barred(if may { Because::SmsMaybeSent } else { Because::SmsSent });
        }
        let Some((ack, at)) = all.last().and_then(|sms| sms.answer) else { return Way::Free };
        if !may_pass(ack) {
            return Way::Barred(Because::SmsRefused);
        }
        let alike = |sms: &&&Sms<'_>| sms.answer.is_some_and(|(other, _)| is_alike(other, ack));
        let earlier = all.iter().filter(alike).count() - 1;
        let wait = match ack {
            Ack::NoEffect { reason: NoEffect::Throttled, .. } => {
                Some(self.policy.throttled.get(earlier).copied().unwrap_or(self.policy.throttled_then))
            }
            // Once more, with a new token.
            Ack::NoEffect { .. } => (earlier == 0).then_some(Span::ZERO),
            _ => self.retries().get(earlier).copied(),
        };
        let Some(wait) = wait else { return Way::Barred(Because::SmsRefused) };
        let asked = ack.retry_after().map_or(Span::ZERO, |asked| asked.min(self.policy.retry_after_cap));
        let due = at + wait.max(asked);
        if due <= now { Way::Free } else { Way::At(due) }
    }

    /// Whether the message is being asked for once more before an SMS leaves, or will be.
    fn is_asked_again(&self, now: Timestamp) -> bool {
        self.own_wish(now).is_some() || self.is_under_way(now)
    }

    /// Whether a wish whose time has come is asked, or will be.
    pub(super) fn is_under_way(&self, now: Timestamp) -> bool {
        self.due_wishes(now).any(|wish| self.is_to_be_asked(wish, now))
    }

    /// The first instant after another at which time alone can change what is done about an SMS, but for its content
    /// growing stale.
    pub(crate) fn next_sms_instant(&self, after: Timestamp) -> Option<Timestamp> {
        let mut first: Option<Timestamp> = None;
        let mut then = |at: Option<Timestamp>| {
            if let Some(at) = at.filter(|at| *at > after) {
                first = Some(first.map_or(at, |first| first.min(at)));
            }
        };
        for wish in &self.told.wishes {
            then(wish.live.then_some(wish.begins()));
        }
        for sms in &self.told.sms {
            then(sms.answer.is_none().then_some(sms.deadline));
        }
        then(self.class.and_then(|class| self.fallback_by(class)));
        if let Offer::At { at } = self.offer(after) {
            then(Some(at));
        }
        first
    }

    /// Whether an SMS may leave by itself, or on somebody's order: only then it is worth looking when.
    pub(crate) fn may_fall_back(&self) -> bool {
        let wanted = |wish: &Wish| wish.live && wish.then == Then::Fallback;
        self.source.sms.is_some() && (!self.told.orders.is_empty() || self.told.wishes.iter().any(wanted))
    }
}

/// Whether two SMS did not leave for one reason, whatever each was asked to wait.
fn is_alike(one: &Ack, other: &Ack) -> bool {
    match (one, other) {
        (Ack::NoEffect { reason: one, .. }, Ack::NoEffect { reason: other, .. }) => one == other,
        _ => one.code() == other.code(),
    }
}

/// Whether an operator ordered what follows the wish in advance.
pub(super) fn is_by_hand(wish: &Wish) -> bool {
    wish.hand && wish.then == Then::Fallback
}

const fn by_hand(because: Because) -> Offer {
    Offer::ByHand { because }
}
