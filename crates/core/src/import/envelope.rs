//! How JSON begins, and what stands inside an envelope: base64 of JSON, as Google's webhooks carry their events.

use super::json::Json;
use super::object::Place;
use super::row::{Flaw, ProblemCode};
use super::seen::Rows;
use crate::base64::{Alphabet, decode};

/// Reads what an envelope carries, which stands at a place, and says whether it is one: if it must be, or if it carries
/// JSON.
pub(super) fn unwrap(data: &str, is_envelope: bool, place: Place, rows: &mut Rows) -> bool {
    let payload = decode(Alphabet::Standard, data).filter(|payload| begins(payload));
    if payload.is_none() && !is_envelope {
        return false;
    }
    let payload = payload.unwrap_or_default();
    let mut json = Json::inside(place);
    let is_whole = json.read(&payload, place, rows).and_then(|()| json.end_of_line(&payload, rows)).is_ok();
    if json.finish(rows) || !is_whole || payload.is_empty() {
        let flaw = Flaw::new(ProblemCode::InvalidJson, &["what this envelope carries is no JSON"]);
        rows.push(place, Err(flaw), data);
    }
    true
}

/// Whether a line looks like the beginning of JSON.
pub(super) fn begins(line: &[u8]) -> bool {
    match line.trim_ascii_start() {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start().first(), None | Some(b'"' | b'}')),
        [b'[', rest @ ..] => {
            matches!(rest.trim_ascii_start().first(), None | Some(b'"' | b'{' | b'[' | b']' | b'0'..=b'9'))
        }
        _ => false,
    }
}
