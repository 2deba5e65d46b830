//! Registrations as NDJSON: one in each line, read as they come, so that there may be any number of them.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use http::StatusCode;
use rcs_revoke_api::message::RowProblem;
use rcs_revoke_api::{BulkReport, Registration};
use serde::Deserialize as _;

use crate::app::App;
use crate::ledger::{Change, Reply};
use crate::problem::ApiError;
use crate::routes::body;
use crate::routes::messages::import::{AT_ONCE, SHOWN};
use crate::routes::messages::registration::change;

/// The longest line, in bytes: many times what a registration with the longest text takes.
const LONGEST_LINE: usize = 64 << 10;
/// How long the next part may be waited for.
const SILENCE: Duration = Duration::from_mins(1);
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Registers every line that can be.
///
/// # Errors
/// When the body breaks off, or the store fails; what was read before is kept.
pub(super) async fn register(app: &App, body: Body) -> Result<BulkReport, ApiError> {
    let mut reader = Reader {
        app,
        line: 1,
        begun: Vec::new(),
        skips: false,
        taken: Vec::new(),
        report: BulkReport::default(),
    };
    let mut parts = body.into_data_stream();
    loop {
        match tokio::time::timeout(SILENCE, parts.next()).await {
            Ok(Some(Ok(part))) => reader.read(&part).await?,
            Ok(None) => return reader.finish().await,
            Ok(Some(Err(_))) | Err(_) => {
                // Its last line may be half of one.
                reader.keep().await?;
                return Err(broken_off(&reader));
            }
        }
    }
}

fn broken_off(reader: &Reader<'_>) -> ApiError {
    let what = format!("The body broke off in line {}", reader.line);
    let detail = "What could be read of the lines before it was kept. Send the same again: what was kept is not made twice.";
    ApiError::new(StatusCode::BAD_REQUEST, "body_unreadable", what).detail(detail)
}

/// Where the reading stands.
struct Reader<'a> {
    app: &'a App,
    /// The line that is read, from 1.
    line: usize,
    /// What has come of it.
    begun: Vec<u8>,
    /// Whether the rest of it is skipped.
    skips: bool,
    /// What is written next, with its lines.
    taken: Vec<(usize, Change)>,
    report: BulkReport,
}

