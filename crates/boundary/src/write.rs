//! Answers: what is in those of every module, as JSON in the names of the package.

use rcs_revoke_core::{ObjectWriter, Span, Timestamp};

use crate::wire::Problem;
use crate::words::Word;

/// An instant, if there is one.
pub fn opt_time(json: &mut ObjectWriter, name: &str, time: Option<Timestamp>) {
    json.opt_int(name, time.map(Timestamp::as_millis));
}

/// A length of time.
pub fn span(json: &mut ObjectWriter, name: &str, span: Span) {
    json.int(name, span.as_millis());
}

/// One of some words.
pub fn word<T: Word>(json: &mut ObjectWriter, name: &str, value: T) {
    json.text(name, value.word());
}

/// How many things there are, or where something stands.
pub fn count(json: &mut ObjectWriter, name: &str, count: usize) {
    json.int(name, i64::try_from(count).unwrap_or(i64::MAX));
}

/// What is wrong with a question.
pub fn problem(json: &mut ObjectWriter, problem: &Problem) {
    json.text("code", problem.code);
    count(json, "field", problem.field);
    json.text("message", &problem.message);
}
