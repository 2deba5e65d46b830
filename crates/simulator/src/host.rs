//! The logical hosts and routes of the simulated providers. A logical host becomes a port; no URL is parsed here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The side of the wire that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Google RCS for Business.
    Google,
    /// The Vonage Messages API.
    Vonage,
}

/// One logical host; each listens on a port of its own, because SDKs take a host root and no path prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HostName {
    /// Plays `rcsbusinessmessaging.googleapis.com`.
    #[serde(rename = "google.global")]
    GoogleGlobal,
    /// Plays `us-rcsbusinessmessaging.googleapis.com`.
    #[serde(rename = "google.us")]
    GoogleUs,
    /// Plays `europe-rcsbusinessmessaging.googleapis.com`.
    #[serde(rename = "google.europe")]
    GoogleEurope,
    /// Plays `asia-rcsbusinessmessaging.googleapis.com`.
    #[serde(rename = "google.asia")]
    GoogleAsia,
    /// Plays `oauth2.googleapis.com`.
    #[serde(rename = "google.token")]
    GoogleToken,
    /// Plays `api.nexmo.com`, for sending.
    #[serde(rename = "vonage.api")]
    VonageApi,
    /// Plays `api-eu.nexmo.com`.
    #[serde(rename = "vonage.eu")]
    VonageEu,
    /// Plays `api-us.nexmo.com`.
    #[serde(rename = "vonage.us")]
    VonageUs,
    /// Plays `api-ap.nexmo.com`.
    #[serde(rename = "vonage.ap")]
    VonageAp,
    /// The simulator's own control API; no provider has such a thing.
    #[serde(rename = "control")]
    Control,
}

impl HostName {
    /// Every host, in the order in which they are printed.
    pub const ALL: [Self; 10] = [
        Self::GoogleGlobal,
        Self::GoogleUs,
        Self::GoogleEurope,
        Self::GoogleAsia,
        Self::GoogleToken,
        Self::VonageApi,
        Self::VonageEu,
        Self::VonageUs,
        Self::VonageAp,
        Self::Control,
    ];

    /// The name in configuration, control API and output, such as `vonage.eu`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GoogleGlobal => "google.global",
            Self::GoogleUs => "google.us",
            Self::GoogleEurope => "google.europe",
            Self::GoogleAsia => "google.asia",
            Self::GoogleToken => "google.token",
            Self::VonageApi => "vonage.api",
            Self::VonageEu => "vonage.eu",
            Self::VonageUs => "vonage.us",
            Self::VonageAp => "vonage.ap",
            Self::Control => "control",
        }
    }

    /// The host with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|host| host.name() == name)
    }

    /// The provider that answers there; the control host belongs to none.
    pub const fn provider(self) -> Option<Provider> {
        match self {
            Self::GoogleGlobal
            | Self::GoogleUs
            | Self::GoogleEurope
            | Self::GoogleAsia
            | Self::GoogleToken => Some(Provider::Google),
            Self::VonageApi | Self::VonageEu | Self::VonageUs | Self::VonageAp => Some(Provider::Vonage),
            Self::Control => None,
        }
    }

    /// Whether a message can live there: Google's four hosts, and Vonage's three regional ones.
    pub const fn is_home(self) -> bool {
        !matches!(self, Self::GoogleToken | Self::VonageApi | Self::Control)
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One operation that faults can be aimed at and that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Route {
    /// `POST /token`.
    #[serde(rename = "google.token")]
    GoogleToken,
    /// `POST /v1/phones/…/agentMessages`.
    #[serde(rename = "google.send")]
    GoogleSend,
    /// `DELETE /v1/phones/…/agentMessages/…`.
    #[serde(rename = "google.revoke")]
    GoogleRevoke,
    /// `GET /v1/phones/…/capabilities`.
    #[serde(rename = "google.capabilities")]
    GoogleCapabilities,
    /// `POST /v1/users:batchGet`.
    #[serde(rename = "google.batch_get")]
    GoogleBatchGet,
    /// `POST /v1/messages`.
    #[serde(rename = "vonage.send")]
    VonageSend,
    /// `PATCH /v1/messages/…`.
    #[serde(rename = "vonage.revoke")]
    VonageRevoke,
    /// `GET /v1/channel-manager/rcs/agents/…/google/phones/…/capabilities`.
    #[serde(rename = "vonage.capabilities")]
    VonageCapabilities,
    /// Anything else that was asked of a provider's host.
    #[serde(rename = "other")]
    Other,
}
