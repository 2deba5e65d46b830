//! The first line of a CSV: which separator, and which column is what.

use super::split::Fields;
use super::words;
use crate::prelude::*;
use crate::text;

/// What a column can hold; each is a place in [`Header::columns`].
pub(super) const ID: usize = 0;
pub(super) const PHONE: usize = 1;
pub(super) const SENDER: usize = 2;
pub(super) const SENT_AT: usize = 3;
pub(super) const CLASS: usize = 4;
pub(super) const FALLBACK_TEXT: usize = 5;
pub(super) const FAILOVER: usize = 6;
pub(super) const HOST: usize = 7;
pub(super) const EXPIRES_AT: usize = 8;
pub(super) const REVOKE_AT: usize = 9;
/// A time to live whose cells bring their unit.
pub(super) const TTL: usize = 10;
pub(super) const TTL_SECONDS: usize = 11;
pub(super) const TTL_MILLIS: usize = 12;

const KINDS: usize = 13;

/// Names of the columns that hold each of these, as [`normal`] writes them: the most telling first.
const NAMES: [&str; KINDS] = [
    " messageuuid messageid uuid id ",
    " phone phonenumber msisdn recipient to number ",
    " agentid agent sender from ",
    " sentat senttime sent timestamp date ",
    " messageclass class ",
    " fallbacktext smstext ",
    " failover ",
    " sendinghost apihost host ",
    " expiresat expiretime expirytime expirationtime expires expiry expiration ",
    " revokeat revoketime ",
    " ttl timetolive ",
    " ttlseconds ttlsecs ttlsec ttls ",
    " ttlmilliseconds ttlmillis ttlms ",
];

/// Which column is what; columns with other names are ignored.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub separator: u8,
    /// How many columns there are.
    pub width: usize,
    pub columns: Box<[Option<usize>; KINDS]>,
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
    for separator in [b',', b';', b'\t'] {
        let other = Header::of(line, separator);
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
    /// What a line is with this separator.
    fn of(line: &str, separator: u8) -> Self {
        let mut fields = Fields::new(separator);
        fields.line(line, 0);
        let mut header = Self { separator, width: fields.len(), ..Self::default() };
        let mut ranks = [usize::MAX; KINDS];
        for column in 0..header.width {
            let name = normal(fields.cell(line, column).map_or("", |cell| cell.text));
            for (what, names) in NAMES.iter().enumerate() {
                if let Some((before, _)) = text::split_once(names, &name) {
                    header.known += 1;
                    if before.len() < ranks[what] {
                        ranks[what] = before.len();
                        header.columns[what] = Some(column);
                    }
                }
            }
        }
        header
    }
}

/// The letters and digits of a name in lower case, between two spaces.
fn normal(name: &str) -> String {
    let mut normal = " ".to_owned();
    for c in name.chars().filter(|c| text::is_letter(*c)) {
        normal.push(c.to_ascii_lowercase());
    }
    normal.push(' ');
    normal
}

#[cfg(test)]
mod tests {
    use super::{FirstLine, Header, ID, PHONE, SENDER, SENT_AT, read};

    fn header(line: &str) -> Header {
        match read(line) {
            FirstLine::Header(header) => header,
            other => panic!("{line:?} is {other:?}"),
        }
    }

    #[test]
    fn any_order_case_and_separator() {
        let header = header("Sent At;\"Message-ID\";campaign;To;agent_id");
        assert_eq!((header.separator, header.width), (b';', 5));
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
