//! `POST /api/v1/messages/import`: the sending system's ledger as a CSV.

use std::collections::HashMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use rcs_revoke_api::message::RowProblem;
use rcs_revoke_api::{ImportReport, Problem};
use rcs_revoke_core::fact::{Life, Registered, Registrar};
use rcs_revoke_core::import::{Entry, Found, Importer, KnownMessage, Resolution, Row, resolve};
use rcs_revoke_core::{Fact, Source, SourceId, Timestamp};
use serde::Deserialize;

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::batches::planner::{self, code_of};
use crate::ledger::{Change, Reply};
use crate::problem::ApiError;
use crate::routes::body::ApiBytes;
use crate::routes::messages::registration::{class, dates};
use crate::routes::{idempotency, instant};
use crate::store::StoreError;

/// How many problems the report lists.
pub(super) const SHOWN: usize = 100;
/// How many rows are written together.
pub(super) const AT_ONCE: usize = 2_000;

/// The query of an import.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// The source of all rows; without it, each row's own words decide.
    source: Option<String>,
}

/// Registers the messages of a CSV with a header: `id`, `phone`, `agent`, `sent_at`, `class`, `fallback_text`,
/// `failover`, `host`, `ttl` or `expires_at`, and `revoke_at`, in any order.
///
/// # Errors
/// When the named source does not exist, or the store fails.
#[utoipa::path(post, path = "/api/v1/messages/import", operation_id = "import_messages",
    tag = "messages", params(ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ImportReport), (status = 422, body = Problem)))]
pub async fn import(
    _: Operator,
    State(app): State<AppState>,
    query: Result<Query<ImportQuery>, QueryRejection>,
    ApiBytes(text): ApiBytes,
) -> Result<Json<ImportReport>, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::invalid("invalid_query", error.body_text()))?;
    let sources: Vec<Source> = match &query.source {
        None => app.sources.iter().map(crate::sources::SourceEntry::snapshot).collect(),
        Some(name) => {
            let entry = app.sources.find(name);
            let entry = entry.ok_or_else(|| {
                ApiError::invalid("unknown_source", format!("no source is called `{name}`")).at("source")
            })?;
            vec![entry.snapshot()]
        }
    };
    let mut importer = Importer::new();
    let mut rows = importer.push(&text);
    rows.extend(importer.finish());
    let file: String = idempotency::digest(&text).chars().take(16).collect();
    let mut report = ImportReport { kept: 0, duplicates: 0, refused: 0, problems: Vec::new() };
    for rows in rows.chunks(AT_ONCE) {
        let known = known(&app, rows).await.map_err(ApiError::in_part)?;
        let now = app.clock.now();
        let (taken, changes): (Vec<&Row>, Vec<Change>) = rows
            .iter()
            .filter_map(|row| Some((row, take(&app, row, &sources, &known, &file, now, &mut report)?)))
            .unzip();
        let replies = if changes.is_empty() { Ok(Vec::new()) } else { app.ledger.change(changes).await };
        let replies = replies.map_err(ApiError::in_part)?;
        for (row, reply) in taken.into_iter().zip(replies) {
            match reply {
                Reply::Refused(none) => refuse(row, none.code.to_owned(), none.detail, &mut report),
                _ => report.kept += 1,
            }
        }
    }
    Ok(Json(report))
}

async fn known(app: &App, rows: &[Row]) -> Result<HashMap<String, KnownMessage>, StoreError> {
    let ids = rows.iter().filter_map(|row| match &row.found {
        Found::Entry(entry) => Some(entry.id.to_string()),
        _ => None,
    });
    planner::known(app, ids.collect()).await
}

fn take(
    app: &App,
    row: &Row,
    sources: &[Source],
    known: &HashMap<String, KnownMessage>,
    file: &str,
    now: Timestamp,
    report: &mut ImportReport,
) -> Option<Change> {
    let (code, detail) = match &row.found {
        Found::Duplicate { .. } => {
            report.duplicates += 1;
            return None;
        }
        Found::Problem(problem) => (code_of(&problem.code), problem.message.clone()),
        Found::Entry(entry) => match registration(app, entry, sources, known, file, now) {
            Ok(change) => return Some(change),
            Err(refused) => refused,
        },
    };
    refuse(row, code, detail, report);
    None
}

fn refuse(row: &Row, code: String, detail: String, report: &mut ImportReport) {
    report.refused += 1;
    if report.problems.len() < SHOWN {
        report.problems.push(RowProblem { line: row.line, column: Some(row.column), code, detail });
    }
}

fn registration(
    app: &App,
    entry: &Entry,
    sources: &[Source],
    known: &HashMap<String, KnownMessage>,
    file: &str,
    now: Timestamp,
) -> Result<Change, (String, String)> {
    if let ([only], Some(named)) = (sources, &entry.source)
        && only.id != *named
        && app.sources.find(named.as_str()).is_some()
    {
        let detail = format!("the row names source {named}, and the import {}", only.id);
        return Err(("source_differs".to_owned(), detail));
    }
    let (message, source) = match resolve(entry, sources, known.get(entry.id.as_str())) {
        Resolution::Ready { message, source } => (message, source),
        Resolution::Choose { candidates } => {
            let names: Vec<_> = candidates.iter().map(ToString::to_string).collect();
            let detail =
                format!("several sources may have sent it ({}): import with ?source=…", names.join(", "));
            return Err(("source_needed".to_owned(), detail));
        }
        Resolution::Problem { code, message } => return Err((code_of(&code), message)),
    };
    let registered = registered(app, entry, &source, file, now);
    let registered = registered.map_err(|error| (error.code().to_owned(), error.sentence()))?;
    Ok(Change::Record { message, source: Some(source), facts: vec![Fact::Registered(registered)] })
}

/// The fact that a row becomes: the sending system's own word, as its ledger has it.
fn registered(
    app: &App,
    entry: &Entry,
    source: &SourceId,
    file: &str,
    now: Timestamp,
) -> Result<Registered, ApiError> {
    let millis = |at: Option<Timestamp>| at.map(Timestamp::as_millis);
    let (sent_at, revoke_at) = dates(millis(entry.sent_at), millis(entry.revoke_at), now)?;
    match entry.life {
        Some(Life::ExpiresAt { at }) => drop(instant::ahead(at.as_millis(), now, "expires_at")?),
        Some(Life::Ttl { ttl }) => drop(instant::length(ttl.as_millis(), "ttl")?),
        Some(Life::None) | None => {}
    }
    let policy = app.sources.find(source.as_str()).map(|source| &*source.policy);
    let class = entry.class.as_deref().zip(policy).map(|(name, policy)| class(name, policy));
    Ok(Registered {
        by: Registrar::Ledger(file.to_owned()),
        received_at: now,
        sent_at,
        life: entry.life,
        class: class.transpose()?,
        phone: entry.phone.clone(),
        host: entry.host,
        failover: entry.failover,
        fallback_text: entry.fallback_text.clone(),
        revoke_at,
    })
}
