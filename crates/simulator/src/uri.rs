//! Decoding of paths and queries, strict about percent signs.

use std::collections::HashMap;

/// Percent-decodes a path segment; `+` stays `+`. Nothing for broken escapes or bytes that are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// The pairs of a query or a form, where `+` is a space. Broken pairs are left out.
pub(crate) fn query(text: &str) -> HashMap<String, String> {
    text.split('&')
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_is_a_space_in_a_query_only() {
        assert_eq!(decode("+1%2B2").as_deref(), Some("+1+2"));
        assert_eq!(query("a=x+y&b=%40")["a"], "x y");
        assert_eq!(query("a=x+y&b=%40")["b"], "@");
    }

    #[test]
    fn broken_escapes_are_refused() {
        assert_eq!(decode("%2"), None);
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("%ff"), None);
    }
}
