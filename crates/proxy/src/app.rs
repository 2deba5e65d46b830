//! What every route works with.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use rcs_revoke_api::{MessageView, SessionView};
use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::clock::SharedClock;
use crate::ledger::Ledger;
use crate::sources::Sources;
use crate::store::Store;

/// What every route works with; cheap to clone.
pub type AppState = Arc<App>;

/// The parts of a running server.
pub struct App {
    /// The way in for every change.
    pub ledger: Ledger,
    /// Where everything is read.
    pub store: Store,
    /// The senders.
    pub sources: Arc<Sources>,
    /// The time.
    pub clock: SharedClock,
    /// Who may come in.
    pub access: Access,
    /// Where console and API listen.
    pub listen: SocketAddr,
    /// Host names, besides loopback and `listen`, under which a browser may come.
    pub allowed_hosts: Vec<String>,
    /// From how many messages on the console asks for the number to be typed.
    pub confirm_from: usize,
    /// Whether the providers are simulated.
    pub demo: bool,
    /// Ends everything.
    pub stop: CancellationToken,
    /// How many of the worker's lanes live, and how many should.
    pub lanes: (Arc<AtomicUsize>, usize),
    /// Whether the database takes writes.
    pub probe: crate::routes::health::Probe,
    /// Commands with a key that are being worked on.
    pub keys: crate::routes::idempotency::Keys,
}

impl App {
    /// Who serves, and what time it is.
    pub fn session(&self) -> SessionView {
        SessionView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            demo: self.demo,
            now: self.clock.now().as_millis(),
            clock_scale: self.clock.scale(),
            confirm_from: self.confirm_from,
        }
    }

    /// A stored view with what is known of its source now.
    pub fn current(&self, mut view: MessageView) -> MessageView {
        let source = view.source.as_deref().and_then(|id| self.sources.find(id));
        view.deaf = source.is_none_or(|entry| entry.learnt().listening_since.is_none());
        view
    }
}
