//! `PATCH /v1/messages/{message_uuid}` with `{"status":"revoked"}`.
//!
//! <https://developer.vonage.com/en/messages/code-snippets/rcs/revoke-message>

use crate::prelude::*;
use crate::provider::Provider;
use crate::request::{AuthScheme, BuildRequestError, OutgoingRequest, RevokeTarget, encode};
use crate::say::joined;

/// Builds the request. The body is fixed: with another status the same endpoint sends read receipts.
pub(super) fn revoke(target: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError> {
    target.check_host(Provider::Vonage)?;
    let path = joined(&["/v1/messages/", &encode(target.message.id().as_str())]);
    let body = r#"{"status":"revoked"}"#.to_owned();
    Ok(OutgoingRequest::json("PATCH", target.host, path, body, AuthScheme::VonageApplicationJwt))
}
