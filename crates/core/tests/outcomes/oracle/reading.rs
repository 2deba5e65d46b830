//! Facts sorted into wishes, attempts, events and registrations, with every missing partner made up.

use rcs_revoke_core::fact::{
    Answered, Attempted, Event, Fact, FallbackOrdered, Life, ProviderEvent, Registered, Requested, Then,
    Withdrawn,
};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::outcome::{Duplicate, Flags};
use rcs_revoke_core::{Ack, E164, Host, Timestamp};

use super::Setting;
use super::sms::{self, Sms};

/// A wish; one made up for an answer without its attempt has no id.
#[derive(Clone, Debug)]
pub struct Wish {
    pub id: Option<WishId>,
    pub made: Timestamp,
    pub not_before: Option<Timestamp>,
    pub then: Then,
    /// An operator ordered the SMS in advance.
    pub hand: bool,
    pub override_window: bool,
    pub withdrawn: bool,
}

impl Wish {
    /// Reading: a date before the wish was made was due when it was made.
    pub fn due(&self) -> Timestamp {
        self.not_before.map_or(self.made, |not_before| not_before.max(self.made))
    }
}

#[derive(Clone, Debug)]
pub struct Attempt {
    pub number: u32,
    /// Index of its wish.
    pub wish: usize,
    pub host: Option<Host>,
    pub begun_at: Timestamp,
    /// None while open. An overdue attempt has an unknown answer, given at its deadline.
    pub answer: Option<(Ack, Timestamp)>,
    pub deadline: Timestamp,
}

