//! Events, how they travel, and the journal of what was handed over and how it was answered.

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{Message, Refused, World};
use crate::behaviour::{Signature, WebhookBehaviour};
use crate::dice::{happens, up_to};
use crate::host::Provider;
use crate::{google, vonage};

/// One event and its hand-overs. All times are virtual milliseconds since the epoch.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a record of independent facts, not a state")]
pub struct JournalEntry {
    /// Its number, counted from 0.
    pub id: usize,
    /// Who reports it.
    pub provider: Provider,
    /// The message it is about.
    pub message: Option<String>,
    /// The provider's own word, such as `DELIVERED` or `rejected`.
    pub word: String,
    /// The code in a Vonage status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// When it happened.
    pub at_ms: i64,
    /// The event's JSON, byte for byte (for Google, what `message.data` decodes to).
    pub payload: String,
    /// How it is signed, at first or always; each hand-over says how it was.
    pub signature: Signature,
    /// True if the draw said that it is never handed over, or if there is no address for it.
    pub lost: bool,
    /// True if it happened in the message's life; false if the control API made it up.
    pub genuine: bool,
    /// True if its bytes reached a receiver at least once, whether or not that answered.
    pub handed_over: bool,
    /// True if its bytes reached a receiver at least once with a signature that holds: only then can it be believed.
    pub credible: bool,
    /// True if a receiver took it: 200 at Google, 2xx at Vonage.
    pub acknowledged: bool,
    /// True if no further try will be made.
    pub ended: bool,
    /// Each try that has ended.
    pub hand_overs: Vec<HandOver>,
    /// Tries at this moment: a receiver may have the bytes already, and nobody knows yet.
    #[serde(skip)]
    pub under_way: u32,
    #[serde(skip)]
    pub(crate) url: Option<String>,
    #[serde(skip)]
    pub(crate) agent: Option<String>,
    #[serde(skip)]
    pub(crate) application_id: Option<String>,
    #[serde(skip)]
    pub(crate) way: WebhookBehaviour,
    #[serde(skip)]
    pub(super) copies_left: u32,
}

/// One try to hand an event over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandOver {
    /// When it began.
    pub at_ms: i64,
    /// How it was signed.
    pub signature: Signature,
    /// When the answer was there, or it was clear that none would come.
    pub ended_at_ms: i64,
    /// The answered status.
    pub status: Option<u16>,
    /// What went wrong instead of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// An event that the control API makes up. It changes nothing about the message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewEvent {
    /// The message; may be left out with `raw`.
    pub message: Option<String>,
    /// Needed without a message.
    pub provider: Option<Provider>,
    /// The provider's word; any text.
    pub word: Option<String>,
    /// The code in a Vonage status.
    pub code: Option<u32>,
    /// Another phone than the message's.
    pub phone: Option<String>,
    /// This JSON instead of the provider's own.
    pub raw: Option<serde_json::Value>,
    /// How it is signed.
    pub signature: Signature,
    /// How many copies are handed over; 1 when left out.
    pub copies: Option<u32>,
    /// Virtual milliseconds until the hand-over.
    pub delay_ms: u64,
    /// When the event says that it happened; now when left out.
    pub at_ms: Option<i64>,
}

/// An event of the journal that is handed over once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// Its number in the journal.
    pub event: usize,
    /// How many times; once when left out.
    #[serde(default)]
    pub copies: Option<u32>,
    /// Virtual milliseconds until the hand-over.
    #[serde(default)]
    pub delay_ms: u64,
}

impl World {
    /// Reports something that happened to a message; how it travels is drawn.
    pub(super) fn emit(&mut self, index: usize, word: &str, code: Option<u32>, at: i64) {
        let message = &self.messages[index];
        if message.provider == Provider::Vonage && self.callbacks_ended(message.sent_at_ms, at) {
            return;
        }
        let mut rng = self.dice.rng(&message.id, "event", message.events.len() as u64);
        let payload = payload(message, word, code, at, rng.random());
        let entry = JournalEntry {
            genuine: true,
            code,
            ..self.entry(message.provider, Some(message), word, at, payload)
        };
        self.messages[index].events.push(entry.id);
        self.travel(entry, &mut rng, at);
    }

    /// Sends an event on its way, which is drawn.
    pub(super) fn travel(&mut self, mut entry: JournalEntry, rng: &mut ChaCha8Rng, at: i64) {
        let way = &entry.way;
        let lost = happens(rng, way.loss.unwrap_or(0.0));
        let is_doubled = happens(rng, way.duplicate.unwrap_or(0.0));
        let mut delays = vec![travel_time(way, rng)];
        let second = travel_time(way, rng);
        delays.extend(is_doubled.then_some(second));
        let is_replayed = happens(rng, way.replay.unwrap_or(0.0));
        delays.extend(is_replayed.then(|| way.replay_after_ms()));
        (entry.signature, entry.lost) = (way.signature_of_try(0), lost);
        self.dispatch(entry, &delays, at);
    }

