//! `PATCH /v1/messages/{message_uuid}` with `{"status":"revoked"}`.
//!
//! <https://developer.vonage.com/en/messages/code-snippets/rcs/revoke-message>

use crate::prelude::*;
use crate::provider::Provider;
use crate::request::{AuthScheme, BuildRequestError, OutgoingRequest, RevokeTarget, encode};

/// Builds the request. The body is fixed: with another status the same endpoint sends read receipts.
pub(super) fn revoke(target: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError> {
    target.check_host(Provider::Vonage)?;
    let json = || "application/json".to_owned();
    Ok(OutgoingRequest {
        method: "PATCH".to_owned(),
        host: target.host,
        path: format!("/v1/messages/{}", encode(target.message.id().as_str())),
        headers: vec![("Content-Type".to_owned(), json()), ("Accept".to_owned(), json())],
        body: r#"{"status":"revoked"}"#.to_owned(),
        auth: AuthScheme::VonageApplicationJwt,
    })
}
