//! The facts of one message, sorted into what the table and the schedule look at. Orphans stand for what is
//! missing, so that every set of facts has a meaning.

use crate::ack::Ack;
use crate::assess::sms::{self, Sms};
use crate::evidence::Evidence;
use crate::fact::{Fact, FallbackOrdered, ProviderEvent, Then};
use crate::host::Host;
use crate::id::WishId;
use crate::known::Known;
use crate::prelude::*;
use crate::provider::Lifetimes;
use crate::registration::Registrations;
use crate::sort;
use crate::time::{Span, Timestamp};

/// A wish, made or standing for one that is missing.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub id: WishId,
    pub at: Timestamp,
    pub not_before: Option<Timestamp>,
    pub then: Then,
    pub override_window: bool,
    /// Whether an operator ordered the SMS in advance.
    pub hand: bool,
    pub live: bool,
}

impl Wish {
    /// A wish of which nothing but that it was made is known.
    pub(crate) const fn new(id: WishId, at: Timestamp) -> Self {
        Self {
            id,
            at,
            not_before: None,
            then: Then::Nothing,
            override_window: false,
            hand: false,
            live: true,
        }
    }

    /// When its first request may leave.
    pub(crate) fn begins(&self) -> Timestamp {
        self.not_before.unwrap_or(self.at)
    }
}

/// One attempt with what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Attempt<'a> {
    pub number: u32,
    pub wish: WishId,
    /// Where it went; unknown where only its answer is known.
    pub host: Option<Host>,
    pub begun_at: Timestamp,
    pub answer: Option<(&'a Ack, Timestamp)>,
    /// When it counts as unknown if no answer came.
    pub deadline: Timestamp,
}

/// What an attempt is at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State<'a> {
    Open,
    Ended(&'a Ack, Timestamp),
}

/// What an attempt without an answer has become after its deadline.
static OVERDUE: Ack = Ack::Unknown { retry_after: None };

impl<'a> Attempt<'a> {
    pub(crate) fn state(&self, now: Timestamp) -> State<'a> {
        match self.answer {
            Some((ack, at)) => State::Ended(ack, at),
            None if now < self.deadline => State::Open,
            None => State::Ended(&OVERDUE, self.deadline),
        }
    }

    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.answer.is_none() && now < self.deadline
    }

    pub(crate) const fn accepted_at(&self) -> Option<Timestamp> {
        match self.answer {
            Some((Ack::Accepted, at)) => Some(at),
            _ => None,
        }
    }

    /// Whether it counts for a wish: it was made for it, or begun since that was made.
    pub(crate) fn counts_for(&self, wish: &Wish) -> bool {
        self.begun_at >= wish.at || self.wish == wish.id
    }
}

/// The attempts that were accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accepted {
    pub first_begun: Timestamp,
    pub last_begun: Timestamp,
    pub first_answered: Timestamp,
    pub last_answered: Timestamp,
    /// Which one was answered last, of several the one begun last.
    pub latest: usize,
}

/// The facts, sorted.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    pub life: Lifetimes,
    pub registrations: Registrations<'a>,
    /// By when they were made.
    pub wishes: Vec<Wish>,
    /// By when they began.
    pub attempts: Vec<Attempt<'a>>,
    /// By when they were received.
    pub events: Vec<&'a ProviderEvent>,
    /// None if no attempt was accepted.
    pub accepted: Option<Accepted>,
    pub known: Known,
    /// By their numbers.
    pub sms: Vec<Sms<'a>>,
    pub orders: Vec<&'a FallbackOrdered>,
}

impl<'a> Told<'a> {
    /// Sorts the facts. Answers are waited for as long as `patience`, and things last at the provider as `life` says.
    ///
    /// With `undelivered_until`, only what was told until then, and nothing of a delivery.
    pub(crate) fn by(
        evidence: &'a Evidence,
        patience: Span,
        life: Lifetimes,
        undelivered_until: Option<Timestamp>,
    ) -> Self {
        let mut facts: Vec<&Fact> = Vec::new();
        for fact in evidence.facts() {
            if undelivered_until.is_none_or(|until| fact.at() <= until && !tells_of_a_delivery(fact)) {
                facts.push(fact);
            }
        }
        let mut registrations = Registrations::NONE;
        let mut events = Vec::new();
        for place in sort::order(facts.len(), &|a, b| comes_before(facts[a], facts[b])) {
            match facts[place] {
                Fact::Registered(registered) => registrations.hear(registered),
                Fact::Event(event) => events.push(event),
                _ => {}
            }
        }
        let attempts = attempts(&facts, patience);
        let mut wishes = wishes(&facts, &attempts);
        let known = Known::read(&registrations, &wishes, &attempts, &events, &life);
        withdraw(&mut wishes, &facts);
        let (sms, orders) = sms::read(&facts, patience);
        Self {
            life,
            accepted: accepted(&attempts),
            registrations,
            wishes,
            attempts,
            events,
            known,
            sms,
            orders,
        }
    }

