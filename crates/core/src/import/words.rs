//! A line of free text: ids in lists, quotes, brackets, log lines, JSON and curl commands.
//!
//! A UUID is an id wherever it stands, unless what stands in front calls it the id of something else
//! (`application_id=…`). Any other id needs something that says so: a key in front, a resource name around it, or a
//! recipient as the only other word of the line.

use super::row::{Entry, Flaw, ProblemCode};
use super::{item, names};
use crate::id::AgentId;
use crate::prelude::*;
use crate::text;

/// A message or a flaw, and the byte of the line where it stands.
pub(super) type Find = (usize, Result<Entry, Flaw>);

/// Whether a byte ends a word.
pub(super) const fn is_break(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'%' | b'@' | b':' | b'+' | b'/'))
}

/// Whether there is anything to read in a line: at least one letter or digit.
pub(super) fn has_content(line: &str) -> bool {
    line.chars().any(text::is_letter)
}

/// Whether a line holds a message rather than names only.
pub(super) fn holds_message(line: &str) -> bool {
    !find(line, true).is_empty()
}

/// Finds what a line holds, or a piece of one that is too long to be read at once: only in a `whole` line, a
/// recipient belongs to the only id.
pub(super) fn find(line: &str, whole: bool) -> Vec<Find> {
    let mut finds = Finds { line, ..Finds::default() };
    each_word(line, &mut |at, word| finds.word(at, word));
    if whole {
        finds.join();
    }
    finds.found
}

/// Why a line holds no id.
pub(super) fn no_id(line: &str) -> Flaw {
    let (mut lacks_hyphens, mut names_another) = (false, false);
    each_word(line, &mut |at, word| {
        lacks_hyphens |= item::is_uuid_without_hyphens(word);
        each_run(word, is_in_uuid, &mut |start, piece| {
            names_another |= item::is_uuid(piece) && is_of_another(line, at + start);
        });
    });
    let (code, message) = if line.bytes().any(|byte| byte == 0) {
        (ProblemCode::NotUtf8, "neither UTF-8 nor UTF-16 text: save the file as UTF-8 and import it again")
    } else if names_another {
        (
            ProblemCode::NoId,
            "no message id here: what stands in front of the UUID calls it the id of something else; if it is a \
             message's, call it `message_id`",
        )
    } else if lacks_hyphens {
        (ProblemCode::NotAUuid, "a UUID without its hyphens: write it as 8-4-4-4-12 digits")
    } else {
        (
            ProblemCode::NoId,
            "no message id here: expected a UUID, a key such as `google_rbm:my_agent:12345`, or a CSV whose \
             header names a column `id`",
        )
    };
    Flaw::new(code, &[message])
}

/// Reads the words of a text with their places in bytes.
fn each_word<'a>(text: &'a str, read: &mut dyn FnMut(usize, &'a str)) {
    each_run(text, |byte| !is_break(byte), read);
}

/// Reads the longest parts of a text that consist of certain bytes, which are ASCII, with their places.
fn each_run<'a>(text: &'a str, belongs: fn(u8) -> bool, read: &mut dyn FnMut(usize, &'a str)) {
    let mut start = 0;
    for at in 0..=text.len() {
        if text.as_bytes().get(at).is_none_or(|byte| !belongs(*byte)) {
            if at > start {
                read(start, text.get(start..at).unwrap_or_default());
            }
            start = at + 1;
        }
    }
}

