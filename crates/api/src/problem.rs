//! Errors as RFC 9457 problem documents.

use serde::{Deserialize, Serialize};

/// What happened, what was not done, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank#` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code, to branch on.
    pub code: String,
    /// What was not done, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The place of the wrong value, such as `items[3].phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}
