//! Any pasted or uploaded text becomes rows: a message, or a reason with line and column.
//!
//! An [`Importer`] takes the text in pieces of any size and yields rows as it goes, so a browser drives it in
//! slices of a few milliseconds and a server streams; where the pieces are cut never changes a row. Lists, log
//! lines, curl commands, JSON (webhooks and answers of providers too) and CSV with a header are read, in UTF-8 and
//! UTF-16. Nothing is dropped: a line with a letter or a digit in it yields at least one row, or belongs to the JSON
//! object of one. Nothing is guessed either: [`resolve`] says to which source a row belongs, or that a person must
//! choose.

mod encoding;
mod entry;
mod envelope;
mod header;
mod item;
mod json;
mod names;
mod object;
mod rejects;
mod resolve;
mod row;
mod seen;
mod split;
mod table;
mod terms;
mod words;

pub use encoding::Decoder;
pub use rejects::{REJECTS_HEADER, reject_line};
pub use resolve::{KnownMessage, Resolution, ResolveCode, resolve};
pub use row::{Entry, Found, ProblemCode, Row, RowProblem};

use header::FirstLine;
use json::Json;
use row::Flaw;
use seen::Rows;
use table::Table;

use crate::prelude::*;
use crate::say::number;
use crate::text::{self, characters};

/// The longest piece of a line that is read at once, in bytes. A longer line of free text is cut between two
/// words; a longer word, or a longer line of a CSV, is a problem.
pub const LONGEST_PIECE: usize = 64 * 1024;

const SEPARATOR: &str = "sep=";
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
    decoder: Decoder,
    reader: Reader,
}

/// Reads UTF-8.
#[derive(Default)]
struct Reader {
    /// The beginning of a line whose end has not come yet.
    buffer: Vec<u8>,
    /// The current line, from 0.
    line: usize,
    /// Characters of the current line that were read or skipped already.
    before: usize,
    cut: Cut,
    form: Form,
    json: Json,
    /// Whether this line began as JSON and went on as none.
    is_broken: bool,
    rows: Rows,
}

/// What the text is read as.
#[derive(Default)]
enum Form {
    /// Nothing but blank lines yet.
    #[default]
    Undecided,
    Text,
    /// Inside of JSON that goes on over several lines, or over a line that is too long.
    Json,
    Table(Table),
}

/// What became of the beginning of a line that is too long to be read at once.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Cut {
    /// The line is not too long, as far as it has come.
    #[default]
    No,
    /// It was read, and held nothing.
    Blank,
    /// It was read and has yielded nothing, although it held something.
    Owed,
    /// It has yielded a row.
    Settled,
    /// It has yielded a row, and the rest of its last word is skipped.
    SkipWord,
    /// It has yielded a row, and the rest of the line is skipped.
    SkipLine,
}

impl Importer {
    /// An importer at the beginning of a text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next piece of the text, cut anywhere, and yields the rows that it completes.
    ///
    /// It is UTF-8, or UTF-16 if it begins with a byte order mark or two characters of ASCII in it.
    pub fn push(&mut self, piece: impl AsRef<[u8]>) -> Vec<Row> {
        let Self { decoder, reader } = self;
        decoder.push(piece.as_ref(), &mut |text| reader.read(text));
        reader.rows.take()
    }

    /// Ends the text and yields the last rows.
    pub fn finish(self) -> Vec<Row> {
        let Self { mut decoder, mut reader } = self;
        decoder.finish(&mut |text| reader.read(text));
        reader.finish();
        reader.rows.take()
    }

    /// How many lines are read.
    pub const fn lines(&self) -> usize {
        self.reader.line
    }
}

impl Reader {
    fn finish(&mut self) {
        self.end_of_line(&[]);
        if let Form::Table(table) = &mut self.form {
            table.finish(&mut self.rows);
        }
        if self.json.finish(&mut self.rows) {
            let message = "the JSON ends before it is complete: what should follow is missing";
            let flaw = Flaw::new(ProblemCode::InvalidJson, &[message]);
            self.rows.push((self.line + 1, 1), Err(flaw), "…");
        }
    }

    fn read(&mut self, mut rest: &[u8]) {
        while let Some(len) = rest.iter().position(|byte| *byte == b'\n') {
            self.end_of_line(&rest[..len]);
            self.line += 1;
            rest = &rest[len + 1..];
        }
        self.part(rest);
    }

    /// Takes the last part of a line, or all of it.
    fn end_of_line(&mut self, part: &[u8]) {
        if self.buffer.is_empty() && self.cut == Cut::No && part.len() <= LONGEST_PIECE {
            return self.last_piece(part);
        }
        self.part(part);
        let mut line = core::mem::take(&mut self.buffer);
        self.last_piece(&line);
        line.clear();
        self.buffer = line;
    }

    /// Takes a part of a line whose end has not come yet.
    fn part(&mut self, mut part: &[u8]) {
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
    }

