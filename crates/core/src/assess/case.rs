//! The facts of one message, sorted into what the table and the schedule look at. Orphans stand for what is
//! missing, so that every set of facts has a meaning.

use crate::ack::Ack;
use crate::evidence::Evidence;
use crate::fact::{Event, Fact, ProviderEvent};
use crate::host::Host;
use crate::id::WishId;
use crate::known::Known;
use crate::outcome::Duplicate;
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::{Adapter, Lifetimes};
use crate::registration::Registrations;
use crate::sort;
use crate::source::{RevokeAck, Source};
use crate::time::{Span, Timestamp};

/// A wish, made or standing for one that is missing.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub id: WishId,
    pub at: Timestamp,
    pub not_before: Option<Timestamp>,
    pub override_window: bool,
    pub live: bool,
}

/// One attempt with what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Attempt<'a> {
    pub number: u32,
    pub wish: WishId,
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

    pub(crate) fn accepted_at(&self) -> Option<Timestamp> {
        self.answer.filter(|(ack, _)| ack.is_accepted()).map(|(_, at)| at)
    }
}

/// Everything that the table and the schedule look at; only the instant is missing.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub evidence: &'a Evidence,
    pub source: &'a Source,
    pub policy: &'a Policy,
    pub life: Lifetimes,
    pub registrations: Registrations<'a>,
    pub known: Known,
    /// By when they were made.
    pub wishes: Vec<Wish>,
    /// By when they began.
    pub attempts: Vec<Attempt<'a>>,
    /// By when they were received.
    pub events: Vec<&'a ProviderEvent>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(evidence: &'a Evidence, source: &'a Source, policy: &'a Policy) -> Self {
        Self::of(&evidence.facts().collect::<Vec<_>>(), evidence, source, policy)
    }

    /// The case as it stood before anybody spoke of a delivery, with nothing later than `until`.
    pub(crate) fn before_delivery(&self, until: Timestamp) -> Self {
        let told = |fact: &&Fact| {
            fact.at() <= until
                && !matches!(fact, Fact::Event(event) if matches!(event.event, Event::Delivered | Event::Read))
        };
        let facts: Vec<&Fact> = self.evidence.facts().filter(told).collect();
        Self::of(&facts, self.evidence, self.source, self.policy)
    }

    fn of(facts: &[&'a Fact], evidence: &'a Evidence, source: &'a Source, policy: &'a Policy) -> Self {
        let life = evidence.message().provider().adapter().lifetimes();
        let registrations = Registrations::of(facts.iter().copied());
        let known = Known::read(facts, &registrations, &life);
        let attempts = attempts(facts, policy.attempt_deadline());
        let wishes = wishes(facts, &attempts);
        let mut events: Vec<_> = facts.iter().filter_map(|fact| event(fact)).collect();
        sort::by(&mut events, |a, b| (a.received_at, &a.identity) < (b.received_at, &b.identity));
        Self { evidence, source, policy, life, registrations, known, wishes, attempts, events }
    }

    pub(crate) fn adapter(&self) -> &'static dyn Adapter {
        self.evidence.message().provider().adapter()
    }

    pub(crate) fn is_confirming(&self) -> bool {
        self.source.revoke_ack == RevokeAck::Confirmed && self.adapter().may_confirm()
    }

    pub(crate) fn has_event(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(|event| wanted(&event.event))
    }

    /// The attempts that count for a wish: those made for it, and those begun since it was made.
    pub(crate) fn attempts_for<'b>(&'b self, wish: &'b Wish) -> impl Iterator<Item = &'b Attempt<'a>> {
        let for_it = |attempt: &&Attempt<'_>| attempt.begun_at >= wish.at || attempt.wish == wish.id;
        self.attempts.iter().filter(for_it)
    }

    /// Whether an attempt begun after the wish was made, for whichever wish, was accepted.
    pub(crate) fn is_answered(&self, wish: &Wish) -> bool {
        is_answered(&self.attempts, wish)
    }

    /// The live wishes that nobody has answered.
    pub(crate) fn open_wishes(&self) -> impl Iterator<Item = &Wish> {
        self.wishes.iter().filter(|wish| wish.live && !self.is_answered(wish))
    }

    /// When the accepted attempts were answered.
    pub(crate) fn acceptances(&self) -> impl Iterator<Item = Timestamp> {
        self.attempts.iter().filter_map(Attempt::accepted_at)
    }

    /// Whether nothing can be gained by asking again.
    pub(crate) fn is_closed(&self, now: Timestamp) -> bool {
        self.has_event(|event| {
            matches!(
                event,
                Event::Delivered | Event::Read | Event::ExpiryRevoked | Event::NotDelivered { .. }
            )
        }) || self.is_over(now)
            || (self.is_confirming() && self.acceptances().any(|at| at + self.policy.settle <= now))
    }

    /// Whether the message's own life has ended.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.known.horizon.is_some_and(|horizon| horizon <= now)
    }

    /// The instant from which a wish may not be attempted any more.
    pub(crate) fn limit(&self, wish: &Wish) -> Option<Timestamp> {
        let window = self.known.window_closes.filter(|_| !wish.override_window);
        [window, self.known.horizon].into_iter().flatten().min()
    }

    /// Whether everything that a request needs is known.
    pub(crate) fn can_be_built(&self) -> bool {
        !self.adapter().needs_recipient() || self.known.recipient.is_some()
    }

    /// Whether the person may have got an SMS of ours.
    pub(crate) fn duplicate(&self) -> Option<Duplicate> {
        let mut worst = None;
        for fact in self.evidence.facts() {
            let number = match fact {
                Fact::FallbackIntended(intent) => intent.fallback,
                Fact::FallbackAnswered(answer) => answer.fallback,
                Fact::FallbackStatus(status) => status.fallback,
                _ => continue,
            };
            worst = worst.max(self.sms(number));
        }
        worst.map(|sure| if sure { Duplicate::Yes } else { Duplicate::Possible })
    }

    /// What is known of one SMS: none if it surely did not reach the person, true if it surely did. A status counts
    /// more than the answer to the request: what the provider handed over has left.
    fn sms(&self, number: u32) -> Option<bool> {
        let (mut refused, mut handed_over, mut rejected) = (false, false, false);
        for fact in self.evidence.facts() {
            match fact {
                Fact::FallbackStatus(status) if status.fallback == number => match status.event {
                    Event::Delivered | Event::Read => return Some(true),
                    Event::NotDelivered { .. } => rejected = true,
                    Event::Submitted => handed_over = true,
                    _ => {}
                },
                Fact::FallbackAnswered(answer) if answer.fallback == number => {
                    refused = !matches!(answer.ack, Ack::Accepted | Ack::Unknown { .. });
                }
                _ => {}
            }
        }
        let surely_not = rejected || (refused && !handed_over);
        (!surely_not).then_some(false)
    }
}

