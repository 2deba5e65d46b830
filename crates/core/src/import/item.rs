//! One id, number or time as a text: what it means, or what is wrong and at which of its bytes.

use core::fmt;

use super::row::{Entry, Flaw, ProblemCode};
use crate::id::{AgentId, IdProblem, MessageId, MessageRef, SenderId};
use crate::phone::E164;
use crate::provider::Provider;
use crate::text;
use crate::time::{InvalidTime, Timestamp};

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
    not_rounded(text)?;
    plain_id(text, 0)
}

/// Reads an id of any form, which begins at a byte of what is shown.
fn plain_id(text: &str, begin: usize) -> Result<Entry, Flaw> {
    let why = match MessageId::parse(text) {
        Ok(id) => return Ok(Entry::new(id)),
        Err(why) => why,
    };
    Err(match why.problem {
        IdProblem::Character { found, column } => {
            let found = text::Character(found);
            let what = format_args!("`{found}` may not stand in a message id");
            // Whatever may stand in an id is one byte.
            Flaw::new(ProblemCode::InvalidId, what).from(begin + column - 1)
        }
        _ => Flaw::new(ProblemCode::InvalidId, format_args!("{why}")).from(begin),
    })
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
    let mut entry = plain_id(id, front.len() + MESSAGES.len())?;
    entry.provider = Some(Provider::GoogleRbm);
    let Some((host, number)) = text::rsplit_once(front, PHONES) else {
        let message = format_args!("no `phones/+…` in front of `/agentMessages/`");
        return Err(Flaw::new(ProblemCode::InvalidKey, message));
    };
    let number = text::replace(&text::replace(number, "%2B", "+"), "%2b", "+");
    entry.phone = Some(parse_phone(&number).map_err(|flaw| flaw.from(host.len() + PHONES.len()))?);
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
            Err(match almost_uuid(id) {
                Some(flaw) => {
                    let at = text.len() - id.len() + flaw.at;
                    flaw.from(at)
                }
                None => Flaw::new(ProblemCode::InvalidKey, format_args!("{why}")),
            })
        }
    }
}

/// How long the form of a UUID is.
const UUID: usize = 36;

/// The place where a text departs from the form of a UUID, or where both end.
fn misfit(text: &[u8]) -> usize {
    let fits = |(at, byte): (usize, &u8)| (*byte == b'-') == matches!(at, 8 | 13 | 18 | 23);
    (0..UUID).zip(text).position(|pair| !fits(pair)).unwrap_or(text.len().min(UUID))
}

/// Whether the text has the form of a UUID.
pub(super) fn is_uuid(text: &str) -> bool {
    let text = text.as_bytes();
    text.len() == UUID
        && misfit(text) == UUID
        && text.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

/// What is wrong with a text that was clearly meant as a UUID; none for a UUID and for everything else.
pub(super) fn almost_uuid(text: &str) -> Option<Flaw> {
    let bytes = text.as_bytes();
    if is_uuid(text) || !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
        return None;
    }
    let wrong = |message: fmt::Arguments<'_>, at| Some(Flaw::new(ProblemCode::NotAUuid, message).from(at));
    let misfit = misfit(bytes);
    if let Some(at) = bytes.iter().position(|byte| !byte.is_ascii_hexdigit() && *byte != b'-') {
        let found = char::from(bytes[at]);
        let fits = misfit == UUID && bytes.len() == UUID;
        return wrong(format_args!("`{found}` is no hexadecimal digit, so this is no UUID"), at)
            .filter(|_| fits);
    }
    let hyphens = bytes.iter().filter(|byte| **byte == b'-').count();
    let digits = bytes.len() - hyphens;
    if hyphens < 3 || !(28..=36).contains(&digits) {
        return None;
    }
    let what = if digits < 32 { "short of" } else { "too many for" };
    match digits.abs_diff(32) {
        0 => wrong(format_args!("a UUID has its hyphens after 8, 12, 16 and 20 digits"), misfit),
        1 => wrong(format_args!("one digit {what} a UUID"), misfit),
        number => wrong(format_args!("{number} digits {what} a UUID"), misfit),
    }
}

/// Whether the text is the 32 digits of a UUID without their hyphens.
pub(super) fn is_uuid_without_hyphens(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Reads a recipient.
pub(super) fn phone(text: &str) -> Result<E164, Flaw> {
    not_rounded(text)?;
    parse_phone(text)
}

fn parse_phone(text: &str) -> Result<E164, Flaw> {
    E164::parse(text).map_err(|why| Flaw::new(ProblemCode::InvalidPhone, format_args!("{why}")))
}

/// Reads a sender into the row: as an agent, as a sender id, or as either.
pub(super) fn sender(text: &str, entry: &mut Entry) -> Result<(), Flaw> {
    let (agent, sender) = (AgentId::parse(text).ok(), SenderId::parse(text).ok());
    if agent.is_none() && sender.is_none() {
        let message =
            format_args!("neither an agent such as `my_agent@rbm.goog` nor a sender id such as `DemoAgent`");
        return Err(Flaw::new(ProblemCode::InvalidSender, message));
    }
    (entry.agent, entry.sender) = (agent, sender);
    Ok(())
}

/// The instants that an import believes: 10 digits of seconds, from September 2001 to November 2286.
const BELIEVED: core::ops::Range<i64> = 1_000_000_000_000..10_000_000_000_000;

/// Reads a time of sending: RFC 3339 with a zone, or an integer since 1970 with 10 digits (seconds) or 13
/// (milliseconds).
pub(super) fn sent_at(text: &str) -> Result<Timestamp, Flaw> {
    not_rounded(text)?;
    let wrong = |code, message: fmt::Arguments<'_>| Err(Flaw::new(code, message));
    let at = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        match (text.parse(), text.len()) {
            (Ok(secs), 10) => Timestamp::from_millis(secs * 1_000),
            (Ok(millis), 13) => Timestamp::from_millis(millis),
            _ => {
                return wrong(
                    ProblemCode::InvalidTime,
                    format_args!(
                        "a number for a time has 10 digits (seconds since 1970) or 13 (milliseconds)"
                    ),
                );
            }
        }
    } else {
        match Timestamp::parse(text) {
            Ok(at) => at,
            Err(why @ InvalidTime::ZoneMissing) => {
                return wrong(ProblemCode::ZoneMissing, format_args!("{why}"));
            }
            Err(why @ InvalidTime::NotATime) => {
                return wrong(ProblemCode::InvalidTime, format_args!("{why}"));
            }
        }
    };
    if BELIEVED.contains(&at.as_millis()) {
        return Ok(at);
    }
    wrong(
        ProblemCode::InvalidTime,
        format_args!("a time outside the years 2001 to 2286: no RCS message was sent then"),
    )
}

/// Refuses what a spreadsheet has made of a long number: something like `4.47701E+11`.
fn not_rounded(text: &str) -> Result<(), Flaw> {
    if !is_rounded(text.as_bytes()) {
        return Ok(());
    }
    let message = "a spreadsheet has rounded this number: format the column as text and export it again";
    Err(Flaw::new(ProblemCode::RoundedNumber, format_args!("{message}")))
}

fn is_rounded(text: &[u8]) -> bool {
    let mut rest = behind_digits(text);
    if let Some([b'.' | b',', fraction @ ..]) = rest {
        rest = behind_digits(fraction);
    }
    let Some([b'E' | b'e', b'+', exponent @ ..]) = rest else {
        return false;
    };
    behind_digits(exponent) == Some(&[])
}

/// What follows the digits at the beginning, if there are any.
fn behind_digits(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    (digits > 0).then(|| &text[digits..])
}
