//! One id, number or time as a text: what it means, or what is wrong and at which of its bytes.

use super::row::{Entry, Flaw, ProblemCode};
use crate::id::{AgentId, IdProblem, MessageId, MessageRef, SenderId, departs_from_uuid, has_form_of_uuid};
use crate::phone::E164;
use crate::provider::Provider;
use crate::say::{Say, character, number};
use crate::text;
use crate::time::{InvalidTime, Timestamp};

/// Reads a text that stands where an id is expected.
pub(super) fn id(text: &str) -> Result<Entry, Flaw> {
    if is_uuid(text) {
        return plain_id(text, 0);
    }
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
            let message = ["`", &character(found), "` may not stand in a message id"];
            // Whatever may stand in an id is one byte.
            Flaw::new(ProblemCode::InvalidId, &message).behind(begin + column - 1)
        }
        _ => Flaw::new(ProblemCode::InvalidId, &[&why.say()]).behind(begin),
    })
}

/// Whether the text is a resource name, `phones/+…/agentMessages/ID`, or a URL that holds one.
///
/// <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/phones.agentMessages>
pub(super) fn is_resource(text: &str) -> bool {
    // Most texts have no slash, which is quickly seen.
    text.bytes().any(|byte| byte == b'/') && text::split_once(text, MESSAGES).is_some()
}

const PHONES: &str = "phones/";
const MESSAGES: &str = "/agentMessages/";

/// Reads a resource name: recipient and id.
pub(super) fn resource(text: &str) -> Result<Entry, Flaw> {
    let (front, id) = text::split_once(text, MESSAGES).unwrap_or((text, ""));
    let mut entry = plain_id(text::before(id, b"?#"), front.len() + MESSAGES.len())?;
    entry.provider = Some(Provider::GoogleRbm);
    let Some((host, number)) = text::rsplit_once(front, PHONES) else {
        let message = "no `phones/+…` in front of `/agentMessages/`";
        return Err(Flaw::new(ProblemCode::InvalidKey, &[message]));
    };
    let number = text::replace(&text::replace(number, "%2B", "+"), "%2b", "+");
    entry.phone = Some(parse_phone(&number).map_err(|flaw| flaw.behind(host.len() + PHONES.len()))?);
    Ok(entry)
}

/// Whether the text begins like a message key: a provider's code, a colon, and something with a digit.
pub(super) fn is_key(text: &str) -> bool {
    text::split_once(text, ":").is_some_and(|(provider, rest)| {
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
            let (front, id) = text::rsplit_once(text, ":").unwrap_or(("", text));
            Err(match almost_uuid(id) {
                Some(flaw) => flaw.behind(front.len() + 1),
                None => Flaw::new(ProblemCode::InvalidKey, &[&why.say()]),
            })
        }
    }
}

/// Whether the text is a UUID, in any case.
pub(super) fn is_uuid(text: &str) -> bool {
    has_form_of_uuid(text.as_bytes()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// What is wrong with a text that was clearly meant as a UUID; none for a UUID and for everything else.
pub(super) fn almost_uuid(text: &str) -> Option<Flaw> {
    let bytes = text.as_bytes();
    if !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
        return None;
    }
    let wrong = |message: &[&str], at| Some(Flaw::new(ProblemCode::NotAUuid, message).behind(at));
    let (fits, misfit) = (has_form_of_uuid(bytes), departs_from_uuid(bytes));
    if let Some(at) = bytes.iter().position(|byte| !byte.is_ascii_hexdigit() && *byte != b'-') {
        let message = ["`", &character(bytes[at].into()), "` is no hexadecimal digit, so this is no UUID"];
        return if fits { wrong(&message, at) } else { None };
    }
    let digits = bytes.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
    let hyphens = bytes.len() - digits;
    if fits || hyphens < 3 || !(28..=36).contains(&digits) {
        return None;
    }
    let what = if digits < 32 { "short of" } else { "too many for" };
    match digits.abs_diff(32) {
        0 => wrong(&["a UUID has its hyphens after 8, 12, 16 and 20 digits"], misfit),
        1 => wrong(&["one digit ", what, " a UUID"], misfit),
        many => wrong(&[&number(many), " digits ", what, " a UUID"], misfit),
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
    E164::parse(text).map_err(|why| Flaw::new(ProblemCode::InvalidPhone, &[&why.say()]))
}

/// Reads a sender into the row: as an agent, as a sender id, or as either.
pub(super) fn sender(text: &str, entry: &mut Entry) -> Result<(), Flaw> {
    let (agent, sender) = (AgentId::parse(text).ok(), SenderId::parse(text).ok());
    if agent.is_none() && sender.is_none() {
        let message = "neither an agent such as `my_agent@rbm.goog` nor a sender id such as `DemoAgent`";
        return Err(Flaw::new(ProblemCode::InvalidSender, &[message]));
    }
    (entry.agent, entry.sender) = (agent, sender);
    Ok(())
}

/// The instants that an import believes: 10 digits of seconds, from September 2001 to November 2286.
const BELIEVED: core::ops::Range<i64> = 1_000_000_000_000..10_000_000_000_000;

/// Reads an instant: RFC 3339 with a zone, or an integer since 1970 with 10 digits (seconds) or 13
/// (milliseconds).
pub(super) fn time(text: &str) -> Result<Timestamp, Flaw> {
    not_rounded(text)?;
    let wrong = |code, message: &str| Err(Flaw::new(code, &[message]));
    let at = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number =
            |unit| text.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')) * unit;
        match text.len() {
            10 => Timestamp::from_millis(number(1_000)),
            13 => Timestamp::from_millis(number(1)),
            _ => {
                return wrong(
                    ProblemCode::InvalidTime,
                    "a number for a time has 10 digits (seconds since 1970) or 13 (milliseconds)",
                );
            }
        }
    } else {
        match Timestamp::parse(text) {
            Ok(at) => at,
            Err(why @ InvalidTime::ZoneMissing) => {
                return wrong(ProblemCode::ZoneMissing, &why.say());
            }
            Err(why @ InvalidTime::NotATime) => {
                return wrong(ProblemCode::InvalidTime, &why.say());
            }
        }
    };
    if BELIEVED.contains(&at.as_millis()) {
        return Ok(at);
    }
    wrong(ProblemCode::InvalidTime, "a time outside the years 2001 to 2286: no RCS message lived then")
}

/// Refuses what a spreadsheet has made of a long number: something like `4.47701E+11`.
pub(super) fn not_rounded(text: &str) -> Result<(), Flaw> {
    if !is_rounded(text.as_bytes()) {
        return Ok(());
    }
    let message = "a spreadsheet has rounded this number: format the column as text and export it again";
    Err(Flaw::new(ProblemCode::RoundedNumber, &[message]))
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
