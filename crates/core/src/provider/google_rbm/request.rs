//! `DELETE /v1/phones/{E.164}/agentMessages/{messageId}?agentId=…`
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/phones.agentMessages/delete>

use crate::prelude::*;
use crate::provider::Provider;
use crate::request::{AuthScheme, BuildRequestError, OutgoingRequest, RevokeTarget, agent_of, encode};
use crate::say::joined;

/// Builds the request. Its body must be empty.
pub(super) fn revoke(target: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError> {
    target.check_host(Provider::GoogleRbm)?;
    let message = target.message;
    let recipient = target.recipient.ok_or_else(|| BuildRequestError::RecipientMissing(message.clone()))?;
    let agent = agent_of(message)?;
    // The `+` stays as it is: so do Google's documentation and its own clients write it in a path.
    let path = joined(&[
        "/v1/phones/",
        recipient.as_str(),
        "/agentMessages/",
        &encode(message.id().as_str()),
        "?agentId=",
        &encode(agent.as_str()),
    ]);
    Ok(OutgoingRequest::json("DELETE", target.host, path, String::new(), AuthScheme::GoogleServiceAccount))
}
