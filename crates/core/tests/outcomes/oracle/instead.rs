//! Whether an SMS follows: `docs/fallback.md`, line by line. Where several lines forbid it, each of them is a right
//! answer to *why not*.

use rcs_revoke_core::Timestamp;
use rcs_revoke_core::class::{Cell, Class};
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::fact::{Event, Then};
use rcs_revoke_core::fallback::{Because, Fallback, Offer};
use rcs_revoke_core::outcome::{Refusal, Verdict};
use rcs_revoke_core::step::Brings;

use super::Setting;
use super::own::{Ask, once_more};
use super::reading::{Reading, Wish};
use super::schedule::next;
use super::sms::{Again, Sms, again};
use super::table::planned_or_refused;

/// What is to be done about an SMS.
#[derive(Debug)]
pub struct Instead {
    pub number: u32,
    pub what: What,
    /// The wish that has to be made before an SMS can follow.
    pub ask: Option<Ask>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum What {
    Now,
    At(Timestamp),
    Wait,
    /// By hand, for any of these reasons.
    ByHand(Vec<Because>),
    /// None, for any of these reasons.
    No(Vec<Because>),
}

impl Instead {
    /// Whether the core says the same.
    pub fn allows(&self, fallback: &Fallback) -> Result<(), String> {
        if fallback.number != self.number {
            return Err(format!("the next SMS has the number {}", self.number));
        }
        let same = match (&self.what, fallback.offer) {
            (What::Now, Offer::Now) | (What::Wait, Offer::Wait) => true,
            (What::At(right), Offer::At { at }) => *right == at,
            (What::ByHand(reasons), Offer::ByHand { because })
            | (What::No(reasons), Offer::No { because }) => reasons.contains(&because),
            _ => false,
        };
        if same { Ok(()) } else { Err(self.differs(fallback.offer)) }
    }

    /// In one line without instants, so that equal differences are counted as one.
    fn differs(&self, offer: Offer) -> String {
        let ours = match &self.what {
            What::At(_) => "at".to_owned(),
            what => format!("{what:?}"),
        };
        let theirs = match offer {
            Offer::At { .. } => "at".to_owned(),
            offer => format!("{offer:?}"),
        };
        format!("an SMS: should be {ours}, is {theirs}")
    }
}

pub fn instead(outcome: &Verdict, reading: &Reading, setting: &Setting<'_>) -> Instead {
    let number = reading.sms.last().map_or(1, |sms| sms.number.saturating_add(1));
    let case = Case { outcome, reading, setting };
    let (what, ask) = case.decide(number);
    Instead { number, what, ask }
}

/// Instants at which time alone may change whether an SMS follows: its content is stale, its time has come, a wish's
/// date has.
pub fn instants(reading: &Reading, setting: &Setting<'_>) -> Vec<(Brings, Timestamp)> {
    let case = Case { outcome: &Verdict::Watched, reading, setting };
    let mut instants = Vec::new();
    instants.extend(case.stale_at().map(|at| (Brings::Stale, at)));
    instants.extend(case.fallback_by().map(|at| (Brings::Fallback, at)));
    for wish in reading.wishes.iter().filter(|wish| !wish.withdrawn) {
        instants.push((Brings::Fallback, wish.due()));
    }
    instants
}

struct Case<'a> {
    outcome: &'a Verdict,
    reading: &'a Reading,
    setting: &'a Setting<'a>,
}

