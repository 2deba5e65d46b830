//! The ground truth: every message, what really happened to it, and what is still going to happen.
//!
//! Synchronous and without I/O; time is an argument. Provider rules are in `google` and `vonage`.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rand::Rng as _;

use crate::behaviour::{Behaviour, Capability};
use crate::config::{Config, Share};
use crate::dice::Dice;
use crate::fault::Faults;
use crate::host::Provider;
use crate::stats::Counters;

mod agenda;
mod consent;
mod create;
mod event;
mod fate;
mod handshake;
mod journey;
mod lane;
mod message;
mod sends;
mod workflow;

pub use consent::NewConsent;
pub use create::{Created, NewMessage};
pub use event::{HandOver, JournalEntry, NewEvent, Replay};
pub use handshake::{HandshakeSeen, HandshakeToken, NewHandshake};
pub use message::{Channel, Effect, Fate, Message, RevokeAnswer, RevokeSeen, Truth};
pub use sends::SendSeen;
pub use workflow::Workflow;

use agenda::Agenda;
pub(crate) use agenda::Task;
pub(crate) use create::{Planned, Sending};
pub(crate) use journey::{Journey, Pause};
use lane::Lanes;

/// Why the control API refuses a command.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refused {
    /// No message has this id.
    #[error("no message has the id {0}")]
    UnknownMessage(String),
    /// The id is taken.
    #[error("a message with the id {0} exists already")]
    Duplicate(String),
    /// A Google message names an agent that is not configured.
    #[error("no agent {0} is configured: add it to google.agents")]
    UnknownAgent(String),
    /// The phone is no number.
    #[error("{0:?} is not a phone number of 7 to 15 digits")]
    Phone(String),
    /// The host cannot hold the message.
    #[error("a message of this provider cannot live on {0}")]
    Host(String),
    /// No event has this number.
    #[error("no event in the journal has the number {0}")]
    UnknownEvent(usize),
    /// No scenario has this name.
    #[error("there is no scenario {0:?}: GET /scenarios names those that exist")]
    UnknownScenario(String),
    /// A webhook address cannot be used.
    #[error("{0}")]
    Webhook(String),
    /// A behaviour or a fault cannot be used.
    #[error("{0}")]
    Behaviour(String),
    /// The command cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// A configuration cannot be used, or not while the simulator runs.
    #[error("{0}")]
    Config(String),
    /// The command lacks something.
    #[error("{0}")]
    Incomplete(&'static str),
}

/// Where events go.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Google's partner webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub google: Option<String>,
    /// The status URL of Vonage's application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vonage: Option<String>,
}

/// Whether anything is about to happen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Quiet {
    /// Nothing happens within the horizon.
    pub quiet: bool,
    /// What is due within the horizon.
    pub pending: usize,
    /// Webhooks that wait for their answer at this moment.
    pub in_flight: usize,
    /// Webhooks that wait in a queue for another one.
    pub queued: usize,
    /// Virtual time of the next thing to happen, inside the horizon or not.
    pub next_at_ms: Option<i64>,
    /// Virtual now.
    pub now_ms: i64,
}

pub(crate) struct World {
    pub config: Arc<Config>,
    pub dice: Dice,
    pub faults: Faults,
    pub counters: Counters,
    /// Google access tokens with the virtual second of their end.
    pub tokens: HashMap<String, i64>,
    /// Vonage tokens whose signature was checked already.
    pub verified: HashMap<String, Arc<serde_json::Map<String, serde_json::Value>>>,
    pub messages: Vec<Message>,
    /// When bulk capability checks came, of the last minute.
    pub batch_calls: VecDeque<i64>,
    by_id: HashMap<String, Vec<usize>>,
    phones: HashMap<String, Behaviour>,
    presets: HashMap<String, Behaviour>,
    occurrences: HashMap<String, u64>,
    events: Vec<JournalEntry>,
    agenda: Agenda,
    in_flight: usize,
    lanes: Lanes,
    failovers: HashMap<usize, VecDeque<Planned>>,
    handshakes: Vec<HandshakeSeen>,
    sends: Vec<SendSeen>,
}

