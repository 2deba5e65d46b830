//! In which order due work is done when there is more of it than the rate allows.

use crate::time::Timestamp;

/// What the order of work looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When the message was sent, or first heard of.
    pub sent_at: Option<Timestamp>,
    /// When its revocation window closes.
    pub window_closes: Option<Timestamp>,
}