/// Whether an attempt begun after the wish was made, for whichever wish, was accepted.
pub(crate) fn is_answered(attempts: &[Attempt<'_>], wish: &Wish) -> bool {
    attempts.iter().any(|attempt| attempt.begun_at >= wish.at && attempt.accepted_at().is_some())
}

const fn event(fact: &Fact) -> Option<&ProviderEvent> {
    match fact {
        Fact::Event(event) => Some(event),
        _ => None,
    }
}

/// Every attempt with its answer; an answer alone stands for an attempt begun when it came, at an unknown host.
pub(crate) fn attempts<'a>(facts: &[&'a Fact], patience: Span) -> Vec<Attempt<'a>> {
    let mut attempts: Vec<Attempt<'a>> = Vec::new();
    for fact in facts {
        if let Fact::Attempted(begun) = fact {
            attempts.push(Attempt {
                number: begun.attempt,
                wish: begun.wish.clone(),
                host: Some(begun.host),
                begun_at: begun.begun_at,
                answer: None,
                deadline: begun.begun_at + patience,
            });
        }
    }
    sort::by_key(&mut attempts, |attempt| attempt.number);
    let begun = attempts.len();
    for fact in facts {
        if let Fact::Answered(ended) = fact {
            let answer = Some((&ended.ack, ended.at));
            match attempts[..begun].binary_search_by_key(&ended.attempt, |attempt| attempt.number) {
                Ok(place) => attempts[place].answer = answer,
                Err(_) => attempts.push(Attempt {
                    number: ended.attempt,
                    wish: WishId::stand_in(ended.attempt),
                    host: None,
                    begun_at: ended.at,
                    answer,
                    deadline: ended.at,
                }),
            }
        }
    }
    sort::by_key(&mut attempts, |attempt| (attempt.begun_at, attempt.number));
    attempts
}

/// Every wish; an attempt without its wish stands for a live one made when it began, a withdrawal alone for one
/// that was made and taken back.
pub(crate) fn wishes(facts: &[&Fact], attempts: &[Attempt<'_>]) -> Vec<Wish> {
    let withdrawn = |id: &WishId| {
        facts.iter().any(|fact| matches!(fact, Fact::Withdrawn(withdrawn) if withdrawn.wish == *id))
    };
    let mut wishes: Vec<Wish> = Vec::new();
    for fact in facts {
        if let Fact::Requested(requested) = fact {
            wishes.push(Wish {
                id: requested.wish.clone(),
                at: requested.at,
                not_before: requested.not_before,
                override_window: requested.override_window,
                live: !withdrawn(&requested.wish),
            });
        }
    }
    let mut stand_in = |id: &WishId, at: Timestamp| {
        if wishes.iter().all(|wish| wish.id != *id) {
            let (id, live) = (id.clone(), !withdrawn(id));
            wishes.push(Wish { id, at, not_before: None, override_window: false, live });
        }
    };
    for attempt in attempts {
        stand_in(&attempt.wish, attempt.begun_at);
    }
    for fact in facts {
        if let Fact::Withdrawn(withdrawn) = fact {
            stand_in(&withdrawn.wish, withdrawn.at);
        }
    }
    sort::by(&mut wishes, |a, b| (a.at, &a.id) < (b.at, &b.id));
    wishes
}
