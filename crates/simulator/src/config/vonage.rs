//! Vonage's part of the configuration.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{RateLimit, Share};
use crate::behaviour::Behaviour;
use crate::host::HostName;

/// Vonage's side of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VonageConfig {
    /// The RCS senders that exist, each with the region where it was launched.
    pub senders: Vec<Sender>,
    /// The application's status URL; can be set later through the control API.
    pub webhook_url: Option<String>,
    /// The application's id, instead of a new one.
    pub application_id: Option<String>,
    /// Path of the application's private key (PEM), instead of a new one.
    pub private_key_file: Option<PathBuf>,
    /// Path of the other application's private key (PEM), instead of a new one.
    pub other_private_key_file: Option<PathBuf>,
    /// The account's key, instead of a new one.
    pub api_key: Option<String>,
    /// The account's secret, instead of a new one.
    pub api_secret: Option<String>,
    /// The account's signature secret, instead of a new one.
    pub signature_secret: Option<String>,
    /// What every message does unless told otherwise.
    pub behaviour: Behaviour,
    /// Behaviours that are drawn per message, over `behaviour`.
    pub mix: Vec<Share>,
    /// Behaviours that are drawn per SMS instead of `mix`, if there are any.
    pub sms_mix: Vec<Share>,
    /// The undocumented answers.
    pub answers: VonageAnswers,
    /// Limit per API key, sending and revoking together.
    pub rate_limit: Option<RateLimit>,
    /// Virtual milliseconds from sending to `submitted`.
    pub submitted_after_ms: u64,
    /// Virtual milliseconds after sending in which PATCH answers 404, because the provider's id is not known yet.
    pub external_id_delay_ms: u64,
    /// Life of a message without `ttl`, in virtual seconds.
    pub default_ttl_s: u64,
    /// Virtual seconds after sending in which statuses are reported.
    pub callbacks_for_s: u64,
    /// The shortest `ttl` that is taken: 20 seconds, or 300 in the older specification.
    pub shortest_ttl_s: u64,
    /// The longest `ttl` of an RCS message: 72 hours, or 30 days in the older specification.
    pub longest_ttl_s: u64,
    /// Whether a revoked message with `failover` goes on to the next one (undocumented).
    pub failover_after_revoke: bool,
}

impl Default for VonageConfig {
    fn default() -> Self {
        Self {
            senders: vec![Sender { name: "DemoAgent".to_owned(), region: HostName::VonageEu }],
            webhook_url: None,
            application_id: None,
            private_key_file: None,
            other_private_key_file: None,
            api_key: None,
            api_secret: None,
            signature_secret: None,
            behaviour: Behaviour::default(),
            mix: Vec::new(),
            sms_mix: Vec::new(),
            answers: VonageAnswers::default(),
            rate_limit: Some(RateLimit { per_second: 30, enforce: true, virtual_seconds: false }),
            submitted_after_ms: 100,
            external_id_delay_ms: 0,
            default_ttl_s: 259_200,
            callbacks_for_s: 259_200,
            shortest_ttl_s: 20,
            longest_ttl_s: 259_200,
            failover_after_revoke: false,
        }
    }
}

/// One RCS sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// The registered sender id.
    pub name: String,
    /// The regional host on which its messages live.
    pub region: HostName,
}

/// Statuses that Vonage does not document; each can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VonageAnswers {
    /// An accepted revocation: 202, 200 or 204.
    pub success: u16,
    /// Whether an accepted revocation carries `X-Request-Id`.
    pub request_id: bool,
    /// A revocation later than 24 hours after sending.
    pub late: LateAnswer,
    /// A delivered message: 202 (without effect), 404 or 422.
    pub already_delivered: u16,
    /// A message that was revoked already: 202 or 404.
    pub second_revoke: u16,
    /// An id that is not a UUID: 404 or 422.
    pub malformed_id: u16,
    /// PATCH on the global host: 404, or 202 for as the regional host answers.
    pub global_patch: u16,
    /// Basic authentication on PATCH: 401, or 202 for accepted.
    pub basic_patch: u16,
    /// A message of another application: 404 or 401.
    pub other_application: u16,
    /// The body of 422 for a message that cannot be revoked.
    pub unsupported: UnsupportedBody,
    /// The body of 401.
    pub unauthorized: UnauthorizedBody,
    /// The content type of problems.
    pub problem_type: ProblemType,
    /// Whether problems have a `detail`.
    pub detail: bool,
    /// The `X-RateLimit-…` headers of 429.
    pub rate_limit_headers: RateLimitHeaders,
    /// Seconds in the `Retry-After` of a 429 for too many requests; 0 for none.
    pub retry_after_s: u32,
}

impl Default for VonageAnswers {
    fn default() -> Self {
        Self {
            success: 202,
            request_id: true,
            late: LateAnswer::Unprocessable,
            already_delivered: 202,
            second_revoke: 202,
            malformed_id: 404,
            global_patch: 404,
            basic_patch: 401,
            other_application: 404,
            unsupported: UnsupportedBody::default(),
            unauthorized: UnauthorizedBody::default(),
            problem_type: ProblemType::default(),
            detail: true,
            rate_limit_headers: RateLimitHeaders::default(),
            retry_after_s: 1,
        }
    }
}

/// What a revocation later than 24 hours after sending is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LateAnswer {
    /// The success status, and nothing happens.
    #[serde(rename = "accepted_without_effect")]
    AcceptedWithoutEffect,
    /// 404.
    #[serde(rename = "404")]
    NotFound,
    /// 422.
    #[serde(rename = "422")]
    Unprocessable,
}

/// The body of 422 for a message that cannot be revoked; both are in circulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnsupportedBody {
    /// The specification's, with an empty `type`.
    #[default]
    EmptyType,
    /// The one in an SDK's fixtures, `…#unprocessable-entity`.
    UnprocessableEntity,
}

/// The body of 401; both are documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnauthorizedBody {
    /// The credentials are wrong.
    #[default]
    Credentials,
    /// The credentials give no access to the product.
    Unprovisioned,
}

/// The content type of problems; the two editions of the specification differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemType {
    /// `application/problem+json`, and `application/json` for 422.
    #[default]
    Mixed,
    /// `application/json` always.
    Json,
    /// `application/problem+json` always.
    ProblemJson,
}

/// The headers `X-RateLimit-Limit`, `-Remaining` and `-Reset` of 429.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateLimitHeaders {
    /// Reset in milliseconds since the epoch, as in Vonage's example.
    #[default]
    Milliseconds,
    /// Reset in seconds since the epoch, as in Vonage's text.
    Seconds,
    /// None of them.
    None,
}
