//! Any pasted or uploaded text becomes rows: a message, or a reason with line and column.
//!
//! An [`Importer`] takes the text in pieces of any size and yields rows as it goes, so a browser drives it in
//! slices of a few milliseconds and a server streams; where the pieces are cut never changes a row. Lists, log
//! lines, JSON, curl commands and CSV with a header are read. Nothing is dropped: a line with a letter or a digit
//! in it yields at least one row. Nothing is guessed either: [`resolve`] says to which source a row belongs, or
//! that a person must choose.

mod header;
mod item;
mod resolve;
mod row;
mod seen;
mod split;
mod table;
mod words;

pub use resolve::{KnownMessage, Resolution, ResolveCode, resolve};
pub use row::{Entry, Found, ProblemCode, Row, RowProblem};

use header::FirstLine;
use row::problem;
use seen::Seen;
use table::Table;
use words::Segment;

use crate::prelude::*;
use crate::text::{self, characters};

/// The longest piece of a line that is read at once, in bytes. A longer line of free text is cut between two
/// words; a longer word, or a longer line of a CSV, is a problem.
pub const LONGEST_PIECE: usize = 64 * 1024;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads any text into rows, piece by piece.
///
/// Memory grows with the number of different messages only: that is what folding repetitions needs.
///
/// ```
/// use rcs_revoke_core::import::{Found, Importer};
///
/// let text = "id,phone\n12345xyz,+12223334444\n";
/// let mut importer = Importer::new();
/// let mut rows = Vec::new();
/// for slice in text.as_bytes().chunks(64) {
///     rows.extend(importer.push(slice));
/// }
/// rows.extend(importer.finish());
/// assert!(matches!(&rows[0].found, Found::Entry(entry) if entry.id.as_str() == "12345xyz"));
/// ```
#[derive(Default)]
pub struct Importer {
    /// The beginning of a line whose end has not come yet.
    buffer: Vec<u8>,
    /// The current line, from 0.
    line: usize,
    /// Characters of the current line that were read or skipped already.
    before: usize,
    /// What was cut off the current line.
    cut: Cut,
    form: Form,
    seen: Seen,
    rows: Vec<Row>,
}

/// What the text is read as.
#[derive(Default)]
enum Form {
    /// Nothing but blank lines yet.
    #[default]
    Undecided,
    Text,
    Table(Table),
}

/// How much of a line that is too long was dealt with.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Cut {
    /// Nothing.
    #[default]
    No,
    /// Pieces were read.
    Read(Account),
    /// The rest of a word is skipped.
    SkipWord,
    /// The rest of the line is skipped.
    SkipLine,
}

/// What a line that is read in pieces has yielded so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Account {
    /// Nothing, and it held nothing.
    Blank,
    /// Nothing, although it held something.
    Owed,
    /// A row.
    Settled,
}

impl Importer {
    /// An importer at the beginning of a text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next piece of the text, UTF-8 and cut anywhere, and yields the rows that it completes.
    pub fn push(&mut self, piece: impl AsRef<[u8]>) -> Vec<Row> {
        let mut rest = piece.as_ref();
        while let Some(len) = rest.iter().position(|byte| *byte == b'\n') {
            self.part(&rest[..len], true);
            self.line += 1;
            rest = &rest[len + 1..];
        }
        self.part(rest, false);
        core::mem::take(&mut self.rows)
    }

    /// Ends the text and yields the last rows.
    pub fn finish(mut self) -> Vec<Row> {
        self.part(&[], true);
        if let Form::Table(mut table) = core::mem::take(&mut self.form) {
            let mut rows = Vec::new();
            table.finish(&mut rows);
            self.keep(rows);
        }
        self.rows
    }

    /// How many lines are read.
    pub const fn lines(&self) -> usize {
        self.line
    }

    /// Takes a part of a line, `ends` saying whether its end follows.
    fn part(&mut self, mut part: &[u8], ends: bool) {
        if ends && self.buffer.is_empty() && self.cut == Cut::No && part.len() <= LONGEST_PIECE {
            self.end_of_line(part);
            return;
        }
        while !part.is_empty() {
            part = self.skip(part);
            if self.buffer.len() == LONGEST_PIECE && !part.is_empty() {
                self.overflow();
                continue;
            }
            let len = part.len().min(LONGEST_PIECE - self.buffer.len());
            self.buffer.extend_from_slice(&part[..len]);
            part = &part[len..];
        }
        if ends {
            let line = core::mem::take(&mut self.buffer);
            self.end_of_line(&line);
            self.buffer = line;
            self.buffer.clear();
        }
    }

