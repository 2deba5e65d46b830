//! What became of every message of a batch, and which rows were no messages: streamed, whatever the size.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use rcs_revoke_api::{MessageView, Problem};
use rcs_revoke_core::Timestamp;
use rcs_revoke_core::import::{REJECTS_HEADER, reject_line};
use serde::Serialize;
use tokio::sync::mpsc;

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::problem::ApiError;
use crate::store::StoreError;
use crate::store::batches::{BatchRow, ItemRow, NoteRow, id_of};

/// How many rows are read at once.
const AT_ONCE: i64 = 1_000;
/// How many parts may wait for a slow reader.
const AHEAD: usize = 2;

/// Every message of a batch as CSV: what was asked for, what is still to be, and what is skipped.
///
/// # Errors
/// When there is no such batch.
#[utoipa::path(get, path = "/api/v1/batches/{batch}/messages.csv", operation_id = "export_batch_csv",
    tag = "batches", params(("batch" = String, Path, description = "The batch's id, such as bat_17")),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Problem)))]
pub async fn csv(
    _: Operator,
    State(app): State<AppState>,
    Path(batch): Path<String>,
) -> Result<Response, ApiError> {
    let row = super::find(&app, &batch).await?;
    Ok(export(
        app,
        &row,
        &Form { kind: "text/csv; charset=utf-8", ending: "csv", head: HEAD, line: Line::csv },
    ))
}

/// Every message of a batch as NDJSON: what was asked for, what is still to be, and what is skipped.
///
/// # Errors
/// When there is no such batch.
#[utoipa::path(get, path = "/api/v1/batches/{batch}/messages.ndjson", operation_id = "export_batch_ndjson",
    tag = "batches", params(("batch" = String, Path, description = "The batch's id, such as bat_17")),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 404, body = Problem)))]
pub async fn json(
    _: Operator,
    State(app): State<AppState>,
    Path(batch): Path<String>,
) -> Result<Response, ApiError> {
    let row = super::find(&app, &batch).await?;
    let form = Form { kind: "application/x-ndjson", ending: "ndjson", head: "", line: Line::json };
    Ok(export(app, &row, &form))
}

/// The rows of a batch's text that could not be taken, as CSV.
///
/// # Errors
/// When there is no such batch.
#[utoipa::path(get, path = "/api/v1/batches/{batch}/rejects.csv", operation_id = "export_batch_rejects",
    tag = "batches", params(("batch" = String, Path, description = "The batch's id, such as bat_17")),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Problem)))]
pub async fn rejects(
    _: Operator,
    State(app): State<AppState>,
    Path(batch): Path<String>,
) -> Result<Response, ApiError> {
    let n = super::find(&app, &batch).await?.n;
    let (parts, received) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let head = Ok(REJECTS_HEADER.to_owned());
        if parts.send(head).await.is_ok() {
            notes(&app, n, true, &parts, reject).await;
        }
    });
    Ok(streamed(received, "text/csv; charset=utf-8", &format!("{}-rejects.csv", id_of(n))))
}

const HEAD: &str = "message,source,state,label,why,recipient,sent_at,changed_at\r\n";

/// One message, whatever became of it.
#[derive(Debug, Serialize)]
struct Line {
    message: String,
    source: Option<String>,
    /// The outcome's code; `waiting` if nobody asked for it yet, `skipped` if nobody will.
    state: String,
    label: String,
    why: String,
    recipient: Option<String>,
    sent_at: Option<String>,
    changed_at: Option<String>,
}

/// How an export is written.
struct Form {
    kind: &'static str,
    ending: &'static str,
    head: &'static str,
    line: fn(&Line) -> String,
}

fn instant(millis: Option<i64>) -> Option<String> {
    millis.map(|at| Timestamp::from_millis(at).to_string())
}

impl Line {
    fn of_message(view: &MessageView) -> Self {
        let row = view.outcome.verdict.row();
        Self {
            message: view.message.clone(),
            source: view.source.clone(),
            state: row.code.to_owned(),
            label: row.label.to_owned(),
            why: view.why.to_string(),
            recipient: view.recipient.clone(),
            sent_at: instant(view.sent_at),
            changed_at: instant(Some(view.changed_at)),
        }
    }

    fn of_item(item: &ItemRow) -> Self {
        Self {
            message: item.key.clone(),
            source: Some(item.source.clone()),
            state: "waiting".to_owned(),
            label: "Not asked yet".to_owned(),
            why: "Nobody has asked for it yet".to_owned(),
            recipient: None,
            sent_at: instant(item.known_sent_at()),
            changed_at: None,
        }
    }

