//! The rows that the core found in the text, and what each of them has come to.
//!
//! There may be a million of them: a row is 64 bytes and its id, and what is the same for many is kept once.

use std::collections::{BTreeMap, HashMap};

use rcs_revoke_api::{Lookup, RevocationItem};
use rcs_revoke_core::id::SenderId;
use rcs_revoke_core::import::{Entry, Found, Row};
use rcs_revoke_core::{AgentId, E164, Host, MessageId, MessageRef, Provider, SourceId, Timestamp};

use super::store::{Firsts, Ids, Names};

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

/// What the server knows of an id.
#[derive(Clone, Copy)]
struct Fact {
    sent: i64,
    closes: i64,
    /// The message's key up to its id.
    before_id: u16,
    source: u16,
    outcome: u16,
    has_recipient: bool,
}

/// What the server knows of an id, with its names.
pub struct KnownFact<'a> {
    /// The message's key up to its id.
    pub before_id: &'a str,
    pub source: Option<&'a SourceId>,
    pub outcome: &'a str,
    pub has_recipient: bool,
    pub sent_at: Option<i64>,
    pub window_closes: Option<i64>,
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

    /// What the server knows of the id of a row; an id may be known at several providers or agents.
    pub fn known(&self, at: usize) -> Vec<KnownFact<'_>> {
        let Some(slot) = self.slots.get(at) else { return Vec::new() };
        let known = |fact: &Fact| KnownFact {
            before_id: self.names.before_id.get(fact.before_id).map_or("", |text| text),
            source: self.names.sources.get(fact.source).and_then(Option::as_ref),
            outcome: self.names.outcomes.get(fact.outcome).map_or("", |text| text),
            has_recipient: fact.has_recipient,
            sent_at: some(fact.sent),
            window_closes: some(fact.closes),
        };
        self.facts_of(slot).iter().map(known).collect()
    }

    fn facts_of(&self, slot: &Slot) -> &[Fact] {
        let from = slot.known as usize;
        self.facts.get(from..from + usize::from(slot.known_len)).unwrap_or_default()
    }

    /// Takes what the server said of the ids of these rows; of the others of them nothing is known.
    pub fn learn(&mut self, rows: core::ops::Range<usize>, found: &[Lookup]) {
        let mut by_id: HashMap<&str, Vec<&Lookup>> = HashMap::new();
        for lookup in found {
            by_id.entry(lookup.id.as_str()).or_default().push(lookup);
        }
        for at in rows {
            let found = self.id(at).and_then(|id| by_id.get(id)).map_or(&[][..], Vec::as_slice);
            let known = small(self.facts.len());
            for lookup in found {
                let fact = self.fact(lookup);
                self.facts.push(fact);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                slot.known = known;
                slot.known_len = u8::try_from(found.len()).unwrap_or(u8::MAX);
            }
        }
    }

    fn fact(&mut self, lookup: &Lookup) -> Fact {
        let source = lookup.source.as_deref().and_then(|source| SourceId::parse(source).ok());
        Fact {
            sent: lookup.sent_at.unwrap_or(NEVER),
            closes: lookup.window_closes.unwrap_or(NEVER),
            before_id: self.names.before_id.number(before_id(&lookup.message).into()),
            source: self.names.sources.number(source),
            outcome: self.names.outcomes.number(lookup.outcome.as_str().into()),
            has_recipient: lookup.has_recipient,
        }
    }

    /// The item of a row that is ready.
    pub fn item(&self, at: usize) -> Option<RevocationItem> {
        let slot = self.slots.get(at)?;
        let (message, source) = self.ready(at)?;
        Some(RevocationItem {
            message,
            source: Some(source.to_string()),
            phone: phone(slot.phone).map(|phone| phone.as_str().to_owned()),
            sent_at: some(slot.told_sent),
        })
    }

    /// The message and the source of a row that is ready.
    pub fn ready(&self, at: usize) -> Option<(MessageRef, &SourceId)> {
        let slot = self.slots.get(at).filter(|slot| slot.stage == Stage::Ready)?;
        let way = self.ways.get(number(slot.detail))?;
        let mut key = String::with_capacity(way.before_id.len() + usize::from(slot.id_len));
        key.push_str(&way.before_id);
        key.push_str(self.id_of(slot));
        Some((MessageRef::parse(&key).ok()?, &way.source))
    }

    /// The rows that stand on one line of the text.
    pub fn on_line(&self, line: usize) -> core::ops::Range<usize> {
        let line = small(line);
        let from = self.slots.partition_point(|other| other.line < line);
        let count = self.slots[from..].iter().take_while(|other| other.line == line).count();
        from..from + count
    }

    /// The rows that need a look.
    pub fn bad(&self) -> impl Iterator<Item = Bad<'_>> {
        (0..self.len()).filter_map(|at| self.bad_at(at))
    }

    /// Why a row needs a look, if it does.
    pub fn bad_at(&self, at: usize) -> Option<Bad<'_>> {
        let slot = self.slots.get(at)?;
        let text = match slot.stage {
            Stage::Unread => self.unread.get(slot.id as usize).map_or("", |text| text),
            Stage::Problem => self.id_of(slot),
            _ => return None,
        };
        let reason = self.texts.get(slot.detail as usize).map_or("", |text| text);
        Some(Bad { line: slot.line as usize, column: slot.column as usize, reason, text })
    }
}

