//! What a question is answered with.

use alloc::string::String;

use rcs_revoke_core::ObjectWriter;

/// An answer.
pub enum Answer {
    /// The object that was written.
    Object,
    /// A text by itself.
    Text(String),
    /// A number by itself, from 0.
    Number(i32),
}

/// An answer, unless the fields keep what is wrong with the question.
pub type Answered = Option<Answer>;

/// The answer that was written.
pub const WRITTEN: Answered = Some(Answer::Object);

/// A number by itself.
pub fn number(number: usize) -> Answered {
    Some(Answer::Number(i32::try_from(number).unwrap_or(i32::MAX)))
}

/// A text by itself.
pub fn text(text: impl Into<String>) -> Answered {
    Some(Answer::Text(text.into()))
}

/// An answer of as many objects, written one after the other until one cannot be.
pub fn list(
    len: u32,
    json: &mut ObjectWriter,
    mut write: impl FnMut(&mut ObjectWriter) -> Option<()>,
) -> Answered {
    json.open("list", "[");
    for _ in 0..len {
        json.open("", "{");
        write(json)?;
        json.close("}");
    }
    json.close("]");
    WRITTEN
}
