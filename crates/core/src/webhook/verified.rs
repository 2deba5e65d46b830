//! The proof that a payload came from its provider: the code that reads events takes nothing else.

use alloc::borrow::Cow;

use hmac::{KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{Refusal, WebhookSecret};
use crate::json::{self, Map};
use crate::prelude::*;
use crate::text;

/// The longest word of a provider that is kept in a fact, in characters; its raw text is kept whole anyway.
const LONGEST_WORD: usize = 128;

/// The longest identity that stands as it is, in bytes; a handset has a say in some of its parts.
const LONGEST_IDENTITY: usize = 512;

/// A payload whose signature has been checked.
pub(crate) struct Verified<'a>(Cow<'a, [u8]>);

impl<'a> Verified<'a> {
    /// The payload, if `tag` is its HMAC; compared in constant time.
    pub(crate) fn by_mac<M: Mac + KeyInit>(
        secret: &WebhookSecret,
        payload: Cow<'a, [u8]>,
        tag: &[u8],
    ) -> Result<Self, Refusal> {
        let mac = <M as KeyInit>::new_from_slice(secret.key()).map_err(|_| Refusal::NotConfigured)?;
        match mac.chain_update(&payload).verify_slice(tag) {
            Ok(()) => Ok(Self(payload)),
            Err(_) => Err(Refusal::SignatureWrong),
        }
    }

    /// The payload, if its SHA-256 is the one that something verified states, in lower-case hexadecimal digits.
    pub(crate) fn by_hash(payload: &'a [u8], stated: &str) -> Result<Self, Refusal> {
        if sha256_hex(payload) == stated {
            return Ok(Self(Cow::Borrowed(payload)));
        }
        Err(Refusal::SignatureWrong)
    }

    /// The payload of a call that was verified when it came, and was kept where nobody else writes.
    pub(crate) const fn when_it_came(payload: Cow<'a, [u8]>) -> Self {
        Self(payload)
    }

    /// The payload as text, to be kept.
    pub(crate) fn text(&self) -> String {
        text::decode(&self.0).into_owned()
    }

    /// The payload as a JSON object, in which no key says two things. What is wrong with it is told without a word
    /// of its content.
    pub(crate) fn object(&self) -> Result<Map, String> {
        match Map::read(&self.0) {
            Ok(fields) => fields.ok_or_else(|| "not a JSON object".to_owned()),
            Err(error) => Err(format!("not a JSON object: {error}")),
        }
    }

    /// What stands for a part that should tell one event from the next and is missing.
    pub(crate) fn fingerprint(&self) -> String {
        format!("sha256:{}", sha256_hex(&self.0))
    }
}

/// Parts joined so that different parts never give one identity: a JSON array, or its hash if it is very long.
pub(crate) fn identity(parts: &[Option<&str>]) -> String {
    let joined = json::write_list(parts);
    if joined.len() > LONGEST_IDENTITY { format!("sha256:{}", sha256_hex(joined.as_bytes())) } else { joined }
}

/// A provider's word, short enough to be shown.
pub(crate) fn shortened(word: &str) -> String {
    text::shortened(word, LONGEST_WORD)
}

fn sha256_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let halves = |byte: u8| [byte >> 4, byte & 0xF].map(|half| char::from(DIGITS[usize::from(half)]));
    Sha256::digest(bytes).iter().copied().flat_map(halves).collect()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_WORD, identity, shortened};

    #[test]
    fn parts_do_not_flow_into_each_other() {
        assert_ne!(identity(&[Some("a"), Some("b,c")]), identity(&[Some("a,b"), Some("c")]));
        assert_ne!(identity(&[Some("a\",\"b")]), identity(&[Some("a"), Some("b")]));
        assert_ne!(identity(&[None]), identity(&[Some("null")]));
    }

    #[test]
    fn long_parts_stay_bounded_and_distinct() {
        let [one, other] = ["x", "y"].map(|letter| identity(&[Some(letter.repeat(1 << 20).as_str())]));
        assert!(one.len() < 100);
        assert_ne!(one, other);
        assert_eq!(shortened(&"é".repeat(500)).chars().count(), LONGEST_WORD + 1);
    }
}
