//! How a browser gets in: the access key printed at start, exchanged once for a cookie.

use serde::{Deserialize, Serialize};

/// `POST /api/v1/session`: the access key, once.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// The access key from the link's fragment.
    pub access_key: String,
}

/// `GET /api/v1/session`: who serves, and what time it is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The server's version.
    pub version: String,
    /// Whether the providers are simulated.
    pub demo: bool,
    /// The server's clock, in milliseconds since 1970.
    pub now: i64,
    /// How much faster than real time the server's clock runs; 1 but in a demo.
    pub clock_scale: f64,
    /// How many messages at least must be typed as a number before they are revoked together.
    pub confirm_from: usize,
}

// An access key is a credential: it is never printed.
impl core::fmt::Debug for SessionRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SessionRequest(hidden)")
    }
}
