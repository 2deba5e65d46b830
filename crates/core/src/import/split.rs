//! Records of separated values by RFC 4180: quotes, doubled quotes, line breaks inside quotes.
//!
//! More forgiving than the RFC in one point: a quote inside a field that does not begin with one is a character
//! like any other (`5" screen`).

use alloc::borrow::Cow;

use crate::prelude::*;
use crate::text;

/// One field of a record and the place of its first byte in the record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    pub at: usize,
    pub text: Cow<'a, str>,
}

/// Where a reader of a record stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    /// At the beginning of a field.
    #[default]
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
    /// A quote is open: the next line belongs to it. The place of the last opening quote, if on this line.
    Open(Option<usize>),
    /// Text behind the quote that closed at this place.
    Malformed(usize),
}

/// Follows quotes from line to line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quotes {
    mode: Mode,
}

impl Quotes {
    /// Reads the next line of a record.
    pub fn line(&mut self, line: &str, separator: u8) -> LineEnd {
        let mut opened = None;
        for (at, byte) in line.bytes().enumerate() {
            match self.mode.after(byte, separator) {
                Some(mode) => {
                    if mode == Mode::Quoted && self.mode == Mode::Start {
                        opened = Some(at);
                    }
                    self.mode = mode;
                }
                None => return LineEnd::Malformed(at),
            }
        }
        match self.mode {
            Mode::Quoted => LineEnd::Open(opened),
            _ => LineEnd::Complete,
        }
    }
}

impl Mode {
    /// The mode behind one more byte; none where a separator was needed.
    const fn after(self, byte: u8, separator: u8) -> Option<Self> {
        Some(match self {
            Self::Quoted if byte == b'"' => Self::Quote,
            Self::Quoted => Self::Quoted,
            _ if byte == separator => Self::Start,
            Self::Start | Self::Quote if byte == b'"' => Self::Quoted,
            Self::Start if byte == b' ' || byte == b'\t' => Self::Start,
            Self::Start | Self::Plain => Self::Plain,
            Self::Quote | Self::Closed if matches!(byte, b' ' | b'\t' | b'\r') => Self::Closed,
            Self::Quote | Self::Closed => return None,
        })
    }
}

/// The fields of a complete record, without the quotes and spaces around them.
pub(super) fn cells(record: &str, separator: u8) -> Vec<Cell<'_>> {
    let (mut cells, mut start, mut mode) = (Vec::new(), 0, Mode::Start);
    for (at, byte) in record.bytes().enumerate() {
        let next = mode.after(byte, separator).unwrap_or(Mode::Plain);
        if byte == separator && mode != Mode::Quoted {
            cells.push(cell(record, start, at));
            start = at + 1;
        }
        mode = next;
    }
    cells.push(cell(record, start, record.len()));
    cells
}

fn cell(record: &str, start: usize, end: usize) -> Cell<'_> {
    let field = &record[start..end];
    let at = start + (field.len() - field.trim_start().len());
    let field = field.trim();
    match field.strip_prefix('"').and_then(|field| field.strip_suffix('"')) {
        Some(inside) => {
            let text = match text::split_once(inside, "\"\"") {
                Some(_) => text::replace(inside, "\"\"", "\"").into(),
                None => inside.into(),
            };
            let spaces = inside.len() - inside.trim_start().len();
            Cell { at: at + 1 + spaces, text: trimmed(text) }
        }
        None => Cell { at, text: field.into() },
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => text.trim().into(),
        Cow::Owned(text) => text.trim().to_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, LineEnd, Quotes, cells};

    fn texts(record: &str) -> Vec<String> {
        cells(record, b',').into_iter().map(|Cell { text, .. }| text.into_owned()).collect()
    }

    #[test]
    fn quotes_protect_separators_quotes_and_line_breaks() {
        assert_eq!(texts(r#"a, "b,c" ,"d""e",5" wide,"#), ["a", "b,c", "d\"e", "5\" wide", ""]);
        assert_eq!(texts("\"a\nb\",c"), ["a\nb", "c"]);
        assert_eq!(texts(r#""""""#), ["\""]);
        assert_eq!(cells("ab, \"c\"", b',')[1].at, 5);
    }

    #[test]
    fn a_line_knows_whether_its_record_goes_on() {
        let end = |line| Quotes::default().line(line, b',');
        assert_eq!(end(r#"a,"b"#), LineEnd::Open(Some(2)));
        assert_eq!(end(r#"a,"b""c""#), LineEnd::Complete);
        assert_eq!(end(r#"a,"b"c"#), LineEnd::Malformed(5));
        assert_eq!(end(r#"5" wide,x"#), LineEnd::Complete);
    }
}