/// What a line holds.
#[derive(Default)]
struct Finds<'a> {
    line: &'a str,
    found: Vec<Find>,
    /// The first recipient, and how many there are.
    phone: Option<(usize, &'a str)>,
    phones: usize,
    /// The first word that is nothing known, and how many there are.
    other: Option<(usize, &'a str)>,
    others: usize,
    /// The value of `agentId=` in a URL.
    agent: Option<&'a str>,
    agent_follows: bool,
}

impl<'a> Finds<'a> {
    /// Reads the word that begins at a byte.
    fn word(&mut self, at: usize, word: &'a str) {
        let end = word.bytes().rposition(|byte| !matches!(byte, b'.' | b':' | b'/')).map_or(0, |at| at + 1);
        let word = word.get(..end).unwrap_or_default();
        if core::mem::take(&mut self.agent_follows) {
            self.agent = Some(word);
        } else if word == "agentId" {
            self.agent_follows = true;
        } else if item::is_resource(word) {
            self.take(at, item::resource(word));
        } else if item::is_key(word) {
            self.take(at, item::key(word));
        } else if !self.pieces(at, word) && !word.is_empty() {
            self.others += 1;
            self.other.get_or_insert((at, word));
        }
    }

    /// Looks for UUIDs and recipients inside a word and says whether there were any.
    fn pieces(&mut self, at: usize, word: &'a str) -> bool {
        let before = (self.found.len(), self.phones);
        each_run(word, is_in_uuid, &mut |start, piece| {
            if item::is_uuid(piece) {
                if !is_of_another(self.line, at + start) {
                    self.take(at + start, item::id(piece));
                }
            } else if let Some(flaw) = item::almost_uuid(piece) {
                self.take(at + start, Err(flaw));
            } else if is_recipient(&word.as_bytes()[..start], piece) {
                self.phones += 1;
                // Where its `+` stands.
                self.phone.get_or_insert((at + start - 1, piece));
            }
        });
        before != (self.found.len(), self.phones)
    }

    fn take(&mut self, at: usize, read: Result<Entry, Flaw>) {
        let at = at + read.as_ref().err().map_or(0, Flaw::at);
        self.found.push((at, read));
    }

    /// Brings together what belongs together on one line: the only id with the only recipient and the agent.
    fn join(&mut self) {
        let phone = self.phone.filter(|_| self.phones == 1);
        if let Some((at, word)) = self.other
            && self.found.is_empty()
            && phone.is_some()
            && self.others == 1
            // A word without a digit is prose.
            && word.bytes().any(|byte| byte.is_ascii_digit())
        {
            self.take(at, item::id(word));
        }
        let [(at, read)] = self.found.as_mut_slice() else { return };
        let Ok(entry) = read else { return };
        if let Some(agent) = self.agent
            && entry.agent.is_none()
        {
            entry.agent = AgentId::parse(&text::replace(agent, "%40", "@")).ok();
        }
        match phone.map(|(place, number)| (place, item::phone(number))) {
            Some((_, Ok(phone))) => entry.phone = entry.phone.take().or(Some(phone)),
            Some((place, Err(flaw))) => (*at, *read) = (place, Err(flaw)),
            None => {}
        }
    }
}

const fn is_in_uuid(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Whether what stands in front of a byte says that the id there is of something else than a message.
fn is_of_another(line: &str, at: usize) -> bool {
    let front = line.get(..at).unwrap_or_default().trim_end_matches(AROUND);
    let Some(name) = front.strip_suffix([':', '=']) else { return false };
    let name = name.trim_end_matches(AROUND);
    let begin =
        name.bytes().rposition(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')));
    names::is_of_another(name.get(begin.map_or(0, |at| at + 1)..).unwrap_or_default())
}

/// What may stand between a name and its value.
const AROUND: [char; 4] = [' ', '"', '\'', '\\'];

/// Whether a piece of a word is the number behind a `+` that nothing stands in front of.
fn is_recipient(front: &[u8], piece: &str) -> bool {
    let is_alone = match front {
        [.., before, b'+'] => !before.is_ascii_alphanumeric(),
        other => *other == [b'+'],
    };
    is_alone && piece.len() >= SHORTEST_NUMBER && piece.bytes().all(|byte| byte.is_ascii_digit())
}

/// Fewer digits behind a `+` are an offset or a count.
const SHORTEST_NUMBER: usize = 7;
