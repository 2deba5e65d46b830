//! `POST /api/v1/batches`: a plan for some messages, or for all that a filter lets through.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use rcs_revoke_api::{BatchCommand, BatchTerms, BatchView, MessageQuery, Problem, RevocationItem};
use rcs_revoke_core::{MessageRef, SourceId, Timestamp};

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::batches::planner::{self, Asked, Candidate, Planner};
use crate::problem::ApiError;
use crate::routes::body::{self, ApiBytes};
use crate::routes::messages::list::{checked, is_narrow};
use crate::routes::messages::registration::phone;
use crate::routes::{MOST_ITEMS, idempotency, instant};
use crate::store::StoreError;

/// The longest title.
const LONGEST_TITLE: usize = 200;
/// The longest reason.
const LONGEST_REASON: usize = 1_000;

/// Plans to revoke messages. Nothing is sent before the plan is started. With an `Idempotency-Key`, the same command
/// again gives the same plan.
///
/// # Errors
/// When the command cannot be read, names no message, or the store fails. Then there is no plan.
#[utoipa::path(post, path = "/api/v1/batches", operation_id = "plan_batch", tag = "batches",
    request_body = BatchCommand,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the command again")),
    responses((status = 201, body = BatchView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    _: Operator,
    State(app): State<AppState>,
    headers: HeaderMap,
    ApiBytes(text): ApiBytes,
) -> Result<Response, ApiError> {
    let command: BatchCommand = body::read(&text)?;
    let source = Source::of(&command, app.clock.now())?;
    let terms = checked_terms(&app, command.terms)?;
    let app = &*app;
    once(app, &headers, &text, |asked| async move {
        let mut planner = Planner::begin(app, Operator::NAME, terms).await?;
        source.read(app, &mut planner).await?;
        Ok(planner.finish(asked).await?)
    })
    .await
}

/// Makes a plan, or finds the one that the same command made before, and shows it.
pub(super) async fn once<F: Future<Output = Result<i64, ApiError>>>(
    app: &App,
    headers: &HeaderMap,
    text: &[u8],
    make: impl FnOnce(Option<Asked>) -> F,
) -> Result<Response, ApiError> {
    let n = match idempotency::key_of(headers)? {
        None => make(None).await?,
        Some(key) => {
            let lock = app.keys.lock(&key);
            let _one_at_a_time = lock.lock().await;
            let digest = idempotency::digest(text);
            match idempotency::given(app, &key, &digest).await? {
                Some(given) => given.parse().map_err(|_| StoreError::Closed)?,
                None => make(Some(Asked { key, digest })).await?,
            }
        }
    };
    Ok((StatusCode::CREATED, Json(super::view(app, n).await?)).into_response())
}

/// The terms of a batch, if they can be kept.
///
/// # Errors
/// When a text is too long, or something is named that does not exist.
pub(super) fn checked_terms(app: &App, mut terms: BatchTerms) -> Result<BatchTerms, ApiError> {
    for (text, longest, field) in
        [(&mut terms.title, LONGEST_TITLE, "title"), (&mut terms.reason, LONGEST_REASON, "reason")]
    {
        *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.chars().count() > longest) {
            return Err(ApiError::invalid(
                "text_too_long",
                format!("a {field} has at most {longest} characters"),
            )
            .detail("Nothing was done.")
            .at(field));
        }
    }
    if let Some(at) = terms.not_before {
        instant::ahead(at, app.clock.now(), "not_before")?;
    }
    crate::routes::revocations::create::check_class(app, terms.class.as_deref())?;
    Ok(terms)
}

/// Where the messages of a plan come from.
enum Source {
    Items(Vec<Candidate>),
    Select(Box<MessageQuery>),
}

impl Source {
    fn of(command: &BatchCommand, now: Timestamp) -> Result<Self, ApiError> {
        let wrong = |code, title: &str| ApiError::invalid(code, title).detail("Nothing was done.");
        match &command.select {
            Some(_) if !command.items.is_empty() => {
                Err(wrong("two_selections", "Either messages are named, or a filter").at("select"))
            }
            Some(query) => {
                let query = checked(query)?;
                if !is_narrow(&query) {
                    return Err(wrong("empty_filter", "An empty filter never means *all*").at("select"));
                }
                Ok(Self::Select(Box::new(query)))
            }
            None if command.items.is_empty() => {
                Err(wrong("wrong_number_of_items", "No message is named").at("items"))
            }
            None if command.items.len() > MOST_ITEMS => {
                let title = format!("at most {MOST_ITEMS} messages are named here: upload them instead");
                Err(wrong("wrong_number_of_items", &title).at("items"))
            }
            None => {
                let read = |(index, item)| {
                    candidate(item, now).map_err(|error: ApiError| match error.place() {
                        Some(place) => {
                            let place = format!("items[{index}].{place}");
                            error.at(place)
                        }
                        None => error.at(format!("items[{index}]")),
                    })
                };
                Ok(Self::Items(command.items.iter().enumerate().map(read).collect::<Result<_, _>>()?))
            }
        }
    }

    async fn read(self, app: &App, planner: &mut Planner<'_>) -> Result<(), ApiError> {
        match self {
            Self::Items(candidates) => {
                for part in candidates.chunks(planner::AT_ONCE) {
                    planner.candidates(part.to_vec()).await?;
                }
            }
            Self::Select(query) => {
                // One snapshot: what changes meanwhile is neither missed nor met twice.
                let mut keys = app.store.keys_of(&query);
                while let Some(part) = keys.recv().await {
                    let messages = part?.into_iter().filter_map(|key| MessageRef::parse(&key).ok());
                    let known = |message| Candidate { message, source: None, phone: None, sent_at: None };
                    planner.candidates(messages.map(known).collect()).await?;
                }
            }
        }
        Ok(())
    }
}

fn candidate(item: &RevocationItem, now: Timestamp) -> Result<Candidate, ApiError> {
    let source = item.source.as_deref().map(SourceId::parse).transpose();
    Ok(Candidate {
        message: item.message.clone(),
        source: source
            .map_err(|error| ApiError::invalid("unknown_source", error.to_string()).at("source"))?,
        phone: item.phone.as_deref().map(phone).transpose()?,
        sent_at: item.sent_at.map(|at| instant::past(at, now, "sent_at")).transpose()?,
    })
}
