//! A CSV with a header: every record becomes a row.
//!
//! A record may go on over line breaks inside quotes. A quote that is never closed would swallow the rest of a
//! file: so it may hold a limited text, and when that is over, its line is a problem and the lines behind it are
//! read again, each on its own.

use alloc::borrow::Cow;

use super::entry;
use super::header::Header;
use super::names::{FALLBACK_TEXT, ID};
use super::row::{Entry, Flaw, ProblemCode};
use super::seen::Rows;
use super::split::{Cell, Fields, LineEnd};
use super::words::has_content;
use crate::prelude::*;
use crate::say::number;
use crate::text;

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
        let mut fields = Fields::new(self.header.form);
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
        let entry = entry::read(id, false, &mut |what| {
            let cell = record.cell(self.columns.get(what).copied().flatten())?;
            Some(if what == FALLBACK_TEXT {
                Cow::Owned(cell.said(self.form))
            } else {
                Cow::Borrowed(cell.text)
            })
        })?;
        record.at = at;
        Ok(entry)
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
