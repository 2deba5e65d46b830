//! JSON of any length, read byte by byte as it comes: every object that names a message becomes a row when it ends.
//!
//! Looser than the reader for webhooks: what is read here is never believed to be signed, and a text that is hardly
//! JSON is better read than refused. What is none at all is left to be read as free text from the last row on.

use super::envelope::unwrap;
use super::names::{self, DATA, IDS, KEY, Key, OTHER, OTHER_ID};
use super::object::{Open, Place, behind};
use super::seen::Rows;
use super::{LONGEST_PIECE, item, words};
use crate::prelude::*;
use crate::text::{self, characters};

/// Deeper nesting is read as free text: no API's answer comes near it.
const DEEPEST: usize = 32;

/// How many keys are remembered with what they say.
const REMEMBERED: usize = 64;

/// A reader of JSON.
#[derive(Default)]
pub(super) struct Json {
    open: Vec<Open>,
    state: State,
    /// The text or word that is read, and where it begins.
    token: Vec<u8>,
    place: Place,
    /// The digits of an escape that have come, with a one in front, and the first half of a character.
    escape: u32,
    high: u32,
    /// What the last key says.
    key: Key,
    keys: Vec<(Box<[u8]>, Key)>,
    /// The line, from 1, and how many characters of it are in front of a byte of what is read.
    line: usize,
    column: usize,
    counted: usize,
    /// Up to where everything has become a row.
    mark: usize,
    /// A value that holds no message, if nothing but space follows it so far, and where it begins and ends.
    bare: Option<(Open, usize, usize)>,
    /// Where all of it stands, if it was wrapped in something else.
    wrapped: Option<Place>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// Between two texts of JSON.
    #[default]
    Outside,
    /// A value, or the end of the list if nothing stands in front.
    Value,
    /// A key, or the end of the object if nothing stands in front.
    Key,
    Colon,
    /// A comma, or the end of what is open.
    Comma,
    /// Inside quotes: of a key, or of a value.
    Text {
        is_key: bool,
    },
    Escape {
        is_key: bool,
    },
    Digits {
        is_key: bool,
    },
    /// A number, `true`, `false` or `null`.
    Plain,
}

impl Json {
    /// One for what an envelope carries, which stands at a place.
    pub fn inside(envelope: Place) -> Self {
        Self { wrapped: Some(envelope), ..Self::default() }
    }

    /// Whether something is open.
    pub fn is_inside(&self) -> bool {
        !self.open.is_empty()
    }

    /// Reads the next part of a line, which begins behind so many characters of it.
    ///
    /// # Errors
    /// When it is no JSON: the byte from which it is to be read as something else.
    pub fn read(
        &mut self,
        part: &[u8],
        (line, before): (usize, usize),
        rows: &mut Rows,
    ) -> Result<(), usize> {
        self.settle_bare(&[], rows);
        (self.line, self.column, self.counted, self.mark) = (line, before, 0, 0);
        for open in &mut self.open {
            open.begin = None;
        }
        let mut at = 0;
        while at < part.len() {
            match self.step(part, at, rows) {
                Some(next) => at = next,
                None => return Err(self.give_up(rows)),
            }
        }
        Ok(())
    }

    /// Ends the line of which this was the last part.
    ///
    /// # Errors
    /// When a text is open: no text of JSON goes on over a line.
    pub fn end_of_line(&mut self, part: &[u8], rows: &mut Rows) -> Result<(), usize> {
        if matches!(self.state, State::Text { .. } | State::Escape { .. } | State::Digits { .. }) {
            return Err(self.give_up(rows));
        }
        if self.state == State::Plain && self.plain_ends(rows).is_none() {
            return Err(self.give_up(rows));
        }
        self.settle_bare(part, rows);
        Ok(())
    }

    /// Ends the text and says whether something was still open.
    pub fn finish(&mut self, rows: &mut Rows) -> bool {
        let is_inside = self.is_inside();
        while !self.open.is_empty() {
            self.close(&[], 0, rows);
        }
        is_inside
    }

    /// What has begun before this part ends here; the rest of this part is somebody else's.
    fn give_up(&mut self, rows: &mut Rows) -> usize {
        let begun = self.open.iter().position(|open| open.begin.is_some()).unwrap_or(self.open.len());
        let mark = self.open.get(begun).and_then(|open| open.begin).unwrap_or(0).max(self.mark);
        if begun == self.open.len() && matches!(self.state, State::Text { is_key: false }) {
            // Its beginning may have come with an earlier part.
            self.value_ends(false, rows);
        }
        self.open.truncate(begun);
        self.finish(rows);
        self.bare = None;
        self.state = State::Outside;
        self.token.clear();
        mark
    }

