//! The proof that a payload came from its provider: the code that reads events takes nothing else.

use subtle::ConstantTimeEq;

use super::WebhookSecret;
use super::hash::Hash;
use crate::json::{self, JsonError, Value};
use crate::prelude::*;
use crate::say::joined;
use crate::text;

/// The longest word of a provider that is kept in a fact, in characters; its raw text is kept whole anyway.
const LONGEST_WORD: usize = 128;

/// The longest identity that stands as it is, in bytes; a handset has a say in some of its parts.
const LONGEST_IDENTITY: usize = 512;

/// A payload whose signature has been checked.
pub(crate) struct Verified<'a>(&'a [u8]);

impl<'a> Verified<'a> {
    /// The payload, if `tag` is its HMAC; compared in constant time.
    pub(crate) fn by_mac(secret: &WebhookSecret, payload: &'a [u8], hash: Hash, tag: &[u8]) -> Option<Self> {
        let is_right: bool = hash.hmac(secret.key(), payload).ct_eq(tag).into();
        is_right.then_some(Self(payload))
    }

    /// The payload, if its SHA-256 is the one that something verified states: JSON, a text of lower-case hexadecimal
    /// digits.
    pub(crate) fn by_hash(payload: &'a [u8], stated: Option<&[u8]>) -> Option<Self> {
        json::is_text(stated, &Hash::SHA256.hex(payload)).then_some(Self(payload))
    }

    /// The payload of a call that was verified when it came, and was kept where nobody else writes.
    pub(crate) const fn when_it_came(payload: &'a [u8]) -> Self {
        Self(payload)
    }

    /// The payload as text, to be kept.
    pub(crate) fn text(&self) -> String {
        text::decode(self.0).into_owned()
    }

    /// The payload as JSON.
    pub(crate) fn json(&self) -> Result<Value<'a>, JsonError> {
        Value::read(self.0)
    }

    /// What stands for a part that should tell one event from the next and is missing.
    pub(crate) fn fingerprint(&self) -> String {
        joined(&["sha256:", &Hash::SHA256.hex(self.0)])
    }
}

/// Parts joined so that different parts never give one identity: a JSON array, or its hash if it is very long.
pub(crate) fn identity(parts: &[Option<&str>]) -> String {
    let list = json::write_list(parts);
    if list.len() > LONGEST_IDENTITY {
        joined(&["sha256:", &Hash::SHA256.hex(list.as_bytes())])
    } else {
        list
    }
}

/// A provider's word, short enough to be shown.
pub(crate) fn shortened(word: &str) -> String {
    text::shortened(word, LONGEST_WORD)
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