    fn of_note(note: &NoteRow) -> Self {
        Self {
            message: note.text.clone(),
            source: None,
            state: "skipped".to_owned(),
            label: "Skipped".to_owned(),
            why: format!("{}: {}", note.code, note.detail),
            recipient: None,
            sent_at: None,
            changed_at: None,
        }
    }

    fn csv(&self) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let fields = [
            self.message.clone(),
            text(&self.source),
            self.state.clone(),
            self.label.clone(),
            self.why.clone(),
            text(&self.recipient),
            text(&self.sent_at),
            text(&self.changed_at),
        ];
        csv_line(&fields)
    }

    fn json(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

fn reject(note: &NoteRow) -> String {
    let place = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
    reject_line(place(note.line).unwrap_or(0), place(note.col), &note.code, &note.detail, &note.text)
}

/// One line of a CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front.
fn csv_line(fields: &[String]) -> String {
    let field = |field: &String| {
        let is_formula = field.starts_with(['=', '@', '\t', '\r'])
            || field.starts_with(['+', '-']) && !field[1..].starts_with(|c: char| c.is_ascii_digit());
        let safe = if is_formula { format!("'{field}") } else { field.clone() };
        if safe.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", safe.replace('"', "\"\""))
        } else {
            safe
        }
    };
    fields.iter().map(field).collect::<Vec<_>>().join(",") + "\r\n"
}

type Parts = mpsc::Sender<Result<String, StoreError>>;

fn export(app: AppState, row: &BatchRow, form: &Form) -> Response {
    let (parts, received) = mpsc::channel(AHEAD);
    let (n, head, line) = (row.n, form.head.to_owned(), form.line);
    tokio::spawn(async move {
        if (head.is_empty() || parts.send(Ok(head)).await.is_ok())
            && messages(&app, n, &parts, line).await
            && waiting(&app, n, &parts, line).await
        {
            notes(&app, n, false, &parts, |note| line(&Line::of_note(note))).await;
        }
    });
    streamed(received, form.kind, &format!("{}.{}", id_of(n), form.ending))
}

/// Hands on a part, and says whether anybody still reads.
async fn hand_on(parts: &Parts, part: Result<String, StoreError>) -> bool {
    let goes_on = part.is_ok();
    parts.send(part).await.is_ok() && goes_on
}

/// Every message that was asked for, in one snapshot.
async fn messages(app: &App, n: i64, parts: &Parts, line: fn(&Line) -> String) -> bool {
    let mut views = app.store.views_of_batch(n);
    while let Some(part) = views.recv().await {
        let part = part.map(|views| views.iter().map(|view| line(&Line::of_message(view))).collect());
        if !hand_on(parts, part).await {
            return false;
        }
    }
    true
}

async fn waiting(app: &App, n: i64, parts: &Parts, line: fn(&Line) -> String) -> bool {
    let mut last: Option<ItemRow> = None;
    loop {
        let items = match app.store.waiting_after(n, last.as_ref(), AT_ONCE).await {
            Ok(items) => items,
            Err(error) => return hand_on(parts, Err(error)).await,
        };
        let Some(end) = items.last().cloned() else { return true };
        let part = items.iter().map(|item| line(&Line::of_item(item))).collect();
        last = Some(end);
        if !hand_on(parts, Ok(part)).await {
            return false;
        }
    }
}

async fn notes(app: &App, n: i64, of_text: bool, parts: &Parts, line: impl Fn(&NoteRow) -> String) {
    let mut after = 0;
    loop {
        let notes = match app.store.notes_after(n, of_text, after, AT_ONCE).await {
            Ok(notes) => notes,
            Err(error) => {
                hand_on(parts, Err(error)).await;
                return;
            }
        };
        let Some(last) = notes.last() else { return };
        after = last.i;
        if !hand_on(parts, Ok(notes.iter().map(&line).collect())).await {
            return;
        }
    }
}

/// A body that comes part by part; one that fails breaks off, so that nobody takes half of it for all.
fn streamed(
    received: mpsc::Receiver<Result<String, StoreError>>,
    kind: &'static str,
    name: &str,
) -> Response {
    let parts = unfold(received, async |mut received| {
        let part = received.recv().await?;
        if let Err(error) = &part {
            tracing::warn!(%error, "an export breaks off");
        }
        Some((part.map(Bytes::from), received))
    });
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], Body::from_stream(parts))
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::csv_line;

    #[test]
    fn a_field_stays_one_field_and_no_formula() {
        let fields = ["a,b", "say \"x\"", "=cmd()", "+44…00", "-x", "two\nlines"].map(str::to_owned);
        assert_eq!(csv_line(&fields), "\"a,b\",\"say \"\"x\"\"\",'=cmd(),+44…00,'-x,\"two\nlines\"\r\n");
    }
}
