//! Hashes, and what is signed with them.

use sha2::{Digest, Sha256, Sha512};

use crate::prelude::*;

/// A hash function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash {
    /// The length of the blocks that it works on, in bytes.
    block: usize,
    /// The hash of parts in a row.
    digest: fn(&[&[u8]]) -> Vec<u8>,
}

impl Hash {
    /// SHA-256.
    pub(crate) const SHA256: Self = Self { block: 64, digest: hash::<Sha256> };
    /// SHA-512.
    pub(crate) const SHA512: Self = Self { block: 128, digest: hash::<Sha512> };

    /// The hash of parts in a row.
    pub(crate) fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        (self.digest)(parts)
    }

    /// The HMAC of a payload (RFC 2104). The crate `hmac`, which a test compares it with, would come once for each hash
    /// function, and with a comparison of its own: half a kilobyte more in a web page.
    pub(super) fn hmac(self, key: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut key = if key.len() > self.block { self.of(&[key]) } else { key.to_vec() };
        key.resize(self.block, 0);
        let padded = |pad: u8| key.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
        let inner = self.of(&[&padded(0x36), payload]);
        self.of(&[&padded(0x5c), &inner])
    }

    /// The hash in lower-case hexadecimal digits.
    pub(crate) fn hex(self, bytes: &[u8]) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::new();
        for byte in self.of(&[bytes]) {
            for half in [byte >> 4, byte & 0xF] {
                text.push(char::from(DIGITS[usize::from(half)]));
            }
        }
        text
    }
}

fn hash<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Sha256, Sha512};

    use super::Hash;

    fn theirs<M: Mac + KeyInit>(key: &[u8], payload: &[u8]) -> Vec<u8> {
        <M as KeyInit>::new_from_slice(key).unwrap().chain_update(payload).finalize().into_bytes().to_vec()
    }

    #[test]
    fn signs_as_the_crate_does() {
        let bytes: Vec<u8> = (0..=u8::MAX).chain(0..=u8::MAX).collect();
        for key in (0..300).map(|len| &bytes[..len]) {
            for payload in [&bytes[..0], &bytes[..1], key, &bytes] {
                assert_eq!(Hash::SHA256.hmac(key, payload), theirs::<Hmac<Sha256>>(key, payload));
                assert_eq!(Hash::SHA512.hmac(key, payload), theirs::<Hmac<Sha512>>(key, payload));
            }
        }
    }

    #[test]
    fn hashes_are_written_as_the_token_has_them() {
        let of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Hash::SHA256.hex(b""), of_nothing);
    }
}
