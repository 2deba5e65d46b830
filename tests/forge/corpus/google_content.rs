//! Google: what the body and the event say. What is rightly signed is answered with 200 and kept outside the facts.

use super::super::Kind;
use super::super::google::Draft;
use super::super::keys::base64;
use super::{Case, case};

/// Deep enough to end a recursive reader.
const DEPTH: usize = 100_000;

pub(super) static CASES: &[Case<Draft>] = &[
    case(Kind::Deep, "the event, signed", 200, |d| d.says_last(format!("\"deep\":{}", nested(DEPTH)))),
    case(Kind::Deep, "the event, signed, objects", 200, |d| {
        d.says_last(format!("\"deep\":{}1{}", "{\"a\":".repeat(DEPTH), "}".repeat(DEPTH)));
    }),
    case(Kind::Deep, "the event, signed, never closed", 200, |d| d.says("[".repeat(7 * DEPTH))),
    case(Kind::Deep, "the event, unsigned", 401, |d| {
        d.says_last(format!("\"deep\":{}", nested(DEPTH)));
        d.signature = None;
    }),
    case(Kind::Deep, "the envelope around an accepted event", 200, |d| {
        d.says_the_known();
        d.envelope = d.envelope.replacen('{', &format!("{{\"deep\":{},", nested(DEPTH)), 1);
    }),
    case(Kind::Deep, "the envelope, signed by another", 401, |d| {
        d.envelope = d.envelope.replacen('{', &format!("{{\"deep\":{},", nested(DEPTH)), 1);
        d.sign_with(d.material.keys.google_partner.clone());
    }),
    case(Kind::Deep, "nothing else", 400, |d| d.body = Some(nested(DEPTH).into_bytes())),
    case(Kind::Deep, "the message", 400, |d| body(d, &format!("{{\"message\":{}}}", nested(DEPTH)))),
    case(Kind::Deep, "the data", 400, |d| {
        body(d, &format!("{{\"message\":{{\"data\":{}}}}}", nested(DEPTH)));
    }),
    case(Kind::Deep, "the client token", 400, |d| body(d, &format!("{{\"clientToken\":{}}}", nested(DEPTH)))),
    case(Kind::Deep, "never closed", 400, |d| d.body = Some(vec![b'['; 1 << 20])),
    case(Kind::Doubled, "two messages", 400, |d| {
        d.envelope_is("{\"message\":{\"data\":\"DATA\"},\"message\":{\"data\":\"DATA\"}}");
    }),
    case(Kind::Doubled, "two messages, one spelt with an escape", 400, |d| {
        d.envelope_is("{\"message\":{\"data\":\"DATA\"},\"\\u006dessage\":{\"data\":\"DATA\"}}");
    }),
    case(Kind::Doubled, "two data", 400, |d| {
        d.envelope =
            format!("{{\"message\":{{\"data\":\"{}\",\"data\":\"DATA\"}}}}", base64(&d.material.known));
    }),
    case(Kind::Doubled, "a message that is null, and one that is not", 400, |d| {
        d.envelope_is("{\"message\":null,\"message\":{\"data\":\"DATA\"}}");
    }),
    case(Kind::Doubled, "two client tokens", 400, |d| {
        body(d, "{\"clientToken\":\"a\",\"clientToken\":\"b\",\"secret\":\"s3cret\"}");
    }),
    case(Kind::Doubled, "in the event, signed: two words", 200, |d| {
        d.says_first("\"eventType\":\"SOMETHING\"");
    }),
    case(Kind::Doubled, "in the event, signed: the other word last", 200, |d| {
        d.says_last("\"eventType\":\"SOMETHING\"");
    }),
    case(Kind::Doubled, "in the event, signed: two message ids", 200, |d| {
        let id = d.material.unheard_of();
        d.says_first(format!("\"messageId\":\"{id}\""));
    }),
    case(Kind::Doubled, "in the event, signed: two agents", 200, |d| {
        d.says_first("\"agentId\":\"stranger@rbm.goog\"");
    }),
    case(Kind::Doubled, "in the event, signed: an agent and null", 200, |d| d.says_first("\"agentId\":null")),
    case(Kind::Doubled, "in the event, signed: two ids of the event", 200, |d| {
        d.says_first("\"eventId\":\"other\"");
    }),
    case(Kind::Doubled, "in the event, signed: one spelt with an escape", 200, |d| {
        d.says_first("\"event\\u0054ype\":\"SOMETHING\"");
    }),
    case(Kind::Encoding, "the envelope with a byte that is no UTF-8", 400, |d| {
        d.says_the_known();
        d.body = Some(with_byte(&d.written(), b"subscriptions", 0xFF));
    }),
    case(Kind::Encoding, "the data with a byte that is no UTF-8", 400, |d| {
        d.body = Some(with_byte(&d.written(), b"data\":\"", 0xFF));
    }),
    case(Kind::Encoding, "the envelope in UTF-16", 400, |d| {
        let written = String::from_utf8_lossy(&d.written()).into_owned();
        d.body = Some(written.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }),
    case(Kind::Encoding, "a byte order mark before the envelope", 400, |d| {
        d.body = Some([b"\xEF\xBB\xBF", &d.written()[..]].concat());
    }),
    case(Kind::Encoding, "the event with a byte that is no UTF-8, signed", 200, |d| {
        d.says(with_byte(d.material.event.clone().as_bytes(), b"messageId\":\"", 0xFF));
    }),
    case(Kind::Encoding, "another field with a byte that is no UTF-8, signed", 200, |d| {
        d.says_last(b"\"more\":\"\xFF\"");
    }),
    case(Kind::Encoding, "overlong UTF-8, signed", 200, |d| d.says_last(b"\"more\":\"\xC0\xAF\"")),
    case(Kind::Encoding, "a byte order mark before the event, signed", 200, |d| {
        d.says([b"\xEF\xBB\xBF", d.material.event.clone().as_bytes()].concat());
    }),
    case(Kind::Encoding, "a lone surrogate in the message id, signed", 200, |d| {
        d.says_instead("\"messageId\":\"", "\"messageId\":\"\\ud800");
    }),
    case(Kind::Encoding, "surrogates the wrong way round, signed", 200, |d| {
        d.says_instead("\"messageId\":\"", "\"messageId\":\"\\udc00\\ud800");
    }),
    case(Kind::Encoding, "a lone surrogate around an accepted event", 200, |d| {
        d.says_the_known();
        d.envelope = d.envelope.replacen('{', "{\"more\":\"\\ud800\",", 1);
    }),
    case(Kind::Encoding, "a NUL in the message id, signed", 200, |d| {
        d.says_instead("\"messageId\":\"", "\"messageId\":\"\\u0000");
    }),
    case(Kind::Encoding, "a bare NUL, signed", 200, |d| {
        d.says(with_byte(d.material.event.clone().as_bytes(), b"{", 0));
    }),
    case(Kind::Encoding, "an agent with a letter that looks the same, signed", 200, |d| {
        d.says_instead("\"agentId\":\"", "\"agentId\":\"\u{442}");
    }),
    case(Kind::Number, "a number for a word, signed", 200, |d| {
        d.says_instead("\"eventType\":\"", "\"eventType\":7,\"was\":\"");
    }),
    case(Kind::Number, "a number for a message id, signed", 200, |d| {
        d.says_instead("\"messageId\":\"", "\"messageId\":1e3,\"was\":\"");
    }),
    case(Kind::Number, "a number beyond all numbers, signed", 200, |d| {
        d.says_instead("\"messageId\":\"", "\"messageId\":1e999,\"was\":\"");
    }),
    case(Kind::Number, "a number with a leading zero, signed", 200, |d| d.says_last("\"more\":007")),
    case(Kind::Number, "not a number, signed", 200, |d| d.says_last("\"more\":NaN")),
    case(Kind::Number, "a number of 100 000 digits, in the envelope", 200, |d| {
        d.says_the_known();
        d.envelope = d.envelope.replacen('{', &format!("{{\"more\":{},", "9".repeat(DEPTH)), 1);
    }),
    case(Kind::Number, "an exponent beyond all numbers, in the envelope", 200, |d| {
        d.says_the_known();
        d.envelope = d.envelope.replacen('{', "{\"more\":1e999999999999,", 1);
    }),
    case(Kind::Base64, "data in the URL-safe alphabet", 400, |d| d.data.replace_range(0..1, "_")),
    case(Kind::Base64, "data with a blank", 400, |d| d.data.insert(8, ' ')),
    case(Kind::Base64, "data with a line's end", 400, |d| d.data.insert_str(8, "\\n")),
    case(Kind::Base64, "data with too much padding", 400, |d| d.data += "====="),
    case(Kind::Base64, "data with padding inside", 400, |d| d.data.insert(8, '=')),
    case(Kind::Base64, "data with one character too many", 400, |d| {
        d.says(d.material.event.clone().as_bytes()[..99].to_vec());
        d.data += "A";
    }),
    case(Kind::Base64, "data that ends on bits that mean nothing", 400, |d| {
        d.says(d.material.event.clone().as_bytes()[..100].to_vec());
        let (at, last) = (d.data.len() - 3, d.data.as_bytes()[d.data.len() - 3]);
        d.data.replace_range(at..=at, &char::from(last + 1).to_string());
    }),
    case(Kind::Base64, "data as a data URL", 400, |d| {
        d.data = format!("data:application/json;base64,{}", d.data);
    }),
    case(Kind::Base64, "data in hexadecimal digits and a dash", 400, |d| d.data = format!("-{}", d.data)),
    case(Kind::Base64, "data that is empty, signed", 200, |d| d.says([])),
    case(Kind::Base64, "a signature in the URL-safe alphabet", 401, |d| {
        d.signature_is(format!("_-{}", &d.signature_text()[2..]));
    }),
    case(Kind::Base64, "a signature with a blank inside", 401, |d| {
        let mut text = d.signature_text();
        text.insert(8, ' ');
        d.signature_is(text);
    }),
    case(Kind::Base64, "a signature in quotes", 401, |d| {
        d.signature_is(format!("\"{}\"", d.signature_text()));
    }),
    case(Kind::Base64, "a signature in base64 twice", 401, |d| d.signature_is(base64(d.signature_text()))),
    case(Kind::Base64, "a signature and a comma", 401, |d| {
        d.signature_is(format!("{0}, {0}", d.signature_text()));
    }),
    case(Kind::Shape, "not JSON", 400, |d| body(d, "hello")),
    case(Kind::Shape, "the event without an envelope", 400, |d| d.body = Some(d.payload.clone())),
    case(Kind::Shape, "an empty object", 400, |d| body(d, "{}")),
    case(Kind::Shape, "null", 400, |d| body(d, "null")),
    case(Kind::Shape, "a list for the envelope", 400, |d| {
        d.envelope_is("[null,null,{\"data\":\"DATA\"}]");
    }),
    case(Kind::Shape, "a list for the message", 400, |d| d.envelope_is("{\"message\":[\"DATA\"]}")),
    case(Kind::Shape, "a list for a handshake", 400, |d| body(d, "[\"token\",\"s3cret\",null]")),
    case(Kind::Shape, "a list for the data", 400, |d| {
        d.envelope_is("{\"message\":{\"data\":[\"DATA\"]}}");
    }),
    case(Kind::Shape, "a text for the message", 400, |d| d.envelope_is("{\"message\":\"DATA\"}")),
    case(Kind::Shape, "data that is null", 400, |d| body(d, "{\"message\":{\"data\":null}}")),
    case(Kind::Shape, "no data", 400, |d| body(d, "{\"message\":{\"messageId\":\"1\"}}")),
    case(Kind::Shape, "names in other letter case", 400, |d| {
        d.envelope_is("{\"Message\":{\"data\":\"DATA\"}}");
    }),
    case(Kind::Shape, "something behind the envelope", 400, |d| d.envelope += "{}"),
    case(Kind::Shape, "a comment", 400, |d| d.envelope += "// data"),
    case(Kind::Shape, "a comma too many", 400, |d| {
        d.envelope_is("{\"message\":{\"data\":\"DATA\",}}");
    }),
    case(Kind::Shape, "single quotes", 400, |d| d.envelope = d.envelope.replace('"', "'")),
    case(Kind::Shape, "a form", 400, |d| body(d, "message.data=DATA")),
    case(Kind::Shape, "a list for the event, signed", 200, |d| d.says(format!("[{}]", d.material.event))),
    case(Kind::Shape, "a text for the event, signed", 200, |d| d.says(format!("{:?}", d.material.event))),
    case(Kind::Shape, "two events, signed", 200, |d| {
        d.says(format!("{}{}", d.material.event, d.material.other));
    }),
    case(Kind::Shape, "an event without a message id, signed", 200, |d| {
        d.says_instead("\"messageId\"", "\"message\"");
    }),
    case(Kind::Shape, "a message id with a path, signed", 200, |d| {
        d.says_instead("\"messageId\":\"", "\"messageId\":\"../");
    }),
    case(Kind::Shape, "a message id in a list, signed", 200, |d| {
        d.says_instead("\"messageId\":\"", "\"messageId\":[],\"was\":\"");
    }),
    case(Kind::Handshake, "a wrong token", 403, |d| handshake(d, "\"wrong\"")),
    case(Kind::Handshake, "an empty token", 403, |d| handshake(d, "\"\"")),
    case(Kind::Handshake, "the token of another partner", 403, |d| {
        let token = format!("{:?}", String::from_utf8_lossy(&d.material.keys.google_partner));
        handshake(d, &token);
    }),
    case(Kind::Handshake, "the token but for its last character", 403, |d| {
        let token = String::from_utf8_lossy(&d.material.keys.google).into_owned();
        handshake(d, &format!("{:?}", &token[..token.len() - 1]));
    }),
    case(Kind::Handshake, "the token and a NUL", 403, |d| {
        let token = String::from_utf8_lossy(&d.material.keys.google).into_owned();
        handshake(d, &format!("\"{token}\\u0000\""));
    }),
    case(Kind::Handshake, "a token that is a number", 400, |d| handshake(d, "0")),
    case(Kind::Handshake, "a token that is true", 400, |d| handshake(d, "true")),
    case(Kind::Handshake, "a token in a list", 400, |d| handshake(d, "[\"wrong\"]")),
    case(Kind::Handshake, "a token that is null", 400, |d| handshake(d, "null")),
    case(Kind::Handshake, "without a secret", 400, |d| body(d, "{\"clientToken\":\"wrong\"}")),
    case(Kind::Handshake, "without a token", 400, |d| body(d, "{\"secret\":\"s3cret\"}")),
    case(Kind::Handshake, "where no token is configured", 503, |d| {
        d.arrives_at("google_rbm/quiet");
        handshake(d, "\"\"");
    }),
    case(Kind::ForOthers, "an agent that nobody knows, signed", 200, |d| {
        let sender = d.material.target.sender;
        d.says_instead(&format!("\"agentId\":\"{sender}"), "\"agentId\":\"stranger");
    }),
    case(Kind::ForOthers, "an agent of another partner, signed by this one", 200, |d| {
        let sender = d.material.target.sender;
        d.says_instead(&format!("\"agentId\":\"{sender}"), "\"agentId\":\"partner");
    }),
    case(Kind::ForOthers, "our agent, signed by another partner on its path", 200, |d| {
        d.arrives_at("google_rbm/partner");
        d.sign_with(d.material.keys.google_partner.clone());
    }),
    case(Kind::ForOthers, "without an agent, signed", 200, |d| d.says_instead("\"agentId\"", "\"agent\"")),
    case(Kind::ForOthers, "a person is typing, signed", 200, |d| {
        let id = d.material.unheard_of();
        d.says(format!(
            "{{\"eventType\":\"IS_TYPING\",\"eventId\":\"{id}\",\"agentId\":\"tickets@rbm.goog\"}}"
        ));
    }),
    case(Kind::ForOthers, "a person wrote, signed", 200, |d| {
        let id = d.material.target.id.clone();
        d.says(format!("{{\"agentId\":\"tickets@rbm.goog\",\"messageId\":\"{id}\",\"text\":\"DELIVERED\"}}"));
    }),
    case(Kind::ForOthers, "an agent was launched, signed", 200, |d| {
        d.says("{\"eventId\":\"L1\",\"agentId\":\"tickets@rbm.goog\",\"newLaunchState\":\"LAUNCHED\"}");
    }),
];

fn body(draft: &mut Draft, text: &str) {
    draft.body = Some(text.as_bytes().to_vec());
}

fn handshake(draft: &mut Draft, token: &str) {
    draft.signature = None;
    draft.body = Some(format!("{{\"clientToken\":{token},\"secret\":\"s3cret\"}}").into_bytes());
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// The bytes with one more, right behind this text.
fn with_byte(bytes: &[u8], behind: &[u8], byte: u8) -> Vec<u8> {
    let at = bytes.windows(behind.len()).position(|window| window == behind).expect("it stands there")
        + behind.len();
    let mut changed = bytes.to_vec();
    changed.insert(at, byte);
    changed
}
