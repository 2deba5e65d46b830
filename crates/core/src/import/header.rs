//! The first line of a CSV: which separator, and which column is what.

use super::split::{self, Cell};
use super::words;
use crate::prelude::*;
use crate::text::is_letter;

/// Names of the column that holds the id, the most telling first; compared as letters and digits in lower case.
const ID: &[&str] = &["messageuuid", "messageid", "uuid", "id"];
/// Names of the column that holds the recipient.
const PHONE: &[&str] = &["phone", "phonenumber", "msisdn", "recipient", "to", "number"];
/// Names of the column that holds the sender.
const SENDER: &[&str] = &["agentid", "agent", "sender", "from"];
/// Names of the column that holds the time of sending.
const SENT: &[&str] = &["sentat", "senttime", "sent", "timestamp", "date"];

/// Which column is what; columns with other names are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Reads the first line that is not blank.
pub(super) fn read(line: &str) -> FirstLine {
    let read = |separator| {
        let cells = split::cells(line, separator);
        (known(&cells), cells.len(), separator, cells)
    };
    let Some((known, width, separator, cells)) =
        [b',', b';', b'\t'].map(read).into_iter().rev().max_by_key(|(known, width, ..)| (*known, *width))
    else {
        return FirstLine::Text;
    };
    let column = |names: &[&str]| {
        names.iter().find_map(|name| cells.iter().position(|cell| normal(&cell.text) == *name))
    };
    match column(ID) {
        Some(id) => FirstLine::Header(Header {
            separator,
            width,
            id,
            phone: column(PHONE),
            sender: column(SENDER),
            sent_at: column(SENT),
        }),
        None if known >= 2 && !holds_values(line) => FirstLine::WithoutId,
        None => FirstLine::Text,
    }
}

/// How many of the cells are names that we know.
fn known(cells: &[Cell<'_>]) -> usize {
    let is_known = |cell: &&Cell<'_>| {
        let name = normal(&cell.text);
        [ID, PHONE, SENDER, SENT].iter().any(|names| names.contains(&name.as_str()))
    };
    cells.iter().filter(is_known).count()
}

/// Whether a line holds a message rather than names only.
fn holds_values(line: &str) -> bool {
    words::read(words::Segment { text: line, line: 1, before: 0, whole: true }, &mut Vec::new())
}

fn normal(name: &str) -> String {
    name.chars().filter(|c| is_letter(*c)).map(|c| c.to_ascii_lowercase()).collect()
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
