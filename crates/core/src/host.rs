//! Logical hosts: which regional API to call, as a name that only a server's own config maps to a URL.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::prelude::*;
use crate::provider::Provider;
use crate::say::{Say, joined, shown};

/// One regional API of a provider.
#[derive(Debug)]
pub struct HostSpec {
    /// Our name for it, such as `vonage.eu`.
    pub name: &'static str,
    /// How people who know the provider call it, such as `api-eu`.
    pub label: &'static str,
    /// Where it is documented to listen, without a slash at the end.
    pub base_url: &'static str,
}

/// A logical host of the providers' allow-list; there is no way to make another one.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Host(&'static HostSpec);

/// A name that no provider has as a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct UnknownHost(pub String);

impl Say for UnknownHost {
    fn say(&self) -> String {
        joined(&["`", &shown(&self.0), "` is not a known host; known are ", &known()])
    }
}

fn known() -> String {
    let mut names = String::new();
    for host in Provider::ALL.iter().flat_map(|provider| provider.hosts()) {
        names.push_str(if names.is_empty() { "" } else { ", " });
        names.push_str(host.name());
    }
    names
}

impl Host {
    /// The host that a provider's file describes.
    pub(crate) const fn new(spec: &'static HostSpec) -> Self {
        Self(spec)
    }

    /// Every host of every provider.
    pub fn all() -> impl Iterator<Item = Self> {
        Provider::ALL.iter().flat_map(|provider| provider.hosts())
    }

    /// Our name for it, such as `vonage.eu`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// How people who know the provider call it, such as `api-eu`.
    pub const fn label(self) -> &'static str {
        self.0.label
    }

    /// Where it is documented to listen; a server's config may map the host elsewhere.
    pub const fn base_url(self) -> &'static str {
        self.0.base_url
    }
}

impl PartialEq for Host {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Host {}

impl PartialOrd for Host {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Host {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Host {
    type Err = UnknownHost;

    fn from_str(name: &str) -> Result<Self, UnknownHost> {
        for provider in Provider::ALL {
            if let Some(host) = provider.hosts().find(|host| host.name() == name) {
                return Ok(host);
            }
        }
        Err(UnknownHost(name.to_owned()))
    }
}

impl TryFrom<String> for Host {
    type Error = UnknownHost;

    fn try_from(name: String) -> Result<Self, UnknownHost> {
        name.parse()
    }
}

impl From<Host> for &'static str {
    fn from(host: Host) -> Self {
        host.name()
    }
}
