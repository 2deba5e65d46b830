//! `POST /v1/messages` with `"channel":"sms"`: the SMS that goes out instead of a message that was taken back.
//!
//! <https://developer.vonage.com/en/messages/code-snippets/sms/send-sms>

use crate::ack::{Ack, NoEffect};
use crate::host::Host;
use crate::id::{MessageId, SenderId, parse_uuid};
use crate::json::{ObjectWriter, Value};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::{Provider, status};
use crate::request::{Answer, AuthScheme, OutgoingRequest};
use crate::say::{Say, joined, number};
use crate::text::characters;
use crate::time::Span;

/// The least that the editions of Vonage's specification allow, in characters.
pub const LONGEST_TEXT: usize = 1_000;
/// The longest reference, in characters.
pub const LONGEST_REFERENCE: usize = 100;

const SHORTEST_TTL: Span = Span::secs(20);
/// The longest that an SMS may wait for its phone.
pub const LONGEST_TTL: Span = Span::days(7);

/// An SMS to send.
#[derive(Clone, Debug)]
pub struct Sms<'a> {
    /// Who sends it: a number, or a name where the country allows one.
    pub from: &'a SenderId,
    /// Who gets it.
    pub to: &'a E164,
    /// What it says.
    pub text: &'a str,
    /// Where to send it.
    pub host: Host,
    /// How long it may wait for its phone; Vonage's own time without one.
    pub ttl: Option<Span>,
    /// Comes back in every status of the SMS.
    pub reference: Option<&'a str>,
}

/// Why an SMS cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildSmsError {
    /// Another provider's host.
    WrongHost(Host),
    /// No text, or too much.
    TextLength(usize),
    /// Too long a reference.
    ReferenceLength(usize),
    /// A time to live that Vonage does not take.
    TtlOutOfRange(i64),
}

impl Say for BuildSmsError {
    fn say(&self) -> String {
        match self {
            Self::WrongHost(host) => joined(&[host.name(), " sends no SMS: take a host of Vonage"]),
            Self::TextLength(length) => joined(&[
                "the text of an SMS has 1 to ",
                &number(LONGEST_TEXT),
                " characters, this has ",
                &number(*length),
            ]),
            Self::ReferenceLength(length) => joined(&[
                "a client reference has at most ",
                &number(LONGEST_REFERENCE),
                " characters, this has ",
                &number(*length),
            ]),
            Self::TtlOutOfRange(millis) => {
                joined(&["an SMS may wait for 20 s to 7 days, this is ", &number(*millis), " ms"])
            }
        }
    }
}

/// Builds the request. Sending it twice sends two SMS: Vonage has no key against that.
///
/// # Errors
/// When Vonage would not take it.
pub fn request(sms: &Sms<'_>) -> Result<OutgoingRequest, BuildSmsError> {
    if !Provider::Vonage.has_host(sms.host) {
        return Err(BuildSmsError::WrongHost(sms.host));
    }
    let length = characters(sms.text.as_bytes());
    if length == 0 || length > LONGEST_TEXT {
        return Err(BuildSmsError::TextLength(length));
    }
    if let Some(length) =
        sms.reference.map(|text| characters(text.as_bytes())).filter(|n| *n > LONGEST_REFERENCE)
    {
        return Err(BuildSmsError::ReferenceLength(length));
    }
    if let Some(ttl) = sms.ttl.filter(|ttl| *ttl < SHORTEST_TTL || *ttl > LONGEST_TTL) {
        return Err(BuildSmsError::TtlOutOfRange(ttl.as_millis()));
    }
    let mut body = ObjectWriter::new();
    body.text("channel", "sms");
    body.text("message_type", "text");
    body.text("to", sms.to.digits());
    body.text("from", without_plus(sms.from.as_str()));
    body.text("text", sms.text);
    body.opt_int("ttl", sms.ttl.map(|ttl| ttl.as_millis() / 1_000));
    body.opt_text("client_ref", sms.reference);
    let path = "/v1/messages".to_owned();
    Ok(OutgoingRequest::json("POST", sms.host, path, body.end(), AuthScheme::VonageApplicationJwt))
}

/// Reads the answer to an SMS request, and the id that Vonage gave the SMS.
///
/// Nothing is looked for, so a 404 is about the address, and did nothing.
pub fn read_answer(answer: &Answer<'_>) -> (Ack, Option<MessageId>) {
    match answer.status {
        200..=299 => {
            let body = Value::read(answer.body).ok();
            let id = body.and_then(|body| parse_uuid(body.text("message_uuid")?).ok());
            (Ack::Accepted, id)
        }
        404 => (Ack::no_effect(NoEffect::Invalid), None),
        _ => (status::read(answer), None),
    }
}

