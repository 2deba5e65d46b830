//! What the columns of a CSV and the keys of JSON are called.

use crate::prelude::*;
use crate::text;

/// What a field can hold; each is a place in [`NAMES`].
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
/// Some time: when it was sent, unless the record is about something that happened later.
pub(super) const TIME: usize = 13;
pub(super) const SOURCE: usize = 14;
pub(super) const PROVIDER: usize = 15;
/// A message's key in what this product writes; anywhere else more likely its content.
pub(super) const KEY: usize = 16;
/// How many of them a CSV can have.
pub(super) const COLUMNS: usize = 17;

pub(super) const NO_EXPIRY: usize = 17;
/// The person, where a webhook names them as its sender.
pub(super) const PERSON: usize = 18;
pub(super) const EVENT: usize = 19;
pub(super) const STATUS: usize = 20;
pub(super) const CHANNEL: usize = 21;
pub(super) const CONTENT: usize = 22;
pub(super) const LAUNCH: usize = 23;
/// The kind of a party, which says the channel in older webhooks of Vonage.
pub(super) const TYPE: usize = 24;
/// What an envelope carries.
pub(super) const DATA: usize = 25;
/// What is around an object that may be a message.
pub(super) const AROUND: usize = 26;
/// What Google calls a resource.
pub(super) const NAME: usize = 27;
const KINDS: usize = 28;

/// Anything else.
pub(super) const OTHER: usize = KINDS;
/// Ids of other things than messages.
pub(super) const OTHER_ID: usize = KINDS + 1;
/// Several ids.
pub(super) const IDS: usize = KINDS + 2;

/// Names of the fields that hold each of these, as [`normal`] writes them: the most telling first.
const NAMES: [&str; KINDS] = [
    " messageuuid messageid uuid id ",
    " phone phonenumber msisdn recipient to number ",
    " agentid agent sender from ",
    " sentat senttime sent ",
    " messageclass class ",
    " fallbacktext smstext ",
    " failover ",
    " sendinghost apihost host ",
    " expiresat expiretime expirytime expirationtime expires expiry expiration ",
    " revokeat revoketime ",
    " ttl timetolive ",
    " ttlseconds ttlsecs ttlsec ttls ",
    " ttlmilliseconds ttlmillis ttlms ",
    " sendtime timestamp date ",
    " source sourceid ",
    " provider ",
    " message ",
    " noexpiry ",
    " senderphonenumber ",
    " eventtype ",
    " status ",
    " channel ",
    " messagetype ",
    " newlaunchstate ",
    " type ",
    " data ",
    " item result payload body event record entry rcs ",
    " name ",
];

/// The rank of the first name of an id that anything may have.
pub(super) const BARE: usize = " messageuuid messageid".len();

/// What a name says its value is, and how telling it is: the less, the more.
pub(super) type Key = (usize, usize);

/// What a name says a column holds.
pub(super) fn column(name: &str) -> Option<Key> {
    known(name).filter(|(what, _)| *what < COLUMNS)
}

fn known(name: &str) -> Option<Key> {
    let name = normal(name);
    let mut ranks = NAMES.iter().map(|names| text::split_once(names, &name).map(|(before, _)| before.len()));
    let what = ranks.position(|rank| rank.is_some())?;
    text::split_once(NAMES[what], &name).map(|(before, _)| (what, before.len()))
}

/// What a key of JSON says.
pub(super) fn key(name: &str) -> Key {
    let one = || name.strip_suffix(['s', 'S']).unwrap_or_default();
    let what = match known(name) {
        Some(known) => return known,
        None if matches!(known(one()), Some((ID | KEY, _))) => IDS,
        None if is_of_another(name) || is_of_another(one()) => OTHER_ID,
        None => OTHER,
    };
    (what, 0)
}

/// Whether a name says that it names something else than a message: `application_id`, `requestId`, `client_ref`.
pub(super) fn is_of_another(name: &str) -> bool {
    let normal = normal(name);
    let normal = normal.trim();
    if [" clientref ", " jti ", " nonce "].iter().any(|known| known.trim() == normal) {
        return true;
    }
    let Some(what) = normal.strip_suffix("id") else { return false };
    let what = ["uu", "gu"].iter().find_map(|kind| what.strip_suffix(kind)).unwrap_or(what);
    // `paid` and `valid` are words; an id is a word of its own.
    let is_word = |end: &[u8]| match end {
        [.., b'_' | b'-' | b'.' | b' ', _, _] => true,
        [.., before, b'I', _] => before.is_ascii_lowercase() || before.is_ascii_digit(),
        _ => false,
    };
    !what.is_empty()
        && !["message", "msg"].iter().any(|own| what.ends_with(own))
        && (is_word(name.trim().as_bytes()) || normal.ends_with("uuid") || normal.ends_with("guid"))
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
    use super::{AROUND, BARE, ID, IDS, KEY, NAMES, OTHER, OTHER_ID, PHONE, column, key};

    #[test]
    fn a_name_is_known_in_any_case_and_spelling() {
        for name in ["message_uuid", "messageUuid", "Message-UUID"] {
            assert_eq!(key(name), (ID, 0));
        }
        assert_eq!(key("to").0, PHONE);
        assert_eq!(key("result").0, AROUND);
        assert_eq!(column("result"), None);
        assert_eq!(key("uuid").1, BARE);
        assert_eq!(key("messages").0, IDS);
        assert_eq!(key("message").0, KEY);
        assert!(NAMES.iter().all(|names| names.starts_with(' ') && names.ends_with(' ')));
    }

    #[test]
    fn ids_of_other_things_are_told_from_words() {
        let others =
            ["application_id", "requestId", "X-Request-Id", "trace.id", "client_ref", "userUUID", "jti"];
        for name in others.into_iter().chain(["application_ids"]) {
            assert_eq!(key(name).0, OTHER_ID, "{name}");
        }
        for name in ["paid", "valid", "rcs_message_id", "msgId", "reference", "", "ü"] {
            assert_eq!(key(name).0, OTHER, "{name}");
        }
    }
}