impl Case<'_> {
    fn decide(&self, number: u32) -> (What, Option<Ask>) {
        let never = self.never();
        if !never.is_empty() {
            return (What::No(never), None);
        }
        let verdict = self.verdict();
        // Reading: an answer that settles is waited for by an order, too.
        if matches!(verdict, Verdict::Settling { .. }) {
            return (What::Wait, None);
        }
        if let Some(freed) = self.ordered(number)
            && let Some(what) = self.by_order(&freed)
        {
            return (what, None);
        }
        match self.hand() {
            Some(Hand::Waits) => return (What::Wait, None),
            Some(Hand::NotNow) => return (What::ByHand(vec![Because::Outcome]), None),
            Some(Hand::Leaves(freed)) => {
                if let Some(what) = self.by_order(&freed) {
                    // Reading: an operator asked for it, so an order with a text is taken whatever the cell says.
                    let text = self.text().is_some();
                    return (if text { what } else { What::ByHand(vec![Because::NoText]) }, None);
                }
            }
            None => {}
        }
        self.by_itself(&verdict)
    }

    /// What no order overcomes.
    fn never(&self) -> Vec<Because> {
        let mut reasons = Vec::new();
        if self.reading.has(|event| matches!(event, Event::Delivered | Event::Read)) {
            reasons.push(Because::Delivered);
        }
        if self.reading.phone().is_none() {
            reasons.push(Because::NoRecipient);
        }
        if self.setting.source.sms.is_none() {
            reasons.push(Because::NoSender);
        }
        if self.is_advertising() {
            if self.reading.has(|event| *event == Event::Unsubscribed) {
                reasons.push(Because::Unsubscribed);
            }
            if self.speaks_about_the_person() {
                reasons.push(Because::Person);
            }
        }
        reasons
    }

    fn is_advertising(&self) -> bool {
        self.setting.class.is_some_and(|class| class.kind == MessageClass::Promotional)
    }

    /// Reading: any event with such a code counts, also where the outcome rests on another. The codes are Vonage's.
    fn speaks_about_the_person(&self) -> bool {
        !self.setting.google()
            && self.reading.has(|event| {
                // Opted out, barred, sent already, consent, regulation, fraud.
                matches!(event, Event::NotDelivered { code }
                if ["1240", "1050", "1320", "1483", "1484", "1470"].contains(&code.as_str()))
            })
    }

    /// The outcome, in which a wish that is only planned takes nothing away from one whose time has come.
    fn verdict(&self) -> Verdict {
        let verdict = self.outcome.clone();
        let due = |wish: &Wish| !wish.withdrawn && wish.due() <= self.setting.now;
        if matches!(verdict, Verdict::Planned { .. }) && self.reading.wishes.iter().any(due) {
            planned_or_refused(&due, self.reading, self.setting).unwrap_or(verdict)
        } else {
            verdict
        }
    }

    /// An order that stands: which SMS failed since.
    ///
    /// Readings: an order for a number that is not the next yet speaks about SMS that we have not heard of. One without
    /// any text is begun and ends as invalid, so that the next number is free for an order with a text.
    fn ordered(&self, number: u32) -> Option<Vec<&Sms>> {
        let stands = |order: &&rcs_revoke_core::fact::FallbackOrdered| !self.grew_stale_since(order.at);
        for order in self.reading.orders.iter().filter(stands).rev() {
            let since: Vec<&Sms> =
                self.reading.sms.iter().filter(|sms| sms.number >= order.fallback).collect();
            if order.fallback <= number && since.iter().all(|sms| sms.freed()) {
                return Some(since);
            }
        }
        None
    }

    /// What an SMS that was ordered in advance does, where its wish is the one that decides: a later wish which says
    /// otherwise takes it back.
    ///
    /// Readings: while more is tried for its wish it waits, and is not offered besides, since it leaves anyway; it
    /// keeps waiting while any accepted answer settles. While the message is presumed delivered no cell lets it leave
    /// by itself either.
    fn hand(&self) -> Option<Hand<'_>> {
        let wish = self.deciding_wish().filter(|wish| wish.hand && wish.then == Then::Fallback)?;
        if self.grew_stale_since(wish.made) {
            return None;
        }
        let since: Vec<&Sms> = self.reading.sms.iter().filter(|sms| sms.meant >= wish.made).collect();
        // Reading: one that was refused for good has used the order up.
        if since.iter().any(|sms| !sms.freed()) || again(&since, self.setting) == Some(Again::Never) {
            return None;
        }
        if *self.outcome == Verdict::PresumedDelivered {
            return Some(Hand::NotNow);
        }
        let settling = self.reading.settled_at(self.setting).is_some_and(|until| self.setting.now < until);
        if self.is_tried(wish) || settling { Some(Hand::Waits) } else { Some(Hand::Leaves(since)) }
    }

    /// Whether an attempt for the wish is open or to come.
    fn is_tried(&self, wish: &Wish) -> bool {
        let Some(index) = self.reading.wishes.iter().position(|other| other.id == wish.id) else {
            return false;
        };
        let open = self.reading.attempts_of(index).iter().any(|attempt| attempt.answer.is_none());
        let counts = !wish.withdrawn && !self.reading.answered(wish);
        (open && counts) || next(index, self.reading, self.setting).is_some()
    }

    /// Leaves whatever the class says: now, or after the wait that those which failed ask for.
    ///
    /// Reading: what failed for good stands in nobody's way: then the usual lines hold.
    fn by_order(&self, freed: &[&Sms]) -> Option<What> {
        match again(freed, self.setting) {
            Some(Again::Never) => None,
            Some(Again::At(at)) if at > self.setting.now => Some(What::At(at)),
            _ => Some(What::Now),
        }
    }

    fn by_itself(&self, verdict: &Verdict) -> (What, Option<Ask>) {
        let mut reasons = self.reasons_against();
        let wish = self.deciding_wish();
        match wish {
            None => reasons.push(Because::NoWish),
            Some(wish) if wish.then == Then::Nothing => reasons.push(Because::ThenNothing),
            Some(_) => {}
        }
        let cell = self.setting.class.map(|class| self.cell(class, verdict));
        let mut leaves = self.setting.now;
        match cell {
            Some(Cell::No) => return (What::No(vec![Because::Outcome]), None),
            None => reasons.push(Because::NoClass),
            Some(Cell::ByHand) => reasons.push(Because::Outcome),
            Some(Cell::AtFallbackBy) => match self.fallback_by() {
                Some(at) => leaves = at,
                None => reasons.push(Because::Outcome),
            },
            Some(Cell::Now | Cell::RevokeAgain) => {}
        }
        let freed: Vec<&Sms> = self.reading.sms.iter().collect();
        if freed.iter().all(|sms| sms.freed()) {
            match again(&freed, self.setting) {
                Some(Again::Never) => reasons.push(Because::SmsRefused),
                Some(Again::At(at)) => leaves = leaves.max(at),
                None => {}
            }
        }
        if reasons.is_empty() && self.stale_at().is_some_and(|stale| leaves >= stale) {
            reasons.push(Because::Stale);
        }
        if !reasons.is_empty() {
            return (What::ByHand(reasons), None);
        }
        if cell == Some(Cell::RevokeAgain) {
            // Reading: what was wished already, and is due, is asked for before the message is asked for once more.
            if self.is_under_way() {
                return (What::Wait, None);
            }
            if let Some(ask) = once_more(self.reading, self.setting) {
                return (What::Wait, Some(ask));
            }
        }
        (if leaves > self.setting.now { What::At(leaves) } else { What::Now }, None)
    }

    /// Whether a wish whose time has come is still to be attempted.
    fn is_under_way(&self) -> bool {
        self.reading.wishes.iter().any(|wish| wish.due() <= self.setting.now && self.is_tried(wish))
    }

    /// Every line but those about wish, cell and delay.
    fn reasons_against(&self) -> Vec<Because> {
        let mut reasons: Vec<Because> = self.reading.sms.iter().filter_map(Sms::stands_in_the_way).collect();
        if self.text().is_none() {
            reasons.push(Because::NoText);
        }
        if self.reading.sent_at().is_none() {
            reasons.push(Because::UnknownAge);
        }
        if self.stale_at().is_some_and(|stale| self.setting.now >= stale) {
            reasons.push(Because::Stale);
        }
        if self.is_advertising() && self.setting.class.is_some_and(|class| class.not_after.is_none()) {
            reasons.push(Because::NoLimit);
        }
        let failover = self.reading.registrations.iter().any(|registered| registered.failover == Some(true));
        if failover || self.reading.events.iter().any(|event| event.workflow) {
            reasons.push(Because::OwnFailover);
        }
        if self.reading.flags().phone_mismatch {
            reasons.push(Because::PhoneMismatch);
        }
        if self.speaks_about_the_person() {
            reasons.push(Because::Person);
        }
        reasons
    }

    /// Reading: what an operator ordered while the content was wanted ends once it is stale.
    fn grew_stale_since(&self, ordered: Timestamp) -> bool {
        self.stale_at().is_some_and(|stale| ordered < stale && stale <= self.setting.now)
    }

    /// Reading: at the very instant the content is stale.
    fn stale_at(&self) -> Option<Timestamp> {
        Some(self.reading.sent_at()? + self.setting.class?.not_after?)
    }

    /// The registered text in the class's template.
    fn text(&self) -> Option<String> {
        let registered = self.reading.stated(|registered| registered.fallback_text.clone());
        let registered = registered.map(|(text, _)| text);
        match self.setting.class.and_then(|class| class.sms_text.as_ref()) {
            None => registered,
            Some(template) if template.contains("{text}") => {
                registered.map(|text| template.replace("{text}", &text))
            }
            Some(fixed) => Some(fixed.clone()),
        }
    }

    /// The latest live wish among those whose time has come, else the latest of all.
    ///
    /// Reading: which of two was made later in one instant nobody knows; their ids decide, so that the order of the
    /// facts does not.
    fn deciding_wish(&self) -> Option<&Wish> {
        let live = || self.reading.wishes.iter().filter(|wish| !wish.withdrawn);
        let due =
            live().filter(|wish| wish.due() <= self.setting.now).max_by_key(|wish| (wish.made, &wish.id));
        due.or_else(|| live().max_by_key(|wish| (wish.made, &wish.id)))
    }

    fn fallback_by(&self) -> Option<Timestamp> {
        let live = self.reading.wishes.iter().filter(|wish| !wish.withdrawn && wish.then == Then::Fallback);
        Some(live.map(Wish::due).min()? + self.setting.class?.fallback_by?)
    }

    fn cell(&self, class: &Class, verdict: &Verdict) -> Cell {
        let cells = &class.fallback;
        match verdict {
            Verdict::Delivered { .. } => Cell::No,
            Verdict::Revoked { .. } | Verdict::NotDelivered { .. } => cells.gone,
            Verdict::Settling { .. } => unreachable!("settling was looked at before"),
            Verdict::Unconfirmed | Verdict::PresumedRevoked => cells.unconfirmed,
            Verdict::Inconclusive { .. } => cells.inconclusive,
            Verdict::Refused { reason: Refusal::Unsupported | Refusal::Invalid | Refusal::NeedsInput } => {
                cells.hopeless
            }
            Verdict::Lapsed => cells.hopeless,
            Verdict::Requesting => cells.unfinished,
            // Reading: what is refused before its date has come is not overdue.
            Verdict::Planned { .. } | Verdict::Refused { .. } => {
                let due = |wish: &Wish| !wish.withdrawn && wish.due() <= self.setting.now;
                if self.reading.wishes.iter().any(due) { cells.unfinished } else { cells.otherwise }
            }
            Verdict::PresumedDelivered | Verdict::Withdrawn | Verdict::Watched => cells.otherwise,
        }
    }
}

/// An SMS that was ordered in advance.
enum Hand<'a> {
    Waits,
    NotNow,
    /// It leaves, if it may after these, which failed since.
    Leaves(Vec<&'a Sms>),
}