impl Attempt {
    pub fn accepted_at(&self) -> Option<Timestamp> {
        match &self.answer {
            Some((Ack::Accepted, at)) => Some(*at),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub wishes: Vec<Wish>,
    pub attempts: Vec<Attempt>,
    /// First received first, then by canonical JSON.
    pub events: Vec<ProviderEvent>,
    /// First received first, then by canonical JSON.
    pub registrations: Vec<Registered>,
    pub first_heard: Option<Timestamp>,
    pub highest_attempt: u32,
    /// Every SMS that any fact tells of, by number.
    pub sms: Vec<Sms>,
    /// By number.
    pub orders: Vec<FallbackOrdered>,
}

impl Reading {
    pub fn of(facts: &[Fact], setting: &Setting<'_>) -> Self {
        let mut sorted: Vec<&Fact> = facts.iter().collect();
        sorted.sort_by_cached_key(|fact| (fact.at(), fact.canonical()));

        let mut reading = Self::default();
        for fact in &sorted {
            match fact {
                Fact::Registered(registered) => reading.registrations.push(registered.clone()),
                Fact::Event(event) => reading.events.push(event.clone()),
                Fact::Requested(requested) => reading.wishes.push(made(requested)),
                _ => {}
            }
        }
        // In order of time, so that a made-up wish is made when the first of its attempts began.
        for fact in &sorted {
            if let Fact::Attempted(attempted) = fact {
                reading.add_attempt(attempted, facts, setting);
            }
        }
        for fact in &sorted {
            if let Fact::Answered(answered) = fact {
                reading.add_orphan_answer(answered, facts);
            }
        }
        reading.first_heard = reading.first_heard();
        reading.sms = sms::all(facts);
        reading.orders = sms::orders(facts);
        for fact in &sorted {
            if let Fact::Withdrawn(withdrawn) = fact {
                reading.withdraw(withdrawn);
            }
        }
        reading
    }

    fn add_attempt(&mut self, attempted: &Attempted, facts: &[Fact], setting: &Setting<'_>) {
        let known = self.wishes.iter().position(|wish| wish.id.as_ref() == Some(&attempted.wish));
        let wish = known.unwrap_or_else(|| {
            self.wishes.push(made_up(Some(attempted.wish.clone()), attempted.begun_at));
            self.wishes.len() - 1
        });
        let timeout = setting.policy.request_timeout + setting.policy.request_margin;
        let deadline = attempted.begun_at + timeout;
        let mut answer = None;
        for fact in facts {
            if let Fact::Answered(answered) = fact
                && answered.attempt == attempted.attempt
            {
                answer = Some((answered.ack.clone(), answered.at));
            }
        }
        if answer.is_none() && setting.now >= deadline {
            answer = Some((Ack::Unknown { retry_after: None }, deadline));
        }
        self.highest_attempt = self.highest_attempt.max(attempted.attempt);
        self.attempts.push(Attempt {
            number: attempted.attempt,
            wish,
            host: Some(attempted.host),
            begun_at: attempted.begun_at,
            answer,
            deadline,
        });
    }

    fn add_orphan_answer(&mut self, answered: &Answered, facts: &[Fact]) {
        self.highest_attempt = self.highest_attempt.max(answered.attempt);
        let begun = facts
            .iter()
            .any(|fact| matches!(fact, Fact::Attempted(attempted) if attempted.attempt == answered.attempt));
        if begun {
            return;
        }
        self.wishes.push(made_up(None, answered.at));
        self.attempts.push(Attempt {
            number: answered.attempt,
            wish: self.wishes.len() - 1,
            host: None,
            begun_at: answered.at,
            answer: Some((answered.ack.clone(), answered.at)),
            deadline: answered.at,
        });
    }

    fn withdraw(&mut self, withdrawn: &Withdrawn) {
        for wish in &mut self.wishes {
            if wish.id.as_ref() == Some(&withdrawn.wish) {
                wish.withdrawn = true;
                return;
            }
        }
        let mut wish = made_up(Some(withdrawn.wish.clone()), withdrawn.at);
        wish.withdrawn = true;
        self.wishes.push(wish);
    }

    /// Reading: `UnknownExpiryWord` is no event "whose word we know" either, and `Unsubscribed` speaks about the person
    /// and not about the message.
    fn first_heard(&self) -> Option<Timestamp> {
        let mut told: Vec<Timestamp> = Vec::new();
        told.extend(self.registrations.iter().map(|registered| registered.received_at));
        told.extend(self.wishes.iter().map(|wish| wish.made));
        let submitted = self.events.iter().filter(|event| event.event == Event::Submitted);
        told.extend(submitted.map(|event| event.received_at));
        if told.is_empty() {
            let known = self.events.iter().filter(|event| {
                !matches!(
                    event.event,
                    Event::UnknownWord { .. } | Event::UnknownExpiryWord { .. } | Event::Unsubscribed
                )
            });
            told.extend(known.map(|event| event.received_at));
        }
        told.into_iter().min()
    }

    /// The first registration that states it, with what it states.
    pub fn stated<T>(&self, field: impl Fn(&Registered) -> Option<T>) -> Option<(T, &Registered)> {
        for registered in &self.registrations {
            if let Some(value) = field(registered) {
                return Some((value, registered));
            }
        }
        None
    }

    pub fn sent_at(&self) -> Option<Timestamp> {
        self.stated(|registered| registered.sent_at).map(|(at, _)| at)
    }

    pub fn start(&self) -> Option<Timestamp> {
        self.sent_at().or(self.first_heard)
    }

    /// Reading: an `UnknownWord` changes no outcome, so it does not name the phone either.
    pub fn phone(&self) -> Option<E164> {
        let registered = self.stated(|registered| registered.phone.clone()).map(|(phone, _)| phone);
        let known = |event: &&ProviderEvent| !matches!(event.event, Event::UnknownWord { .. });
        registered.or_else(|| self.events.iter().filter(known).find_map(|event| event.phone.clone()))
    }

    /// The host that took the message, else the one that accepted a request last.
    pub fn own_host(&self) -> Option<Host> {
        let sent_by = self.stated(|registered| registered.host).map(|(host, _)| host);
        let accepted = self.attempts.iter().filter(|attempt| attempt.host.is_some());
        let latest = accepted
            .filter_map(|attempt| Some(((attempt.accepted_at()?, attempt.number), attempt.host)))
            .max_by_key(|(when, _)| *when);
        sent_by.or_else(|| latest.and_then(|(_, host)| host))
    }

    fn life(&self) -> Option<Life> {
        self.stated(|registered| registered.life).map(|(life, _)| life)
    }

    pub fn horizon(&self, setting: &Setting<'_>) -> Option<Timestamp> {
        let lifetimes = setting.lifetimes;
        if lifetimes.observed.is_none()
            && let Some(Life::ExpiresAt { at }) = self.life()
        {
            return Some(at);
        }
        let start = self.start()?;
        match self.life() {
            Some(Life::Ttl { ttl }) if lifetimes.observed.is_none_or(|most| ttl <= most) => Some(start + ttl),
            _ => Some(start + lifetimes.longest),
        }
    }

    pub fn end_really_known(&self, setting: &Setting<'_>) -> bool {
        match (setting.lifetimes.observed, self.life()) {
            (None, _) => true,
            (Some(most), Some(Life::Ttl { ttl })) => ttl <= most,
            (Some(_), _) => false,
        }
    }

    pub fn window_end(&self, setting: &Setting<'_>) -> Option<Timestamp> {
        let window = setting.lifetimes.window?;
        Some(self.start()? + window - setting.lifetimes.window_guard)
    }

    /// Reading: both kinds of unknown word raise `unknown_word`. `failover` has a rule of its own (true if any says
    /// so), so that two values of it are no difference.
    pub fn flags(&self) -> Flags {
        let mut flags = Flags::default();
        for event in &self.events {
            if matches!(event.event, Event::UnknownWord { .. } | Event::UnknownExpiryWord { .. }) {
                flags.unknown_word = true;
            }
            if let Some((registered, _)) = self.stated(|registered| registered.phone.clone())
                && event.phone.as_ref().is_some_and(|phone| *phone != registered)
            {
                flags.phone_mismatch = true;
            }
        }
        for a in &self.registrations {
            for b in &self.registrations {
                flags.registrations_differ |= differ(a.sent_at.as_ref(), b.sent_at.as_ref())
                    || differ(a.life.as_ref(), b.life.as_ref())
                    || differ(a.class.as_ref(), b.class.as_ref())
                    || differ(a.phone.as_ref(), b.phone.as_ref())
                    || differ(a.host.as_ref(), b.host.as_ref())
                    || differ(a.fallback_text.as_ref(), b.fallback_text.as_ref())
                    || differ(a.revoke_at.as_ref(), b.revoke_at.as_ref());
            }
        }
        flags
    }

    /// The end of the settle window after the latest accepted answer.
    pub fn settled_at(&self, setting: &Setting<'_>) -> Option<Timestamp> {
        self.attempts.iter().filter_map(Attempt::accepted_at).max().map(|at| at + setting.settle())
    }

    pub fn has(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(|event| wanted(&event.event))
    }

    /// A wish is answered when an attempt begun at or after it was made, for whichever wish, was accepted.
    pub fn answered(&self, wish: &Wish) -> bool {
        self.attempts.iter().any(|attempt| attempt.begun_at >= wish.made && attempt.accepted_at().is_some())
    }

    /// The attempts that speak for a wish: made for it, or begun at or after it was made. Latest last.
    pub fn attempts_of(&self, wish: usize) -> Vec<&Attempt> {
        let counts = |attempt: &&Attempt| attempt.wish == wish || attempt.begun_at >= self.wishes[wish].made;
        let mut attempts: Vec<&Attempt> = self.attempts.iter().filter(counts).collect();
        attempts.sort_by_key(|attempt| (attempt.begun_at, attempt.number));
        attempts
    }
}

/// Whether the person also got our SMS, over all of them.
///
/// Reading: what a status says counts more than the answer; of several statuses a delivery counts most, then a
/// rejection; any other word leaves it open.
pub fn duplicate(facts: &[Fact]) -> Option<Duplicate> {
    let mut numbers: Vec<u32> = Vec::new();
    for fact in facts {
        match fact {
            Fact::FallbackIntended(intended) => numbers.push(intended.fallback),
            Fact::FallbackAnswered(answered) => numbers.push(answered.fallback),
            Fact::FallbackStatus(status) => numbers.push(status.fallback),
            _ => {}
        }
    }
    let fates: Vec<_> = numbers.iter().map(|number| fate(*number, facts)).collect();
    if fates.contains(&Some(Duplicate::Yes)) {
        Some(Duplicate::Yes)
    } else if fates.contains(&Some(Duplicate::Possible)) {
        Some(Duplicate::Possible)
    } else {
        None
    }
}

fn fate(number: u32, facts: &[Fact]) -> Option<Duplicate> {
    let mut fate = Some(Duplicate::Possible);
    for fact in facts {
        if let Fact::FallbackAnswered(answered) = fact
            && answered.fallback == number
            && matches!(answered.ack, Ack::NotFound { .. } | Ack::NoEffect { .. } | Ack::NotSent { .. })
        {
            fate = None;
        }
    }
    let mut statuses: Vec<&Event> = Vec::new();
    for fact in facts {
        if let Fact::FallbackStatus(status) = fact
            && status.fallback == number
        {
            statuses.push(&status.event);
        }
    }
    if statuses.iter().any(|event| matches!(event, Event::Delivered | Event::Read)) {
        return Some(Duplicate::Yes);
    }
    if statuses.iter().any(|event| matches!(event, Event::NotDelivered { .. })) {
        return None;
    }
    if statuses.iter().any(|event| matches!(event, Event::Submitted)) {
        return Some(Duplicate::Possible);
    }
    fate
}

fn differ<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
    a.is_some() && b.is_some() && a != b
}

fn made(requested: &Requested) -> Wish {
    Wish {
        id: Some(requested.wish.clone()),
        made: requested.at,
        not_before: requested.not_before,
        then: requested.then,
        hand: requested.hand,
        override_window: requested.override_window,
        withdrawn: false,
    }
}

fn made_up(id: Option<WishId>, made: Timestamp) -> Wish {
    Wish {
        id,
        made,
        not_before: None,
        then: Then::Nothing,
        hand: false,
        override_window: false,
        withdrawn: false,
    }
}
