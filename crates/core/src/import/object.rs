//! What one object or list of JSON says, while it is read and when it ends.

use alloc::borrow::Cow;

use super::names::{
    AROUND, BARE, CHANNEL, CONTENT, DATA, EVENT, ID, KEY, Key, LAUNCH, NAME, OTHER, PERSON, PHONE, PROVIDER,
    SENDER, SOURCE, STATUS, TIME, TYPE,
};
use super::row::{Entry, Flaw, ProblemCode};
use super::seen::Rows;
use super::{entry, item, words};
use crate::id::SourceId;
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::{Provider, google_rbm, vonage};
use crate::say::joined;
use crate::text::{self, characters};

/// A line and a column.
pub(super) type Place = (usize, usize);

/// Something found, and where.
pub(super) type Find = (Place, Result<Entry, Flaw>);

/// An object or a list that has begun.
#[expect(clippy::struct_excessive_bools, reason = "each of them is asked for on its own")]
pub(super) struct Open {
    pub is_list: bool,
    /// What its own key says it holds, and how telling that is.
    pub key: Key,
    pub place: Place,
    /// Where it begins in what is read at once; none if it began earlier.
    pub begin: Option<usize>,
    /// Whether anything in it has become a row.
    pub has_row: bool,
    /// Whether it holds nothing at all.
    pub is_empty: bool,
    /// Whether it is an envelope: what it carries was read, and its own fields are about the transport.
    pub is_envelope: bool,
    named: Vec<Named>,
    /// What its other texts hold.
    found: Vec<Find>,
    /// Whether two fields that are equally telling name two messages.
    has_two_ids: bool,
    /// Whether two of its other texts do.
    has_two_found: bool,
}

struct Named {
    what: usize,
    rank: usize,
    place: Place,
    text: String,
}

impl Open {
    pub const fn new(is_list: bool, key: Key, place: Place, begin: usize) -> Self {
        Self {
            is_list,
            key,
            place,
            begin: Some(begin),
            has_row: false,
            is_empty: true,
            is_envelope: false,
            named: Vec::new(),
            found: Vec::new(),
            has_two_ids: false,
            has_two_found: false,
        }
    }

    /// Whether it names a message of its own.
    pub fn has_id(&self) -> bool {
        self.get(ID).is_some()
    }

    /// Whether it names one by a name that nothing else has.
    pub fn has_id_of_its_own(&self) -> bool {
        self.named(ID).is_some_and(|id| id.rank <= BARE)
    }

    fn named(&self, what: usize) -> Option<&Named> {
        self.named.iter().find(|named| named.what == what)
    }

    fn get(&self, what: usize) -> Option<&str> {
        self.named(what).map(|named| &*named.text)
    }

    /// Takes a value; the most telling of several counts, else the first.
    pub fn set(&mut self, (what, rank): Key, place: Place, text: &str) {
        let new = Named { what, rank, place, text: text.to_owned() };
        match self.named.iter_mut().find(|named| named.what == what) {
            None => self.named.push(new),
            Some(named) if rank < named.rank => *named = new,
            Some(named) => self.has_two_ids |= what == ID && rank == named.rank && named.text != text,
        }
    }

    /// Takes the value of a field.
    pub fn field(&mut self, key: Key, place: Place, value: &str) {
        let (spaces, text) = text::trim(value);
        let place = (place.0, place.1 + characters(&value.as_bytes()[..spaces]));
        if text.is_empty() {
            return;
        }
        match key.0 {
            // A key and a resource name say more than a bare id.
            KEY | NAME if is_message(text) => self.set((ID, BARE), place, text),
            KEY | NAME | DATA | TYPE | AROUND | OTHER => {
                if key.0 == TYPE {
                    self.set(key, place, text);
                }
                let found = words::find(text, true);
                self.find(found.into_iter().map(|(at, read)| (behind(place, text, at), read)).collect());
            }
            known if known < OTHER => self.set((known, key.1 + usize::from(known == ID)), place, text),
            _ => {}
        }
    }

    fn find(&mut self, found: Vec<Find>) {
        if self.found.is_empty() {
            self.found = found;
        } else if !found.is_empty() {
            let ids = |found: &[Find]| -> Vec<Option<Entry>> {
                found.iter().map(|(_, read)| read.as_ref().ok().cloned()).collect()
            };
            self.has_two_found |= ids(&self.found) != ids(&found);
        }
    }

    /// Gives what it says to the object that it is part of, if it is no message of its own; else it comes back.
    pub fn part_of(self, outer: &mut Self) -> Option<Self> {
        if self.is_list || outer.is_list {
            return Some(self);
        }
        // A sender or recipient that is an object.
        if matches!(self.key.0, PHONE | SENDER) {
            if let Some(party) = self.named(PHONE).or_else(|| self.named(ID)) {
                outer.set(self.key, party.place, &party.text);
            }
            if let Some(kind) = self.named(TYPE) {
                outer.set((CHANNEL, 1), kind.place, &kind.text);
            }
            return None;
        }
        let is_around = matches!(self.key.0, KEY | DATA | AROUND);
        let is_bare = self.named(ID).is_none_or(|id| id.rank > BARE && (!is_around || outer.has_id()));
        if self.has_row || !is_bare {
            return Some(self);
        }
        outer.find(self.found);
        None
    }

