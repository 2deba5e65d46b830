//! The rows that the core found in the text, and what each of them has come to.
//!
//! There may be a million of them: a row is 64 bytes and its id, and what is the same for many is kept once.

use std::collections::{BTreeMap, HashMap};

use rcs_revoke_core::id::SenderId;
use rcs_revoke_core::import::{Entry, Found, Row};
use rcs_revoke_core::{AgentId, E164, Host, MessageId, MessageRef, Provider, SourceId, Timestamp};

use super::store::{Firsts, Ids, Names};

mod asked;
mod bad;
mod known;

pub use bad::Bad;
pub use known::KnownFact;

use known::Fact;

/// No instant.
const NEVER: i64 = i64::MIN;

/// Up to how many rows what is known is carried over to the next text: longer ones are not typed.
const CARRIED: usize = 20_000;

/// One row.
#[derive(Clone, Copy)]
struct Slot {
    /// The digits of the phone number; 0 without one.
    phone: u64,
    /// When it was sent, as the row says.
    told_sent: i64,
    /// When it was sent, as far as anybody knows.
    sent: i64,
    closes: i64,
    line: u32,
    column: u32,
    id: u32,
    said: u32,
    /// Where the facts about it begin.
    known: u32,
    /// What belongs to the stage: a line, a source, a text, an outcome.
    detail: u32,
    id_len: u16,
    known_len: u8,
    stage: Stage,
}

/// What a row is, and what it has come to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Pending,
    Ready,
    Choose,
    /// It cannot be asked for.
    Problem,
    /// An earlier line names the same message; the core or the settling found that.
    Repeated,
    Folded,
    LeftOut,
    /// It names no message.
    Unread,
}

/// What a row says of who sent its message.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    provider: Option<Provider>,
    agent: Option<AgentId>,
    sender: Option<SenderId>,
    host: Option<Host>,
    source: Option<SourceId>,
}

