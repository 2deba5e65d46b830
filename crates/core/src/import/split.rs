//! Records of separated values by RFC 4180: quotes, doubled quotes, line breaks inside quotes.
//!
//! More forgiving than the RFC in one point: a quote inside a field that does not begin with one is a character
//! like any other (`5" screen`).

use crate::prelude::*;
use crate::text;

/// One field of a record and the place of its first byte in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    pub at: usize,
    /// As it stands there: in quotes, a doubled quote stays doubled. An SMS is all that may hold one.
    pub text: &'a str,
    pub quoted: bool,
}

/// Where a reader of a record stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// At the beginning of a field.
    Start,
    /// In a field without quotes.
    Plain,
    /// Inside quotes.
    Quoted,
    /// Behind a quote inside quotes: it closed them, or the next one doubles it.
    Quote,
    /// Between a closing quote and the separator.
    Closed,
}

/// What the end of a line means for its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// The record is complete.
    Complete,
    /// A quote is open: the next line belongs to it.
    Open,
    /// Text behind the quote that closed at this place.
    Malformed(usize),
}

/// What separates fields, and what is around those that hold it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub separator: u8,
    pub quote: u8,
}

/// Finds the fields of one record, line by line.
pub(super) struct Fields {
    form: Form,
    mode: Mode,
    /// Where each field begins.
    starts: Vec<usize>,
    /// Where the last quote opened.
    pub quote: usize,
}

impl Fields {
    /// The fields of a record that begins here.
    pub fn new(form: Form) -> Self {
        Self { form, mode: Mode::Start, starts: vec![0], quote: 0 }
    }

    /// Reads what the record holds from this place on: its next line.
    pub fn line(&mut self, record: &str, from: usize) -> LineEnd {
        let mut malformed = None;
        for (at, byte) in (from..).zip(&record.as_bytes()[from..]) {
            let next = self.mode.after(*byte, self.form);
            if next == Mode::Plain && matches!(self.mode, Mode::Quote | Mode::Closed) {
                malformed.get_or_insert(at);
            }
            if next == Mode::Start && *byte == self.form.separator {
                self.starts.push(at + 1);
            }
            if next == Mode::Quoted && self.mode == Mode::Start {
                self.quote = at;
            }
            self.mode = next;
        }
        match malformed {
            Some(at) => LineEnd::Malformed(at),
            None if self.mode == Mode::Quoted => LineEnd::Open,
            None => LineEnd::Complete,
        }
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// A field without the quotes and spaces around it.
    pub fn cell<'a>(&self, record: &'a str, number: usize) -> Option<Cell<'a>> {
        let start = *self.starts.get(number)?;
        let end = self.starts.get(number + 1).map_or(record.len(), |next| next - 1);
        let quote = char::from(self.form.quote);
        let cell = Cell::trimmed(start, record.get(start..end).unwrap_or_default());
        Some(match cell.text.strip_prefix(quote).and_then(|field| field.strip_suffix(quote)) {
            Some(inside) => Cell { quoted: true, ..Cell::trimmed(cell.at + 1, inside) },
            None => cell,
        })
    }
}

impl<'a> Cell<'a> {
    fn trimmed(at: usize, text: &'a str) -> Self {
        let (spaces, text) = text::trim(text);
        Self { at: at + spaces, text, quoted: false }
    }

    /// What the field says.
    pub fn said(&self, form: Form) -> String {
        let quote = char::from(form.quote);
        let twice = String::from_iter([quote; 2]);
        if self.quoted { text::replace(self.text, &twice, &twice[1..]) } else { self.text.to_owned() }
    }
}

impl Mode {
    /// The mode behind one more byte; plain also where a separator was needed.
    const fn after(self, byte: u8, form: Form) -> Self {
        match self {
            Self::Quoted if byte == form.quote => Self::Quote,
            Self::Quoted => Self::Quoted,
            _ if byte == form.separator => Self::Start,
            Self::Start | Self::Quote if byte == form.quote => Self::Quoted,
            Self::Start if byte == b' ' || byte == b'\t' => Self::Start,
            Self::Quote | Self::Closed if matches!(byte, b' ' | b'\t' | b'\r') => Self::Closed,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Fields, Form, LineEnd};

    const FORM: Form = Form { separator: b',', quote: b'"' };

    fn texts(record: &str) -> Vec<&str> {
        let mut fields = Fields::new(FORM);
        fields.line(record, 0);
        (0..fields.len()).filter_map(|number| fields.cell(record, number)).map(|cell| cell.text).collect()
    }

    #[test]
    fn quotes_protect_separators_quotes_and_line_breaks() {
        assert_eq!(texts(r#"a, "b,c" ,"d""e",5" wide,"#), ["a", "b,c", "d\"\"e", "5\" wide", ""]);
        assert_eq!(texts("\"a\nb\",c"), ["a\nb", "c"]);
        assert_eq!(texts(r#""""""#), ["\"\""]);
    }

    #[test]
    fn a_field_says_a_doubled_quote_once() {
        for (record, said) in
            [(r#""a ""b"" c""#, r#"a "b" c"#), (r#"5"" wide"#, r#"5"" wide"#), (r#""""""#, "\"")]
        {
            let mut fields = Fields::new(FORM);
            fields.line(record, 0);
            assert_eq!(fields.cell(record, 0).unwrap().said(FORM), said);
        }
    }

    #[test]
    fn a_field_knows_its_place() {
        let (record, mut fields) = ("ab, \" c\"", Fields::new(FORM));
        fields.line(record, 0);
        assert_eq!(fields.cell(record, 1), Some(Cell { at: 6, text: "c", quoted: true }));
        assert_eq!(fields.cell(record, 2), None);
    }

    #[test]
    fn a_line_knows_whether_its_record_goes_on() {
        let end = |line| Fields::new(FORM).line(line, 0);
        assert_eq!(end(r#"a,"b"#), LineEnd::Open);
        assert_eq!(end(r#"a,"b""c""#), LineEnd::Complete);
        assert_eq!(end(r#"a,"b"c"#), LineEnd::Malformed(5));
        assert_eq!(end(r#"5" wide,x"#), LineEnd::Complete);
    }
}
