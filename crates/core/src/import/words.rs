//! A line of free text: ids in lists, quotes, brackets, log lines, JSON and curl commands.
//!
//! A UUID is an id wherever it stands. Any other id needs something that says so: a key in front, a resource
//! name around it, or a recipient as the only other word of the line.

use super::item::{self, Flaw};
use super::row::{Entry, Found, ProblemCode, Row, problem};
use crate::id::AgentId;
use crate::phone::E164;
use crate::prelude::*;
use crate::text;

/// A line, or a piece of one that is too long to be read at once.
#[derive(Clone, Copy)]
pub(super) struct Segment<'a> {
    pub text: &'a str,
    pub line: usize,
    /// Characters of the line in front of this piece.
    pub before: usize,
    /// Whether this is the whole line: only then a recipient belongs to the line's only id.
    pub whole: bool,
}

/// Whether a byte ends a word.
pub(super) const fn is_break(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'%' | b'@' | b':' | b'+' | b'/'))
}

/// Whether there is anything to read in a line: at least one letter or digit.
pub(super) fn has_content(line: &str) -> bool {
    line.chars().any(text::is_letter)
}

/// Reads a line into rows and says whether there was anything; a whole line that holds nothing is a row too.
pub(super) fn read(segment: Segment<'_>, rows: &mut Vec<Row>) -> bool {
    let mut finds = Finds::default();
    let mut columns = Columns { text: segment.text, byte: 0, column: segment.before + 1 };
    for (at, word) in words(segment.text) {
        finds.word(word, &mut |byte| columns.at(at + byte));
    }
    if segment.whole {
        finds.join();
    }
    let found = !finds.rows.is_empty();
    for (column, found) in finds.rows {
        rows.push(match found {
            Ok(entry) => Row { line: segment.line, column, found: Found::Entry(entry) },
            Err(flaw) => problem((segment.line, column), flaw.code, flaw.message, segment.text.trim()),
        });
    }
    found
}

/// The row for a line that holds no id.
pub(super) fn no_id(line: usize, text: &str) -> Row {
    let column = text.chars().take_while(|c| c.is_whitespace()).count() + 1;
    let (code, message) = if text.contains('\0') {
        (ProblemCode::NotUtf8, "not UTF-8 text: save the file as UTF-8 and import it again")
    } else if words(text).any(|(_, word)| item::is_uuid_without_hyphens(word)) {
        (ProblemCode::NotAUuid, "a UUID without its hyphens: write it as 8-4-4-4-12 digits")
    } else {
        (
            ProblemCode::NoId,
            "no message id here: expected a UUID, a key such as `google_rbm:my_agent:12345`, or a CSV whose \
             header names a column `id`",
        )
    };
    problem((line, column), code, message.to_owned(), text.trim())
}

/// The words of a text with their places in bytes.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut next = 0;
    core::iter::from_fn(move || {
        let start = next + bytes[next..].iter().position(|byte| !is_break(*byte))?;
        let end =
            bytes[start..].iter().position(|byte| is_break(*byte)).map_or(bytes.len(), |len| start + len);
        next = end;
        Some((start, &text[start..end]))
    })
}

/// Counts characters from one place to the next, so that a long line is counted once.
struct Columns<'a> {
    text: &'a str,
    byte: usize,
    column: usize,
}

impl Columns<'_> {
    fn at(&mut self, byte: usize) -> usize {
        self.column += text::characters(&self.text.as_bytes()[self.byte..byte]);
        self.byte = byte;
        self.column
    }
}

/// What a line holds, with columns.
#[derive(Default)]
struct Finds {
    rows: Vec<(usize, Result<Entry, Flaw>)>,
    /// The first recipient, and how many there are.
    phone: Option<(usize, Result<E164, Flaw>)>,
    phones: usize,
    /// The first word that is nothing known, and how many there are.
    other: Option<(usize, String)>,
    others: usize,
    /// The value of `agentId=` in a URL.
    agent: Option<AgentId>,
    agent_follows: bool,
}

impl Finds {
    /// Reads one word; `column` tells the column of a byte of it.
    fn word(&mut self, word: &str, column: &mut dyn FnMut(usize) -> usize) {
        let word = word.trim_end_matches(['.', ':', '/']);
        if core::mem::take(&mut self.agent_follows) {
            self.agent = AgentId::parse(&text::replace(word, "%40", "@")).ok();
        } else if word == "agentId" {
            self.agent_follows = true;
        } else if item::is_resource(word) {
            self.take(column(0), item::resource(word));
        } else if item::is_key(word) {
            self.take(column(0), item::key(word));
        } else if !self.pieces(word, column) && !word.is_empty() {
            self.others += 1;
            self.other.get_or_insert_with(|| (column(0), word.to_owned()));
        }
    }

    /// Looks for UUIDs and recipients inside a word and says whether there were any.
    fn pieces(&mut self, word: &str, column: &mut dyn FnMut(usize) -> usize) -> bool {
        let bytes = word.as_bytes();
        let is_piece = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        let (mut found, mut next) = (false, 0);
        while let Some(len) = bytes[next..].iter().position(is_piece) {
            let start = next + len;
            next =
                bytes[start..].iter().position(|byte| !is_piece(byte)).map_or(bytes.len(), |len| start + len);
            let piece = &word[start..next];
            if item::is_uuid(piece) {
                self.take(column(start), item::id(piece));
            } else if let Some(flaw) = item::almost_uuid(piece) {
                self.take(column(start), Err(flaw));
            } else if is_recipient(&word[..start], piece) {
                self.phones += 1;
                self.phone.get_or_insert_with(|| (column(start) - 1, item::phone(piece)));
            } else {
                continue;
            }
            found = true;
        }
        found
    }

    fn take(&mut self, column: usize, read: Result<Entry, Flaw>) {
        let column = column + read.as_ref().err().map_or(0, |flaw| flaw.at);
        self.rows.push((column, read));
    }

    /// Brings together what belongs together on one line: the only id with the only recipient and the agent.
    fn join(&mut self) {
        if self.rows.is_empty() && self.phones == 1 && self.others == 1 {
            self.rows.extend(self.other.take().and_then(other_as_id));
        }
        let [(column, read @ Ok(_))] = self.rows.as_mut_slice() else {
            return;
        };
        let Ok(entry) = read else { return };
        if entry.agent.is_none() {
            entry.agent = self.agent.take();
        }
        match self.phone.take() {
            Some((_, Ok(phone))) if self.phones == 1 => entry.phone = entry.phone.take().or(Some(phone)),
            Some((place, Err(flaw))) if self.phones == 1 => (*column, *read) = (place, Err(flaw)),
            _ => {}
        }
    }
}

/// Whether a piece of a word is the number behind a `+` that nothing stands in front of.
fn is_recipient(front: &str, piece: &str) -> bool {
    piece.len() >= SHORTEST_NUMBER
        && piece.bytes().all(|byte| byte.is_ascii_digit())
        && front.strip_suffix('+').is_some_and(|front| !front.ends_with(|c: char| c.is_ascii_alphanumeric()))
}

/// Fewer digits behind a `+` are an offset or a count.
const SHORTEST_NUMBER: usize = 7;

/// The only other word beside a recipient, where it can be an id: a word without a digit is prose.
fn other_as_id((column, word): (usize, String)) -> Option<(usize, Result<Entry, Flaw>)> {
    word.bytes().any(|byte| byte.is_ascii_digit()).then(|| match item::id(&word) {
        Ok(entry) => (column, Ok(entry)),
        Err(flaw) => (column + flaw.at, Err(flaw)),
    })
}
