//! A CSV with a header: every record becomes a row.
//!
//! A record may go on over line breaks inside quotes. A quote that is never closed would swallow the rest of a
//! file: so it may hold a limited text, and when that is over, its line is a problem and the lines behind it are
//! read again, each on its own.

use super::header::{
    CLASS, EXPIRES_AT, FAILOVER, FALLBACK_TEXT, HOST, Header, ID, PHONE, REVOKE_AT, SENDER, SENT_AT, TTL,
    TTL_MILLIS, TTL_SECONDS,
};
use super::row::{Entry, Flaw, ProblemCode};
use super::seen::Rows;
use super::split::{Cell, Fields, LineEnd};
use super::words::has_content;
use super::{item, terms};
use crate::prelude::*;
use crate::say::number;
use crate::text;
use crate::time::Span;

/// The longest record that goes on over several lines, in bytes.
const LONGEST_RECORD: usize = 64 * 1024;

/// A reader of records.
pub(super) struct Table {
    header: Header,
    /// The record that goes on.
    open: Option<Open>,
}

struct Open {
    text: String,
    /// Its first line.
    line: usize,
    fields: Fields,
}

impl Table {
    /// A reader for what follows a header.
    pub const fn new(header: Header) -> Self {
        Self { header, open: None }
    }

    /// Reads the next line.
    pub fn line(&mut self, line: usize, text: &str, rows: &mut Rows) {
        let Some(open) = &mut self.open else {
            self.open = self.first_line(line, text, rows);
            return;
        };
        let from = open.text.len();
        open.text.push('\n');
        open.text.push_str(text);
        match open.fields.line(&open.text, from) {
            LineEnd::Complete => {
                self.header.record(open.line, &open.text, &open.fields, rows);
                self.open = None;
            }
            LineEnd::Open if open.text.len() <= LONGEST_RECORD => {}
            LineEnd::Open | LineEnd::Malformed(_) => self.finish(rows),
        }
    }

    /// Ends the text. A record that is still open has a quote that nothing closes: its lines are read one by one.
    pub fn finish(&mut self, rows: &mut Rows) {
        let Some(open) = self.open.take() else { return };
        let (mut line, mut rest) = (open.line, &*open.text);
        loop {
            let (text, after) = text::split_once(rest, "\n").unwrap_or((rest, ""));
            if let Some(open) = self.first_line(line, text, rows) {
                let message =
                    "a quote that is never closed: close it, or double it if it belongs to the value";
                flawed(line, text, open.fields.quote, ProblemCode::QuoteNotClosed, message, rows);
            }
            if after.is_empty() {
                return;
            }
            (line, rest) = (line + 1, after);
        }
    }

    /// Reads the first line of a record, and returns the record if it goes on.
    fn first_line(&self, line: usize, text: &str, rows: &mut Rows) -> Option<Open> {
        if !has_content(text) {
            return None;
        }
        let mut fields = Fields::new(self.header.separator);
        match fields.line(text, 0) {
            LineEnd::Open => return Some(Open { text: text.to_owned(), line, fields }),
            LineEnd::Complete => self.header.record(line, text, &fields, rows),
            LineEnd::Malformed(at) => {
                let message = "text behind a closing quote: double a quote that belongs to the value";
                flawed(line, text, at, ProblemCode::TextAfterQuote, message, rows);
            }
        }
        None
    }
}

impl Header {
    /// Reads a complete record.
    fn record(&self, line: usize, text: &str, fields: &Fields, rows: &mut Rows) {
        let mut record = Record { text, fields, at: 0 };
        let read = self.entry(&mut record);
        let at = record.at + read.as_ref().err().map_or(0, Flaw::at);
        rows.push(place(line, text, at), read, text);
    }

