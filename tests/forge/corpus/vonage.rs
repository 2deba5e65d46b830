//! Vonage: whose token it is, and for what. What is refused is answered with 503, because a 4xx would lose the event
//! for good: <https://developer.vonage.com/en/getting-started/concepts/webhooks>.

use super::super::Kind;
use super::super::keys::{Mac, base64, base64url, hex, sha256_hex};
use super::super::vonage::{Authorization, Draft};
use super::{Case, LIMIT, case};

pub(super) static CASES: &[Case<Draft>] = &[
    case(Kind::Unsigned, "no token", 503, |d| d.authorization = Authorization::Missing),
    case(Kind::Unsigned, "an empty header", 503, |d| d.authorization_is("")),
    case(Kind::Unsigned, "a scheme alone", 503, |d| d.authorization_is("Bearer ")),
    case(Kind::Unsigned, "another scheme", 503, |d| {
        let token = d.token();
        d.authorization_is(format!("Token {token}"));
    }),
    case(Kind::Unsigned, "no scheme", 503, |d| d.authorization_is(d.token())),
    case(Kind::Unsigned, "key and secret of the account", 503, |d| {
        let account = format!("{}:{}", d.material.keys.api_key, d.material.keys.api_secret);
        d.authorization_is(format!("Basic {}", base64(account)));
    }),
    case(Kind::Unsigned, "in the query", 503, |d| {
        d.path = format!("{}?token={}", d.path, d.token());
        d.authorization = Authorization::Missing;
    }),
    case(Kind::Unsigned, "in a cookie", 503, |d| {
        d.headers.push(("cookie".to_owned(), format!("token={}", d.token()).into_bytes()));
        d.authorization = Authorization::Missing;
    }),
    case(Kind::Unsigned, "under the proxy's header", 503, |d| {
        d.headers.push(("proxy-authorization".to_owned(), format!("Bearer {}", d.token()).into_bytes()));
        d.authorization = Authorization::Missing;
    }),
    case(Kind::WrongKey, "the secret of another account", 503, |d| {
        d.key = d.material.keys.vonage_branch.clone();
    }),
    case(Kind::WrongKey, "the token of Google", 503, |d| d.key = d.material.keys.google.clone()),
    case(Kind::WrongKey, "an empty key", 503, |d| d.key = Vec::new()),
    case(Kind::WrongKey, "the account's secret", 503, |d| {
        d.key = d.material.keys.api_secret.clone().into_bytes();
    }),
    case(Kind::WrongKey, "the account's key", 503, |d| d.key = d.material.keys.api_key.clone().into_bytes()),
    case(Kind::WrongKey, "the application's private key", 503, |d| {
        d.key = d.material.keys.private_pem.clone().into_bytes();
    }),
    case(Kind::WrongKey, "the secret with a line's end", 503, |d| d.key.push(b'\n')),
    case(Kind::WrongKey, "the secret in base64", 503, |d| d.key = base64(&d.key).into_bytes()),
    case(Kind::WrongKey, "the secret but for its last character", 503, |d| d.key.truncate(d.key.len() - 1)),
    case(Kind::WrongKey, "64 zeros", 503, |d| d.key = vec![0; 64]),
    case(Kind::Algorithm, "none, and no signature", 503, |d| {
        d.header_is(r#"{"alg":"none","typ":"JWT"}"#);
        d.signature = Some(String::new());
    }),
    case(Kind::Algorithm, "none, under the right signature", 503, |d| {
        d.header_is(r#"{"alg":"none"}"#);
    }),
    case(Kind::Algorithm, "None", 503, |d| {
        d.header_is(r#"{"alg":"None"}"#);
        d.signature = Some(String::new());
    }),
    case(Kind::Algorithm, "nOnE", 503, |d| {
        d.header_is(r#"{"alg":"nOnE"}"#);
        d.signature = Some(String::new());
    }),
    case(Kind::Algorithm, "HS256 without a signature", 503, |d| d.signature = Some(String::new())),
    case(Kind::Algorithm, "RS256, with the application's key", 503, |d| {
        d.header_is(r#"{"alg":"RS256","typ":"JWT"}"#);
        d.signature = Some(base64url(d.material.keys.rs256(d.signed().as_bytes())));
    }),
    case(Kind::Algorithm, "RS256 under HS256's name", 503, |d| {
        d.signature = Some(base64url(d.material.keys.rs256(d.signed().as_bytes())));
    }),
    case(Kind::Algorithm, "RS256's name, HMAC under the secret", 503, |d| {
        d.header_is(r#"{"alg":"RS256","typ":"JWT"}"#);
    }),
    case(Kind::Algorithm, "HMAC under the public key", 503, |d| {
        d.key = d.material.keys.public_pem().into_bytes();
    }),
    case(Kind::Algorithm, "HMAC under the public key, without its frame", 503, |d| {
        d.key = d.material.keys.public_der().to_vec();
    }),
    case(Kind::Algorithm, "RS256's name, HMAC under the public key", 503, |d| {
        d.header_is(r#"{"alg":"RS256","typ":"JWT"}"#);
        d.key = d.material.keys.public_pem().into_bytes();
    }),
    case(Kind::Algorithm, "HS384", 503, |d| {
        d.header_is(r#"{"alg":"HS384","typ":"JWT"}"#);
        d.mac = Mac::Hs384;
    }),
    case(Kind::Algorithm, "HS512", 503, |d| {
        d.header_is(r#"{"alg":"HS512","typ":"JWT"}"#);
        d.mac = Mac::Hs512;
    }),
    case(Kind::Algorithm, "HS512 under HS256's name", 503, |d| d.mac = Mac::Hs512),
    case(Kind::Algorithm, "HS512's name under HS256", 503, |d| d.header_is(r#"{"alg":"HS512"}"#)),
    case(Kind::Algorithm, "in small letters", 503, |d| d.header_is(r#"{"alg":"hs256"}"#)),
    case(Kind::Algorithm, "with a blank", 503, |d| d.header_is(r#"{"alg":"HS256 "}"#)),
    case(Kind::Algorithm, "in a list", 503, |d| d.header_is(r#"{"alg":["HS256"]}"#)),
    case(Kind::Algorithm, "null", 503, |d| d.header_is(r#"{"alg":null}"#)),
    case(Kind::Algorithm, "a number", 503, |d| d.header_is(r#"{"alg":256}"#)),
    case(Kind::Algorithm, "missing", 503, |d| d.header_is(r#"{"typ":"JWT"}"#)),
    case(Kind::Algorithm, "its name in capitals", 503, |d| d.header_is(r#"{"ALG":"HS256"}"#)),
    case(Kind::Algorithm, "twice, none last", 503, |d| {
        d.header_is(r#"{"alg":"HS256","alg":"none"}"#);
    }),
    case(Kind::Algorithm, "twice, none first", 503, |d| {
        d.header_is(r#"{"alg":"none","alg":"HS256"}"#);
    }),
    case(Kind::Algorithm, "twice, once spelt with an escape", 503, |d| {
        d.header_is(r#"{"alg":"HS256","\u0061lg":"none"}"#);
    }),
    case(Kind::Token, "an extension that must be known", 503, |d| d.header_with(r#""crit":["exp"],"exp":1"#)),
    case(Kind::Token, "no extension that must be known", 503, |d| d.header_with(r#""crit":[]"#)),
    case(Kind::Token, "extensions that are null", 503, |d| d.header_with(r#""crit":null"#)),
    case(Kind::Token, "a payload that is not encoded", 503, |d| {
        d.header_with(r#""b64":false,"crit":["b64"]"#);
    }),
    case(Kind::Token, "a key's id that is a path, signed with that file", 503, |d| {
        d.header_with(r#""kid":"../../../dev/null""#);
        d.key = Vec::new();
    }),
    case(Kind::Token, "a key's id that is a query, signed with its answer", 503, |d| {
        d.header_with(r#""kid":"x' UNION SELECT 'key'--""#);
        d.key = b"key".to_vec();
    }),
    case(Kind::Token, "a key's address", 503, |d| {
        d.header_with(r#""jku":"http://127.0.0.1:9/keys.json","kid":"1""#);
        d.key = b"key".to_vec();
    }),
    case(Kind::Token, "a key brought along", 503, |d| {
        d.header_with(&format!(r#""jwk":{{"kty":"oct","k":"{}"}}"#, base64url("key")));
        d.key = b"key".to_vec();
    }),
    case(Kind::Token, "a certificate brought along", 503, |d| {
        d.header_with(&format!(r#""x5c":["{}"]"#, base64(d.material.keys.public_der())));
        d.signature = Some(base64url(d.material.keys.rs256(d.signed().as_bytes())));
    }),
    case(Kind::Token, "a header that is a list", 503, |d| d.header_is(r#"["HS256",null]"#)),
    case(Kind::Token, "a header that is a text", 503, |d| d.header_is(r#""HS256""#)),
    case(Kind::Token, "a header that is empty", 503, |d| d.header_is("")),
    case(Kind::Token, "claims that are a list", 503, |d| {
        d.claims = format!(r#"["Vonage","HASH","{}",null]"#, d.material.keys.api_key);
    }),
    case(Kind::Token, "claims that are empty", 503, |d| d.claims_are("{}")),
    case(Kind::Token, "claims that are null", 503, |d| d.claims_are("null")),
    case(Kind::Token, "another issuer", 503, |d| d.claims_instead("\"Vonage\"", "\"Nexmo\"")),
    case(Kind::Token, "the issuer in small letters", 503, |d| d.claims_instead("\"Vonage\"", "\"vonage\"")),
    case(Kind::Token, "the issuer in a list", 503, |d| d.claims_instead("\"Vonage\"", "[\"Vonage\"]")),
    case(Kind::Token, "no issuer", 503, |d| d.claims_instead("\"iss\"", "\"was\"")),
    case(Kind::Token, "two issuers", 503, |d| d.claims_instead("\"iss\"", "\"iss\":\"Nexmo\",\"iss\"")),
    case(Kind::Token, "another account", 503, |d| d.claims_instead("\"api_key\":\"", "\"api_key\":\"0")),
    case(Kind::Token, "no account", 503, |d| d.claims_instead("\"api_key\"", "\"was\"")),
    case(Kind::Token, "an account that is null", 503, |d| {
        d.claims_instead("\"api_key\":", "\"api_key\":null,\"was\":");
    }),
    case(Kind::Token, "two accounts", 503, |d| {
        d.claims_instead("\"api_key\":", "\"api_key\":\"0\",\"api_key\":");
    }),
    case(Kind::Token, "no hash", 503, |d| d.claims_instead("\"payload_hash\"", "\"was\"")),
    case(Kind::Token, "a hash that is null", 503, |d| d.claims_instead("\"HASH\"", "null")),
    case(Kind::Token, "an empty hash", 503, |d| d.claims_instead("HASH", "")),
    case(Kind::Token, "the hash in capitals", 503, |d| {
        d.claims_instead("HASH", &sha256_hex(&d.body.clone()).to_ascii_uppercase());
    }),
    case(Kind::Token, "the hash cut short", 503, |d| {
        d.claims_instead("HASH", &sha256_hex(&d.body.clone())[..32]);
    }),
    case(Kind::Token, "the hash with a blank", 503, |d| d.claims_instead("HASH", "HASH ")),
    case(Kind::Token, "the hash of the event in hexadecimal digits", 503, |d| {
        d.claims_instead("HASH", &sha256_hex(hex(&d.body).as_bytes()));
    }),
    case(Kind::Token, "two hashes", 503, |d| {
        let other = sha256_hex(d.material.other.as_bytes());
        d.claims_instead("\"payload_hash\"", &format!("\"payload_hash\":\"{other}\",\"payload_hash\""));
    }),
    case(Kind::Token, "two hashes, one spelt with an escape", 503, |d| {
        let other = sha256_hex(d.material.other.as_bytes());
        d.claims_instead("\"payload_hash\"", &format!("\"payload\\u005fhash\":\"{other}\",\"payload_hash\""));
    }),
    case(Kind::Token, "claims that are no UTF-8", 503, |d| {
        let claims = [b"\xFF", d.claims.as_bytes()].concat();
        let signed = format!("{}.{}", base64url(&d.header), base64url(claims));
        let signature = base64url(Mac::Hs256.tag(&d.key, signed.as_bytes()));
        d.authorization_is(format!("Bearer {signed}.{signature}"));
    }),
    case(Kind::Truncated, "the token, without its last character", 503, |d| {
        d.token_is(|token| token[..token.len() - 1].to_owned());
    }),
    case(Kind::Truncated, "the token, cut in half", 503, |d| {
        d.token_is(|token| token[..token.len() / 2].to_owned());
    }),
    case(Kind::Truncated, "header and claims alone", 503, |d| {
        d.token_is(|token| token.rsplit_once('.').expect("three parts").0.to_owned());
    }),
    case(Kind::Truncated, "a dot", 503, |d| d.token_is(|_| ".".to_owned())),
    case(Kind::Truncated, "two dots", 503, |d| d.token_is(|_| "..".to_owned())),
    case(Kind::Truncated, "four parts", 503, |d| d.token_is(|token| format!("{token}.e30"))),
    case(Kind::Truncated, "five parts, as if encrypted", 503, |d| {
        d.token_is(|token| format!("{token}.e30.e30"));
    }),
    case(Kind::Truncated, "the body, cut in half", 503, |d| d.carries(d.body[..d.body.len() / 2].to_vec())),
    case(Kind::Truncated, "the body, without its last byte", 503, |d| {
        d.carries(d.body[..d.body.len() - 1].to_vec());
    }),
    case(Kind::Truncated, "the body, empty", 503, |d| d.carries([])),
    case(Kind::Truncated, "signed after it was cut", 200, |d| d.says(d.body[..d.body.len() / 2].to_vec())),
    case(Kind::Truncated, "an empty body, signed", 200, |d| d.says([])),
    case(Kind::Reserialised, "with spaces", 503, |d| {
        d.carries(d.material.event.replace("\":", "\": ").replace(',', ", "));
    }),
    case(Kind::Reserialised, "with a line's end", 503, |d| d.carries(d.material.event.clone() + "\n")),
    case(Kind::Reserialised, "its fields in another order", 503, |d| {
        let fields = d.material.event.trim_matches(['{', '}']);
        let (first, others) = fields.split_once(',').expect("an event has fields");
        d.carries(format!("{{{others},{first}}}"));
    }),
    case(Kind::Reserialised, "with escapes", 503, |d| {
        d.carries(d.material.event.replace("rcs", "r\\u0063s"));
    }),
    case(Kind::Reserialised, "with a byte order mark", 503, |d| {
        d.carries([b"\xEF\xBB\xBF", d.material.event.clone().as_bytes()].concat());
    }),
    case(Kind::Swapped, "another body under this token", 503, |d| d.carries(d.material.other.clone())),
    case(Kind::Swapped, "the token of an accepted event", 503, |d| {
        d.says_the_known();
        d.carries(d.material.event.clone());
    }),
    case(Kind::Swapped, "claims under the signature of others", 503, |d| {
        let mut known = d.clone();
        known.says_the_known();
        d.signature = known.token().rsplit_once('.').map(|(_, signature)| signature.to_owned());
    }),
    case(Kind::Swapped, "another status in the body", 503, |d| {
        d.carries(d.material.event.replacen("\"status\":\"", "\"status\":\"x", 1));
    }),
    case(Kind::Replayed, "as it came", 200, Draft::says_the_known),
    case(Kind::Replayed, "signed again, hours later", 200, |d| {
        d.says_the_known();
        let hours = rand::Rng::random_range(&mut d.material.dice, 1..24 * 3_600);
        d.claims_instead("1795168800", &(1_795_168_800 + hours).to_string());
    }),
    case(Kind::Replayed, "signed again, without an application", 200, |d| {
        d.says_the_known();
        d.claims_instead("\"application_id\"", "\"was\"");
    }),
    case(Kind::Replayed, "the scheme in other letter case", 200, |d| {
        d.says_the_known();
        d.authorization_is(format!("bEARER {}", d.token()));
    }),
    case(Kind::Replayed, "with padding", 200, |d| {
        d.says_the_known();
        d.token_is(|token| format!("{token}="));
    }),
    case(Kind::Replayed, "a key's id and address that nobody asks", 200, |d| {
        d.says_the_known();
        d.header_with(r#""kid":"1","jku":"http://127.0.0.1:9/keys.json""#);
    }),
    case(Kind::Replayed, "with an end that is long past", 200, |d| {
        // Documented as absent; what comes late is still true.
        d.says_the_known();
        d.claims_instead("\"iat\"", "\"exp\":1,\"iat\"");
    }),
    case(Kind::Huge, "one byte under the limit", 200, |d| grown_to(d, LIMIT - 1)),
    case(Kind::Huge, "exactly the limit", 200, |d| grown_to(d, LIMIT)),
    case(Kind::Huge, "one byte over the limit", 413, |d| grown_to(d, LIMIT + 1)),
    case(Kind::Huge, "four times the limit", 413, |d| grown_to(d, 4 * LIMIT)),
    case(Kind::Huge, "the limit, unsigned", 503, |d| {
        grown_to(d, LIMIT);
        d.authorization = Authorization::Missing;
    }),
    case(Kind::Huge, "over the limit, unsigned", 413, |d| {
        grown_to(d, 2 * LIMIT);
        d.authorization = Authorization::Missing;
    }),
    case(Kind::Huge, "a token of 60 KiB", 503, |d| d.token_is(|_| "A".repeat(60 << 10))),
    case(Kind::Huge, "a token of 60 000 dots", 503, |d| d.token_is(|_| ".".repeat(60_000))),
    case(Kind::Huge, "claims of 40 KiB, signed by another", 503, |d| {
        d.claims_instead("\"iat\"", &format!("\"more\":\"{}\",\"iat\"", "x".repeat(40 << 10)));
        d.key = d.material.keys.vonage_branch.clone();
    }),
    case(Kind::OtherPath, "the path of another account", 503, |d| d.arrives_at("vonage/branch")),
    case(Kind::OtherPath, "a source without a secret", 503, |d| d.arrives_at("vonage/mute")),
    case(Kind::OtherPath, "no such source", 503, |d| d.arrives_at("vonage/nobody")),
    case(Kind::OtherPath, "a source of Google", 503, |d| d.arrives_at("vonage/tickets")),
    case(Kind::OtherPath, "the path of Google", 400, |d| d.arrives_at("google_rbm/tickets")),
    case(Kind::OtherPath, "a slash behind it", 503, |d| d.path += "/"),
    case(Kind::OtherPath, "more behind it", 503, |d| d.path += "/status"),
    case(Kind::OtherPath, "no source", 503, |d| d.arrives_at("vonage")),
    case(Kind::OtherPath, "an empty source", 503, |d| d.arrives_at("vonage/")),
    case(Kind::OtherPath, "two slashes", 503, |d| d.path = d.path.replace('/', "//")),
    case(Kind::OtherPath, "the source in capitals", 503, |d| d.arrives_at("vonage/CODES")),
    case(Kind::OtherPath, "a source that is no UTF-8", 503, |d| d.arrives_at("vonage/%ff%fe")),
    case(Kind::OtherPath, "a path that climbs", 503, |d| d.arrives_at("vonage/%2e%2e%2fcodes")),
    case(Kind::OtherPath, "no such provider", 404, |d| d.arrives_at("fax/codes")),
    case(Kind::OtherPath, "the provider in capitals", 404, |d| d.arrives_at("VONAGE/codes")),
];

/// An accepted event with blanks behind it, signed, exactly so long.
fn grown_to(draft: &mut Draft, length: usize) {
    let mut body = draft.material.known.clone().into_bytes();
    body.resize(length, b' ');
    draft.says(body);
}
