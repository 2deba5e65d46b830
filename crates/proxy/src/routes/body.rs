//! JSON bodies, read with the place of what is wrong.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::problem::ApiError;

/// A JSON body.
#[derive(Debug)]
pub struct ApiJson<T>(pub T);

/// A body as it came.
#[derive(Debug)]
pub struct ApiBytes(pub Bytes);

/// Reads a JSON text.
///
/// # Errors
/// When it is no JSON, or of another shape; the error names the place.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let place = format!("line {}, column {}", inner.line(), inner.column());
        let problem = ApiError::invalid("invalid_body", "The body cannot be read")
            .detail(format!("Nothing was done. {}", described(&inner)));
        problem.at(if path == "." { place } else { path })
    })?;
    json.end().map_err(|error| {
        ApiError::invalid("invalid_body", "Something stands behind the body's end")
            .detail("Nothing was done.")
            .at(format!("line {}, column {}", error.line(), error.column()))
    })?;
    Ok(value)
}

/// What is wrong, without repeating text values, which may be secrets.
pub fn described(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.find("string \"") {
        Some(at) => match text[at + 8..].find("\", ") {
            Some(end) => format!("{}string{}", &text[..at], &text[at + 8 + end + 1..]),
            None => text[..at].to_owned(),
        },
        None => text,
    }
}

impl<S: Send + Sync> FromRequest<S> for ApiBytes {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| {
            let (status, code, why) = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => (
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "body_too_large",
                    "It is longer than this operation takes, which is 16 MiB at most.",
                ),
                _ => (StatusCode::BAD_REQUEST, "body_unreadable", "It broke off on its way: send it again."),
            };
            ApiError::new(status, code, "The body cannot be read").detail(format!("Nothing was done. {why}"))
        })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let ApiBytes(body) = ApiBytes::from_request(request, state).await?;
        read(&body).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use rcs_revoke_api::{RevocationCommand, SessionRequest};

    use super::read;

    #[test]
    fn what_is_wrong_has_its_place() {
        let error = read::<RevocationCommand>(br#"{"items":[{"message":"vonage:../x"}]}"#).unwrap_err();
        assert_eq!(error.code(), "invalid_body");
        assert!(format!("{error:?}").contains("items[0].message"), "{error:?}");
    }

    #[test]
    fn a_text_value_is_not_repeated() {
        let error = read::<SessionRequest>(br#"{"access_key":"k","extra":"swordfish"}"#).unwrap_err();
        assert!(!error.sentence().contains("swordfish"));
        let error = read::<Vec<u8>>(br#""swordfish""#).unwrap_err();
        assert!(!error.sentence().contains("swordfish"), "{}", error.sentence());
    }
}