impl Reader<'_> {
    async fn read(&mut self, part: &Bytes) -> Result<(), ApiError> {
        let mut ends = part.split(|byte| *byte == b'\n').peekable();
        while let Some(piece) = ends.next() {
            self.piece(piece);
            if ends.peek().is_some() {
                self.end_of_line();
            }
            if self.taken.len() >= AT_ONCE {
                self.keep().await?;
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<BulkReport, ApiError> {
        self.end_of_line();
        self.keep().await?;
        Ok(self.report)
    }

    /// Takes a part of a line.
    fn piece(&mut self, piece: &[u8]) {
        if self.skips || self.begun.len() + piece.len() <= LONGEST_LINE {
            self.begun.extend_from_slice(if self.skips { &[] } else { piece });
            return;
        }
        self.begun.clear();
        self.skips = true;
        let detail = format!("a line of more than {LONGEST_LINE} bytes is no registration");
        self.refuse(self.line, Some(LONGEST_LINE + 1), "too_long", detail);
    }

    fn end_of_line(&mut self) {
        let text = std::mem::take(&mut self.begun);
        let line = match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if self.line == 1 => rest,
            _ => &text,
        };
        if !line.trim_ascii().is_empty() {
            match registration(line)
                .and_then(|said| change(self.app, &said).map_err(|error| at_field(&error, line)))
            {
                Ok((_, change)) => self.taken.push((self.line, change)),
                Err((column, code, detail)) => self.refuse(self.line, column, code, detail),
            }
        }
        self.begun = text;
        self.begun.clear();
        self.skips = false;
        self.line += 1;
    }

    /// Writes what was taken.
    async fn keep(&mut self) -> Result<(), ApiError> {
        if self.taken.is_empty() {
            return Ok(());
        }
        let (lines, changes): (Vec<usize>, Vec<Change>) = self.taken.drain(..).unzip();
        let replies = self.app.ledger.change(changes).await.map_err(ApiError::in_part)?;
        for (line, reply) in lines.into_iter().zip(replies) {
            match reply {
                Reply::Refused(none) => self.refuse(line, None, none.code, none.detail),
                _ => self.report.kept += 1,
            }
        }
        Ok(())
    }

    fn refuse(&mut self, line: usize, column: Option<usize>, code: &str, detail: String) {
        self.report.refused += 1;
        if self.report.problems.len() < SHOWN {
            self.report.problems.push(RowProblem { line, column, code: code.to_owned(), detail });
        }
    }
}

/// The column where a line is wrong, the stable code, and what to do.
type Wrong = (Option<usize>, &'static str, String);

fn registration(line: &[u8]) -> Result<Registration, Wrong> {
    let begin = line.len() - line.trim_ascii_start().len();
    if line.get(begin) != Some(&b'{') {
        let detail = "expected an object, such as {\"id\":\"…\",\"source\":\"…\"}".to_owned();
        return Err((Some(column(line, begin)), "invalid_line", detail));
    }
    let mut json = serde_json::Deserializer::from_slice(line);
    let read = Registration::deserialize(&mut json).and_then(|said| json.end().map(|()| said));
    read.map_err(|error| {
        let said = body::described(&error);
        // Its own lines are counted within this one.
        let said = said.rsplit_once(" at line ").map_or(&*said, |(said, _)| said).to_owned();
        (Some(column(line, error.column().saturating_sub(1))), "invalid_line", said)
    })
}

fn at_field(error: &ApiError, line: &[u8]) -> Wrong {
    let place = error.place().and_then(|name| field(line, name));
    (place.map(|at| column(line, at)), error.code(), error.sentence())
}

/// Where a field's name stands in the text of an object. Inside a text each quote has a backslash, so that no text looks
/// like a name.
fn field(line: &[u8], name: &str) -> Option<usize> {
    let quoted = format!("\"{name}\"");
    let is_name = |at: &usize| {
        line[*at..].starts_with(quoted.as_bytes())
            && line[at + quoted.len()..].trim_ascii_start().starts_with(b":")
    };
    (0..line.len()).find(is_name)
}

/// The column in characters, from 1, of a byte.
fn column(line: &[u8], at: usize) -> usize {
    String::from_utf8_lossy(&line[..at.min(line.len())]).chars().count() + 1
}

#[cfg(test)]
mod tests {
    use super::{column, field, registration};

    #[test]
    fn a_field_is_found_by_its_name_and_not_in_a_text() {
        let line = r#"{"id":"ttl", "fallback_text":"\"ttl\":", "ttl" : 5}"#;
        let at = field(line.as_bytes(), "ttl").unwrap();
        assert_eq!(&line[at..], r#""ttl" : 5}"#);
        assert_eq!(field(line.as_bytes(), "source"), None);
        assert_eq!(column("zurück: x".as_bytes(), 9), 9);
    }

    #[test]
    fn what_is_wrong_is_told_without_texts_and_with_its_column() {
        for (line, at) in [
            (r#"["M1","tickets"]"#, 1),
            (r#"{"id":"M1","source":"swordfish","sent_at":"swordfish"}"#, 53),
            (r#"{"id":"M1","source":"tickets","colour":1}"#, 38),
            (r#"{"id":"M1","source":"tickets"} {}"#, 32),
            (r#"{"id":"M1""#, 10),
        ] {
            let (column, code, detail) = registration(line.as_bytes()).unwrap_err();
            assert_eq!((column, code), (Some(at), "invalid_line"), "{line}: {detail}");
            assert!(!detail.contains("swordfish") && !detail.contains(" at line "), "{detail}");
        }
    }
}
