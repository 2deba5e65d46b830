//! What comes next for a message, and when to look at it again.

use serde::{Deserialize, Serialize};

use crate::fact::Requested;
use crate::host::Host;
use crate::id::WishId;
use crate::time::Timestamp;

/// What comes next. In JSON `{"step": "send", …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Ask for the revocation now.
    Send {
        /// The wish it is for.
        wish: WishId,
        /// The attempt's number.
        attempt: u32,
        /// Where.
        host: Host,
    },
    /// Make this wish: the message's class asks for it.
    Request {
        /// The wish, to be recorded as it is.
        requested: Requested,
    },
    /// Send the SMS now.
    SendFallback {
        /// The SMS's number, to be written down before it leaves.
        fallback: u32,
    },
    /// Nothing before this instant; then look again.
    WaitUntil {
        /// The instant.
        at: Timestamp,
        /// What it brings.
        brings: Brings,
    },
    /// Only a person can help.
    AskOperator {
        /// What is missing.
        question: Question,
    },
    /// Nothing will happen by itself, but for what a provider may still tell.
    Done,
}

/// What an awaited instant brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brings {
    /// The planned beginning.
    Start,
    /// Another attempt.
    Retry,
    /// The answer is overdue.
    Overdue,
    /// A crossing delivery is no longer waited for.
    Settled,
    /// The revocation window closes.
    WindowCloses,
    /// The message's own life ends.
    LifeEnds,
    /// What a 404 suggested is no longer believed.
    PresumptionEnds,
    /// The last webhook may have come.
    LastWebhook,
    /// An SMS leaves, or leaves once more.
    Fallback,
    /// The content is too old for an SMS to leave by itself.
    Stale,
}

/// What only a person can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The recipient's phone number.
    Recipient,
}