    fn place_of(&mut self, part: &[u8], at: usize) -> Place {
        self.column += characters(&part[self.counted..at]);
        self.counted = at;
        self.wrapped.unwrap_or((self.line, self.column + 1))
    }

    /// Reads at least one byte, and says where to go on.
    fn step(&mut self, part: &[u8], at: usize, rows: &mut Rows) -> Option<usize> {
        let byte = part[at];
        match self.state {
            State::Text { is_key } => return self.in_text(part, at, is_key, rows),
            State::Escape { is_key } => {
                let letter = b"\"\\/bfnrtu".iter().position(|letter| *letter == byte)?;
                self.state = State::Text { is_key };
                self.escape = 1;
                match b"\"\\/\x08\x0c\n\r\t".get(letter) {
                    Some(byte) => self.add(&[*byte]),
                    None => self.state = State::Digits { is_key },
                }
                return Some(at + 1);
            }
            State::Digits { is_key } => {
                self.escape = self.escape << 4 | char::from(byte).to_digit(16)?;
                if self.escape >= 0x1_0000 {
                    self.state = State::Text { is_key };
                    self.escaped(self.escape & 0xffff);
                }
                return Some(at + 1);
            }
            State::Plain if is_plain(byte) => {
                self.token.push(byte);
                return (self.token.len() < LONGEST_PIECE).then_some(at + 1);
            }
            State::Plain => self.plain_ends(rows)?,
            _ => {}
        }
        if byte.is_ascii_whitespace() {
            return Some(at + 1);
        }
        match (self.state, byte) {
            (State::Outside, b',') => {}
            (State::Outside | State::Value, b'{' | b'[') => self.begin(part, at, byte == b'[', rows)?,
            (State::Value | State::Key, b'"') => {
                self.place = self.place_of(part, at + 1);
                self.token.clear();
                self.state = State::Text { is_key: self.state == State::Key };
            }
            (State::Value, b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                self.place = self.place_of(part, at);
                self.token.clear();
                self.state = State::Plain;
                return Some(at);
            }
            (State::Colon, b':') => self.state = State::Value,
            (State::Comma, b',') => {
                let is_list = self.open.last()?.is_list;
                self.state = if is_list { State::Value } else { State::Key };
            }
            (State::Value | State::Comma, b']') if self.open.last()?.is_list => {
                self.close(part, at + 1, rows);
            }
            (State::Key | State::Comma, b'}') if !self.open.last()?.is_list => self.close(part, at + 1, rows),
            _ => return None,
        }
        Some(at + 1)
    }

    fn begin(&mut self, part: &[u8], at: usize, is_list: bool, rows: &mut Rows) -> Option<()> {
        self.settle_bare(part, rows);
        if self.open.len() == DEEPEST {
            return None;
        }
        let place = self.place_of(part, at);
        let key = match self.open.last_mut() {
            None => (OTHER, 0),
            Some(outer) if outer.is_list => outer.key,
            Some(outer) => {
                outer.is_empty = false;
                // A message within one says that somebody sent it to somebody.
                if self.key.0 == KEY {
                    outer.set((names::CONTENT, 1), place, "{");
                }
                self.key
            }
        };
        self.open.push(Open::new(is_list, key, place, at));
        self.state = if is_list { State::Value } else { State::Key };
        Some(())
    }

    fn in_text(&mut self, part: &[u8], at: usize, is_key: bool, rows: &mut Rows) -> Option<usize> {
        let rest = &part[at..];
        let run = rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\')).unwrap_or(rest.len());
        self.add(&rest[..run]);
        match rest.get(run) {
            None => return Some(part.len()),
            Some(b'\\') => self.state = State::Escape { is_key },
            Some(b'"') if is_key => {
                self.state = State::Colon;
                self.key = self.key_of_token();
            }
            Some(b'"') => {
                if self.value_ends(false, rows) {
                    self.mark = at + run + 1;
                }
            }
            Some(_) => return None,
        }
        Some(at + run + 1)
    }

