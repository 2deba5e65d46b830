//! `GET /api/v1/messages`: the list, a page at a time.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use rcs_revoke_api::{MessagePage, MessageQuery, Problem};
use rcs_revoke_core::outcome::row_of;

use crate::access::Operator;
use crate::app::AppState;
use crate::problem::ApiError;
use crate::store::batches::number_of;

const USUAL: usize = 50;
const MOST: usize = 500;

/// Messages, the latest changed first.
///
/// # Errors
/// When the query names an outcome or a page that does not exist.
#[utoipa::path(get, path = "/api/v1/messages", operation_id = "list_messages",
    tag = "messages", params(MessageQuery),
    responses((status = 200, body = MessagePage), (status = 422, body = Problem)))]
pub async fn list(
    _: Operator,
    State(app): State<AppState>,
    query: Result<Query<MessageQuery>, QueryRejection>,
) -> Result<Json<MessagePage>, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::invalid("invalid_query", error.body_text()))?;
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::invalid("invalid_query", format!("expected from 1 to {MOST}")).at("limit"));
    }
    let query = checked(&query)?;
    let page = app.store.page(&query, limit).await?;
    let duplicates = app.store.duplicates().await?;
    let items = page.items.into_iter().map(|view| app.current(view)).collect();
    Ok(Json(MessagePage { items, next: page.next, counts: app.ledger.counts(), duplicates }))
}

/// The query, if it names nothing that does not exist.
///
/// # Errors
/// When it names an outcome, a batch or a page that does not exist.
pub fn checked(query: &MessageQuery) -> Result<MessageQuery, ApiError> {
    let wrong = |title: String, at: &str| Err(ApiError::invalid("invalid_query", title).at(at));
    let mut codes = query.outcome.as_deref().unwrap_or_default().split(',').map(str::trim);
    if let Some(unknown) = codes.find(|code| !code.is_empty() && row_of(code).is_none()) {
        return wrong(format!("no outcome is called `{unknown}`"), "outcome");
    }
    if query.batch.as_deref().is_some_and(|batch| number_of(batch).is_none()) {
        return wrong("no batch has this id".to_owned(), "batch");
    }
    if query.after.as_deref().is_some_and(|after| after.parse::<i64>().is_err()) {
        return wrong("expected the `next` of a former page".to_owned(), "after");
    }
    Ok(query.clone())
}

/// Whether a query leaves anything out: one that does not never means *all*.
pub fn is_narrow(query: &MessageQuery) -> bool {
    let says =
        |text: &Option<String>| text.as_deref().is_some_and(|text| text.chars().any(|c| !" ,".contains(c)));
    says(&query.outcome) || says(&query.source) || says(&query.batch) || says(&query.q) || query.duplicate
}