/// What has become of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum State<'a> {
    /// Not looked at yet.
    Pending,
    /// It can be asked for.
    Ready(Ready<'a>),
    /// Several sources may have sent it, and nobody chose yet.
    Choose,
    /// It cannot be asked for, and why.
    Problem(&'a str),
    /// An earlier line names the same message.
    Folded { line: usize },
    /// It needs no asking: the code of its outcome.
    LeftOut { outcome: &'a str },
}

/// A message that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ready<'a> {
    pub provider: Provider,
    pub source: &'a SourceId,
    pub sent_at: Option<i64>,
    pub window_closes: Option<i64>,
}

/// What a row is found to be.
pub enum Settled {
    Pending,
    Ready { message: MessageRef, source: SourceId, sent_at: Option<i64>, window_closes: Option<i64> },
    Choose,
    Problem(String),
    LeftOut(String),
}

/// Where a message that is ready belongs.
#[derive(PartialEq)]
struct ReadyWay {
    /// The message's key up to its id.
    before_id: Box<str>,
    provider: Provider,
    source: SourceId,
}

/// The names in what is known.
#[derive(Default)]
struct KnownNames {
    before_id: Names<Box<str>>,
    sources: Names<Option<SourceId>>,
    outcomes: Names<Box<str>>,
}

/// All rows of a text.
#[derive(Default)]
pub struct Sheet {
    slots: Vec<Slot>,
    ids: Ids,
    says: Vec<Said>,
    numbers_of_says: BTreeMap<Said, u32>,
    /// Why rows need a look; of those that were read, and behind them of those that were settled.
    texts: Vec<Box<str>>,
    texts_read: usize,
    /// The text of the rows that name no message.
    unread: Vec<Box<str>>,
    facts: Vec<Fact>,
    names: KnownNames,
    ways: Names<ReadyWay>,
    firsts: Firsts,
    carried: HashMap<Box<str>, Vec<Fact>>,
}

impl Sheet {
    /// An empty sheet with room for so many rows: growing a large one would take a while that is felt. What is known
    /// of the ids of the sheet before is kept for this one while it is short enough to be typed.
    pub fn after(before: Self, rows: usize) -> Self {
        let mut carried = HashMap::new();
        if before.len() <= CARRIED {
            for slot in before.slots.iter().filter(|slot| slot.known_len > 0) {
                carried.insert(before.id_of(slot).into(), before.facts_of(slot).to_vec());
            }
        }
        Self { slots: Vec::with_capacity(rows), names: before.names, carried, ..Self::default() }
    }

    /// Adds rows; a repetition first gives its original what that left open.
    pub fn push(&mut self, rows: Vec<Row>) {
        for row in rows {
            let mut slot = Slot {
                phone: 0,
                told_sent: NEVER,
                sent: NEVER,
                closes: NEVER,
                line: small(row.line),
                column: small(row.column),
                id: 0,
                said: 0,
                known: 0,
                detail: 0,
                id_len: 0,
                known_len: 0,
                stage: Stage::Pending,
            };
            match row.found {
                Found::Entry(entry) => self.write(&mut slot, entry),
                Found::Duplicate { of_line, entry } => {
                    self.fill_original(of_line, &entry);
                    slot.stage = Stage::Repeated;
                    slot.detail = small(of_line);
                }
                Found::Problem(problem) => {
                    slot.stage = Stage::Unread;
                    slot.detail = self.text(problem.message);
                    slot.id = small(self.unread.len());
                    self.unread.push(problem.text.into());
                }
            }
            self.slots.push(slot);
        }
        self.texts_read = self.texts.len();
    }

    fn write(&mut self, slot: &mut Slot, entry: Entry) {
        if slot.id_len == 0 {
            slot.id = small(self.ids.push(entry.id.as_str()));
            slot.id_len = u16::try_from(entry.id.as_str().len()).unwrap_or(0);
        }
        slot.phone = entry.phone.as_ref().and_then(|phone| phone.digits().parse().ok()).unwrap_or(0);
        slot.told_sent = entry.sent_at.map_or(NEVER, Timestamp::as_millis);
        if let Some(facts) = self.carried.get(entry.id.as_str()) {
            slot.known = small(self.facts.len());
            slot.known_len = u8::try_from(facts.len()).unwrap_or(u8::MAX);
            self.facts.extend_from_slice(facts);
        }
        slot.said = self.said(Said {
            provider: entry.provider,
            agent: entry.agent,
            sender: entry.sender,
            host: entry.host,
            source: entry.source,
        });
    }

    /// The number of what a row says of its sender; most rows say what the row before them said.
    fn said(&mut self, said: Said) -> u32 {
        if let Some(last) = self.slots.last().map(|slot| slot.said)
            && self.says.get(last as usize).is_some_and(|other| *other == said)
        {
            return last;
        }
        if let Some(number) = self.numbers_of_says.get(&said) {
            return *number;
        }
        let number = small(self.says.len());
        self.says.push(said.clone());
        self.numbers_of_says.insert(said, number);
        number
    }

    fn fill_original(&mut self, line: usize, repetition: &Entry) {
        let is_original = |at: &usize| {
            let slot = &self.slots[*at];
            slot.stage == Stage::Pending && self.id_of(slot) == repetition.id.as_str()
        };
        let Some(at) = self.on_line(line).find(is_original) else { return };
        let Some(mut entry) = self.entry(at) else { return };
        entry.fill_from(repetition);
        let mut slot = self.slots[at];
        self.write(&mut slot, entry);
        self.slots[at] = slot;
    }

    /// The number of a text; the same text is often needed for many rows in a row.
    fn text(&mut self, text: String) -> u32 {
        const LOOKED_AT: usize = 4;
        let from = self.texts.len().saturating_sub(LOOKED_AT);
        let at = self.texts[from..].iter().position(|other| **other == *text).map(|at| from + at);
        small(at.unwrap_or_else(|| {
            self.texts.push(text.into());
            self.texts.len() - 1
        }))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    fn id_of(&self, slot: &Slot) -> &str {
        self.ids.get(slot.id as usize, slot.id_len.into())
    }

    /// The id of a row that names a message no earlier row names.
    pub fn id(&self, at: usize) -> Option<&str> {
        let slot = self.slots.get(at)?;
        (slot.id_len > 0).then(|| self.id_of(slot))
    }

    /// The line of a row.
    pub fn line(&self, at: usize) -> usize {
        self.slots.get(at).map_or(0, |slot| slot.line as usize)
    }

    /// What a row says of its message, where it is the first to name it.
    pub fn entry(&self, at: usize) -> Option<Entry> {
        let slot = self.slots.get(at)?;
        let mut entry = Entry::new(MessageId::parse(self.id(at)?).ok()?);
        if let Some(said) = self.says.get(slot.said as usize).cloned() {
            (entry.provider, entry.agent, entry.sender, entry.host, entry.source) =
                (said.provider, said.agent, said.sender, said.host, said.source);
        }
        entry.phone = phone(slot.phone);
        entry.sent_at = some(slot.told_sent).map(Timestamp::from_millis);
        Some(entry)
    }

    /// What a row has come to.
    pub fn state(&self, at: usize) -> State<'_> {
        let Some(slot) = self.slots.get(at) else { return State::Pending };
        let text = || self.texts.get(slot.detail as usize).map_or("", |text| text);
        match slot.stage {
            Stage::Pending => State::Pending,
            Stage::Choose => State::Choose,
            Stage::Problem | Stage::Unread => State::Problem(text()),
            Stage::Repeated | Stage::Folded => State::Folded { line: slot.detail as usize },
            Stage::LeftOut => {
                let outcome = self.names.outcomes.get(number(slot.detail));
                State::LeftOut { outcome: outcome.map_or("", |outcome| outcome) }
            }
            Stage::Ready => match self.ways.get(number(slot.detail)) {
                Some(way) => State::Ready(Ready {
                    provider: way.provider,
                    source: &way.source,
                    sent_at: some(slot.sent),
                    window_closes: some(slot.closes),
                }),
                None => State::Pending,
            },
        }
    }

    /// Whether a row is already all that it can become.
    pub fn is_settled_by_reading(&self, at: usize) -> bool {
        self.slots.get(at).is_none_or(|slot| matches!(slot.stage, Stage::Repeated | Stage::Unread))
    }

    /// Begins to settle all rows anew.
    pub fn begin_pass(&mut self) {
        self.firsts.clear(self.slots.len());
        self.texts.truncate(self.texts_read);
    }

    /// Says what a row has come to. Of several that name one message the first keeps it.
    pub fn settle(&mut self, at: usize, settled: Settled) {
        let (stage, detail) = match settled {
            Settled::Pending => (Stage::Pending, 0),
            Settled::Choose => (Stage::Choose, 0),
            Settled::Problem(text) => (Stage::Problem, self.text(text)),
            Settled::LeftOut(outcome) => {
                (Stage::LeftOut, u32::from(self.names.outcomes.number(outcome.into())))
            }
            Settled::Ready { message, source, sent_at, window_closes } => {
                let way = self.ways.number(ReadyWay {
                    before_id: before_id(&message.text()).into(),
                    provider: message.provider(),
                    source,
                });
                match self.first(at, &message, way) {
                    first if first != at => (Stage::Folded, self.slots[first].line),
                    _ => {
                        let slot = &mut self.slots[at];
                        slot.sent = sent_at.unwrap_or(NEVER);
                        slot.closes = window_closes.unwrap_or(NEVER);
                        (Stage::Ready, u32::from(way))
                    }
                }
            }
        };
        let slot = &mut self.slots[at];
        (slot.stage, slot.detail) = (stage, detail);
    }

    /// The first row that names this message at the same provider and agent.
    fn first(&mut self, at: usize, message: &MessageRef, way: u16) -> usize {
        let mut firsts = core::mem::take(&mut self.firsts);
        let key = self.ways.get(way).map(|way| &way.before_id);
        let is_same = |other: usize| {
            let slot = &self.slots[other];
            let id = self.id_of(slot);
            id.eq_ignore_ascii_case(message.id().as_str())
                && self.ways.get(number(slot.detail)).map(|way| &way.before_id) == key
                && MessageRef::new(message.provider(), message.agent(), id).as_ref() == Ok(message)
        };
        let first = firsts.first(message.id().as_str(), at, is_same);
        self.firsts = firsts;
        first
    }
}

/// A message's key up to its id.
pub fn before_id(key: &str) -> &str {
    key.rfind(':').map_or("", |at| &key[..=at])
}

/// A count of what a browser can hold.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn number(detail: u32) -> u16 {
    u16::try_from(detail).unwrap_or(u16::MAX)
}

fn some(instant: i64) -> Option<i64> {
    (instant != NEVER).then_some(instant)
}

/// The number with these digits.
fn phone(digits: u64) -> Option<E164> {
    (digits != 0).then(|| E164::parse(&digits.to_string()).ok()).flatten()
}

#[cfg(test)]
mod tests;
