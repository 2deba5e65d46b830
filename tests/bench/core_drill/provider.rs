//! A little model of both providers, written from their documentation and apart from the core and the simulator: where
//! one message is, what becomes of it, and what a request for it is answered.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_core::Provider;
use rcs_revoke_core::request::OutgoingRequest;
use rcs_revoke_simulator::Fate;

use super::script::{DAY, HOUR, MINUTE, SECOND, Script, Sender, chance, one_of};

/// What a provider tells about a message, in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Submitted,
    Delivered,
    Read,
    ExpiryRevoked,
    ExpiryRevokeFailed,
    NewExpiry,
    Rejected(u32),
    Undeliverable(u32),
}

/// How a message without a phone ends.
#[derive(Clone, Copy)]
enum Ending {
    /// It is removed, and we are told.
    Told,
    /// It is removed, and nobody says so.
    Silent,
    /// Removing it fails.
    Failed,
    /// It is delivered at the same moment, and both are told.
    Both,
    /// We are told in a word that nobody knows.
    NewWord,
}

/// How a request for a queued message ends.
#[derive(Clone, Copy)]
enum Habit {
    /// It is removed.
    Removes,
    /// It is removed, and reported as not delivered.
    RemovesAndTells(Word),
    /// Nothing happens.
    Idles,
    /// It was on its way to the phone already.
    Races(i64),
}

/// One message at its provider.
pub struct Held<'a> {
    script: &'a Script,
    sender: &'a Sender,
    is_google: bool,
    /// Google's older text: yes to everything.
    always_yes: bool,
    only_at_home: bool,
    /// When the provider gives it up.
    end: i64,
    ending: Ending,
    habit: Habit,
    yes: u16,
    /// How something that is over, or too late, is refused.
    no: u16,
    crossing: Option<i64>,
    pub fate: Fate,
    /// What was told since somebody last looked.
    pub told: Vec<(i64, Word)>,
}

impl<'a> Held<'a> {
    pub fn new(script: &'a Script, sender: &'a Sender, random: &mut ChaCha8Rng) -> Self {
        let is_google = sender.source.provider == Provider::GoogleRbm;
        let longest = if is_google { 31 * DAY } else { one_of(random, &[72 * HOUR, 30 * DAY]) };
        let quick = random.random_range(200..4 * SECOND);
        let slow = random.random_range(10 * SECOND..10 * MINUTE);
        let habit = if is_google {
            let removes = Habit::Removes;
            one_of(
                random,
                &[removes, removes, removes, Habit::Idles, Habit::Races(quick), Habit::Races(slow)],
            )
        } else {
            let tells = [Word::Rejected(1360), Word::Rejected(1330), Word::Undeliverable(1100)]
                .map(Habit::RemovesAndTells);
            let removes = Habit::Removes;
            let all =
                [removes, removes, removes, tells[0], tells[1], tells[2], Habit::Idles, Habit::Races(quick)];
            one_of(random, &all)
        };
        let told = if is_google {
            vec![]
        } else {
            vec![(script.sent_at + random.random_range(100..5 * SECOND), Word::Submitted)]
        };
        Self {
            script,
            sender,
            is_google,
            always_yes: is_google && chance(random, 30),
            only_at_home: !is_google || chance(random, 20),
            end: script.sent_at + script.ttl.unwrap_or(longest),
            ending: one_of(
                random,
                &[Ending::Told, Ending::Told, Ending::Silent, Ending::Failed, Ending::Both, Ending::NewWord],
            ),
            habit,
            yes: if is_google { 200 } else { one_of(random, &[202, 202, 200, 204]) },
            no: if is_google { 404 } else { one_of(random, &[202, 404, 422]) },
            crossing: None,
            fate: Fate::Queued,
            told,
        }
    }