impl World {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        let mut faults = Faults::default();
        faults.configure(&config.faults);
        Self {
            dice: Dice::new(config.seed),
            faults,
            counters: Counters::new(config.clock.scale),
            tokens: HashMap::new(),
            verified: HashMap::new(),
            messages: Vec::new(),
            batch_calls: VecDeque::new(),
            by_id: HashMap::new(),
            phones: config.phones.iter().map(|(phone, it)| (canonical_phone(phone), it.clone())).collect(),
            presets: HashMap::new(),
            occurrences: HashMap::new(),
            events: Vec::new(),
            agenda: Agenda::default(),
            in_flight: 0,
            lanes: Lanes::default(),
            failovers: HashMap::new(),
            handshakes: Vec::new(),
            sends: Vec::new(),
            config,
        }
    }

    /// Puts another configuration in force; messages that exist keep their behaviour.
    pub(crate) fn reconfigure(&mut self, new: &Arc<Config>, faults_anew: bool, now: i64) {
        let old = std::mem::replace(&mut self.config, Arc::clone(new));
        if faults_anew || old.faults != new.faults {
            self.faults.configure(&new.faults);
        }
        for phone in old.phones.keys().filter(|phone| !new.phones.contains_key(*phone)) {
            self.phones.remove(&canonical_phone(phone));
        }
        for (phone, behaviour) in &new.phones {
            if old.phones.get(phone) != Some(behaviour) {
                self.phones.insert(canonical_phone(phone), behaviour.clone());
            }
        }
        if old.google.webhook_queue != new.google.webhook_queue {
            self.free_lanes(now);
        }
        self.greet(Some(&*old), now);
    }

    /// Where events go.
    pub(crate) fn webhooks(&self) -> Webhooks {
        Webhooks {
            google: self.config.google.webhook_url.clone(),
            vonage: self.config.vonage.webhook_url.clone(),
        }
    }

    /// What a capability check of a phone says.
    pub(crate) fn capability_of(&self, provider: Provider, phone: &str) -> Capability {
        let base = match provider {
            Provider::Google => &self.config.google.behaviour,
            Provider::Vonage => &self.config.vonage.behaviour,
        };
        let own = self.phones.get(phone).and_then(|behaviour| behaviour.capability);
        own.or(base.capability).unwrap_or_default()
    }

    /// The messages with this id; several agents may use the same.
    pub(crate) fn with_id(&self, id: &str) -> &[usize] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// How often this key was seen before; counts it.
    pub(crate) fn occurrence(&mut self, key: &str) -> u64 {
        let count = self.occurrences.entry(key.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    /// All layers of behaviour for a message with this id.
    fn behaviour_of(
        &self,
        (provider, channel): (Provider, Channel),
        id: &str,
        phone: &str,
        own: Option<&Behaviour>,
    ) -> Behaviour {
        let Config { google, vonage, .. } = &*self.config;
        let (base, mix) = match (provider, channel) {
            (Provider::Google, _) => (&google.behaviour, &google.mix),
            (Provider::Vonage, Channel::Sms) if !vonage.sms_mix.is_empty() => {
                (&vonage.behaviour, &vonage.sms_mix)
            }
            (Provider::Vonage, _) => (&vonage.behaviour, &vonage.mix),
        };
        let layers =
            [own, self.presets.get(id), self.phones.get(phone), drawn(mix, self.dice, id), Some(base)];
        layers.into_iter().flatten().fold(Behaviour::default(), |above, below| above.over(below))
    }

    /// Sets the behaviour of one message, existing or to come; later events follow it.
    pub(crate) fn set_message_behaviour(&mut self, id: &str, behaviour: &Behaviour, now: i64) -> usize {
        let indexes = self.with_id(id).to_vec();
        for &index in &indexes {
            self.messages[index].behaviour = behaviour.over(&self.messages[index].behaviour);
            self.plan(index, now);
        }
        let known = self.presets.remove(id).unwrap_or_default();
        self.presets.insert(id.to_owned(), behaviour.over(&known));
        indexes.len()
    }

    /// Sets the behaviour of one phone, for its queued messages and for those to come.
    pub(crate) fn set_phone_behaviour(&mut self, phone: &str, behaviour: &Behaviour, now: i64) -> usize {
        let phone = canonical_phone(phone);
        let indexes: Vec<usize> =
            (0..self.messages.len()).filter(|&index| self.messages[index].phone == phone).collect();
        for &index in &indexes {
            self.messages[index].behaviour = behaviour.over(&self.messages[index].behaviour);
            self.plan(index, now);
        }
        let known = self.phones.remove(&phone).unwrap_or_default();
        self.phones.insert(phone, behaviour.over(&known));
        indexes.len()
    }

    /// The whole truth about one message.
    pub(crate) fn truth(&self, index: usize) -> Truth {
        let message = &self.messages[index];
        let events = message.events.iter().map(|&event| self.events[event].clone()).collect();
        Truth { message: message.clone(), events }
    }

    /// What is due up to now, and when it was; the caller carries it out one by one.
    pub(crate) fn next_due(&mut self, now: i64) -> Option<(i64, Task)> {
        loop {
            let (due, task) = self.agenda.pop_due(now)?;
            if self.is_live(&task) {
                return Some((due, task));
            }
        }
    }

    pub(crate) fn next_due_at(&self) -> Option<i64> {
        self.agenda.next_at()
    }

    /// True once after something earlier than everything known was planned.
    pub(crate) fn take_hastened(&mut self) -> bool {
        self.agenda.take_hastened()
    }

    pub(crate) fn quiet(&self, within_ms: i64, now: i64) -> Quiet {
        let live = self.agenda.entries().filter(|(_, task)| self.is_live(task));
        let (mut pending, mut next_at_ms) = (0, None);
        for (due, _) in live {
            pending += usize::from(due <= now.saturating_add(within_ms));
            next_at_ms = Some(next_at_ms.map_or(due, |next: i64| next.min(due)));
        }
        let quiet = pending == 0 && self.in_flight == 0;
        let queued = self.lanes.waiting();
        Quiet { quiet, pending, in_flight: self.in_flight, queued, next_at_ms, now_ms: now }
    }

    fn is_live(&self, task: &Task) -> bool {
        match task {
            Task::HandOver(_) | Task::Handshake { .. } => true,
            Task::Message { index, plan, step } => {
                let message = &self.messages[*index];
                (message.plan == *plan || !step.is_planned()) && step.concerns(message)
            }
        }
    }
}

/// A phone number as the simulator keeps it: `+` and digits.
pub(crate) fn canonical_phone(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    format!("+{digits}")
}

fn drawn<'a>(mix: &'a [Share], dice: Dice, id: &str) -> Option<&'a Behaviour> {
    let total: u64 = mix.iter().map(|share| u64::from(share.weight)).sum();
    if total == 0 {
        return None;
    }
    let mut point = dice.rng(id, "mix", 0).random_range(0..total);
    for share in mix {
        let weight = u64::from(share.weight);
        if point < weight {
            return Some(&share.behaviour);
        }
        point -= weight;
    }
    None
}
