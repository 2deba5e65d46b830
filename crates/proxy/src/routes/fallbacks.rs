//! `POST /api/v1/fallbacks`: an operator's order that an SMS be sent instead of a message.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use rcs_revoke_api::{FallbackOrder, FallbackOrdered, Problem};
use rcs_revoke_core::MessageRef;
use rcs_revoke_core::fallback::LONGEST_TEXT;
use rcs_revoke_core::fallback::OrderRefused;

use crate::access::Operator;
use crate::app::AppState;
use crate::problem::ApiError;
use crate::routes::body::ApiJson;

/// Orders an SMS, whatever it may duplicate. The order is durable when this answers; the SMS leaves within the rate
/// limit, unless the message turns out to be delivered before.
///
/// The order names the number of the SMS that it expects to send, so that the same order given twice, or by two
/// people, sends one.
///
/// # Errors
/// When nobody knows the message, an SMS is not offered, or another has taken the number; nothing was ordered then.
#[utoipa::path(post, path = "/api/v1/fallbacks", operation_id = "create_fallback",
    tag = "fallbacks", request_body = FallbackOrder,
    responses((status = 202, body = FallbackOrdered), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    _: Operator,
    State(app): State<AppState>,
    ApiJson(order): ApiJson<FallbackOrder>,
) -> Result<(StatusCode, Json<FallbackOrdered>), ApiError> {
    let message = MessageRef::parse(&order.message)
        .map_err(|error| ApiError::invalid("invalid_message", error.to_string()).at("message"))?;
    let text = order.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        return Err(ApiError::invalid(
            "text_too_long",
            format!("the text of an SMS has at most {LONGEST_TEXT} characters"),
        )
        .detail("Nothing was ordered.")
        .at("text"));
    }
    if app.store.message(&message).await?.is_none() {
        return Err(ApiError::not_found(format!("Nothing is known of {message}")));
    }
    let text = text.map(str::to_owned);
    match app.ledger.order(message.clone(), order.fallback, Operator::NAME, text).await? {
        Ok(()) => {
            let ordered = FallbackOrdered { message: message.to_string(), fallback: order.fallback };
            Ok((StatusCode::ACCEPTED, Json(ordered)))
        }
        Err(refused) => Err(refusal(&refused)),
    }
}

fn refusal(refused: &OrderRefused) -> ApiError {
    let status = match refused {
        OrderRefused::NumberTaken { .. } | OrderRefused::Settling | OrderRefused::OrderedAlready(_) => {
            StatusCode::CONFLICT
        }
        OrderRefused::NotOffered(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    ApiError::new(status, refused.code(), refused.to_string()).detail("Nothing was ordered.")
}
