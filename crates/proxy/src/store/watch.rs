//! Whether the database can be used, as everybody who uses it finds: told in the log when it changes, and once a
//! minute while it lasts, however often it is met.

use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::store::trouble::Trouble;

/// How long a write may take before it is called stalled.
const LONGEST_WRITE: Duration = Duration::from_secs(2);
/// How often what lasts is told again.
const REMINDER: Duration = Duration::from_mins(1);

/// Whether the database can be used; cheap to clone.
#[derive(Clone, Debug)]
pub struct Watch(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// What keeps every write from being made.
    against: watch::Sender<Option<Trouble>>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Since when no write is made, when that was told last, and how many changes were refused.
    against: Option<(Instant, Instant, u64)>,
    /// When damage was told last: it does not go by itself.
    damage: Option<Instant>,
    /// Since when a write is being made.
    writing: Option<Instant>,
}

impl Watch {
    /// Over a database that was just opened.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner { against: watch::Sender::new(None), seen: Mutex::default() }))
    }

    /// What is wrong, if anything is.
    pub fn trouble(&self) -> Option<Trouble> {
        let seen = self.seen();
        let stalled = seen.writing.is_some_and(|since| since.elapsed() > LONGEST_WRITE);
        self.against()
            .or_else(|| stalled.then_some(Trouble::Stalled))
            .or_else(|| seen.damage.map(|_| Trouble::Corrupt))
    }

    /// Whether the last write was made, as far as it is known.
    pub fn takes_writes(&self) -> bool {
        self.against().is_none()
    }

    /// What keeps every write from being made.
    pub(crate) fn against(&self) -> Option<Trouble> {
        *self.0.against.borrow()
    }

    /// Waits until writes are made again.
    pub async fn writable(&self) {
        let mut against = self.0.against.subscribe();
        // It never fails: the sender lives here.
        let _ = against.wait_for(Option::is_none).await;
    }

    /// A write begins.
    pub(crate) fn begin(&self) {
        self.seen().writing = Some(Instant::now());
    }

    /// The write has ended, in whichever way.
    pub(crate) fn end(&self) {
        self.seen().writing = None;
    }

    /// No write is made, for this reason; so many changes were refused over it now.
    pub(crate) fn refused(&self, trouble: Trouble, problem: &dyn Display, changes: u64) {
        let mut seen = self.seen();
        let now = Instant::now();
        let is_new = self.0.against.send_replace(Some(trouble)) != Some(trouble);
        let (since, told, refused) = seen.against.unwrap_or((now, now, 0));
        let refused = refused + changes;
        let tell = is_new || told.elapsed() >= REMINDER;
        seen.against = Some((since, if tell { now } else { told }, refused));
        drop(seen);
        if tell {
            tracing::error!(
                store.state = trouble.code(),
                refused,
                for_seconds = since.elapsed().as_secs(),
                "the database takes no writes; webhooks are answered 503 and come again, commands are refused, nothing is sent. {} ({problem})",
                trouble.sentence()
            );
        } else {
            tracing::debug!(store.state = trouble.code(), %problem, changes, "refused");
        }
    }

    /// Writes are made again.
    pub(crate) fn recovered(&self) {
        let before = self.seen().against.take();
        self.0.against.send_replace(None);
        if let Some((since, _, refused)) = before {
            tracing::info!(
                store.state = "ok",
                refused,
                after_seconds = since.elapsed().as_secs(),
                "the database takes writes again"
            );
        }
    }

    /// Part of the database cannot be read back.
    pub(crate) fn damaged(&self, problem: &dyn Display) {
        let mut seen = self.seen();
        let tell = seen.damage.is_none_or(|told| told.elapsed() >= REMINDER);
        if tell {
            seen.damage = Some(Instant::now());
        }
        drop(seen);
        if tell {
            tracing::error!(
                store.state = Trouble::Corrupt.code(),
                "whatever needs it fails, and the rest goes on. {} ({problem})",
                Trouble::Corrupt.sentence()
            );
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.seen.lock().expect("nobody panics while holding this lock")
    }
}

#[cfg(test)]
mod tests {
    use super::Watch;
    use crate::store::trouble::Trouble;

    #[test]
    fn damage_stays_and_other_trouble_goes() {
        let watch = Watch::new();
        watch.damaged(&"a page");
        watch.refused(Trouble::Full, &"a write", 1);
        assert_eq!(watch.trouble(), Some(Trouble::Full));
        assert!(!watch.takes_writes());
        watch.recovered();
        assert_eq!(watch.trouble(), Some(Trouble::Corrupt));
        assert!(watch.takes_writes(), "what is sound is still written");
    }
}
