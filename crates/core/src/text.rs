//! Texts in a few hundred bytes of code. The standard library's own ways are made for long texts and carry tables of
//! every script: ten kilobytes in a web page.

use alloc::borrow::Cow;

use crate::prelude::*;
use crate::say::joined;

/// Whether a byte is one of a few.
#[expect(clippy::manual_contains, reason = "`contains` is made for many: three hundred bytes of code")]
pub(crate) fn is_one_of(byte: u8, few: &[u8]) -> bool {
    few.iter().any(|one| *one == byte)
}

/// The text before the first of some ASCII characters.
pub(crate) fn before<'a>(text: &'a str, ends: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| is_one_of(byte, ends));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// A text without the spaces around it.
pub(crate) fn trimmed(text: &str) -> &str {
    let (mut start, mut end) = (text.len(), 0);
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        start = start.min(at);
        end = at + c.len_utf8();
    }
    // There is nothing from the end to the beginning.
    text.get(start..end).unwrap_or_default()
}

/// A text without the spaces around it, and how many bytes of it are in front of the rest.
pub(crate) fn trim(text: &str) -> (usize, &str) {
    let trimmed = text.trim();
    let front = if trimmed.is_empty() { text.len() } else { trimmed.as_ptr().addr() - text.as_ptr().addr() };
    (front, trimmed)
}

/// The texts before and after the first `part`.
pub(crate) fn split_once<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let at = (0..text.len()).find(|at| stands_at(text, *at, part))?;
    Some((text.get(..at)?, text.get(at + part.len()..)?))
}

/// Whether `part`, which is not empty, stands at this byte of the text.
fn stands_at(text: &str, at: usize, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    // The first byte is seldom the right one, and quickly compared.
    text[at] == part[0] && text[at..].starts_with(part)
}

/// The texts before and after the last `part`.
pub(crate) fn rsplit_once<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let at = (0..text.len()).rfind(|at| stands_at(text, *at, part))?;
    Some((text.get(..at)?, text.get(at + part.len()..)?))
}

/// The text with every `part` replaced.
pub(crate) fn replace(mut text: &str, part: &str, by: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    while let Some((before, after)) = split_once(text, part) {
        replaced.push_str(before);
        replaced.push_str(by);
        text = after;
    }
    replaced.push_str(text);
    replaced
}

/// The bytes as text; what is no UTF-8 is replaced as the standard library replaces it.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let mut decoded = String::new();
    let mut rest = bytes;
    loop {
        let (good, bad) = match core::str::from_utf8(rest) {
            Ok(text) if decoded.is_empty() => return Cow::Borrowed(text),
            Ok(text) => (text, 0),
            Err(error) => {
                let (good, after) = rest.split_at(error.valid_up_to());
                (core::str::from_utf8(good).unwrap_or_default(), error.error_len().unwrap_or(after.len()))
            }
        };
        decoded.push_str(good);
        if bad == 0 {
            return Cow::Owned(decoded);
        }
        decoded.push(char::REPLACEMENT_CHARACTER);
        rest = &rest[good.len() + bad..];
    }
}

/// The beginning of a text, with an ellipsis where something was cut off behind so many characters.
pub(crate) fn shortened(text: &str, characters: usize) -> String {
    let end = (0..text.len()).filter(|at| text.is_char_boundary(*at)).nth(characters);
    match end.and_then(|end| text.get(..end)) {
        Some(text) => joined(&[text, "…"]),
        None => text.to_owned(),
    }
}

/// How many characters begin in these bytes, wherever they are cut.
pub(crate) fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// The character that the two halves of one stand for in UTF-16.
pub(crate) fn paired(high: u32, low: u32) -> Option<char> {
    let (high, low) = (high.wrapping_sub(0xD800), low.wrapping_sub(0xDC00));
    if high < 0x400 && low < 0x400 { char::from_u32(0x1_0000 + (high << 10) + low) } else { None }
}

/// What is certainly no letter and no digit, besides ASCII, from first to last: punctuation, symbols, and what cannot be
/// seen.
const SIGNS: [(char, char); 22] = [
    ('\u{80}', '\u{a9}'),
    ('\u{ab}', '\u{b1}'),
    ('\u{b4}', '\u{b4}'),
    ('\u{b6}', '\u{b8}'),
    ('\u{bb}', '\u{bb}'),
    ('\u{bf}', '\u{bf}'),
    ('\u{d7}', '\u{d7}'),
    ('\u{f7}', '\u{f7}'),
    ('\u{2000}', '\u{206f}'),
    ('\u{20a0}', '\u{20ff}'),
    ('\u{2190}', '\u{245f}'),
    ('\u{2500}', '\u{2775}'),
    ('\u{2794}', '\u{2bff}'),
    ('\u{2e00}', '\u{2e2e}'),
    ('\u{3000}', '\u{3004}'),
    ('\u{3008}', '\u{3020}'),
    ('\u{fe00}', '\u{fe6f}'),
    ('\u{feff}', '\u{ff0f}'),
    ('\u{fff0}', '\u{ffff}'),
    ('\u{1f000}', '\u{1f0ff}'),
    ('\u{1f18a}', '\u{1fbef}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character may be a letter or a digit: yes for each that is one, no for the usual ones that are not.
pub(crate) fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || !c.is_ascii() && !SIGNS.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::{characters, decode, is_letter, replace, rsplit_once, split_once, trimmed};

    #[test]
    fn every_letter_and_digit_is_taken_for_one() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_alphanumeric()) {
            assert!(is_letter(c), "{c:?}");
        }
        for c in "\0 .-_,;\"'`´·–—…→✓€×°©\u{a0}\u{ad}\u{200b}\u{202e}\u{feff}\u{fffd}、。！😀".chars()
        {
            assert!(!is_letter(c), "{c:?}");
        }
    }

    #[test]
    fn bytes_are_read_as_the_standard_library_reads_them() {
        let parts: [&[u8]; 8] =
            [b"a", "é".as_bytes(), "😀".as_bytes(), b"\xff", b"\xe2\x82", b"\xf0\x9f\x98", b"\xed\xa0", b""];
        for number in 0..parts.len().pow(4) {
            let text = [1, 8, 64, 512].map(|place| parts[number / place % 8]).concat();
            assert_eq!(decode(&text), String::from_utf8_lossy(&text));
            assert_eq!(characters(decode(&text).as_bytes()), String::from_utf8_lossy(&text).chars().count());
        }
    }

    #[test]
    fn does_what_the_standard_library_does() {
        for text in ["", "a", "aa", "aaa", "xaay", "é, é, x", ", ", "%40%4", "\"\"\"", "aéa"] {
            for part in ["a", "aa", ", ", "%40", "\"\"", "é"] {
                assert_eq!(split_once(text, part), text.split_once(part), "{text} {part}");
                assert_eq!(rsplit_once(text, part), text.rsplit_once(part), "{text} {part}");
                assert_eq!(replace(text, part, "+é"), text.replace(part, "+é"), "{text} {part}");
            }
        }
        for text in ["", " ", "a", " a", "a\t", "\u{a0}é\u{3000}", "\n\u{2003}a é b\u{200b} \r"] {
            assert_eq!(trimmed(text), text.trim(), "{text:?}");
        }
    }
}