    /// Drops what belongs to a word or line that is skipped, and returns the rest.
    fn skip<'a>(&mut self, part: &'a [u8]) -> &'a [u8] {
        let len = match self.cut {
            Cut::No | Cut::Read(_) => return part,
            Cut::SkipLine => part.len(),
            Cut::SkipWord => part.iter().position(|byte| is_cut(*byte)).unwrap_or(part.len()),
        };
        self.before += characters(&part[..len]);
        if len < part.len() {
            self.cut = Cut::Read(Account::Settled);
        }
        &part[len..]
    }

    /// Deals with a line that is longer than what is read at once.
    fn overflow(&mut self) {
        let buffer = core::mem::take(&mut self.buffer);
        let read = match &self.form {
            Form::Table(_) => 0,
            Form::Undecided | Form::Text => {
                buffer.iter().rposition(|byte| is_cut(*byte)).map_or(0, |at| at + 1)
            }
        };
        if read > 0 {
            self.form = Form::Text;
            let text = text::decode(&buffer[..read]);
            self.cut = Cut::Read(self.piece(&text));
            self.before += characters(&buffer[..read]);
            self.buffer.extend_from_slice(&buffer[read..]);
            return;
        }
        let (cut, what) = match &mut self.form {
            Form::Table(table) => {
                let mut rows = Vec::new();
                table.finish(&mut rows);
                self.keep(rows);
                (Cut::SkipLine, "line")
            }
            Form::Undecided | Form::Text => (Cut::SkipWord, "text without a space or comma"),
        };
        let message = format!("a {what} of more than {LONGEST_PIECE} bytes: the rest of it was skipped");
        let text = text::decode(&buffer);
        self.rows.push(problem((self.line + 1, self.before + 1), ProblemCode::TooLong, message, &text));
        self.before += characters(&buffer);
        self.cut = cut;
    }

    /// Reads the end of a line, or a whole one.
    fn end_of_line(&mut self, line: &[u8]) {
        let text = text::decode(line.strip_suffix(b"\r").unwrap_or(line));
        match self.cut {
            Cut::No => self.whole_line(&text),
            Cut::SkipWord | Cut::SkipLine => self.cut = Cut::No,
            Cut::Read(_) => {
                if self.piece(&text) == Account::Owed {
                    self.rows.push(words::no_id(self.line + 1, &text));
                }
                self.cut = Cut::No;
            }
        }
        self.before = 0;
    }

    fn whole_line(&mut self, text: &str) {
        let text = if self.line == 0 { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
        match &mut self.form {
            Form::Table(table) => {
                let mut rows = Vec::new();
                table.line(self.line + 1, text, &mut rows);
                self.keep(rows);
            }
            Form::Text | Form::Undecided if !words::has_content(text) => {}
            Form::Undecided => self.first_line(text),
            Form::Text => {
                self.text(text, true);
            }
        }
    }

    fn first_line(&mut self, text: &str) {
        self.form = match header::read(text) {
            FirstLine::Header(header) => Form::Table(Table::new(header)),
            FirstLine::WithoutId => {
                let message = "a header without a column for the message id: name it `id`, `message_id`, \
                               `message_uuid` or `uuid`";
                let place = (self.line + 1, 1);
                self.rows.push(problem(place, ProblemCode::HeaderWithoutId, message.to_owned(), text));
                Form::Text
            }
            FirstLine::Text => {
                self.text(text, true);
                Form::Text
            }
        };
    }

    /// Reads free text and says whether it held anything; a whole line always does.
    fn text(&mut self, text: &str, whole: bool) -> bool {
        let mut rows = Vec::new();
        let segment = Segment { text, line: self.line + 1, before: self.before, whole };
        let found = words::read(segment, &mut rows);
        if whole && !found {
            rows.push(words::no_id(self.line + 1, text));
        }
        self.keep(rows);
        found
    }

    /// Reads one more piece of a line that is too long.
    fn piece(&mut self, piece: &str) -> Account {
        let so_far = match self.cut {
            Cut::Read(account) => account,
            _ => Account::Blank,
        };
        match so_far {
            _ if self.text(piece, false) => Account::Settled,
            Account::Blank if words::has_content(piece) => Account::Owed,
            other => other,
        }
    }

    fn keep(&mut self, rows: Vec<Row>) {
        for row in rows {
            let row = self.seen.note(row);
            self.rows.push(row);
        }
    }
}

/// Reads a whole text at once.
pub fn parse(text: &str) -> Vec<Row> {
    let mut importer = Importer::new();
    let mut rows = importer.push(text);
    rows.extend(importer.finish());
    rows
}

/// Where a line that is too long may be cut: between words.
const fn is_cut(byte: u8) -> bool {
    byte.is_ascii() && words::is_break(byte)
}