/// A row that needs a look.
pub struct Bad<'a> {
    pub line: usize,
    pub column: usize,
    pub reason: &'a str,
    /// The text that it is about.
    pub text: &'a str,
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
mod tests {
    use rcs_revoke_core::import::parse;

    use super::{Lookup, MessageRef, Settled, Sheet, Slot, SourceId, State};

    const ID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

    fn sheet(text: &str) -> Sheet {
        let mut sheet = Sheet::default();
        sheet.push(parse(text));
        sheet.begin_pass();
        sheet
    }

    fn ready(id: &str) -> Settled {
        Settled::Ready {
            message: MessageRef::parse(&format!("vonage:{id}")).unwrap(),
            source: SourceId::parse("otp").unwrap(),
            sent_at: Some(5),
            window_closes: None,
        }
    }

    #[test]
    fn a_row_is_small() {
        assert_eq!(size_of::<Slot>(), 64);
    }

    #[test]
    fn a_row_gives_back_what_it_says() {
        let text = format!("id,phone,sender,sent_at\n{ID},+12223334444,Acme,2026-11-20T10:00:00Z\n");
        let mut sheet = sheet(&text);
        let entry = sheet.entry(0).unwrap();
        assert_eq!(
            entry,
            match &parse(&text)[0].found {
                super::Found::Entry(entry) => entry.clone(),
                other => panic!("{other:?}"),
            }
        );
        sheet.settle(0, ready(ID));
        let item = sheet.item(0).unwrap();
        assert_eq!(item.phone.as_deref(), Some("+12223334444"));
        assert_eq!((item.message.to_string(), item.source.as_deref()), (format!("vonage:{ID}"), Some("otp")));
        assert_eq!(item.sent_at, entry.sent_at.map(super::Timestamp::as_millis));
    }

    #[test]
    fn a_repetition_fills_its_original() {
        let sheet = sheet(&format!("{ID}\n{ID} +12223334444\n"));
        assert_eq!(
            sheet.entry(0).unwrap().phone.map(|phone| phone.digits().to_owned()).as_deref(),
            Some("12223334444")
        );
        assert_eq!(sheet.state(1), State::Folded { line: 1 });
    }

    #[test]
    fn one_message_in_other_words_is_folded() {
        let mut sheet = sheet(&format!("{ID}\nvonage:{}\n", ID.to_uppercase()));
        for at in 0..2 {
            sheet.settle(at, ready(ID));
        }
        assert_eq!(sheet.state(1), State::Folded { line: 1 });
        assert!(sheet.item(1).is_none());
    }

    #[test]
    fn what_is_wrong_is_kept_with_its_place() {
        let mut sheet = sheet(&format!("nonsense 1\n{ID}\n"));
        sheet.settle(1, Settled::Problem("no source".to_owned()));
        let bad: Vec<_> =
            sheet.bad().map(|bad| (bad.line, bad.text.to_owned(), bad.reason.to_owned())).collect();
        assert_eq!(bad[0].0, 1);
        assert_eq!(bad[1], (2, ID.to_owned(), "no source".to_owned()));
        sheet.begin_pass();
        sheet.settle(1, ready(ID));
        assert_eq!(sheet.bad().count(), 1);
        assert!(!sheet.bad_at(0).unwrap().reason.is_empty());
    }

    #[test]
    fn what_is_known_outlives_the_next_letter() {
        let mut first = sheet(ID);
        let lookup = Lookup {
            id: ID.to_owned(),
            message: format!("vonage:{ID}"),
            source: Some("otp".to_owned()),
            has_recipient: true,
            sent_at: Some(7),
            window_closes: None,
            outcome: "delivered".to_owned(),
        };
        first.learn(0..1, &[lookup]);
        let mut next = Sheet::after(first, 1);
        next.push(parse(&format!("{ID}\nx1")));
        let known = next.known(0);
        assert_eq!(
            (known[0].before_id, known[0].outcome, known[0].sent_at),
            ("vonage:", "delivered", Some(7))
        );
        assert_eq!(known[0].source.map(SourceId::as_str), Some("otp"));
        assert!(next.known(1).is_empty());
    }
}
