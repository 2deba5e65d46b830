//! A request to a provider as data: a logical host and an auth scheme, never a URL from outside, never a secret.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::id::{AgentId, MessageRef};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::{Say, joined};
use crate::text;

/// Which credential a shell must attach. The core names it and never sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthScheme {
    /// A bearer token for a Google service account with the RBM scope.
    GoogleServiceAccount,
    /// A self-issued RS256 JWT that names a Vonage application.
    VonageApplicationJwt,
}

/// A request ready to be sent once a shell has mapped the host and attached the credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingRequest {
    /// The HTTP method.
    pub method: String,
    /// The logical host.
    pub host: Host,
    /// Path and query, percent-encoded, starting with `/`.
    pub path: String,
    /// Headers besides `Host`, `Authorization` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: String,
    /// The credential to attach.
    pub auth: AuthScheme,
}

impl OutgoingRequest {
    /// A request that is answered in JSON, and whose body is JSON if it has one.
    pub(crate) fn json(method: &str, host: Host, path: String, body: String, auth: AuthScheme) -> Self {
        let json = |name: &str| (name.to_owned(), "application/json".to_owned());
        let mut headers = Vec::new();
        if !body.is_empty() {
            headers.push(json("Content-Type"));
        }
        headers.push(json("Accept"));
        Self { method: method.to_owned(), host, path, headers, body, auth }
    }

    /// The documented URL, for people to read; a server maps the host itself.
    pub fn documented_url(&self) -> String {
        joined(&[self.host.base_url(), &self.path])
    }
}

/// The request as HTTP text for people: the documented URL, and a placeholder for the credential.
impl fmt::Display for OutgoingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.documented_url())?;
        write!(f, "Authorization: Bearer ‹added by the proxy›")?;
        for (name, value) in &self.headers {
            write!(f, "\n{name}: {value}")?;
        }
        if !self.body.is_empty() {
            write!(f, "\n\n{}", self.body)?;
        }
        Ok(())
    }
}

/// What a revoke request is about.
#[derive(Clone, Debug)]
pub struct RevokeTarget<'a> {
    /// The message.
    pub message: &'a MessageRef,
    /// The recipient, where the provider's path needs it.
    pub recipient: Option<&'a E164>,
    /// Where to ask.
    pub host: Host,
}

impl RevokeTarget<'_> {
    /// Checks that message and host are both of that provider.
    pub(crate) fn check_host(&self, provider: Provider) -> Result<(), BuildRequestError> {
        if self.message.provider() == provider && provider.has_host(self.host) {
            return Ok(());
        }
        Err(BuildRequestError::WrongHost { host: self.host, message: self.message.clone() })
    }
}

/// Why no request can be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildRequestError {
    /// The provider needs the recipient's number in the path.
    RecipientMissing(MessageRef),
    /// The host belongs to another provider than the message.
    WrongHost {
        /// The host that was asked for.
        host: Host,
        /// The message.
        message: MessageRef,
    },
    /// The message is keyed by an agent, and none is given.
    AgentMissing(MessageRef),
}

impl Say for BuildRequestError {
    fn say(&self) -> String {
        match self {
            Self::RecipientMissing(message) => joined(&[
                &message.text(),
                " cannot be revoked without the recipient's phone number: add it, or wait for a webhook that \
                     names it",
            ]),
            Self::WrongHost { host, message } => joined(&[host.name(), " does not carry ", &message.text()]),
            Self::AgentMissing(message) => joined(&[&message.text(), " names no agent"]),
        }
    }
}

impl BuildRequestError {
    /// The stable code of the error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RecipientMissing(_) => "recipient_missing",
            Self::WrongHost { .. } => "wrong_host",
            Self::AgentMissing(_) => "agent_missing",
        }
    }
}

/// One answer, as bytes that a shell read.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in any case.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The first header of that name, compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The agent of a message that has one.
///
/// # Errors
/// When it has none.
pub fn agent_of(message: &MessageRef) -> Result<&AgentId, BuildRequestError> {
    message.agent().ok_or_else(|| BuildRequestError::AgentMissing(message.clone()))
}

/// Text as one segment of a path, or one value of a query: all but unreserved characters percent-encoded
/// (RFC 3986 §2.3).
pub(crate) fn encode(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || text::is_one_of(byte, b"-._~") {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 0xF] {
                encoded.push(char::from(DIGITS[usize::from(half)]));
            }
        }
    }
    encoded
}
