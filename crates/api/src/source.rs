//! Configured sources, without their secrets.

use rcs_revoke_core::{Policy, Source};
use serde::{Deserialize, Serialize};

/// One configured source, as `GET /api/v1/sources` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceView {
    /// What the core needs to route and to preview.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub source: Source,
    /// The figures in force.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub policy: Policy,
    /// How the operator calls it.
    pub label: String,
    /// The path that its webhooks come in on.
    pub webhook_path: String,
    /// When its last verified webhook came; none if never, and then silence proves nothing.
    pub last_webhook_at: Option<i64>,
    /// Webhooks refused since the server started.
    pub refused_webhooks: u64,
}
