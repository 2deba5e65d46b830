//! How calls travel. Each starts from a call that was accepted before, so that a 200 changes nothing.

use super::super::Framing;
use super::{Journey, LIMIT};
use crate::forge::{Call, Kind};

/// What every journey is: its kind, its name, both statuses, and what is done to the call.
const fn way(kind: Kind, name: &'static str, status: (u16, u16), make: fn(&mut Call)) -> Journey {
    Journey { kind, name, google: status.0, vonage: status.1, make }
}

/// Where the server speaks before it has understood whom it hears.
const NOT_HTTP: (u16, u16) = (400, 400);
/// A signature that is not there or not right.
const UNSIGNED: (u16, u16) = (401, 503);
const GOOD: (u16, u16) = (200, 200);

pub(super) static JOURNEYS: &[Journey] = &[
    way(Kind::Method, "GET", (405, 405), |c| method(c, "GET")),
    way(Kind::Method, "HEAD", (405, 405), |c| method(c, "HEAD")),
    way(Kind::Method, "PUT", (405, 405), |c| method(c, "PUT")),
    way(Kind::Method, "PATCH", (405, 405), |c| method(c, "PATCH")),
    way(Kind::Method, "DELETE", (405, 405), |c| method(c, "DELETE")),
    way(Kind::Method, "OPTIONS", (405, 405), |c| method(c, "OPTIONS")),
    way(Kind::Method, "TRACE", (405, 405), |c| method(c, "TRACE")),
    way(Kind::Method, "post in small letters", (405, 405), |c| method(c, "post")),
    way(Kind::Method, "a method that nobody knows", (405, 405), |c| method(c, "BREW")),
    way(Kind::Method, "GET, asking for a POST", (405, 405), |c| {
        method(c, "GET");
        c.headers.push(("x-http-method-override".to_owned(), b"POST".to_vec()));
    }),
    way(Kind::ContentType, "none", GOOD, |c| without(c, "content-type")),
    way(Kind::ContentType, "text", GOOD, |c| content_type(c, "text/plain")),
    way(Kind::ContentType, "a form", GOOD, |c| content_type(c, "application/x-www-form-urlencoded")),
    way(Kind::ContentType, "parts", GOOD, |c| content_type(c, "multipart/form-data; boundary=x")),
    way(Kind::ContentType, "UTF-16", GOOD, |c| content_type(c, "application/json; charset=utf-16")),
    way(Kind::ContentType, "nonsense", GOOD, |c| content_type(c, "///;;;=")),
    way(Kind::ContentType, "said to be compressed", GOOD, |c| {
        c.headers.push(("content-encoding".to_owned(), b"gzip".to_vec()));
    }),
    way(Kind::ContentType, "compressed", (400, 503), |c| {
        c.headers.push(("content-encoding".to_owned(), b"gzip".to_vec()));
        c.body = gzip(&c.body);
    }),
    way(Kind::ContentType, "a bomb that unpacks to 8 MiB", (400, 503), |c| {
        c.headers.push(("content-encoding".to_owned(), b"gzip".to_vec()));
        c.body = gzip(&vec![b' '; 8 << 20]);
    }),
    way(Kind::Headers, "two signatures, the wrong one first", UNSIGNED, |c| {
        let at = signature(c);
        let wrong = (c.headers[at].0.clone(), b"Bearer AAAA.AAAA.AAAA".to_vec());
        c.headers.insert(at, wrong);
    }),
    way(Kind::Headers, "two signatures, the right one first", GOOD, |c| {
        let at = signature(c);
        let wrong = (c.headers[at].0.clone(), b"Bearer AAAA.AAAA.AAAA".to_vec());
        c.headers.insert(at + 1, wrong);
    }),
    way(Kind::Headers, "the same signature twice", GOOD, |c| {
        let at = signature(c);
        c.headers.push(c.headers[at].clone());
    }),
    way(Kind::Headers, "the signature's name in other letter case", GOOD, |c| {
        let at = signature(c);
        c.headers[at].0 = c.headers[at].0.to_ascii_uppercase();
    }),
    way(Kind::Headers, "blanks around the signature", GOOD, |c| {
        let at = signature(c);
        c.headers[at].1 = [b" \t ", &c.headers[at].1[..], b" \t "].concat();
    }),
    way(Kind::Headers, "a signature on two lines", NOT_HTTP, |c| {
        let at = signature(c);
        c.headers[at].1 = [b"x\r\n ", &c.headers[at].1[..]].concat();
    }),
    way(Kind::Headers, "a blank before the colon", NOT_HTTP, |c| {
        let at = signature(c);
        c.headers[at].0.push(' ');
    }),
    way(Kind::Headers, "a NUL in the signature", NOT_HTTP, |c| {
        let at = signature(c);
        c.headers[at].1.push(0);
    }),
    way(Kind::Headers, "a signature with a byte that is no ASCII", UNSIGNED, |c| {
        let at = signature(c);
        c.headers[at].1.push(0xFF);
    }),
    way(Kind::Headers, "a hundred others", (431, 431), |c| {
        c.headers.extend((0..100).map(|index| (format!("x-{index}"), b"1".to_vec())));
    }),
    way(Kind::Headers, "another of 60 KiB", GOOD, |c| {
        c.headers.push(("x-long".to_owned(), vec![b'x'; 60 << 10]));
    }),
    way(Kind::Headers, "another host", GOOD, |c| {
        c.headers.push(("x-forwarded-host".to_owned(), b"rebound.example.com".to_vec()));
    }),
    way(Kind::Headers, "from the page of another site", GOOD, |c| {
        // Whoever can sign is believed, wherever it comes from; a page has no secret to sign with.
        c.headers.push(("origin".to_owned(), b"https://example.com".to_vec()));
    }),
    way(Kind::Framing, "in one chunk", GOOD, |c| c.framing = Framing::Chunks(LIMIT)),
    way(Kind::Framing, "in chunks of one byte", GOOD, |c| c.framing = Framing::Chunks(1)),
    way(Kind::Framing, "in chunks, over the limit", (413, 413), |c| {
        c.body.resize(LIMIT + 1, b' ');
        c.framing = Framing::Chunks(64 << 10);
    }),
    way(Kind::Framing, "a signature behind the chunks", UNSIGNED, |c| {
        let at = signature(c);
        let (name, value) = c.headers.remove(at);
        let trailer = [name.as_bytes(), b": ", &value, b"\r\n\r\n"].concat();
        in_chunks(c, &trailer);
    }),
    way(Kind::Framing, "a chunk whose length is no number", (503, 503), |c| {
        c.headers.push(("transfer-encoding".to_owned(), b"chunked".to_vec()));
        c.body = b"zz\r\n{}\r\n0\r\n\r\n".to_vec();
        c.framing = Framing::AsWritten;
    }),
    way(Kind::Framing, "a chunk longer than all memory", (503, 503), |c| {
        c.headers.push(("transfer-encoding".to_owned(), b"chunked".to_vec()));
        c.body = b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n".to_vec();
        c.framing = Framing::AsWritten;
    }),
    way(Kind::Framing, "in chunks, and with a length", GOOD, |c| {
        // A server that took the length would hear another body.
        c.headers.push(("content-length".to_owned(), b"2".to_vec()));
        in_chunks(c, b"\r\n");
    }),
    way(Kind::Framing, "two lengths", NOT_HTTP, |c| {
        let length = c.body.len();
        for length in [length, length - 1] {
            c.headers.push(("content-length".to_owned(), length.to_string().into_bytes()));
        }
        c.framing = Framing::AsWritten;
    }),
    way(Kind::Framing, "a length below zero", NOT_HTTP, |c| {
        c.headers.push(("content-length".to_owned(), b"-1".to_vec()));
        c.framing = Framing::AsWritten;
    }),
    way(Kind::Framing, "a length longer than all memory", NOT_HTTP, |c| {
        c.headers.push(("content-length".to_owned(), b"99999999999999999999".to_vec()));
        c.framing = Framing::AsWritten;
    }),
    way(Kind::Framing, "no length", (400, 503), |c| {
        c.framing = Framing::AsWritten;
        c.body.clear();
    }),
    way(Kind::Framing, "another transfer coding", NOT_HTTP, |c| {
        c.headers.push(("transfer-encoding".to_owned(), b"xchunked".to_vec()));
        c.framing = Framing::AsWritten;
    }),
    way(Kind::Framing, "HTTP/1.0", GOOD, |c| c.version = "HTTP/1.0"),
    way(Kind::Framing, "another version", NOT_HTTP, |c| c.version = "HTTP/9.9"),
    way(Kind::Framing, "waiting to be asked for the body", GOOD, |c| {
        c.headers.push(("expect".to_owned(), b"100-continue".to_vec()));
    }),
];

fn method(call: &mut Call, name: &str) {
    name.clone_into(&mut call.method);
}

fn without(call: &mut Call, name: &str) {
    call.headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
}

fn content_type(call: &mut Call, value: &str) {
    without(call, "content-type");
    call.headers.push(("content-type".to_owned(), value.as_bytes().to_vec()));
}

/// Where the signature stands.
fn signature(call: &Call) -> usize {
    let is_it = |(name, _): &(String, Vec<u8>)| matches!(name.as_str(), "X-Goog-Signature" | "Authorization");
    call.headers.iter().position(is_it).expect("an accepted call is signed")
}

/// The body as one chunk, and this behind the last, empty one.
fn in_chunks(call: &mut Call, behind: &[u8]) {
    call.headers.push(("transfer-encoding".to_owned(), b"chunked".to_vec()));
    let length = format!("{:x}\r\n", call.body.len());
    call.body = [length.as_bytes(), &call.body, b"\r\n0\r\n", behind].concat();
    call.framing = Framing::AsWritten;
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("memory takes everything");
    packed.finish().expect("memory takes everything")
}
