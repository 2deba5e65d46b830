//! A CSV with a header: every record becomes a row.
//!
//! A record may go on over line breaks inside quotes. A quote that is never closed would swallow the rest of a
//! file: so it may hold a limited text, and when that is over, its line is a problem and the lines behind it are
//! read again, each on its own.

use super::header::Header;
use super::item::{self, Flaw};
use super::row::{Entry, Found, ProblemCode, Row, problem};
use super::split::{self, Cell, LineEnd, Quotes};
use super::words::has_content;
use crate::prelude::*;
use crate::text;

/// The longest record that goes on over several lines, in bytes.
const LONGEST_RECORD: usize = 64 * 1024;

/// A reader of records.
pub(super) struct Table {
    header: Header,
    /// The record that goes on: its text, its first line, and where its last quote opened.
    open: Option<Open>,
}

struct Open {
    text: String,
    line: usize,
    quotes: Quotes,
    quote: (usize, usize),
}

impl Table {
    /// A reader for what follows a header.
    pub const fn new(header: Header) -> Self {
        Self { header, open: None }
    }

    /// Reads the next line.
    pub fn line(&mut self, line: usize, text: &str, rows: &mut Vec<Row>) {
        let Some(mut open) = self.open.take() else {
            return self.first_line(line, text, rows);
        };
        open.text.push('\n');
        open.text.push_str(text);
        match open.quotes.line(text, self.header.separator) {
            LineEnd::Complete => rows.push(self.record(open.line, &open.text)),
            LineEnd::Open(_) if open.text.len() <= LONGEST_RECORD => {
                self.open = Some(open);
            }
            LineEnd::Open(_) | LineEnd::Malformed(_) => self.give_up(&open, rows),
        }
    }

    /// Ends the text: a record that is still open has a quote that nothing closes.
    pub fn finish(&mut self, rows: &mut Vec<Row>) {
        if let Some(open) = self.open.take() {
            self.give_up(&open, rows);
        }
    }

    fn first_line(&mut self, line: usize, text: &str, rows: &mut Vec<Row>) {
        if !has_content(text) {
            return;
        }
        let mut quotes = Quotes::default();
        match quotes.line(text, self.header.separator) {
            LineEnd::Complete => rows.push(self.record(line, text)),
            LineEnd::Malformed(at) => rows.push(after_quote(line, text, at)),
            LineEnd::Open(at) => {
                let quote = (line, column(text, at.unwrap_or(0)));
                self.open = Some(Open { text: text.to_owned(), line, quotes, quote });
            }
        }
    }

    /// Reports the quote that is never closed, and reads the lines behind it one by one.
    fn give_up(&self, open: &Open, rows: &mut Vec<Row>) {
        let mut lines = open.text.split('\n').zip(open.line..);
        let first = lines.next().map_or("", |(text, _)| text);
        rows.push(not_closed(open.quote, first));
        for (text, line) in lines.filter(|(text, _)| has_content(text)) {
            rows.push(match Quotes::default().line(text, self.header.separator) {
                LineEnd::Complete => self.record(line, text),
                LineEnd::Open(at) => not_closed((line, column(text, at.unwrap_or(0))), text),
                LineEnd::Malformed(at) => after_quote(line, text, at),
            });
        }
    }

    /// Reads a complete record.
    fn record(&self, line: usize, text: &str) -> Row {
        let cells = split::cells(text, self.header.separator);
        let place = |at: usize| {
            let breaks = text[..at].bytes().filter(|byte| *byte == b'\n').count();
            let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
            (line + breaks, column(&text[begin..], at - begin))
        };
        let surplus = cells.iter().skip(self.header.width).find(|cell| !cell.text.is_empty());
        if let Some(cell) = surplus {
            let message = format!(
                "more columns than the {} of the header: put values that hold a separator in quotes",
                self.header.width
            );
            return problem(place(cell.at), ProblemCode::TooManyColumns, message, text);
        }
        match self.entry(&cells) {
            Ok((at, entry)) => {
                let (line, column) = place(at);
                Row { line, column, found: Found::Entry(entry) }
            }
            Err((at, flaw)) => {
                let flawed = text[at..].char_indices().nth(flaw.at).map_or(text.len(), |(byte, _)| at + byte);
                problem(place(flawed), flaw.code, flaw.message, text)
            }
        }
    }

    /// The message that the cells name and where its id stands, or the cell that is wrong.
    fn entry(&self, cells: &[Cell<'_>]) -> Result<(usize, Entry), (usize, Flaw)> {
        let header = &self.header;
        let id = cells.get(header.id).filter(|cell| !cell.text.is_empty()).ok_or_else(|| {
            let at = cells.get(header.id).or(cells.last()).map_or(0, |cell| cell.at);
            (
                at,
                Flaw {
                    at: 0,
                    code: ProblemCode::IdMissing,
                    message: "no message id in its column".to_owned(),
                },
            )
        })?;
        let mut entry = item::id(&id.text).map_err(|flaw| (id.at, flaw))?;
        let filled = |column: Option<usize>| {
            column.and_then(|column| cells.get(column)).filter(|cell| !cell.text.is_empty())
        };
        if let Some(cell) = filled(header.phone) {
            // A spreadsheet keeps a number as text behind an apostrophe, and some exports write it out.
            let number = cell.text.strip_prefix('\'').unwrap_or(&cell.text);
            entry.phone = Some(item::phone(number).map_err(|flaw| (cell.at, flaw))?);
        }
        if let Some(cell) =
            filled(header.sender).filter(|_| entry.provider.is_none() || entry.agent.is_none())
        {
            item::sender(&cell.text, &mut entry).map_err(|flaw| (cell.at, flaw))?;
        }
        if let Some(cell) = filled(header.sent_at) {
            entry.sent_at = Some(item::sent_at(&cell.text).map_err(|flaw| (cell.at, flaw))?);
        }
        Ok((id.at, entry))
    }
}

/// The column of a byte of a line, in characters from 1.
fn column(line: &str, byte: usize) -> usize {
    text::characters(&line.as_bytes()[..byte]) + 1
}

fn not_closed(place: (usize, usize), text: &str) -> Row {
    let message =
        "a quote that is never closed: close it, or double it if it belongs to the value".to_owned();
    problem(place, ProblemCode::QuoteNotClosed, message, text)
}

fn after_quote(line: usize, text: &str, at: usize) -> Row {
    let message = "text behind a closing quote: double a quote that belongs to the value".to_owned();
    problem((line, column(text, at)), ProblemCode::TextAfterQuote, message, text)
}
