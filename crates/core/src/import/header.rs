//! The first line of a CSV: which separator, which quotes, and which column is what.

use super::names::{COLUMNS, ID, KEY, PROVIDER, SOURCE, column};
use super::split::{Fields, Form};
use super::words;
use crate::prelude::*;
use crate::text;

/// Which column is what; columns with other names are ignored.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub form: Form,
    /// How many columns there are.
    pub width: usize,
    pub columns: Box<[Option<usize>; COLUMNS]>,
    /// How many columns have names that we know.
    known: usize,
}

/// What the first line of a text is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FirstLine {
    /// A header.
    Header(Header),
    /// A header that names several columns, but none for the id.
    WithoutId,
    /// Not a header.
    Text,
}

/// Reads the first line that is not blank.
pub(super) fn read(line: &str) -> FirstLine {
    let mut header = Header::default();
    // Some databases quote by apostrophes.
    let quote = if text::is_one_of(b'"', line.as_bytes()) { b'"' } else { b'\'' };
    let quote = if line.trim_start().starts_with('\'') { quote } else { b'"' };
    for separator in [b',', b';', b'\t', b'|'] {
        let other = Header::of(line, Form { separator, quote });
        if (other.known, other.width) > (header.known, header.width) {
            header = other;
        }
    }
    match header.columns[ID] {
        Some(_) => FirstLine::Header(header),
        None if header.known >= 2 && !words::holds_message(line) => FirstLine::WithoutId,
        None => FirstLine::Text,
    }
}

impl Header {
    /// What a line is in this form.
    fn of(line: &str, form: Form) -> Self {
        let mut fields = Fields::new(form);
        fields.line(line, 0);
        let mut header = Self { form, width: fields.len(), ..Self::default() };
        let mut ranks = [usize::MAX; COLUMNS];
        for number in 0..header.width {
            let name = fields.cell(line, number).map_or("", |cell| cell.text);
            let Some((what, rank)) = column(name) else { continue };
            // A column of texts is often called `message`: that alone makes no header.
            header.known += usize::from(what != KEY);
            if rank < ranks[what] {
                ranks[what] = rank;
                header.columns[what] = Some(number);
            }
        }
        let columns = &mut header.columns;
        if columns[SOURCE].or(columns[PROVIDER]).is_some() {
            columns[ID] = columns[ID].or(columns[KEY]);
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::{ID, PHONE, SENDER, SENT_AT};
    use super::{FirstLine, Form, Header, read};

    fn header(line: &str) -> Header {
        match read(line) {
            FirstLine::Header(header) => header,
            other => panic!("{line:?} is {other:?}"),
        }
    }

    #[test]
    fn any_order_case_and_separator() {
        let header = header("Sent At;\"Message-ID\";campaign;To;agent_id");
        assert_eq!((header.form, header.width), (Form { separator: b';', quote: b'"' }, 5));
        assert_eq!([ID, PHONE, SENDER, SENT_AT].map(|what| header.columns[what]), [1, 3, 4, 0].map(Some));
    }

    #[test]
    fn the_most_telling_name_wins() {
        assert_eq!(header("id,message_uuid,number,msisdn").columns[ID], Some(1));
        assert_eq!(header("id,message_uuid,number,msisdn").columns[PHONE], Some(3));
        assert_eq!(header("id").width, 1);
    }

    #[test]
    fn a_line_with_a_message_is_no_header() {
        assert_eq!(read("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"), FirstLine::Text);
        assert_eq!(read("phone,campaign,sent"), FirstLine::WithoutId);
        assert_eq!(read("a message to everybody"), FirstLine::Text);
    }
}