    /// Adds to a text. What is longer than a line may be is no id, no number, and no text that anybody sends.
    fn add(&mut self, bytes: &[u8]) {
        let room = LONGEST_PIECE.saturating_sub(self.token.len());
        self.token.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Adds a character that was written as an escape.
    fn escaped(&mut self, code: u32) {
        let high = core::mem::take(&mut self.high);
        if (0xd800..0xdc00).contains(&code) {
            self.high = code;
            return;
        }
        let c = text::paired(high, code).or_else(|| char::from_u32(code)).unwrap_or('\u{fffd}');
        self.add(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// What a key says; the same few come again and again.
    fn key_of_token(&mut self) -> Key {
        if let Some((_, key)) = self.keys.iter().find(|(name, _)| **name == *self.token) {
            return *key;
        }
        let key = names::key(&text::decode(&self.token));
        if self.keys.len() < REMEMBERED && self.token.len() < REMEMBERED {
            self.keys.push((self.token.as_slice().into(), key));
        }
        key
    }

    fn plain_ends(&mut self, rows: &mut Rows) -> Option<()> {
        let words: [&[u8]; 3] = [b"null", b"true", b"false"];
        let is_number = !self.token[0].is_ascii_alphabetic() && self.token.iter().any(u8::is_ascii_digit);
        if !is_number && !words.contains(&&*self.token) {
            return None;
        }
        self.value_ends(true, rows);
        Some(())
    }

    /// Takes a text, number or word, and says whether it has become a row.
    fn value_ends(&mut self, is_plain: bool, rows: &mut Rows) -> bool {
        self.state = State::Comma;
        let token = core::mem::take(&mut self.token);
        let value = text::decode(&token);
        let value = if is_plain && value == "null" { "" } else { &*value };
        let is_row = self.value(value, is_plain, rows);
        self.token = token;
        is_row
    }

    fn value(&mut self, value: &str, is_plain: bool, rows: &mut Rows) -> bool {
        let (key, place) = (self.key, self.place);
        let (mut has_id, mut is_free) = (false, true);
        for open in &self.open {
            has_id |= open.has_id();
            is_free &= open.is_list;
        }
        let Some(open) = self.open.last_mut() else { return false };
        open.is_empty = false;
        if !open.is_list {
            // So Google's webhooks come, and the ids around their content are the transport's.
            let is_envelope = open.key.0 == KEY;
            if key.0 == DATA && self.wrapped.is_none() && unwrap(value, is_envelope, place, rows) {
                (open.has_row, open.is_envelope) = (true, true);
            } else {
                open.field(key, place, value);
            }
            return false;
        }
        let mut finds = words::find(value, true);
        if has_id || open.key.0 == OTHER_ID {
            return false;
        }
        if finds.is_empty() && open.key.0 == IDS && !value.is_empty() {
            finds.push((0, item::id(value)));
        } else if finds.is_empty() && is_free && !is_plain && words::has_content(value) {
            finds.push((0, Err(words::no_id(value))));
        }
        open.has_row |= !finds.is_empty();
        let is_row = !finds.is_empty();
        for (at, read) in finds {
            rows.push(behind(place, value, at), read, value);
        }
        is_row
    }

    /// Ends what was opened last, just before a byte.
    fn close(&mut self, part: &[u8], end: usize, rows: &mut Rows) {
        let Some(done) = self.open.pop() else { return };
        self.state = if self.open.is_empty() { State::Outside } else { State::Comma };
        let begin = done.begin;
        let Some(done) = (match self.open.last_mut() {
            Some(outer) if !done.is_envelope => done.part_of(outer),
            _ => Some(done),
        }) else {
            return;
        };
        let raw = begin.and_then(|begin| part.get(begin..end)).unwrap_or_default();
        let is_inner = self.open.iter().any(Open::has_id);
        let mut has_row = done.has_row;
        if !done.is_envelope && done.says_something() && (!is_inner || done.has_id_of_its_own()) {
            done.end(raw, rows);
            has_row = true;
        } else if !has_row && !is_inner && !done.is_empty {
            match (self.open.last(), begin) {
                // What follows may show that it is no JSON at all.
                (None, Some(begin)) => self.bare = Some((done, begin, end)),
                (None, None) => done.end_without(raw, rows),
                (Some(outer), _) if outer.is_list && !done.is_list => {
                    done.end_without(raw, rows);
                    has_row = true;
                }
                _ => {}
            }
        }
        if has_row {
            self.mark = end;
        }
        if let Some(outer) = self.open.last_mut() {
            outer.has_row |= has_row;
        }
    }

    /// A value without a message is a row, now that it is sure to be JSON.
    fn settle_bare(&mut self, part: &[u8], rows: &mut Rows) {
        if let Some((bare, begin, end)) = self.bare.take() {
            self.mark = end;
            bare.end_without(part.get(begin..end).unwrap_or_default(), rows);
        }
    }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}