/// The characters of the basic table, GSM 03.38, besides letters, digits and line breaks.
const BASIC: &str = " @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// Those of its extension, which take the room of two.
const EXTENDED: &str = "^{}\\[~]|€";

/// Into how many parts a text is cut, each of which is paid for.
pub fn parts(text: &str) -> usize {
    let room = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '\n' | '\r' => Some(1),
        _ if BASIC.contains(c) => Some(1),
        _ if EXTENDED.contains(c) => Some(2),
        _ => None,
    };
    let basic: Option<usize> = text.chars().map(room).sum();
    let (length, one, several) = match basic {
        Some(length) => (length, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    if length <= one { 1 } else { length.div_ceil(several) }
}

/// A sender as Vonage writes numbers.
fn without_plus(mut sender: &str) -> &str {
    while let Some(rest) = sender.strip_prefix('+') {
        sender = rest;
    }
    sender
}

#[cfg(test)]
mod tests {
    use super::{BuildSmsError, Sms, parts, read_answer, request};
    use crate::ack::{Ack, NoEffect};
    use crate::id::SenderId;
    use crate::phone::E164;
    use crate::request::Answer;
    use crate::time::Span;

    fn body(
        text: &str,
        host: &str,
        ttl: Option<Span>,
        reference: Option<&str>,
    ) -> Result<String, BuildSmsError> {
        let (from, to) = (SenderId::parse("+447700900001").unwrap(), E164::parse("+447700900000").unwrap());
        let host = host.parse().unwrap();
        request(&Sms { from: &from, to: &to, text, host, ttl, reference }).map(|request| request.body)
    }

    #[test]
    fn the_body_is_vonages_own_form() {
        assert_eq!(
            body("Your code is \"1234\"", "vonage.eu", Some(Span::minutes(30)), Some("demo-1/sms")).unwrap(),
            r#"{"channel":"sms","message_type":"text","to":"447700900000","from":"447700900001","text":"Your code is \"1234\"","ttl":1800,"client_ref":"demo-1/sms"}"#
        );
    }

    #[test]
    fn what_vonage_would_refuse_is_not_built() {
        let text = "x".repeat(1_001);
        assert_eq!(body(&text, "vonage.eu", None, None), Err(BuildSmsError::TextLength(1_001)));
        assert_eq!(body("", "vonage.eu", None, None), Err(BuildSmsError::TextLength(0)));
        assert_eq!(body("x", "vonage.eu", None, Some(&text)), Err(BuildSmsError::ReferenceLength(1_001)));
        let short = Some(Span::secs(19));
        assert_eq!(body("x", "vonage.eu", short, None), Err(BuildSmsError::TtlOutOfRange(19_000)));
        let google = "google.us".parse().unwrap();
        assert_eq!(body("x", "google.us", None, None), Err(BuildSmsError::WrongHost(google)));
    }

    #[test]
    fn an_answer_gives_the_id_and_a_404_did_nothing() {
        let read = |status, body: &[u8]| read_answer(&Answer { status, headers: &[], body });
        let (ack, id) = read(202, br#"{"message_uuid":"AAAAAAAA-bbbb-4ccc-8ddd-0123456789ab"}"#);
        assert_eq!(ack, Ack::Accepted);
        assert_eq!(id.unwrap().as_str(), "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
        assert_eq!(read(202, b"taken"), (Ack::Accepted, None));
        assert_eq!(read(404, b"{}"), (Ack::no_effect(NoEffect::Invalid), None));
        assert_eq!(read(402, b"").0, Ack::no_effect(NoEffect::NoCredit));
        assert_eq!(read(500, b"").0, Ack::Unknown { retry_after: None });
    }

    #[test]
    fn texts_are_cut_as_networks_cut_them() {
        for (text, of) in [
            ("x".repeat(160), 1),
            ("x".repeat(161), 2),
            ("x".repeat(306), 2),
            ("x".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("я".repeat(70), 1),
            ("я".repeat(71), 2),
            ("😀".repeat(35), 1),
            ("😀".repeat(36), 2),
        ] {
            assert_eq!(parts(&text), of, "{text}");
        }
    }
}
