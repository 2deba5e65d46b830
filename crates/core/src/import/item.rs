//! One id, number or time as a text: what it means, or what is wrong and at which of its characters.

use super::row::{Entry, ProblemCode};
use crate::id::{AgentId, IdProblem, InvalidId, MessageId, MessageRef, SenderId};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::text;
use crate::time::{InvalidTime, Timestamp};

/// What is wrong with a text, and after how many of its characters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub at: usize,
    pub code: ProblemCode,
    pub message: String,
}

impl Flaw {
    fn new(at: usize, code: ProblemCode, message: impl Into<String>) -> Self {
        Self { at, code, message: message.into() }
    }
}

/// Reads a text that stands where an id is expected.
pub(super) fn id(text: &str) -> Result<Entry, Flaw> {
    if is_resource(text) {
        return resource(text);
    }
    if is_key(text) {
        return key(text);
    }
    if let Some(flaw) = almost_uuid(text) {
        return Err(flaw);
    }
    if is_rounded(text) {
        return Err(rounded());
    }
    plain_id(text).map(Entry::new).map_err(|why| invalid_id(0, &why))
}

fn plain_id(text: &str) -> Result<MessageId, InvalidId> {
    MessageId::parse(text)
}

/// An id that cannot be one, `before` being the characters in front of it.
fn invalid_id(before: usize, why: &InvalidId) -> Flaw {
    let (at, what) = match why.problem {
        IdProblem::Character { found, column } => {
            (column - 1, format!("`{}` may not stand in a message id", text::Character(found)))
        }
        _ => (0, why.to_string()),
    };
    Flaw::new(before + at, ProblemCode::InvalidId, what)
}

/// Whether the text is a resource name, `phones/+…/agentMessages/ID`, or a URL that holds one.
///
/// <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/phones.agentMessages>
pub(super) fn is_resource(text: &str) -> bool {
    text::split_once(text, MESSAGES).is_some()
}

const PHONES: &str = "phones/";
const MESSAGES: &str = "/agentMessages/";

/// Reads a resource name: recipient and id.
pub(super) fn resource(text: &str) -> Result<Entry, Flaw> {
    let (front, id) = text::split_once(text, MESSAGES).unwrap_or((text, ""));
    let id = id.split_once(['?', '#']).map_or(id, |(id, _)| id);
    let before = text::characters(front.as_bytes()) + MESSAGES.len();
    let mut entry = Entry::new(plain_id(id).map_err(|why| invalid_id(before, &why))?);
    entry.provider = Some(Provider::GoogleRbm);
    let Some((host, number)) = text::rsplit_once(front, PHONES) else {
        return Err(Flaw::new(0, ProblemCode::InvalidKey, "no `phones/+…` in front of `/agentMessages/`"));
    };
    let number = text::replace(&text::replace(number, "%2B", "+"), "%2b", "+");
    entry.phone = match E164::parse(&number) {
        Ok(number) => Some(number),
        Err(why) => {
            let at = text::characters(host.as_bytes()) + PHONES.len();
            return Err(Flaw::new(at, ProblemCode::InvalidPhone, why.to_string()));
        }
    };
    Ok(entry)
}

/// Whether the text begins like a message key: a provider's code, a colon, and something with a digit.
pub(super) fn is_key(text: &str) -> bool {
    text.split_once(':').is_some_and(|(provider, rest)| {
        Provider::from_code(provider).is_some() && rest.bytes().any(|byte| byte.is_ascii_digit())
    })
}

/// Reads a message key, `vonage:…` or `google_rbm:agent:…`.
pub(super) fn key(text: &str) -> Result<Entry, Flaw> {
    match MessageRef::parse(text) {
        Ok(message) => Ok(Entry {
            provider: Some(message.provider()),
            agent: message.agent().cloned(),
            ..Entry::new(message.id().clone())
        }),
        Err(why) => {
            let id = text.rfind(':').map_or(text, |colon| &text[colon + 1..]);
            let before = text::characters(&text.as_bytes()[..text.len() - id.len()]);
            Err(almost_uuid(id).map_or_else(
                || Flaw::new(0, ProblemCode::InvalidKey, why.to_string()),
                |flaw| Flaw { at: before + flaw.at, ..flaw },
            ))
        }
    }
}