    /// Hands over an event that the control API made up.
    pub(crate) fn emit_made_up(&mut self, new: &NewEvent, now: i64) -> Result<JournalEntry, Refused> {
        let index = match &new.message {
            Some(id) => Some(*self.with_id(id).first().ok_or_else(|| Refused::UnknownMessage(id.clone()))?),
            None => None,
        };
        let mut message = index.map(|index| self.messages[index].clone());
        if let (Some(message), Some(phone)) = (&mut message, &new.phone) {
            message.phone = super::canonical_phone(phone);
        }
        let provider = message.as_ref().map(|message| message.provider).or(new.provider);
        let provider = provider.ok_or(Refused::Incomplete("give `message` or `provider`"))?;
        let at = new.at_ms.unwrap_or(now);
        let id = self.events.len();
        let word = new.word.as_deref().unwrap_or_default();
        let payload = match (&new.raw, &message, &new.word) {
            (Some(raw), _, _) => raw.to_string(),
            (None, Some(message), Some(word)) => {
                let number = self.dice.rng(&message.id, "made up", id as u64).random();
                payload(message, word, new.code, at, number)
            }
            _ => return Err(Refused::Incomplete("give `raw`, or `message` and `word`")),
        };
        let mut entry = self.entry(provider, message.as_ref(), word, at, payload);
        (entry.signature, entry.code) = (new.signature, new.code);
        (entry.way.signature, entry.way.signature_tries) = (Some(new.signature), None);
        if let Some(index) = index {
            self.messages[index].events.push(id);
        }
        let copies = usize::try_from(new.copies.unwrap_or(1)).unwrap_or(1);
        self.dispatch(entry, &vec![new.delay_ms; copies], now);
        Ok(self.events[id].clone())
    }

    /// Hands over an event that is in the journal once more, byte for byte; what was lost is found again.
    pub(crate) fn replay(&mut self, replay: &Replay, now: i64) -> Result<JournalEntry, Refused> {
        let entry = self.events.get_mut(replay.event).ok_or(Refused::UnknownEvent(replay.event))?;
        (entry.lost, entry.ended) = (false, false);
        let copies = usize::try_from(replay.copies.unwrap_or(1)).unwrap_or(1);
        self.carry(replay.event, &vec![replay.delay_ms; copies], now);
        Ok(self.events[replay.event].clone())
    }

    /// Events of one message, or all, from a number on.
    pub(crate) fn journal(&self, since: usize, message: Option<&str>) -> Vec<JournalEntry> {
        let from = self.events.get(since..).unwrap_or_default();
        let wanted = |entry: &&JournalEntry| message.is_none_or(|id| entry.message.as_deref() == Some(id));
        from.iter().filter(wanted).cloned().collect()
    }

    pub(super) fn entry(
        &self,
        provider: Provider,
        message: Option<&Message>,
        word: &str,
        at: i64,
        payload: String,
    ) -> JournalEntry {
        JournalEntry {
            id: self.events.len(),
            provider,
            message: message.map(|message| message.id.clone()),
            word: word.to_owned(),
            code: None,
            at_ms: at,
            payload,
            signature: Signature::Good,
            lost: false,
            genuine: false,
            handed_over: false,
            credible: false,
            acknowledged: false,
            ended: false,
            hand_overs: Vec::new(),
            under_way: 0,
            url: message.and_then(|message| message.webhook_url.clone()),
            agent: message.map(|message| message.agent.clone()),
            application_id: message.and_then(|message| message.application_id.clone()),
            way: message.map(|message| message.behaviour.webhook.clone()).unwrap_or_default(),
            copies_left: 0,
        }
    }

    fn callbacks_ended(&self, sent_at_ms: i64, at: i64) -> bool {
        let last =
            sent_at_ms.saturating_add_unsigned(self.config.vonage.callbacks_for_s.saturating_mul(1000));
        at > last
    }
}

/// The provider's own JSON for an event; `number` makes Google's event id.
fn payload(message: &Message, word: &str, code: Option<u32>, at: i64, number: u64) -> String {
    match message.provider {
        Provider::Google => google::webhook::payload(message, word, &format!("Ms{number:016x}"), at),
        Provider::Vonage => vonage::webhook::payload(message, word, code, at),
    }
}

fn travel_time(way: &WebhookBehaviour, rng: &mut ChaCha8Rng) -> u64 {
    way.delay_ms.unwrap_or(0) + up_to(rng, way.jitter_ms.unwrap_or(0))
}
