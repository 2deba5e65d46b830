//! The figures of the decisions, as data. Defaults differ by provider and live in the provider's file.

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::prelude::*;
use crate::time::Span;
use crate::truth::Truth;

/// How long to wait, how often to try, and what to believe for how long. All lengths are milliseconds in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How long after an accepted answer a crossing delivery is waited for.
    pub settle: Span,
    /// How long one request may take.
    pub request_timeout: Span,
    /// How much longer an unanswered attempt counts as open, for a slow commit or a short stall.
    pub request_margin: Span,
    /// Waits before each retry after an unknown effect or a request that never left; then it ends.
    pub retries: Vec<Span>,
    /// Waits before each retry after "too many requests".
    pub throttled: Vec<Span>,
    /// The wait once `throttled` is used up, until the window or the message's life ends.
    pub throttled_then: Span,
    /// The longest wait that a provider can ask of us.
    pub retry_after_cap: Span,
    /// How long a clean 404 is read as a delivery whose event has not come yet.
    pub presume_for: Span,
    /// Requests per second at most, per credential.
    pub rate_per_second: u32,
    /// What is known better than the provider's texts tell.
    #[serde(default, skip_serializing_if = "Truth::is_default")]
    pub truth: Truth,
    /// The message classes.
    #[serde(default = "Class::standards", skip_serializing_if = "standard")]
    pub classes: Vec<Class>,
    /// The class of messages that nobody named one for; none if they have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// Whether a policy has the classes that it has without saying so.
fn standard(classes: &[Class]) -> bool {
    Class::are_standard(classes)
}

impl Policy {
    /// The class of a message that was registered with that name, or with none.
    pub fn class_of(&self, registered: Option<&str>) -> Option<&Class> {
        let name = registered.or(self.class.as_deref())?;
        self.classes.iter().find(|class| class.name == name)
    }

    /// The longest that an attempt without an answer counts as open.
    pub fn attempt_deadline(&self) -> Span {
        self.request_timeout + self.request_margin
    }
}