    /// Drops what belongs to a word or line that is skipped, and returns the rest.
    fn skip<'a>(&mut self, part: &'a [u8]) -> &'a [u8] {
        let len = match self.cut {
            Cut::SkipLine => part.len(),
            Cut::SkipWord => part.iter().position(|byte| is_cut(*byte)).unwrap_or(part.len()),
            _ => return part,
        };
        self.before += characters(&part[..len]);
        if len < part.len() {
            self.cut = Cut::Settled;
        }
        &part[len..]
    }

    /// Deals with a line that is longer than what is read at once.
    fn overflow(&mut self) {
        let mut buffer = core::mem::take(&mut self.buffer);
        if matches!(self.form, Form::Json) || self.begins_json(&buffer) {
            let read = self.json(&buffer, false);
            buffer.drain(..read);
            self.buffer = buffer;
            return;
        }
        let (cut, what) = match &mut self.form {
            Form::Table(table) => {
                table.finish(&mut self.rows);
                (Cut::SkipLine, "line")
            }
            Form::Undecided | Form::Text | Form::Json => {
                if let Some(at) = buffer.iter().rposition(|byte| is_cut(*byte)) {
                    let read = at + 1;
                    self.form = Form::Text;
                    self.piece(&text::decode(&buffer[..read]));
                    self.before += characters(&buffer[..read]);
                    self.buffer.extend_from_slice(&buffer[read..]);
                    return;
                }
                (Cut::SkipWord, "text without a space or comma")
            }
        };
        let longest = number(LONGEST_PIECE);
        let message = ["a ", what, " of more than ", &longest, " bytes: the rest of it was skipped"];
        let flaw = Flaw::new(ProblemCode::TooLong, &message);
        self.rows.push((self.line + 1, self.before + 1), Err(flaw), &text::decode(&buffer));
        self.before += characters(&buffer);
        self.cut = cut;
    }

    /// Whether JSON begins with this line, of which nothing was read so far.
    fn begins_json(&self, line: &[u8]) -> bool {
        !matches!(self.form, Form::Table(_))
            && !self.is_broken
            && self.cut == Cut::No
            && envelope::begins(line)
    }

    /// Reads a part of a line as JSON and says how much of it is some: the rest is free text.
    fn json(&mut self, part: &[u8], is_end: bool) -> usize {
        self.form = Form::Json;
        let place = (self.line + 1, self.before);
        let was_inside = self.json.is_inside();
        let mut read = self.json.read(part, place, &mut self.rows);
        if is_end && read.is_ok() {
            read = self.json.end_of_line(part, &mut self.rows);
        }
        let len = read.err().unwrap_or(part.len());
        self.before += characters(&part[..len]);
        self.is_broken = read.is_err();
        if self.is_broken || (is_end && !self.json.is_inside()) {
            self.form = Form::Text;
        }
        if self.is_broken && (was_inside || self.before > 0) {
            self.cut = Cut::Blank;
        }
        len
    }

    /// Reads what is left of a line, or a whole one.
    fn last_piece(&mut self, mut line: &[u8]) {
        let mut is_json = matches!(self.form, Form::Json) || self.begins_json(line);
        if is_json {
            line = &line[self.json(line, true)..];
            is_json = !self.is_broken;
        }
        if !is_json {
            self.last_text(line);
        }
        self.cut = Cut::No;
        self.before = 0;
        self.is_broken = false;
    }

    fn last_text(&mut self, line: &[u8]) {
        let text = &*text::decode(line.strip_suffix(b"\r").unwrap_or(line));
        match self.cut {
            Cut::No => self.whole_line(text),
            Cut::SkipWord | Cut::SkipLine => {}
            Cut::Blank | Cut::Owed | Cut::Settled => {
                self.piece(text);
                if self.cut == Cut::Owed {
                    self.no_id(text);
                }
            }
        }
    }

    fn whole_line(&mut self, text: &str) {
        let text = if self.line == 0 { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
        match &mut self.form {
            Form::Table(table) => return table.line(self.line + 1, text, &mut self.rows),
            _ if !words::has_content(text) => return,
            // What a spreadsheet is told about the separator.
            Form::Undecided if text.len() == SEPARATOR.len() + 1 && text.starts_with(SEPARATOR) => return,
            Form::Undecided => match header::read(text) {
                FirstLine::Header(header) => {
                    self.form = Form::Table(Table::new(header));
                    return;
                }
                FirstLine::WithoutId => {
                    self.form = Form::Text;
                    let message = "a header without a column for the message id: name it `id`, `message_id`, \
                                   `message_uuid` or `uuid`";
                    let flaw = Flaw::new(ProblemCode::HeaderWithoutId, &[message]);
                    return self.rows.push((self.line + 1, 1), Err(flaw), text);
                }
                FirstLine::Text => self.form = Form::Text,
            },
            Form::Text | Form::Json => {}
        }
        if !self.text(text, true) {
            self.no_id(text);
        }
    }

    /// Reads free text and says whether it held anything.
    fn text(&mut self, text: &str, whole: bool) -> bool {
        let finds = words::find(text, whole);
        let found = !finds.is_empty();
        let (mut counted, mut column) = (0, self.before + 1);
        let (_, shown) = text::trim(text);
        for (at, read) in finds {
            column += characters(&text.as_bytes()[counted..at]);
            counted = at;
            self.rows.push((self.line + 1, column), read, shown);
        }
        found
    }

    /// Reads one more piece of a line that is too long.
    fn piece(&mut self, piece: &str) {
        let found = self.text(piece, false);
        self.cut = match self.cut {
            _ if found => Cut::Settled,
            Cut::No | Cut::Blank if words::has_content(piece) => Cut::Owed,
            Cut::No => Cut::Blank,
            other => other,
        };
    }

    /// A line that holds something, but no id, is a row too.
    fn no_id(&mut self, text: &str) {
        let (at, shown) = text::trim(text);
        let column = self.before + characters(&text.as_bytes()[..at]) + 1;
        let flaw = if self.is_broken && self.cut == Cut::Owed {
            let message = "this is no JSON any more: it is read as text from here on";
            Flaw::new(ProblemCode::InvalidJson, &[message])
        } else {
            words::no_id(text)
        };
        self.rows.push((self.line + 1, column), Err(flaw), shown);
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
