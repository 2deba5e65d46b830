//! The first line of a CSV: which separator, and which column is what.

use super::split::Fields;
use super::words;
use crate::prelude::*;
use crate::text;

/// Names of the columns that hold the id, the recipient, the sender and the time of sending, as [`normal`] writes
/// them: the most telling first.
const NAMES: [&str; 4] = [
    " messageuuid messageid uuid id ",
    " phone phonenumber msisdn recipient to number ",
    " agentid agent sender from ",
    " sentat senttime sent timestamp date ",
];

/// Which column is what; columns with other names are ignored.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub separator: u8,
    /// How many columns there are.
    pub width: usize,
    pub id: usize,
    pub phone: Option<usize>,
    pub sender: Option<usize>,
    pub sent_at: Option<usize>,
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

/// The columns of a line, if it is a header.
#[derive(Default)]
struct Columns {
    /// How many have names that we know.
    known: usize,
    width: usize,
    separator: u8,
    /// How telling the best name is, the lower the better, and its column.
    best: [Option<(usize, usize)>; 4],
}

impl Columns {
    fn of(line: &str, separator: u8) -> Self {
        let mut fields = Fields::new(separator);
        fields.line(line, 0);
        let mut columns = Self { width: fields.len(), separator, ..Self::default() };
        for column in 0..columns.width {
            let name = fields.cell(line, column).map_or_else(String::new, |cell| normal(cell.text));
            for (names, best) in NAMES.iter().zip(&mut columns.best) {
                if let Some((before, _)) = text::split_once(names, &name) {
                    let rank = before.len();
                    columns.known += 1;
                    if best.is_none_or(|(other, _)| rank < other) {
                        *best = Some((rank, column));
                    }
                }
            }
        }
        columns
    }
}

/// Reads the first line that is not blank.
pub(super) fn read(line: &str) -> FirstLine {
    let mut columns = Columns::default();
    for separator in [b',', b';', b'\t'] {
        let these = Columns::of(line, separator);
        if (these.known, these.width) > (columns.known, columns.width) {
            columns = these;
        }
    }
    let [id, phone, sender, sent_at] = columns.best.map(|best| best.map(|(_, column)| column));
    match id {
        Some(id) => {
            let Columns { separator, width, .. } = columns;
            FirstLine::Header(Header { separator, width, id, phone, sender, sent_at })
        }
        None if columns.known >= 2 && !words::holds_message(line) => FirstLine::WithoutId,
        None => FirstLine::Text,
    }
}

/// The letters and digits of a name in lower case, between two spaces.
fn normal(name: &str) -> String {
    let letters = name.chars().filter(|c| text::is_letter(*c)).map(|c| c.to_ascii_lowercase());
    [' '].into_iter().chain(letters).chain([' ']).collect()
}
#[cfg(test)]
mod tests {
    use super::{FirstLine, Header, read};

    fn header(line: &str) -> Header {
        match read(line) {
            FirstLine::Header(header) => header,
            other => panic!("{line:?} is {other:?}"),
        }
    }

    #[test]
    fn any_order_case_and_separator() {
        let header = header("Sent At;\"Message-ID\";campaign;To;agent_id");
        assert_eq!((header.separator, header.width, header.id), (b';', 5, 1));
        assert_eq!((header.phone, header.sender, header.sent_at), (Some(3), Some(4), Some(0)));
    }

    #[test]
    fn the_most_telling_name_wins() {
        assert_eq!(header("id,message_uuid,number,msisdn").id, 1);
        assert_eq!(header("id,message_uuid,number,msisdn").phone, Some(3));
        assert_eq!(header("id").width, 1);
    }

    #[test]
    fn a_line_with_a_message_is_no_header() {
        assert_eq!(read("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"), FirstLine::Text);
        assert_eq!(read("phone,campaign,sent"), FirstLine::WithoutId);
        assert_eq!(read("a message to everybody"), FirstLine::Text);
    }
}
