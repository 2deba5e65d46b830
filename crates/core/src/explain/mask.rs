//! Hides phone numbers in text that came or went over the wire.

use crate::phone::E164;
use crate::prelude::*;

/// The text with every occurrence of the numbers' digits masked but for the first two and the last two.
pub(super) fn mask<'a>(text: &str, numbers: impl Iterator<Item = &'a E164>) -> String {
    let mut masked = text.to_owned();
    for number in numbers {
        let digits = number.digits();
        let (head, tail) = (&digits[..2], &digits[digits.len() - 2..]);
        masked = masked.replace(digits, &format!("{head}{}{tail}", "•".repeat(digits.len() - 4)));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::mask;
    use crate::phone::E164;

    #[test]
    fn a_number_is_hidden_in_both_spellings() {
        let number = E164::parse("+447700900000").unwrap();
        let text = r#"{"to":"447700900000","path":"/v1/phones/+447700900000/agentMessages/x"}"#;
        let masked = mask(text, [&number].into_iter());
        assert!(!masked.contains("7700900"), "{masked}");
        assert_eq!(masked.matches("44••••••••00").count(), 2);
    }
}
