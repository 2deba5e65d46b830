//! Google: whose signature it is, and over what. Nothing of this is believed, and a genuine call only once.

use sha2::{Digest, Sha512};

use super::super::google::Draft;
use super::super::keys::{Mac, base64, hex};
use super::super::{Kind, google::SIGNATURE};
use super::{Case, LIMIT, case};

pub(super) static CASES: &[Case<Draft>] = &[
    case(Kind::Unsigned, "no signature", 401, |d| d.signature = None),
    case(Kind::Unsigned, "an empty signature", 401, |d| d.signature_is("")),
    case(Kind::Unsigned, "a signature of blanks", 401, |d| d.signature_is("   ")),
    case(Kind::Unsigned, "under another header", 401, |d| {
        let signature = d.signature.take().unwrap_or_default();
        d.headers.push(("X-Google-Signature".to_owned(), signature));
    }),
    case(Kind::Unsigned, "in the query", 401, |d| {
        let signature = d.signature_text().replace('+', "%2B");
        d.path = format!("{}?{SIGNATURE}={signature}", d.path);
        d.signature = None;
    }),
    case(Kind::Unsigned, "among the attributes", 401, |d| {
        let field = format!("\"attributes\":{{\"x-goog-signature\":\"{}\",", d.signature_text());
        d.envelope = d.envelope.replace("\"attributes\":{", &field);
        d.signature = None;
    }),
    case(Kind::Unsigned, "with a bearer token of Google instead", 401, |d| {
        d.signature = None;
        d.headers.push(("authorization".to_owned(), b"Bearer ya29.EXAMPLE".to_vec()));
    }),
    case(Kind::WrongKey, "the token of another partner", 401, |d| {
        d.sign_with(d.material.keys.google_partner.clone());
    }),
    case(Kind::WrongKey, "the signature secret of Vonage", 401, |d| {
        d.sign_with(d.material.keys.vonage.clone());
    }),
    case(Kind::WrongKey, "an empty key", 401, |d| d.sign_with([])),
    case(Kind::WrongKey, "the token with a line's end", 401, |d| {
        d.sign_with([&d.material.keys.google[..], b"\n"].concat());
    }),
    case(Kind::WrongKey, "the token in capitals", 401, |d| {
        d.sign_with(d.material.keys.google.to_ascii_uppercase());
    }),
    case(Kind::WrongKey, "the token in base64", 401, |d| d.sign_with(base64(&d.material.keys.google))),
    case(Kind::WrongKey, "the agent's name", 401, |d| d.sign_with(d.material.target.sender)),
    case(Kind::WrongKey, "the path of the webhook", 401, |d| d.sign_with(d.path.clone())),
    case(Kind::Algorithm, "HMAC-SHA256", 401, |d| {
        d.sign(Mac::Hs256, &d.material.keys.google.clone(), &d.payload.clone());
    }),
    case(Kind::Algorithm, "HMAC-SHA384", 401, |d| {
        d.sign(Mac::Hs384, &d.material.keys.google.clone(), &d.payload.clone());
    }),
    case(Kind::Algorithm, "a bare SHA-512 of the event", 401, |d| {
        d.signature_is(base64(Sha512::digest(&d.payload)));
    }),
    case(Kind::Algorithm, "a bare SHA-512 of token and event", 401, |d| {
        d.signature_is(base64(Sha512::digest([&d.material.keys.google[..], &d.payload].concat())));
    }),
    case(Kind::Algorithm, "RS256 with the application's key", 401, |d| {
        d.signature_is(base64(d.material.keys.rs256(&d.payload)));
    }),
    case(Kind::Algorithm, "HMAC under a public key", 401, |d| d.sign_with(d.material.keys.public_pem())),
    case(Kind::Algorithm, "none", 401, |d| d.signature_is("none")),
    case(Kind::Algorithm, "64 zeros", 401, |d| d.signature_is(base64([0; 64]))),
    case(Kind::Algorithm, "hexadecimal digits", 401, |d| {
        d.signature_is(hex(&Mac::Hs512.tag(&d.material.keys.google, &d.payload)));
    }),
    case(Kind::Algorithm, "a name before it", 401, |d| {
        d.signature_is(format!("sha512={}", d.signature_text()));
    }),
    case(Kind::Truncated, "a signature of 32 bytes", 401, |d| {
        d.signature_is(base64(&Mac::Hs512.tag(&d.material.keys.google, &d.payload)[..32]));
    }),
    case(Kind::Truncated, "a signature of no bytes", 401, |d| d.signature_is("====")),
    case(Kind::Truncated, "a signature without its last character", 401, |d| {
        let whole = d.signature_text().trim_end_matches('=').to_owned();
        d.signature_is(&whole[..whole.len() - 1]);
    }),
    case(Kind::Truncated, "the event, cut in half", 401, |d| {
        d.carries(d.payload[..d.payload.len() / 2].to_vec());
    }),
    case(Kind::Truncated, "the event, without its last byte", 401, |d| {
        d.carries(d.payload[..d.payload.len() - 1].to_vec());
    }),
    case(Kind::Truncated, "the event, empty", 401, |d| d.carries([])),
    case(Kind::Truncated, "the body, cut in half", 400, |d| d.body = Some(half(&d.written()))),
    case(Kind::Truncated, "the body, without its last byte", 400, |d| {
        let whole = d.written();
        d.body = Some(whole[..whole.len() - 1].to_vec());
    }),
    case(Kind::Truncated, "the body, empty", 400, |d| d.body = Some(Vec::new())),
    case(Kind::Truncated, "signed after it was cut", 200, |d| {
        d.says(half(d.material.event.clone().as_bytes()));
    }),
    case(Kind::Reserialised, "with spaces", 401, |d| {
        d.carries(d.material.event.replace(':', ": ").replace(',', ", "));
    }),
    case(Kind::Reserialised, "with a line's end", 401, |d| d.carries(d.material.event.clone() + "\n")),
    case(Kind::Reserialised, "its fields in another order", 401, |d| {
        let fields = d.material.event.trim_matches(['{', '}']);
        let (first, others) = fields.split_once(',').expect("an event has fields");
        d.carries(format!("{{{others},{first}}}"));
    }),
    case(Kind::Reserialised, "with escapes", 401, |d| d.carries(d.material.event.replace('@', "\\u0040"))),
    case(Kind::Reserialised, "a space after the event", 401, |d| d.carries(d.material.event.clone() + " ")),
    case(Kind::Swapped, "another event in the body", 401, |d| d.carries(d.material.other.clone())),
    case(Kind::Swapped, "the signature of an accepted event", 401, |d| {
        d.says_the_known();
        d.carries(d.material.event.clone());
    }),
    case(Kind::Swapped, "over the base64 text", 401, |d| {
        d.sign(Mac::Hs512, &d.material.keys.google.clone(), &d.data.clone().into_bytes());
    }),
    case(Kind::Swapped, "over the whole body", 401, |d| {
        d.sign(Mac::Hs512, &d.material.keys.google.clone(), &d.written());
    }),
    case(Kind::Swapped, "over nothing", 401, |d| d.sign(Mac::Hs512, &d.material.keys.google.clone(), b"")),
    case(Kind::Swapped, "another word in the event", 401, |d| {
        d.carries(d.material.event.replacen("\"eventType\":\"", "\"eventType\":\"X", 1));
    }),
    case(Kind::Replayed, "as it came", 200, Draft::says_the_known),
    case(Kind::Replayed, "in another envelope", 200, |d| {
        d.says_the_known();
        let drawn = d.material.unheard_of();
        d.envelope = format!("{{\"message\":{{\"messageId\":\"{drawn}\",\"data\":\"DATA\"}}}}");
    }),
    case(Kind::Replayed, "with other attributes", 200, |d| {
        d.says_the_known();
        d.envelope = d
            .envelope
            .replace("tickets@rbm.goog", "stranger@rbm.goog")
            .replace("event", "agent_launch_event");
    }),
    case(Kind::Replayed, "without padding", 200, |d| {
        d.says_the_known();
        d.data = d.data.trim_end_matches('=').to_owned();
        d.signature_is(d.signature_text().trim_end_matches('='));
    }),
    case(Kind::Replayed, "beside a handshake with a wrong token", 200, |d| {
        d.says_the_known();
        d.envelope = d.envelope.replacen('{', "{\"clientToken\":\"wrong\",\"secret\":\"s3cret\",", 1);
    }),
    case(Kind::Huge, "one byte under the limit", 200, |d| grown_to(d, LIMIT - 1)),
    case(Kind::Huge, "exactly the limit", 200, |d| grown_to(d, LIMIT)),
    case(Kind::Huge, "one byte over the limit", 413, |d| grown_to(d, LIMIT + 1)),
    case(Kind::Huge, "four times the limit", 413, |d| grown_to(d, 4 * LIMIT)),
    case(Kind::Huge, "the limit, unsigned", 401, |d| {
        grown_to(d, LIMIT);
        d.signature = None;
    }),
    case(Kind::Huge, "the limit, as blanks", 400, |d| d.body = Some(vec![b' '; LIMIT])),
    case(Kind::Huge, "over the limit, unsigned", 413, |d| d.body = Some(vec![b'{'; 2 * LIMIT])),
    case(Kind::Huge, "a signature of 60 KiB", 401, |d| d.signature_is(vec![b'A'; 60 << 10])),
    case(Kind::Huge, "an event of 700 KiB, signed by another", 401, |d| {
        d.says_last(format!("\"more\":\"{}\"", "x".repeat(700 << 10)));
        d.sign_with(d.material.keys.google_partner.clone());
    }),
    case(Kind::OtherPath, "the path of another partner", 401, |d| d.arrives_at("google_rbm/partner")),
    case(Kind::OtherPath, "a source without a secret", 503, |d| d.arrives_at("google_rbm/quiet")),
    case(Kind::OtherPath, "no such source", 404, |d| d.arrives_at("google_rbm/nobody")),
    case(Kind::OtherPath, "a source of Vonage", 404, |d| d.arrives_at("google_rbm/codes")),
    case(Kind::OtherPath, "the path of Vonage", 503, |d| d.arrives_at("vonage/codes")),
    case(Kind::OtherPath, "a slash behind it", 404, |d| d.path += "/"),
    case(Kind::OtherPath, "more behind it", 404, |d| d.path += "/events"),
    case(Kind::OtherPath, "no source", 404, |d| d.arrives_at("google_rbm")),
    case(Kind::OtherPath, "an empty source", 404, |d| d.arrives_at("google_rbm/")),
    case(Kind::OtherPath, "two slashes", 404, |d| d.path = d.path.replace('/', "//")),
    case(Kind::OtherPath, "the source in capitals", 404, |d| d.arrives_at("google_rbm/TICKETS")),
    case(Kind::OtherPath, "a source that is no UTF-8", 404, |d| d.arrives_at("google_rbm/%ff%fe")),
    case(Kind::OtherPath, "a path that climbs", 404, |d| d.arrives_at("google_rbm/%2e%2e%2ftickets")),
    case(Kind::OtherPath, "no such provider", 404, |d| d.arrives_at("fax/tickets")),
    case(Kind::OtherPath, "the provider in capitals", 404, |d| d.arrives_at("GOOGLE_RBM/tickets")),
];

fn half(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() / 2].to_vec()
}

/// An accepted event in an envelope that makes the body exactly so long.
fn grown_to(draft: &mut Draft, length: usize) {
    draft.says_the_known();
    draft.envelope = draft.envelope.replacen('{', "{\"filling\":\"\",", 1);
    let missing = length - draft.written().len();
    draft.envelope = draft.envelope.replacen("\"\"", &format!("\"{}\"", "x".repeat(missing)), 1);
}
