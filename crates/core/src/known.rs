//! What the facts tell about the message itself: who gets it, when it was sent, when its life and its window end.

use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::host::Host;
use crate::phone::E164;
use crate::time::Timestamp;

/// What is known of the message itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The recipient: as registered, else as an event names it.
    pub recipient: Option<E164>,
    /// When it was sent, by its sender's word.
    pub sent_at: Option<Timestamp>,
    /// The first that we heard of it, which stands in for an unknown time of sending.
    pub first_heard: Option<Timestamp>,
    /// Its message class.
    pub class: Option<String>,
    /// The host that holds it: as registered, else the one that accepted a request.
    pub host: Option<Host>,
    /// The end of its own life.
    pub horizon: Option<Timestamp>,
    /// When we stop asking, because the provider takes no revocation any more.
    pub window_closes: Option<Timestamp>,
}

impl Known {
    /// Reads it from the facts.
    pub fn of(_evidence: &Evidence) -> Self {
        Self { recipient: None, sent_at: None, first_heard: None, class: None, host: None, horizon: None, window_closes: None }
    }
}