    /// Whether an attempt begun after the wish was made, for whichever wish, was accepted.
    pub(crate) fn is_answered(&self, wish: &Wish) -> bool {
        self.accepted.is_some_and(|accepted| accepted.last_begun >= wish.at)
    }
}

fn tells_of_a_delivery(fact: &Fact) -> bool {
    matches!(fact, Fact::Event(told) if told.event.is_delivery())
}

/// Whether a fact came before another; within one instant causes come first.
fn comes_before(fact: &Fact, other: &Fact) -> bool {
    match (fact, other) {
        (Fact::Registered(_), Fact::Registered(_)) => fact.precedes(other),
        _ => (fact.at(), fact.place()) < (other.at(), other.place()),
    }
}

/// Every attempt with its answer; an answer alone stands for an attempt begun when it came, at an unknown host.
fn attempts<'a>(facts: &[&'a Fact], patience: Span) -> Vec<Attempt<'a>> {
    let mut attempts = Vec::new();
    for fact in facts {
        if let Fact::Attempted(begun) = fact {
            let attempt = Attempt {
                number: begun.attempt,
                wish: begun.wish.clone(),
                host: Some(begun.host),
                begun_at: begun.begun_at,
                answer: None,
                deadline: begun.begun_at + patience,
            };
            insert_attempt(&mut attempts, attempt);
        }
    }
    // Answers mostly come in the order of their attempts: each is looked for from where the one before was found.
    let mut from = 0;
    for fact in facts {
        if let Fact::Answered(ended) = fact {
            let answer = Some((&ended.ack, ended.at));
            let len = attempts.len();
            let mut places = (from..from + len).map(|place| place % len);
            if let Some(place) = places.find(|place| attempts[*place].number == ended.attempt) {
                attempts[place].answer = answer;
                from = place;
                continue;
            }
            let attempt = Attempt {
                number: ended.attempt,
                wish: WishId::stand_in(ended.attempt),
                host: None,
                begun_at: ended.at,
                answer,
                deadline: ended.at,
            };
            insert_attempt(&mut attempts, attempt);
        }
    }
    attempts
}

fn insert_attempt<'a>(attempts: &mut Vec<Attempt<'a>>, attempt: Attempt<'a>) {
    let begun = |attempt: &Attempt<'_>| (attempt.begun_at, attempt.number);
    sort::insert(attempts, attempt, |attempt, other| begun(attempt) < begun(other));
}

/// Every wish that was made; an attempt without its wish stands for one made when it began.
fn wishes(facts: &[&Fact], attempts: &[Attempt<'_>]) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for fact in facts {
        if let Fact::Requested(requested) = fact {
            let wish = wish_mut(&mut wishes, &requested.wish, requested.at);
            wish.not_before = requested.not_before;
            wish.then = requested.then;
            wish.override_window = requested.override_window;
            wish.hand = requested.hand;
        }
    }
    for attempt in attempts {
        wish_mut(&mut wishes, &attempt.wish, attempt.begun_at);
    }
    wishes
}

/// Takes wishes back; a withdrawal alone stands for a wish that was made then.
fn withdraw(wishes: &mut Vec<Wish>, facts: &[&Fact]) {
    for fact in facts {
        if let Fact::Withdrawn(withdrawn) = fact {
            wish_mut(wishes, &withdrawn.wish, withdrawn.at).live = false;
        }
    }
}

/// The wish of that id, made then if there is none yet.
fn wish_mut<'w>(wishes: &'w mut Vec<Wish>, id: &WishId, at: Timestamp) -> &'w mut Wish {
    let place = wishes.iter().position(|wish| wish.id == *id).unwrap_or_else(|| {
        sort::insert(wishes, Wish::new(id.clone(), at), |wish, other| {
            (wish.at, &wish.id) < (other.at, &other.id)
        })
    });
    &mut wishes[place]
}

fn accepted(attempts: &[Attempt<'_>]) -> Option<Accepted> {
    let mut accepted: Option<Accepted> = None;
    for (place, attempt) in attempts.iter().enumerate() {
        let (begun, Some(answered)) = (attempt.begun_at, attempt.accepted_at()) else { continue };
        let held = accepted.get_or_insert(Accepted {
            first_begun: begun,
            last_begun: begun,
            first_answered: answered,
            last_answered: answered,
            latest: place,
        });
        held.last_begun = begun; // they come in the order in which they began
        held.first_answered = held.first_answered.min(answered);
        if answered >= held.last_answered {
            held.last_answered = answered;
            held.latest = place;
        }
    }
    accepted
}
