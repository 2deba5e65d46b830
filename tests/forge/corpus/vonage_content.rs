//! Vonage: what the body says. What is rightly signed is answered with 200 and kept outside the facts.

use super::super::Kind;
use super::super::vonage::{Authorization, Draft};
use super::{Case, case};

/// Deep enough to end a recursive reader.
const DEPTH: usize = 100_000;

pub(super) static CASES: &[Case<Draft>] = &[
    case(Kind::Deep, "the body, signed", 200, |d| d.says_last(format!("\"deep\":{}", nested(DEPTH)))),
    case(Kind::Deep, "the body, signed, objects", 200, |d| {
        d.says_last(format!("\"deep\":{}1{}", "{\"a\":".repeat(DEPTH), "}".repeat(DEPTH)));
    }),
    case(Kind::Deep, "the body, signed, never closed", 200, |d| d.says("{\"a\":".repeat(DEPTH))),
    case(Kind::Deep, "the body, unsigned", 503, |d| {
        d.says_last(format!("\"deep\":{}", nested(DEPTH)));
        d.authorization = Authorization::Missing;
    }),
    case(Kind::Deep, "the status, signed", 200, |d| {
        d.says_instead("\"status\":", &format!("\"status\":{},\"was\":", nested(DEPTH)));
    }),
    case(Kind::Deep, "the claims around an accepted event", 200, |d| {
        d.says_the_known();
        d.claims_instead("\"iat\"", &format!("\"deep\":{},\"iat\"", nested(20_000)));
    }),
    case(Kind::Deep, "the claims, signed by another", 503, |d| {
        d.claims_instead("\"iat\"", &format!("\"deep\":{},\"iat\"", nested(20_000)));
        d.key = d.material.keys.vonage_branch.clone();
    }),
    case(Kind::Deep, "the token's header", 503, |d| d.header = format!("{{\"alg\":{}}}", nested(20_000))),
    case(Kind::Deep, "the token's extensions", 503, |d| {
        d.header_with(&format!("\"crit\":{}", nested(20_000)));
    }),
    case(Kind::Doubled, "two statuses, signed", 200, |d| d.says_first("\"status\":\"something\"")),
    case(Kind::Doubled, "two statuses, signed, the other last", 200, |d| {
        d.says_last("\"status\":\"something\"");
    }),
    case(Kind::Doubled, "two ids, signed", 200, |d| {
        let id = d.material.unheard_of();
        d.says_first(format!("\"message_uuid\":\"{id}\""));
    }),
    case(Kind::Doubled, "two channels, signed", 200, |d| d.says_first("\"channel\":\"sms\"")),
    case(Kind::Doubled, "two senders, signed", 200, |d| d.says_first("\"from\":\"Stranger\"")),
    case(Kind::Doubled, "two recipients, signed", 200, |d| d.says_first("\"to\":\"447700900999\"")),
    case(Kind::Doubled, "two times, signed", 200, |d| d.says_first("\"timestamp\":\"2020-01-01T00:00:00Z\"")),
    case(Kind::Doubled, "one spelt with an escape, signed", 200, |d| {
        d.says_first("\"stat\\u0075s\":\"something\"");
    }),
    case(Kind::Doubled, "inside an object, signed", 200, |d| {
        d.says_instead("\"status\":", "\"error\":{\"title\":\"1360\",\"title\":\"1050\"},\"status\":");
    }),
    case(Kind::Encoding, "a byte that is no UTF-8, signed", 200, |d| {
        d.says([&d.body[..d.body.len() - 1], b",\"more\":\"\xFF\"}"].concat());
    }),
    case(Kind::Encoding, "a byte that is no UTF-8, signed by another", 503, |d| {
        d.says([&d.body[..d.body.len() - 1], b",\"more\":\"\xFF\"}"].concat());
        d.key = d.material.keys.vonage_branch.clone();
    }),
    case(Kind::Encoding, "overlong UTF-8, signed", 200, |d| d.says_last(b"\"more\":\"\xC0\xAF\"")),
    case(Kind::Encoding, "UTF-16, signed", 200, |d| {
        d.says(d.material.event.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    }),
    case(Kind::Encoding, "a byte order mark, signed", 200, |d| {
        d.says([b"\xEF\xBB\xBF", &d.body[..]].concat());
    }),
    case(Kind::Encoding, "a lone surrogate in the id, signed", 200, |d| {
        d.says_instead("\"message_uuid\":\"", "\"message_uuid\":\"\\ud800");
    }),
    case(Kind::Encoding, "surrogates the wrong way round, signed", 200, |d| {
        d.says_instead("\"message_uuid\":\"", "\"message_uuid\":\"\\udc00\\ud800");
    }),
    case(Kind::Encoding, "a NUL in the id, signed", 200, |d| {
        d.says_instead("\"message_uuid\":\"", "\"message_uuid\":\"\\u0000");
    }),
    case(Kind::Encoding, "letters that look the same in the id, signed", 200, |d| {
        d.says_instead("\"message_uuid\":\"", "\"message_uuid\":\"\u{430}");
    }),
    case(Kind::Number, "a number for a status, signed", 200, |d| {
        d.says_instead("\"status\":", "\"status\":7,\"was\":");
    }),
    case(Kind::Number, "a number for an id, signed", 200, |d| {
        d.says_instead("\"message_uuid\":", "\"message_uuid\":1e3,\"was\":");
    }),
    // What nobody asks for may be any number: the event is read all the same, and so must be one that is known.
    case(Kind::Number, "a number beyond all numbers in an accepted event", 200, |d| {
        d.says_the_known_with("\"more\":1e999");
    }),
    case(Kind::Number, "a number with a leading zero, signed", 200, |d| d.says_last("\"more\":007")),
    case(Kind::Number, "not a number, signed", 200, |d| d.says_last("\"more\":NaN")),
    case(Kind::Number, "an exponent beyond all numbers in the claims of an accepted event", 200, |d| {
        d.says_the_known();
        d.claims_instead("1795168800", "1e999999999999");
    }),
    case(Kind::Number, "a number for the hash", 503, |d| d.claims_instead("\"HASH\"", "0")),
    case(Kind::Base64, "the usual alphabet", 503, |d| {
        d.token_is(|token| format!("{}+/", &token[..token.len() - 2]));
    }),
    case(Kind::Base64, "a blank inside", 503, |d| d.token_is(|token| token.replacen('.', " .", 1))),
    case(Kind::Base64, "a tab inside", 503, |d| d.token_is(|token| token.replacen('.', "\t.", 1))),
    case(Kind::Base64, "too much padding", 503, |d| d.token_is(|token| format!("{token}=="))),
    case(Kind::Base64, "padding inside", 503, |d| d.token_is(|token| token.replacen('.', "=.", 1))),
    case(Kind::Base64, "a signature that ends on bits that mean nothing", 503, |d| {
        d.says_the_known();
        d.token_is(|token| {
            let (signed, last) = token.split_at(token.len() - 1);
            // The last of 43 characters carries four bits: its successor means the same to a lenient reader.
            format!("{signed}{}", char::from(last.as_bytes()[0] + 1))
        });
    }),
    case(Kind::Base64, "hexadecimal digits", 503, |d| {
        let tag = d.mac.tag(&d.key, d.signed().as_bytes());
        d.signature = Some(super::super::keys::hex(&tag));
    }),
    case(Kind::Base64, "two tokens and a comma", 503, |d| {
        d.token_is(|token| format!("{token}, Bearer {token}"));
    }),
    case(Kind::Base64, "in quotes", 503, |d| d.token_is(|token| format!("\"{token}\""))),
    case(Kind::Shape, "not JSON, signed", 200, |d| d.says("hello")),
    case(Kind::Shape, "null, signed", 200, |d| d.says("null")),
    case(Kind::Shape, "a list, signed", 200, |d| d.says(format!("[{}]", d.material.event))),
    case(Kind::Shape, "a text, signed", 200, |d| d.says(format!("{:?}", d.material.event))),
    case(Kind::Shape, "two events, signed", 200, |d| {
        d.says(format!("{}{}", d.material.event, d.material.other));
    }),
    case(Kind::Shape, "a form, signed", 200, |d| d.says("status=delivered&channel=rcs")),
    case(Kind::Shape, "a comment, signed", 200, |d| d.says(format!("{}// delivered", d.material.event))),
    case(Kind::Shape, "without an id, signed", 200, |d| d.says_instead("\"message_uuid\"", "\"id\"")),
    case(Kind::Shape, "an id with more behind it, signed", 200, |d| {
        let id = d.material.target.id.clone();
        d.says_instead(&id, &format!("{id}/../x"));
    }),
    case(Kind::Shape, "an id in a list, signed", 200, |d| {
        d.says_instead("\"message_uuid\":", "\"message_uuid\":[],\"was\":");
    }),
    case(Kind::Shape, "without a channel, signed", 200, |d| d.says_instead("\"channel\"", "\"canal\"")),
    case(Kind::Shape, "without a status, signed", 200, |d| d.says_instead("\"status\"", "\"state\"")),
    case(Kind::Shape, "names in other letter case, signed", 200, |d| {
        d.says_instead("\"status\"", "\"Status\"");
    }),
    case(Kind::Shape, "an application that is no id", 200, |d| {
        d.claims_instead("\"application_id\":\"", "\"application_id\":\"zz");
    }),
    case(Kind::ForOthers, "another application, a message that nobody knows", 200, |d| {
        let (id, new) = (d.material.target.id.clone(), d.material.unheard_of());
        d.says_instead(&id, &new);
        let application = d.material.keys.application.clone();
        d.claims_instead(&application, "99999999-2222-4333-8444-555555555555");
    }),
    case(Kind::ForOthers, "another sender, a message that nobody knows", 200, |d| {
        let (id, new) = (d.material.target.id.clone(), d.material.unheard_of());
        let event = d.material.event.replace(&id, &new);
        d.says(event.replace(&format!("\"from\":\"{}\"", d.material.target.sender), "\"from\":\"Stranger\""));
    }),
    case(Kind::ForOthers, "our message, signed by another account on its path", 200, |d| {
        d.arrives_at("vonage/branch");
        d.key = d.material.keys.vonage_branch.clone();
    }),
    case(Kind::ForOthers, "an SMS", 200, |d| d.says_instead("\"channel\":\"rcs\"", "\"channel\":\"sms\"")),
    case(Kind::ForOthers, "no channel that anybody knows", 200, |d| {
        d.says_instead("\"channel\":\"rcs\"", "\"channel\":\"pigeon\"");
    }),
    case(Kind::ForOthers, "a person wrote", 200, |d| {
        let id = d.material.target.id.clone();
        d.says(format!("{{\"channel\":\"rcs\",\"message_uuid\":\"{id}\",\"message_type\":\"text\",\"text\":\"delivered\"}}"));
    }),
];

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}
