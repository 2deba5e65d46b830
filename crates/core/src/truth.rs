//! What the providers' texts leave open, contradict each other on, or state without a figure: settings, since whoever
//! runs a server may know better, from an account of theirs or from support.
//!
//! What is not set here is as the provider's file has it, which is the most careful reading of its texts.

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::{Lifetimes, Provider};
use crate::region::Route;
use crate::say::{Say, joined};
use crate::source::Source;
use crate::time::Span;

/// How long after sending a 404 can still mean *delivered*: later the provider may have forgotten the message.
const REMEMBERED: Span = Span::days(30);
/// How young a message must be for all regions to be asked once more: its id may not be known to them yet.
const YOUNG: Span = Span::secs(60);
/// More retries after a refusal for lack of permission help nobody.
const MOST_RETRIES: u32 = 10;

/// What is known better than by default. Lengths are milliseconds in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Truth {
    /// How much before the end of the revocation window we stop asking, since clocks differ and the window counts from
    /// when the provider made the message. Vonage: 60 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_guard: Option<Span>,
    /// How long a message without an end of its own may wait for its phone. Google: 31 days, and 30 by another page;
    /// Vonage: 30 days, and 72 hours by a newer specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_life: Option<Span>,
    /// The longest life whose end the provider would tell; what lives longer ends unobserved. Vonage: 72 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_life: Option<Span>,
    /// How long after the end of a life its last webhook may still come. 7 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_tail: Option<Span>,
    /// How long after sending a clean 404 can mean *delivered*. Google: 30 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remembered: Option<Span>,
    /// How often a refusal for lack of permission is tried again. Google: 2, Vonage: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission_retries: Option<u32>,
    /// Whether a 404 lets the other hosts be asked. Google: no, Vonage: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask_other_hosts: Option<bool>,
    /// How young a message must be for all hosts to be asked once more after a 404. 60 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub young: Option<Span>,
}

/// A setting that makes no sense at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TruthFault {
    /// The provider has no such thing. The setting, and why.
    Meaningless(&'static str, &'static str),
    /// A value beyond what it can be. The setting, and what was expected.
    Beyond(&'static str, &'static str),
}

impl TruthFault {
    /// The key that it is about.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Meaningless(key, _) | Self::Beyond(key, _) => key,
        }
    }
}

impl Say for TruthFault {
    fn say(&self) -> String {
        match self {
            Self::Meaningless(_, why) => joined(&["remove it: ", why]),
            Self::Beyond(_, expected) => joined(&["expected ", expected]),
        }
    }
}

impl Truth {
    /// Whether nothing is set.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What makes no sense at a provider.
    pub fn check(&self, provider: Provider) -> Vec<TruthFault> {
        use TruthFault::{Beyond, Meaningless};
        let own = provider.adapter().lifetimes();
        let mut faults = Vec::new();
        match (own.window, self.window_guard) {
            (None, Some(_)) => {
                faults.push(Meaningless("window_guard", "this provider takes a revocation at any time"));
            }
            (Some(window), Some(guard)) if guard >= window => {
                faults.push(Beyond("window_guard", "less than the window itself, which is 24h"));
            }
            _ => {}
        }
        if own.observed.is_none() && self.observed_life.is_some() {
            faults.push(Meaningless("observed_life", "this provider tells the end of every life"));
        }
        if self.remembered.is_some() && !provider.adapter().may_confirm() {
            faults.push(Meaningless("remembered", "a 404 of this provider never means delivered"));
        }
        if self.longest_life.is_some_and(|life| life < Span::hours(1)) {
            faults.push(Beyond("longest_life", "1h at least"));
        }
        if self.permission_retries.is_some_and(|retries| retries > MOST_RETRIES) {
            faults.push(Beyond("permission_retries", "a number from 0 to 10"));
        }
        faults
    }
}

impl Policy {
    /// How long things last at a provider.
    pub fn lifetimes(&self, provider: Provider) -> Lifetimes {
        let own = provider.adapter().lifetimes();
        let truth = &self.truth;
        Lifetimes {
            window: own.window,
            window_guard: truth.window_guard.unwrap_or(own.window_guard),
            longest: truth.longest_life.unwrap_or(own.longest),
            observed: own.observed.map(|observed| truth.observed_life.unwrap_or(observed)),
            tail: truth.webhook_tail.unwrap_or(own.tail),
        }
    }

    /// Where to ask, the candidates in order, `own` being the host that is known to hold the message.
    pub fn route(&self, source: &Source, own: Option<Host>) -> Route {
        let mut route = source.provider.adapter().route(source, own);
        if self.asks_other_hosts(source.provider) {
            for host in source.provider.hosts() {
                if !route.candidates.contains(&host) {
                    route.candidates.push(host);
                }
            }
        } else {
            route.candidates.truncate(1);
        }
        route
    }

    /// Whether a 404 lets the other hosts be asked.
    pub fn asks_other_hosts(&self, provider: Provider) -> bool {
        self.truth.ask_other_hosts.unwrap_or_else(|| provider.adapter().asks_other_hosts())
    }

    /// How often a refusal for lack of permission is tried again.
    pub fn permission_retries(&self, provider: Provider) -> u32 {
        self.truth.permission_retries.unwrap_or_else(|| provider.adapter().permission_retries())
    }

    /// How long after sending a clean 404 can mean *delivered*.
    pub fn remembered(&self) -> Span {
        self.truth.remembered.unwrap_or(REMEMBERED)
    }

    /// How young a message must be for all hosts to be asked once more.
    pub fn young(&self) -> Span {
        self.truth.young.unwrap_or(YOUNG)
    }
}
