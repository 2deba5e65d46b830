//! Base64, in the standard alphabet and in the one for URLs; padding may stand or be missing.
//!
//! As strict as the crate `base64`, which a test compares it with, and a tenth of its size in a web page.

use crate::prelude::*;

/// Which characters stand for 62 and 63.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// `+` and `/`.
    Standard,
    /// `-` and `_`.
    Url,
}

/// The bytes that a text stands for; none if it is no base64.
pub(crate) fn decode(alphabet: Alphabet, text: &str) -> Option<Vec<u8>> {
    let mut digits = text.as_bytes();
    while let [rest @ .., b'='] = digits {
        digits = rest;
    }
    let (last, padding) = (digits.len() % 4, text.len() - digits.len());
    if last == 1 || (padding > 0 && (last == 0 || last + padding > 4)) {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits {
        bits = bits << 6 | u32::from(value(alphabet, *digit)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
            bits &= (1 << count) - 1;
        }
    }
    // Bits that no byte takes must not say anything.
    (bits == 0).then_some(bytes)
}

/// The text for bytes, in the standard alphabet and with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let place = bits >> (18 - 6 * digit) & 63;
            text.push(if digit > chunk.len() { '=' } else { char::from(DIGITS[place]) });
        }
    }
    text
}

const fn value(alphabet: Alphabet, digit: u8) -> Option<u8> {
    Some(match (digit, alphabet) {
        (b'A'..=b'Z', _) => digit - b'A',
        (b'a'..=b'z', _) => digit - b'a' + 26,
        (b'0'..=b'9', _) => digit - b'0' + 52,
        (b'+', Alphabet::Standard) | (b'-', Alphabet::Url) => 62,
        (b'/', Alphabet::Standard) | (b'_', Alphabet::Url) => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_NO_PAD_INDIFFERENT};

    use super::{Alphabet, decode, encode};

    fn check(text: &str) {
        assert_eq!(decode(Alphabet::Standard, text), STANDARD_PAD_INDIFFERENT.decode(text).ok(), "{text:?}");
        assert_eq!(decode(Alphabet::Url, text), URL_SAFE_NO_PAD_INDIFFERENT.decode(text).ok(), "{text:?}");
    }

    #[test]
    fn reads_what_the_crate_reads() {
        for text in
            ["", "=", "==", "A", "AA", "AA=", "AA==", "AA===", "AAA", "AAA=", "AAAA", "AAAA=", "AB==", "AAB="]
        {
            check(text);
        }
        arbtest::arbtest(|u| {
            let letters = b"AB9+/-_=z\n\xc3";
            let len = u.int_in_range(0..=12)?;
            let bytes = (0..len).map(|_| u.choose(letters).copied()).collect::<Result<Vec<u8>, _>>()?;
            check(&String::from_utf8_lossy(&bytes));
            Ok(())
        });
        arbtest::arbtest(|u| {
            let bytes: Vec<u8> = u.arbitrary()?;
            let text = STANDARD_PAD_INDIFFERENT.encode(&bytes);
            assert_eq!(encode(&bytes), text);
            assert_eq!(decode(Alphabet::Standard, &text), Some(bytes));
            check(&text);
            Ok(())
        });
    }
}
