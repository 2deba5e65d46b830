//! One message from its sending to long after its end, in virtual time: the core says what to do next, this does it,
//! and what the core claims on the way is judged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_core::ack::{Ack, SendFailure};
use rcs_revoke_core::assess::{assess, outcome};
use rcs_revoke_core::fact::{Answered, Attempted, Requested, Then, Withdrawn};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::request::{Answer, RevokeTarget};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::webhook::Verdict;
use rcs_revoke_core::{Evidence, Fact, Host, Known, Outcome, Step, Timestamp};
use rcs_revoke_tests::compare::{Case, Lie, judge};
use rcs_revoke_tests::reality::{Heard, Reality, Statement};

use super::provider::{Held, Word};
use super::script::{DAY, HOUR, MINUTE, SECOND, Script, Sender, chance, one_of};
use super::wire::{self, Trip};

/// More deeds than any message needs.
const ENOUGH: usize = 20_000;
const TIMEOUT: i64 = 30 * SECOND;

/// What happens at an instant.
enum Deed {
    /// Somebody tells us something.
    Record(Box<Fact>),
    /// The provider's world goes on.
    World,
    /// Time for the core to look again.
    Look,
    /// A request reaches the provider.
    Arrive { attempt: u32, host: Host, trip: Trip },
    /// Its end reaches us.
    Answer { attempt: u32, ack: Ack, status: Option<u16> },
    /// A webhook reaches us, perhaps not for the first time.
    Webhook { number: usize, at: i64, word: Word, genuine: bool },
    /// Somebody looks.
    Glance,
    /// Somebody looks once more, when all is quiet, and this is what is counted.
    Count,
}

/// What was found wrong, and where.
pub struct Falsehood {
    pub message: String,
    pub at: Timestamp,
    pub what: String,
    pub evidence: String,
}

/// What became of one message.
#[derive(Default)]
pub struct Played {
    /// What the core claimed when all was quiet, and what was true then.
    pub claim: Option<Outcome>,
    pub truth: &'static str,
    pub comparisons: usize,
    pub requests: usize,
    pub webhooks: usize,
    pub falsehoods: Vec<Falsehood>,
}

/// One message in play.
struct Play<'a> {
    sender: &'a Sender,
    script: &'a Script,
    random: &'a mut ChaCha8Rng,
    held: Held<'a>,
    evidence: Evidence,
    queue: BinaryHeap<Reverse<(i64, usize)>>,
    deeds: Vec<Option<Deed>>,
    heard: Vec<Heard>,
    answers: Vec<Option<u16>>,
    was_taken: bool,
    /// When the core looks again, if nothing comes first.
    next_look: i64,
    played: Played,
}

/// Plays one message.
pub fn play(sender: &Sender, script: &Script, random: &mut ChaCha8Rng) -> Played {
    let held = Held::new(script, sender, random);
    let mut play = Play {
        sender,
        script,
        random,
        held,
        evidence: Evidence::new(script.message.clone()),
        queue: BinaryHeap::new(),
        deeds: Vec::new(),
        heard: Vec::new(),
        answers: Vec::new(),
        was_taken: false,
        next_look: i64::MAX,
        played: Played::default(),
    };
    play.begin();
    let mut last = script.sent_at;
    while let Some(Reverse((now, place))) = play.queue.pop() {
        last = now;
        play.held.advance(now);
        if let Some(deed) = play.deeds[place].take() {
            play.carry_out(deed, now);
        }
        play.tell(now);
        if play.deeds.len() > ENOUGH {
            play.found(now, "never comes to rest".to_owned());
            break;
        }
    }
    // Long after every retry, every life and every webhook.
    let end = last.max(script.sent_at + 60 * DAY);
    play.held.advance(end);
    play.compare(end, true);
    play.played
}

