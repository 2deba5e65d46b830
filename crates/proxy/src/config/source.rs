//! One sender as the configuration states it.

use std::path::PathBuf;

use rcs_revoke_core::id::{ApplicationId, SenderId};
use rcs_revoke_core::region::Country;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{AgentId, Host, Policy, Provider, Truth};
use serde::Deserialize;

use crate::config::length::Length;
use crate::config::secret::SecretRef;

/// One sender.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// Who carries its messages.
    pub provider: Provider,
    /// How people call it.
    pub label: Option<String>,
    /// The agent, at Google.
    pub agent: Option<AgentId>,
    /// The sender id, at Vonage.
    pub sender: Option<SenderId>,
    /// The application, at Vonage.
    pub application: Option<ApplicationId>,
    /// The host, to overrule every other guess.
    pub host: Option<Host>,
    /// Where the agent was launched.
    pub launch_country: Option<Country>,
    /// The class of its messages that nobody named one for.
    pub class: Option<String>,
    /// The source that sends an SMS instead.
    pub sms_source: Option<String>,
    /// Who the SMS is from that this source sends: a number, or a name where the country allows one.
    pub sms_from: Option<SenderId>,
    /// What an accepted answer is believed to mean.
    #[serde(default)]
    pub revoke_ack: RevokeAck,
    /// A Google service account's key.
    pub key_file: Option<PathBuf>,
    /// Google credentials of the machine: metadata server or gcloud.
    #[serde(default)]
    pub ambient: bool,
    /// What Google signs webhooks with.
    pub client_token: Option<SecretRef>,
    /// The private key of the Vonage application.
    pub private_key: Option<SecretRef>,
    /// The Vonage account's API key, which is no secret.
    pub api_key: Option<String>,
    /// What Vonage signs webhooks with.
    pub signature_secret: Option<SecretRef>,
    /// Figures that differ from the provider's defaults.
    #[serde(default)]
    pub policy: PolicyConfig,
}

/// Figures that differ from the provider's defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyConfig {
    settle: Option<Length>,
    request_timeout: Option<Length>,
    request_margin: Option<Length>,
    retries: Option<Vec<Length>>,
    throttled: Option<Vec<Length>>,
    throttled_then: Option<Length>,
    retry_after_cap: Option<Length>,
    presume_for: Option<Length>,
    rate_per_second: Option<u32>,
    window_guard: Option<Length>,
    longest_life: Option<Length>,
    observed_life: Option<Length>,
    webhook_tail: Option<Length>,
    remembered: Option<Length>,
    permission_retries: Option<u32>,
    ask_other_hosts: Option<bool>,
    young: Option<Length>,
}

impl PolicyConfig {
    /// The provider's figures with these in their place.
    pub fn over(&self, mut policy: Policy) -> Policy {
        let set = |place: &mut rcs_revoke_core::Span, value: Option<Length>| {
            if let Some(Length(value)) = value {
                *place = value;
            }
        };
        set(&mut policy.settle, self.settle);
        set(&mut policy.request_timeout, self.request_timeout);
        set(&mut policy.request_margin, self.request_margin);
        set(&mut policy.throttled_then, self.throttled_then);
        set(&mut policy.retry_after_cap, self.retry_after_cap);
        set(&mut policy.presume_for, self.presume_for);
        for (place, value) in [(&mut policy.retries, &self.retries), (&mut policy.throttled, &self.throttled)]
        {
            if let Some(value) = value {
                *place = value.iter().map(|Length(span)| *span).collect();
            }
        }
        let span = |stated: Option<Length>| stated.map(|Length(span)| span);
        policy.truth = Truth {
            window_guard: span(self.window_guard),
            longest_life: span(self.longest_life),
            observed_life: span(self.observed_life),
            webhook_tail: span(self.webhook_tail),
            remembered: span(self.remembered),
            permission_retries: self.permission_retries,
            ask_other_hosts: self.ask_other_hosts,
            young: span(self.young),
        };
        policy.rate_per_second = self.rate_per_second.unwrap_or(policy.rate_per_second);
        policy
    }
}