const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// Whether the text has the form of a UUID.
pub(super) fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// What is wrong with a text that was clearly meant as a UUID; none for a UUID and for everything else.
pub(super) fn almost_uuid(text: &str) -> Option<Flaw> {
    if is_uuid(text) || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return None;
    }
    let groups: Vec<&str> = text.split('-').collect();
    let fits = groups.iter().map(|group| group.len()).eq(GROUPS);
    let stranger = text.bytes().position(|byte| byte != b'-' && !byte.is_ascii_hexdigit());
    if let Some(at) = stranger {
        let found = char::from(text.as_bytes()[at]);
        return fits
            .then(|| not_a_uuid(at, format!("`{found}` is no hexadecimal digit, so this is no UUID")));
    }
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    if groups.len() < 4 || !(28..=36).contains(&digits) {
        return None;
    }
    let what = match digits {
        31 => "one digit short of a UUID".to_owned(),
        33 => "one digit too many for a UUID".to_owned(),
        32 => "a UUID has its hyphens after 8, 12, 16 and 20 digits".to_owned(),
        _ if digits < 32 => format!("{} digits short of a UUID", 32 - digits),
        _ => format!("{} digits too many for a UUID", digits - 32),
    };
    Some(not_a_uuid(first_misfit(&groups), what))
}

/// Whether the text is the 32 digits of a UUID without their hyphens.
pub(super) fn is_uuid_without_hyphens(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn not_a_uuid(at: usize, message: String) -> Flaw {
    Flaw::new(at, ProblemCode::NotAUuid, message)
}

/// The place where the first group ends too early, or goes on too long.
fn first_misfit(groups: &[&str]) -> usize {
    let mut start = 0;
    for (group, wanted) in groups.iter().zip(GROUPS) {
        if group.len() != wanted {
            return start + group.len().min(wanted);
        }
        start += wanted + 1;
    }
    start.saturating_sub(1)
}

/// Reads a recipient.
pub(super) fn phone(text: &str) -> Result<E164, Flaw> {
    if is_rounded(text) {
        return Err(rounded());
    }
    E164::parse(text).map_err(|why| Flaw::new(0, ProblemCode::InvalidPhone, why.to_string()))
}

/// Reads a sender into the row: as an agent, as a sender id, or as either.
pub(super) fn sender(text: &str, entry: &mut Entry) -> Result<(), Flaw> {
    let (agent, sender) = (AgentId::parse(text).ok(), SenderId::parse(text).ok());
    if agent.is_none() && sender.is_none() {
        let message = "neither an agent such as `my_agent@rbm.goog` nor a sender id such as `DemoAgent`";
        return Err(Flaw::new(0, ProblemCode::InvalidSender, message));
    }
    (entry.agent, entry.sender) = (agent, sender);
    Ok(())
}

/// The instants that an import believes: 10 digits of seconds, from September 2001 to November 2286.
const BELIEVED: core::ops::Range<i64> = 1_000_000_000_000..10_000_000_000_000;

/// Reads a time of sending: RFC 3339 with a zone, or an integer since 1970 with 10 digits (seconds) or 13
/// (milliseconds).
pub(super) fn sent_at(text: &str) -> Result<Timestamp, Flaw> {
    let wrong = |message: &str| Flaw::new(0, ProblemCode::InvalidTime, message);
    if is_rounded(text) {
        return Err(rounded());
    }
    let at = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: Option<i64> = text.parse().ok();
        match (number, text.len()) {
            (Some(secs), 10) => secs * 1_000,
            (Some(millis), 13) => millis,
            _ => {
                return Err(wrong(
                    "a number for a time has 10 digits (seconds since 1970) or 13 (milliseconds)",
                ));
            }
        }
    } else {
        match Timestamp::parse(text) {
            Ok(at) => at.as_millis(),
            Err(why @ InvalidTime::ZoneMissing) => {
                return Err(Flaw::new(0, ProblemCode::ZoneMissing, why.to_string()));
            }
            Err(why @ InvalidTime::NotATime) => return Err(wrong(&why.to_string())),
        }
    };
    if BELIEVED.contains(&at) {
        Ok(Timestamp::from_millis(at))
    } else {
        Err(wrong("a time outside the years 2001 to 2286: no RCS message was sent then"))
    }
}

/// Whether a spreadsheet has turned a long number into something like `4.47701E+11`.
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    is_number(whole) && is_number(fraction) && exponent.strip_prefix('+').is_some_and(is_number)
}

fn rounded() -> Flaw {
    let message = "a spreadsheet has rounded this number: format the column as text and export it again";
    Flaw::new(0, ProblemCode::RoundedNumber, message)
}