    /// Makes the rows that it comes to when it ends, as one of a list or on its own; `raw` is all of it, if that is
    /// still at hand.
    pub fn end(mut self, raw: &[u8], rows: &mut Rows) {
        let flaw = |code, message: &[&str]| Err(Flaw::new(code, message));
        if let Some(about) = self.aside() {
            let place = self.named(ID).map_or(self.place, |id| id.place);
            let message = ["a webhook about something else than a message that was sent: ", &about];
            return self.row((place, flaw(ProblemCode::NotAMessage, &message)), raw, rows);
        }
        if if self.has_id() { self.has_two_ids } else { self.has_two_found } {
            let message = "several ids, and none says that it is the message's: call that one `message_id`";
            return self.row((self.place, flaw(ProblemCode::NoId, &[message])), raw, rows);
        }
        if self.has_id() {
            return self.row(self.entry(), raw, rows);
        }
        let mut found = core::mem::take(&mut self.found);
        if let [(_, Ok(entry))] = found.as_mut_slice() {
            let phone =
                self.get(PERSON).or_else(|| self.get(PHONE)).and_then(|phone| E164::parse(phone).ok());
            entry.phone = entry.phone.take().or(phone);
            entry.source = self.get(SOURCE).and_then(|name| SourceId::parse(name).ok());
        }
        for find in found {
            self.row(find, raw, rows);
        }
    }

    /// Whether it says anything that becomes a row.
    pub fn says_something(&self) -> bool {
        self.has_id() || !self.found.is_empty() || self.aside().is_some()
    }

    /// Makes the row that it is if it holds no message.
    pub fn end_without(&self, raw: &[u8], rows: &mut Rows) {
        let message =
            "no message id in this JSON: expected a field `message`, `message_uuid`, `message_id` or `id`";
        self.row((self.place, Err(Flaw::new(ProblemCode::NoId, &[message]))), raw, rows);
    }

    fn row(&self, (place, read): Find, raw: &[u8], rows: &mut Rows) {
        let shown = match self.named(ID).or_else(|| self.named.first()) {
            _ if read.is_ok() => Cow::Borrowed(""),
            _ if !raw.is_empty() => text::decode(raw),
            Some(named) => Cow::Borrowed(&*named.text),
            None => Cow::Borrowed("{…}"),
        };
        rows.push(place, read, &shown);
    }

    /// The message that it names.
    fn entry(&self) -> Find {
        let id = self.named(ID);
        let by = self.webhook_of();
        let mut last = id;
        let is_later = by.is_some() || self.named(STATUS).is_some();
        let read = entry::read(id.map_or("", |id| &id.text), true, &mut |what| {
            let is_of_webhook = matches!(what, PHONE | PERSON | SENDER | SOURCE | PROVIDER);
            if (by.is_some() && !is_of_webhook) || (is_later && what == TIME) {
                return None;
            }
            last = Some(self.named(what)?);
            last.map(|named| Cow::Borrowed(&*named.text))
        });
        match read {
            Ok(mut entry) => {
                entry.provider = entry.provider.or(by);
                (id.map_or(self.place, |id| id.place), Ok(entry))
            }
            Err(flaw) => {
                let place = last.map_or(self.place, |named| behind(named.place, &named.text, flaw.at()));
                (place, Err(flaw))
            }
        }
    }

    /// Whose webhook it is, if it looks like one.
    fn webhook_of(&self) -> Option<Provider> {
        let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        if self.get(EVENT).is_some_and(is_word) {
            return Some(Provider::GoogleRbm);
        }
        (self.named(CHANNEL).is_some() && self.named(STATUS).or_else(|| self.named(CONTENT)).is_some())
            .then_some(Provider::Vonage)
    }

    /// What it is about, if it is a webhook about no message that was sent.
    fn aside(&self) -> Option<Cow<'static, str>> {
        let from_person = Some(Cow::Borrowed("a message from the person"));
        if self.named(LAUNCH).is_some() {
            return Some("the agent's launch state".into());
        }
        match self.webhook_of() {
            Some(Provider::GoogleRbm) => google_rbm::about_the_person(self.get(EVENT)?).map(Cow::Borrowed),
            Some(Provider::Vonage) => {
                let channel = self.get(CHANNEL)?;
                if !vonage::is_rcs(channel) {
                    return Some(Cow::Owned(joined(&["another channel: ", &text::shortened(channel, 20)])));
                }
                let is_number = self.get(SENDER).is_some_and(|from| E164::parse(from).is_ok());
                from_person.filter(|_| self.named(STATUS).is_none() && is_number)
            }
            None => from_person.filter(|_| self.named(PERSON).is_some() && self.named(EVENT).is_none()),
        }
    }
}

/// A place so many bytes further on in a text of one line.
pub(super) fn behind((line, column): Place, text: &str, at: usize) -> Place {
    (line, column + characters(&text.as_bytes()[..at.min(text.len())]))
}

/// Whether a text is a key or a resource name, and nothing else.
fn is_message(text: &str) -> bool {
    (item::is_key(text) || (text.starts_with("phones/") && item::is_resource(text)))
        && !text.bytes().any(words::is_break)
}
