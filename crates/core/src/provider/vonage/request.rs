//! `PATCH /v1/messages/{message_uuid}` with `{"status":"revoked"}`.
//!
//! <https://developer.vonage.com/en/messages/code-snippets/rcs/revoke-message>

use crate::host::Host;
use crate::prelude::*;
use crate::provider::Provider;
use crate::request::{AuthScheme, BuildRequestError, OutgoingRequest, RevokeTarget, encode};

/// Builds the request. The body is fixed: with another status the same endpoint sends read receipts.
pub(super) fn revoke(target: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError> {
    target.check_host(Provider::Vonage)?;
    let path = format!("/v1/messages/{}", encode(target.message.id().as_str()));
    Ok(outgoing("PATCH", target.host, path, r#"{"status":"revoked"}"#.to_owned()))
}

/// A request with a body, as Vonage takes them.
pub(super) fn outgoing(method: &str, host: Host, path: String, body: String) -> OutgoingRequest {
    let json = || "application/json".to_owned();
    OutgoingRequest {
        method: method.to_owned(),
        host,
        path,
        headers: vec![("Content-Type".to_owned(), json()), ("Accept".to_owned(), json())],
        body,
        auth: AuthScheme::VonageApplicationJwt,
    }
}
