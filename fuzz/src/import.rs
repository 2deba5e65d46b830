//! Any text that somebody pastes or uploads. The first byte says how it is cut into pieces; the rest is the text.

use rcs_revoke_core::import::{Entry, Found, Importer, Resolution, Row, parse, resolve};
use rcs_revoke_core::{AgentId, Provider, Source, SourceId};

/// In front of a text, it makes all of it free text.
const FREE: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab\n";
/// In front of a text, it makes all of it a table.
const TABLE: &str = "id,phone,from,sent_at\n";

/// Checks one input.
///
/// # Panics
/// When something does not hold.
pub fn check(data: &[u8]) {
    let Some((cut, text)) = data.split_first() else { return };
    let rows = in_pieces(text, usize::MAX);
    assert_eq!(in_pieces(text, usize::from(*cut) + 1), rows, "where a text is cut never matters");
    let Ok(text) = str::from_utf8(text) else { return };
    assert_eq!(parse(text), rows);
    // Else it may be UTF-16, whose lines are others.
    if !text.contains('\0') {
        inside(text, &rows);
    }
    // An object of JSON is one row, wherever in it that stands.
    if !text.contains(['{', '[', '\0']) {
        in_order(&rows);
        every_line_is_accounted_for(text);
    }
    rows.iter().filter_map(entry).for_each(finds_its_source_or_says_why);
}

fn in_pieces(text: &[u8], len: usize) -> Vec<Row> {
    let mut importer = Importer::new();
    let mut rows: Vec<Row> = text.chunks(len).flat_map(|piece| importer.push(piece)).collect();
    rows.extend(importer.finish());
    rows
}

const fn entry(row: &Row) -> Option<&Entry> {
    match &row.found {
        Found::Entry(entry) | Found::Duplicate { entry, .. } => Some(entry),
        Found::Problem(_) => None,
    }
}

/// Rows come in the order of their lines, and a repetition names an earlier line of the same message.
fn in_order(rows: &[Row]) {
    assert!(rows.is_sorted_by_key(|row| row.line), "{rows:?}");
    for (place, row) in rows.iter().enumerate() {
        assert!(row.line > 0 && row.column > 0, "{row:?}");
        if let Found::Duplicate { of_line, entry: repeated } = &row.found {
            let is_it = |earlier: &Row| {
                earlier.line == *of_line
                    && entry(earlier)
                        .is_some_and(|entry| entry.id.as_str().eq_ignore_ascii_case(repeated.id.as_str()))
            };
            assert!(rows[..place].iter().any(is_it), "{row:?} repeats nothing");
        }
        if let Found::Problem(problem) = &row.found {
            assert!(!problem.message.is_empty());
        }
    }
}

/// Every row points into the text.
fn inside(text: &str, rows: &[Row]) {
    let lines: Vec<&str> = text.split('\n').collect();
    for row in rows {
        let line = lines.get(row.line - 1).unwrap_or_else(|| panic!("{row:?} behind the last line"));
        assert!(row.column <= line.chars().count() + 1, "{row:?} behind the end of {line:?}");
    }
}

/// No line with a letter or a digit in it is passed over, be it free text or, where no quotes join lines, a table.
fn every_line_is_accounted_for(text: &str) {
    accounted(FREE, text);
    if !text.contains('"') {
        accounted(TABLE, text);
    }
}

fn accounted(first: &str, text: &str) {
    let rows = parse(&format!("{first}{text}"));
    for (place, line) in text.split('\n').enumerate() {
        let told = rows.iter().any(|row| row.line == place + 2);
        assert!(
            told || !line.contains(char::is_alphanumeric),
            "nothing is said about {line:?} below {first:?}"
        );
    }
}

/// A message that is ready is the one that the row named, at a source that may have sent it.
fn finds_its_source_or_says_why(entry: &Entry) {
    let mut google = Source::new(id("google"), Provider::GoogleRbm);
    google.agent = AgentId::parse("my_agent").ok();
    let sources = [google, Source::new(id("vonage"), Provider::Vonage)];
    match resolve(entry, &sources, None) {
        Resolution::Ready { message, source } => {
            assert!(message.id().as_str().eq_ignore_ascii_case(entry.id.as_str()), "{message} of {entry:?}");
            let source = sources.iter().find(|known| known.id == source).expect("a source that there is");
            assert_eq!(source.provider, message.provider());
            assert!(entry.provider.is_none_or(|named| named == source.provider), "{entry:?}");
        }
        Resolution::Choose { candidates } => assert!(candidates.len() > 1, "{candidates:?}"),
        Resolution::Problem { message, .. } => assert!(!message.is_empty()),
    }
}

fn id(name: &str) -> SourceId {
    SourceId::parse(name).expect("letters only")
}
