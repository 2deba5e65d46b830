//! The rows that could not be taken, as a CSV for people: the same from server, console and command line.

use crate::prelude::*;
use crate::say::{joined, number};
use crate::text;

/// The first line of that CSV.
pub const REJECTS_HEADER: &str = "line,column,code,detail,text\r\n";

/// One line of that CSV. No spreadsheet takes a text of it for a formula: what looks like one gets an apostrophe in
/// front, as spreadsheets themselves write a text.
pub fn reject_line(line: usize, column: Option<usize>, code: &str, detail: &str, text: &str) -> String {
    let column = column.map(number).unwrap_or_default();
    joined(&[&number(line), ",", &column, ",", &cell(code), ",", &cell(detail), ",", &cell(text), "\r\n"])
}

/// A text as one field.
fn cell(text: &str) -> String {
    // Spreadsheets of some languages take the wide forms too, and pass over what is not seen in front.
    let begins = text.trim_start_matches(|c: char| !text::is_letter(c) && !is_sign(c)).chars().next();
    let apostrophe = if begins.is_some_and(is_sign) { "'" } else { "" };
    joined(&["\"", apostrophe, &text::replace(text, "\"", "\"\""), "\""])
}

const fn is_sign(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::{REJECTS_HEADER, reject_line};
    use crate::import::{Found, parse};

    #[test]
    fn a_line_is_quoted_and_no_formula() {
        let line = reject_line(7, Some(3), "no_id", "no message id here", "=1+1\",\"x");
        assert_eq!(line, "7,3,\"no_id\",\"no message id here\",\"'=1+1\"\",\"\"x\"\r\n");
        for text in ["+44", "-1", "@x", "\t=1", " =1", "\u{feff}=1", "＝1"] {
            assert!(reject_line(1, None, "c", "d", text).ends_with(&format!(",\"'{text}\"\r\n")), "{text:?}");
        }
        assert_eq!(reject_line(1, None, "c", "d", "a-b"), "1,,\"c\",\"d\",\"a-b\"\r\n");
        assert_eq!(REJECTS_HEADER.split(',').count(), 5);
    }

    #[test]
    fn what_was_rejected_can_be_mended_and_read_again() {
        let rows = parse("id,phone\nx1,+4477\n");
        let Found::Problem(problem) = &rows[0].found else { panic!("{rows:?}") };
        let line =
            reject_line(rows[0].line, Some(rows[0].column), "invalid_phone", &problem.message, &problem.text);
        assert!(line.ends_with(",\"x1,+4477\"\r\n"), "{line}");
    }
}
