//! Webhooks that nobody should believe: forged, broken, swapped and replayed calls of both providers, each with the
//! status that it must be answered with.
//!
//! The statuses are written down here from the documents, call by call. Nothing of the core is used: a mistake that
//! both sides share would hide.

use std::fmt;

use rcs_revoke_simulator::Provider;

mod corpus;
pub mod draft;
pub mod google;
pub mod keys;
pub mod mutations;
pub mod store;
pub mod trial;
pub mod vonage;
pub mod wire;
pub mod world;

pub use corpus::{Forger, named};

/// What is wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// No signature where one belongs.
    Unsigned,
    /// Signed with a key that is not the source's.
    WrongKey,
    /// Signed with another algorithm than the provider's.
    Algorithm,
    /// The token's header or claims ask for something else (Vonage).
    Token,
    /// Cut off somewhere.
    Truncated,
    /// The same content in other bytes.
    Reserialised,
    /// One event under the signature of another.
    Swapped,
    /// A genuine call again; nothing is wrong but that it came before.
    Replayed,
    /// Around the limit of 1 MiB and far above.
    Huge,
    /// Nested a hundred thousand times.
    Deep,
    /// A JSON key that stands twice.
    Doubled,
    /// Bytes that are no UTF-8, byte order marks, lone surrogates.
    Encoding,
    /// Numbers that no JSON reader likes.
    Number,
    /// Other alphabets and padding of base64.
    Base64,
    /// JSON of another shape.
    Shape,
    /// Google's handshake with a token that is not ours.
    Handshake,
    /// Well signed, and about an agent, an application or a channel that is not ours.
    ForOthers,
    /// On a path that is not its own.
    OtherPath,
    /// Not a POST.
    Method,
    /// Other content types and encodings.
    ContentType,
    /// Headers twice, folded, or full of bytes that do not belong there.
    Headers,
    /// Bodies that are framed in other ways, or wrongly.
    Framing,
    /// A genuine call, changed at random.
    Mutated,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 23] = [
        Self::Unsigned,
        Self::WrongKey,
        Self::Algorithm,
        Self::Token,
        Self::Truncated,
        Self::Reserialised,
        Self::Swapped,
        Self::Replayed,
        Self::Huge,
        Self::Deep,
        Self::Doubled,
        Self::Encoding,
        Self::Number,
        Self::Base64,
        Self::Shape,
        Self::Handshake,
        Self::ForOthers,
        Self::OtherPath,
        Self::Method,
        Self::ContentType,
        Self::Headers,
        Self::Framing,
        Self::Mutated,
    ];

    /// The kind in a word or two.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::WrongKey => "wrong key",
            Self::Algorithm => "other algorithm",
            Self::Token => "token tricks",
            Self::Truncated => "truncated",
            Self::Reserialised => "re-serialised",
            Self::Swapped => "swapped",
            Self::Replayed => "replayed",
            Self::Huge => "huge",
            Self::Deep => "deep",
            Self::Doubled => "doubled keys",
            Self::Encoding => "encoding",
            Self::Number => "numbers",
            Self::Base64 => "base64",
            Self::Shape => "shape",
            Self::Handshake => "handshake",
            Self::ForOthers => "for others",
            Self::OtherPath => "other path",
            Self::Method => "method",
            Self::ContentType => "content type",
            Self::Headers => "headers",
            Self::Framing => "framing",
            Self::Mutated => "mutated",
        }
    }
}

/// One call, with what must be answered.
#[derive(Clone, Debug)]
pub struct Forgery {
    /// What is wrong with it.
    pub kind: Kind,
    /// Which case of its kind it is.
    pub name: String,
    /// Whose webhook it pretends to be.
    pub provider: Provider,
    /// The call.
    pub call: Call,
    /// The status that it must be answered with.
    pub status: u16,
}

/// One call, down to its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// `HTTP/1.1`, mostly.
    pub version: &'static str,
    /// The headers, as they are written.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
    /// How the body is framed.
    pub framing: Framing,
}

/// How a body is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// By its length.
    Length,
    /// In chunks of so many bytes.
    Chunks(usize),
    /// Header and body already say it, rightly or wrongly.
    AsWritten,
}

impl Call {
    /// A POST of this body.
    pub fn post(path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST".to_owned(),
            path: path.into(),
            version: "HTTP/1.1",
            headers: Vec::new(),
            body: body.into(),
            framing: Framing::Length,
        }
    }

    /// The call with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The bytes on the wire.
    pub fn bytes(&self, host: &str) -> Vec<u8> {
        let mut bytes =
            format!("{} {} {}\r\nhost: {host}\r\n", self.method, self.path, self.version).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        match self.framing {
            Framing::Length => {
                bytes.extend(format!("content-length: {}\r\n\r\n", self.body.len()).into_bytes());
                bytes.extend(&self.body);
            }
            Framing::Chunks(size) => {
                bytes.extend(b"transfer-encoding: chunked\r\n\r\n");
                for chunk in self.body.chunks(size) {
                    bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
                    bytes.extend([chunk, b"\r\n"].concat());
                }
                bytes.extend(b"0\r\n\r\n");
            }
            Framing::AsWritten => {
                bytes.extend(b"\r\n");
                bytes.extend(&self.body);
            }
        }
        bytes
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 600;
        let bytes = self.bytes("…");
        write!(f, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]))?;
        if bytes.len() > SHOWN { write!(f, "… ({} bytes)", bytes.len()) } else { Ok(()) }
    }
}
