//! Errors of the API, as RFC 9457 problem documents with stable codes.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use rcs_revoke_api::Problem;

use crate::store::{StoreError, Trouble};

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {title}")]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    title: String,
    detail: Option<String>,
    at: Option<String>,
}

impl ApiError {
    /// An error with its status, its stable code, and what happened.
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        Self { status, code, title: title.into(), detail: None, at: None }
    }

    /// A value that cannot be used.
    pub fn invalid(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
    }

    /// Something that is not there.
    pub fn not_found(title: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", title)
    }

    /// The error with what was not done and what to do.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The error with the place of the wrong value.
    #[must_use]
    pub fn at(mut self, at: impl Into<String>) -> Self {
        self.at = Some(at.into());
        self
    }

    /// The place of the wrong value.
    pub fn place(&self) -> Option<&str> {
        self.at.as_deref()
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What happened, and what to do.
    pub fn sentence(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{}: {detail}", self.title),
            None => self.title.clone(),
        }
    }
}

/// What to say where a command may have been done in part.
const IN_PART: &str = "Some of it may have been kept. Send the same again: what was kept is not made twice. \
    The server's log says what is wrong.";

impl ApiError {
    /// The store failed over a command that is written in several steps, and takes none of them twice.
    pub fn in_part(error: StoreError) -> Self {
        Self::from(error).detail(IN_PART)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        // What is wrong with the database itself is told once, where it is met.
        if error.trouble().is_none() {
            tracing::error!(%error, "the store failed");
        }
        let done = if error.nothing_was_written() {
            "Nothing was changed."
        } else {
            "The disk failed over it, and it is not certain that nothing of it was kept: look at the messages before you repeat it."
        };
        let why =
            error.trouble().map_or("Try again; the server's log says what is wrong.", Trouble::sentence);
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "store_unavailable", "The database cannot be used now")
            .detail(format!("{done} {why}"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: format!("about:blank#{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail,
            at: self.at,
        };
        (self.status, [(CONTENT_TYPE, "application/problem+json")], axum::Json(problem)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::ApiError;
    use crate::store::StoreError;

    #[test]
    fn nothing_was_changed_is_said_only_where_it_is_true() {
        assert!(ApiError::from(StoreError::Closed).sentence().contains("Nothing was changed"));
        let uncertain = StoreError::NotWritten { trouble: None, certain: false, problem: String::new() };
        assert!(!ApiError::from(uncertain).sentence().contains("Nothing was changed"));
        let in_part = ApiError::in_part(StoreError::Closed);
        assert!(!in_part.sentence().contains("Nothing was"), "{}", in_part.sentence());
        assert_eq!(in_part.code(), "store_unavailable");
    }
}