impl Play<'_> {
    fn at(&mut self, when: i64, deed: Deed) {
        self.queue.push(Reverse((when, self.deeds.len())));
        self.deeds.push(Some(deed));
    }

    fn begin(&mut self) {
        for registered in &self.script.told {
            let fact = Fact::Registered(registered.clone());
            self.at(registered.received_at.as_millis(), Deed::Record(Box::new(fact)));
        }
        for (number, wish) in self.script.wishes.iter().enumerate() {
            let id = WishId::parse(&format!("w{number}")).expect("a name of the core's own form");
            let requested = Requested {
                wish: id.clone(),
                by: "ops".to_owned(),
                at: Timestamp::from_millis(wish.at),
                not_before: wish.not_before.map(Timestamp::from_millis),
                then: Then::Nothing,
                reason: None,
                override_window: wish.override_window,
                hand: false,
                batch: None,
            };
            self.at(wish.at, Deed::Record(Box::new(Fact::Requested(requested))));
            if let Some(at) = wish.withdrawn_at {
                let withdrawn = Withdrawn { wish: id, by: "ops".to_owned(), at: Timestamp::from_millis(at) };
                self.at(at, Deed::Record(Box::new(Fact::Withdrawn(withdrawn))));
            }
        }
        for glance in self.script.glances {
            self.at(glance.max(self.script.sent_at), Deed::Glance);
        }
        self.at(self.script.quiet_at(), Deed::Count);
        self.at(self.script.sent_at, Deed::World);
        self.tell(self.script.sent_at);
    }

    fn carry_out(&mut self, deed: Deed, now: i64) {
        match deed {
            Deed::Record(fact) => {
                self.was_taken = true;
                self.record(*fact, now);
            }
            Deed::World => {
                if let Some(next) = self.held.next_change() {
                    self.at(next, Deed::World);
                }
            }
            Deed::Look => {
                if now >= self.next_look {
                    self.next_look = i64::MAX;
                }
                self.decide(now);
            }
            Deed::Arrive { attempt, host, trip } => self.arrive(attempt, host, trip, now),
            Deed::Answer { attempt, ack, status } => {
                let at = Timestamp::from_millis(now);
                self.record(Fact::Answered(Answered { attempt, ack, status, body: None, at }), now);
            }
            Deed::Webhook { number, at, word, genuine } => self.webhook(number, at, word, genuine, now),
            Deed::Glance => drop(self.compare(now, false)),
            Deed::Count => {
                self.played.claim = self.compare(now, false);
                self.played.truth = self.reality().truth();
            }
        }
    }

    fn record(&mut self, fact: Fact, now: i64) {
        if self.evidence.record(fact) {
            self.decide(now);
        }
    }

    /// Asks the core what comes next, and does it.
    fn decide(&mut self, now: i64) {
        let at = Timestamp::from_millis(now);
        let assessment = assess(&self.evidence, &self.sender.source, &self.sender.policy, at);
        if let Step::Send { wish, attempt, host } = assessment.step {
            self.send(wish, attempt, host, now);
        } else if let Some(look) = assessment.look_again_at.map(Timestamp::as_millis)
            && look < self.next_look
        {
            self.next_look = look;
            self.at(look, Deed::Look);
        }
    }

    fn send(&mut self, wish: WishId, attempt: u32, host: Host, now: i64) {
        let begun_at = Timestamp::from_millis(now);
        self.evidence.record(Fact::Attempted(Attempted { attempt, wish, host, begun_at }));
        self.played.requests += 1;
        let trip = Trip::draw(self.script.trouble, self.random);
        let delay = self.random.random_range(5..800);
        match trip {
            Trip::NotSent(why) => {
                self.at(now + delay, Deed::Answer { attempt, ack: why.ack(), status: None });
            }
            _ => self.at(now + delay, Deed::Arrive { attempt, host, trip }),
        }
        // Should no answer come, the core must look again by itself.
        self.decide(now);
    }

    fn arrive(&mut self, attempt: u32, host: Host, trip: Trip, now: i64) {
        let arrives = match trip {
            Trip::Good => true,
            Trip::Lost { arrives, .. } | Trip::Killed { arrives } | Trip::Fault { arrives, .. } => arrives,
            Trip::NotSent(_) => false,
        };
        let status = if arrives { self.ask(host, now) } else { None };
        let back = now + self.random.random_range(5..800);
        match trip {
            Trip::Lost { why, .. } => {
                self.answers.push(None);
                let back = if why == SendFailure::TimedOut { now + TIMEOUT } else { back };
                self.at(back, Deed::Answer { attempt, ack: why.ack(), status: None });
            }
            Trip::Killed { .. } | Trip::NotSent(_) => self.answers.push(None),
            Trip::Fault { status, retry_after, .. } => {
                let wait = retry_after.map(|seconds| ("Retry-After".to_owned(), seconds.to_string()));
                self.answered(attempt, status, wait, wire::GATEWAY, back);
            }
            Trip::Good => {
                let status = status.unwrap_or(500);
                self.answered(attempt, status, None, wire::body(self.sender.source.provider, status), back);
            }
        }
        self.at(now, Deed::World);
    }

    fn ask(&mut self, host: Host, now: i64) -> Option<u16> {
        let known = Known::of(&self.evidence, &self.sender.policy);
        let message = &self.script.message;
        let target = RevokeTarget { message, recipient: known.recipient.as_ref(), host };
        let request = self.sender.source.provider.adapter().revoke_request(&target);
        match request.map_err(|error| error.to_string()).and_then(|request| self.held.ask(&request, now)) {
            Ok(status) => Some(status),
            Err(error) => {
                self.found(now, error);
                None
            }
        }
    }

    fn answered(
        &mut self,
        attempt: u32,
        status: u16,
        header: Option<(String, String)>,
        body: &str,
        back: i64,
    ) {
        self.answers.push(Some(status));
        let headers: Vec<_> = header.into_iter().collect();
        let answer = Answer { status, headers: &headers, body: body.as_bytes() };
        let ack = self.sender.source.provider.answers().read_answer(&answer);
        self.at(back, Deed::Answer { attempt, ack, status: Some(status) });
    }

    /// Sends what the provider has to tell on its way: late, lost, doubled, in another order.
    fn tell(&mut self, now: i64) {
        for (at, word) in std::mem::take(&mut self.held.told) {
            let number = self.heard.len();
            let lost = chance(self.random, self.script.losses);
            let code = match word {
                Word::Rejected(code) | Word::Undeliverable(code) => Some(code),
                _ => None,
            };
            let statement = statement(word);
            self.heard.push(Heard { statement, code, handed_over: false, acknowledged: false, lost });
            let copies = if lost { 0 } else { one_of(self.random, &[1, 1, 1, 2, 3]) };
            for _ in 0..copies {
                let delay = match self.random.random_range(0..10) {
                    0..7 => self.random.random_range(10..2 * SECOND),
                    7..9 => self.random.random_range(SECOND..10 * MINUTE),
                    _ => self.random.random_range(MINUTE..20 * HOUR),
                };
                self.at(at + delay, Deed::Webhook { number, at, word, genuine: true });
            }
        }
        if now < self.script.sent_at + DAY && chance(self.random, 1) {
            // A stranger tries.
            let word = one_of(self.random, &[Word::Delivered, Word::Read]);
            let at = now + self.random.random_range(0..HOUR);
            self.at(at, Deed::Webhook { number: usize::MAX, at, word, genuine: false });
        }
    }

    fn webhook(&mut self, number: usize, at: i64, word: Word, genuine: bool, now: i64) {
        let reception = wire::receive(self.script, number, at, word, genuine);
        match reception.verdict {
            Verdict::Event(event) if genuine && event.message_ref().as_ref() == Ok(&self.script.message) => {
                self.played.webhooks += 1;
                self.heard[number].handed_over = true;
                self.heard[number].acknowledged = reception.status == 200;
                self.record(Fact::Event(event.into_fact(Timestamp::from_millis(now))), now);
            }
            Verdict::Refused { .. } if !genuine => {}
            other => self.found(now, format!("a webhook, genuine: {genuine}, is read as {other:?}")),
        }
    }

    fn reality(&self) -> Reality {
        Reality { fate: self.held.fate, heard: self.heard.clone(), answers: self.answers.clone() }
    }

    /// Judges what the core claims now, and returns it.
    fn compare(&mut self, now: i64, at_rest: bool) -> Option<Outcome> {
        let at = Timestamp::from_millis(now);
        let (source, policy) = (&self.sender.source, &self.sender.policy);
        let claim = (!self.evidence.is_empty()).then(|| outcome(&self.evidence, source, policy, at));
        let reality = self.reality();
        let lies = judge(&Case {
            claim: claim.as_ref(),
            before: &reality,
            after: &reality,
            was_taken: self.was_taken,
            confirmed: source.revoke_ack == RevokeAck::Confirmed,
        });
        self.played.comparisons += 1;
        for lie in lies.into_iter().filter(|lie| at_rest || *lie != Lie::NeverAtRest) {
            let claimed = claim.as_ref().map(|claim| format!("{:?}", claim.verdict)).unwrap_or_default();
            self.found(now, format!("{claimed} {lie}"));
        }
        claim
    }

    fn found(&mut self, now: i64, what: String) {
        self.played.falsehoods.push(Falsehood {
            message: format!("{} ({})", self.script.message, self.sender.source.id),
            at: Timestamp::from_millis(now),
            what,
            evidence: serde_json::to_string(&self.evidence).unwrap_or_default(),
        });
    }
}

/// What a word states, as the provider's documentation says.
const fn statement(word: Word) -> Option<Statement> {
    match word {
        Word::Delivered | Word::Read => Some(Statement::Delivered),
        Word::ExpiryRevoked => Some(Statement::Revoked),
        Word::Rejected(_) | Word::Undeliverable(_) => Some(Statement::NotDelivered),
        Word::Submitted | Word::ExpiryRevokeFailed | Word::NewExpiry => None,
    }
}
