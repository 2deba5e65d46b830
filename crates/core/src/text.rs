//! Finding a text in a text. The standard library's own way is made for long ones, and two kilobytes in a web page.

use crate::prelude::*;

/// The texts before and after the first `part`.
pub(crate) fn split_once<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(part.len()).position(|window| window == part.as_bytes())?;
    Some((&text[..at], &text[at + part.len()..]))
}

/// The texts before and after the last `part`.
pub(crate) fn rsplit_once<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(part.len()).rposition(|window| window == part.as_bytes())?;
    Some((&text[..at], &text[at + part.len()..]))
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

#[cfg(test)]
mod tests {
    use super::{replace, rsplit_once, split_once};

    #[test]
    fn does_what_the_standard_library_does() {
        for text in ["", "a", "aa", "aaa", "xaay", "é, é, x", ", ", "%40%4", "\"\"\"", "aéa"] {
            for part in ["a", "aa", ", ", "%40", "\"\"", "é"] {
                assert_eq!(split_once(text, part), text.split_once(part), "{text} {part}");
                assert_eq!(rsplit_once(text, part), text.rsplit_once(part), "{text} {part}");
                assert_eq!(replace(text, part, "+é"), text.replace(part, "+é"), "{text} {part}");
            }
        }
    }
}