    /// When it changes next by itself.
    pub fn next_change(&self) -> Option<i64> {
        let rejected = self.script.rejected.map(|(at, _)| at);
        let all = [self.script.reaches, self.crossing, rejected, Some(self.end)];
        all.into_iter().flatten().min().filter(|_| self.fate == Fate::Queued)
    }

    /// Lets everything happen until then.
    pub fn advance(&mut self, now: i64) {
        while let Some(at) = self.next_change().filter(|at| *at <= now) {
            match self.script.rejected {
                _ if self.script.reaches == Some(at) || self.crossing == Some(at) => self.deliver(at),
                Some((when, code)) if when == at => {
                    self.fate = Fate::Rejected;
                    self.told.push((at, Word::Rejected(code)));
                }
                _ => self.expire(at),
            }
        }
    }

    fn deliver(&mut self, at: i64) {
        self.fate = Fate::Delivered;
        self.told.push((at, Word::Delivered));
        if self.script.is_read {
            self.told.push((at + 30 * SECOND, Word::Read));
        }
    }

    fn expire(&mut self, at: i64) {
        self.fate = if self.script.ttl.is_some() { Fate::Expired } else { Fate::Purged };
        if !self.is_google {
            // Nothing is told about a message that is older than three days.
            if !matches!(self.ending, Ending::Silent) && at <= self.script.sent_at + 72 * HOUR {
                self.told.push((at, Word::Rejected(1360)));
            }
            return;
        }
        if self.script.ttl.is_none() {
            return;
        }
        match self.ending {
            Ending::Told => self.told.push((at, Word::ExpiryRevoked)),
            Ending::Silent => {}
            Ending::NewWord => self.told.push((at, Word::NewExpiry)),
            Ending::Failed => {
                self.told.push((at, Word::ExpiryRevokeFailed));
                self.deliver(at + 5 * SECOND);
            }
            Ending::Both => {
                self.told.push((at, Word::ExpiryRevoked));
                self.deliver(at);
            }
        }
    }

    /// Takes a request and says which status answers it.
    ///
    /// # Errors
    /// When the request is about another message than this one.
    pub fn ask(&mut self, request: &OutgoingRequest, now: i64) -> Result<u16, String> {
        let url = request.documented_url();
        let (host, path) =
            url.strip_prefix("https://").and_then(|rest| rest.split_once('/')).unwrap_or_default();
        let (id, phone) = (self.script.message.id(), &self.script.phone);
        let right = if self.is_google {
            let agent = self.script.message.agent().map(rcs_revoke_core::AgentId::short).unwrap_or_default();
            let resource =
                format!("v1/phones/{}/agentMessages/{id}?agentId={agent}%40rbm.goog", phone.as_str());
            (request.method == "DELETE", path == resource, request.body.is_empty())
        } else {
            let resource = format!("v1/messages/{id}");
            (request.method == "PATCH", path == resource, request.body == r#"{"status":"revoked"}"#)
        };
        if right != (true, true, true) {
            return Err(format!("asks {} {url} {} for {id}", request.method, request.body));
        }
        self.advance(now);
        Ok(self.answer(host, now))
    }

    fn answer(&mut self, host: &str, now: i64) -> u16 {
        let age = now - self.script.sent_at;
        if self.only_at_home && host != self.sender.home || age < SECOND {
            return 404;
        }
        if !self.is_google && age > 24 * HOUR {
            return self.no;
        }
        match self.fate {
            Fate::Queued => {
                self.take(now);
                self.yes
            }
            _ if self.always_yes => self.yes,
            _ => self.no,
        }
    }

    fn take(&mut self, now: i64) {
        match self.habit {
            Habit::Removes => self.fate = Fate::Revoked,
            Habit::RemovesAndTells(word) => {
                self.fate = Fate::Revoked;
                self.told.push((now + SECOND, word));
            }
            Habit::Idles => {}
            Habit::Races(after) => {
                self.crossing.get_or_insert(now + after);
            }
        }
    }
}