    /// The message that a record names, or what is wrong with the field that was looked at last.
    fn entry(&self, record: &mut Record<'_>) -> Result<Entry, Flaw> {
        let last = record.fields.len() - 1;
        if (self.width..=last).any(|number| record.filled(Some(number)).is_some()) {
            return Err(Flaw::new(
                ProblemCode::TooManyColumns,
                &[
                    "more columns than the ",
                    &number(self.width),
                    " of the header: put values that hold a separator in quotes",
                ],
            ));
        }
        let column = self.columns[ID];
        let id = record.filled(column.map(|column| column.min(last)));
        let Some(id) = id.filter(|_| column <= Some(last)) else {
            return Err(Flaw::new(ProblemCode::IdMissing, &["no message id in its column"]));
        };
        let at = record.at;
        let mut entry = item::id(id)?;
        if let Some(number) = record.filled(self.columns[PHONE]) {
            // A spreadsheet keeps a number as text behind an apostrophe, and some exports write it out.
            entry.phone = Some(item::phone(number.strip_prefix('\'').unwrap_or(number))?);
        }
        if (entry.provider.is_none() || entry.agent.is_none())
            && let Some(sender) = record.filled(self.columns[SENDER])
        {
            item::sender(sender, &mut entry)?;
        }
        if let Some(time) = record.filled(self.columns[SENT_AT]) {
            entry.sent_at = Some(item::time(time)?);
        }
        self.terms(record, &mut entry)?;
        record.at = at;
        Ok(entry)
    }

    /// What a record says of the message's class, its end and the SMS instead.
    fn terms(&self, record: &mut Record<'_>, entry: &mut Entry) -> Result<(), Flaw> {
        let columns = &self.columns;
        if let Some(name) = record.filled(columns[CLASS]) {
            entry.class = Some(terms::class(name)?);
        }
        if let Some(cell) = record.cell(columns[FALLBACK_TEXT]) {
            entry.fallback_text = Some(terms::sms_text(cell.said())?);
        }
        if let Some(word) = record.filled(columns[FAILOVER]) {
            entry.failover = Some(terms::flag(word)?);
        }
        if let Some(name) = record.filled(columns[HOST]) {
            entry.host = Some(terms::host(name)?);
        }
        if let Some(time) = record.filled(columns[EXPIRES_AT]) {
            entry.life = Some(terms::end(time)?);
        }
        // What a bare number of each of these columns counts.
        let units = [(TTL, None), (TTL_SECONDS, Some(Span::secs(1))), (TTL_MILLIS, Some(Span::millis(1)))];
        for (column, unit) in units {
            if let Some(length) = record.filled(columns[column]) {
                let life = terms::ttl(length, unit)?;
                if entry.life.is_some_and(|stated| stated != life) {
                    return Err(terms::two_ends());
                }
                entry.life = Some(life);
            }
        }
        if let Some(time) = record.filled(columns[REVOKE_AT]) {
            entry.revoke_at = Some(item::time(time)?);
        }
        Ok(())
    }
}

/// A complete record while it is read.
struct Record<'a> {
    text: &'a str,
    fields: &'a Fields,
    /// Where the field begins that was looked at last.
    at: usize,
}

impl<'a> Record<'a> {
    /// What a field holds, if there is such a field and it holds something.
    fn filled(&mut self, number: Option<usize>) -> Option<&'a str> {
        self.cell(number).map(|cell| cell.text)
    }

    /// The same with its quotes.
    fn cell(&mut self, number: Option<usize>) -> Option<Cell<'a>> {
        let cell = self.fields.cell(self.text, number?)?;
        self.at = cell.at;
        (!cell.text.is_empty()).then_some(cell)
    }
}

/// Adds a row that says what is wrong at a byte of one line.
fn flawed(line: usize, text: &str, at: usize, code: ProblemCode, message: &str, rows: &mut Rows) {
    rows.push(place(line, text, at), Err(Flaw::new(code, &[message])), text);
}

/// The line and the column, in characters, of a byte of a text that begins in this line.
fn place(line: usize, text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at];
    let (mut line, mut begin) = (line, 0);
    for (at, _) in before.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        (line, begin) = (line + 1, at + 1);
    }
    (line, text::characters(&before[begin..]) + 1)
}
