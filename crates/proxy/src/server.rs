//! A whole server: everything wired together, bound, run, and stopped in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use rcs_revoke_core::Timestamp;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::Access;
use crate::app::{App, AppState};
use crate::batches::keeper;
use crate::config::Ready;
use crate::credentials::Credentials;
use crate::ledger::{Ledger, looker, pruner, tidier};
use crate::sources::Sources;
use crate::store::{Store, StoreError};
use crate::transport::Transport;
use crate::transport::hyper::HyperTransport;
use crate::webhooks::{self, Webhooks};
use crate::worker::Worker;
use crate::{clock, console, guard, listener, routes};

/// How long connections that are still open at the end are waited for.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// How long another process that has the database is waited for: the one that this one replaces may still be ending.
const HANDOVER: Duration = Duration::from_secs(10);
/// No build of this is older, so a clock before it is wrong.
const EARLIEST: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address is taken.
    #[error("{address} is in use by another program: stop that one, or choose another with {setting}")]
    Busy {
        /// The address.
        address: SocketAddr,
        /// What to change.
        setting: &'static str,
    },
    /// An address cannot be bound.
    #[error("{address} cannot be listened on: {problem}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        problem: String,
    },
    /// The database is not to be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The machine's clock is wrong.
    #[error(
        "this machine's clock says {0}, which is wrong: set it first, since every token and every deadline depends on it"
    )]
    Clock(Timestamp),
    /// No certificate roots.
    #[error(
        "this machine has no certificate roots, so no provider can be reached safely: install `ca-certificates`"
    )]
    Roots,
    /// No randomness.
    #[error("this machine has no randomness for an access key: set `access_key` in the configuration")]
    Randomness,
}

/// A running server.
pub struct Server {
    /// Where console and API listen.
    pub address: SocketAddr,
    /// Where webhooks come in.
    pub webhook_address: SocketAddr,
    /// What opens the API.
    pub access_key: SecretString,
    /// Ends it.
    pub stop: CancellationToken,
    app: AppState,
    tasks: TaskTracker,
    serving: TaskTracker,
}

impl Server {
    /// Opens the database, binds both addresses and starts to work.
    ///
    /// # Errors
    /// When an address is taken, the database cannot be used, or the machine is not fit.
    pub async fn start(ready: Ready) -> Result<Self, StartError> {
        let clock = clock::of(&ready);
        if ready.clock.is_none() && clock.now() < EARLIEST {
            return Err(StartError::Clock(clock.now()));
        }
        let listener = bind(ready.listen, "`listen` or --port").await?;
        let shared = ready.listen == ready.webhook_listen;
        let webhook_listener = if shared {
            None
        } else {
            Some(bind(ready.webhook_listen, "`webhook_listen` or --webhook-port").await?)
        };
        let access_key = match &ready.access_key {
            Some(key) => key.clone(),
            None => Access::generate().map_err(|_| StartError::Randomness)?,
        };
        let transport = transport(&ready)?;
        let (store, mut sql) = Store::open_to_serve(&ready.database, HANDOVER).await?;
        let at = |error: StoreError| error.at(&ready.database);
        let learnt = crate::store::sources::learnt(&mut sql.sql).await.map_err(at)?;
        let sources = Arc::new(Sources::new(&ready.sources, learnt));
        let ledger = Ledger::start(sql, Arc::clone(&sources), Arc::clone(&clock)).await.map_err(at)?;
        let webhooks =
            Webhooks { ledger: ledger.clone(), sources: Arc::clone(&sources), clock: Arc::clone(&clock) };
        take_up(&ledger, &store, &sources, &webhooks).await.map_err(at)?;

        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let alive = Arc::new(AtomicUsize::new(0));
        let worker = Arc::new(Worker {
            ledger: ledger.clone(),
            store: store.clone(),
            sources: Arc::clone(&sources),
            credentials: Credentials::new(&ready.sources, &transport, &clock),
            transport,
            bases: ready.bases.clone(),
            clock: Arc::clone(&clock),
            stop: stop.clone(),
            tasks: tasks.clone(),
            alive: Arc::clone(&alive),
        });
        let lanes = worker.start();
        tasks.spawn(looker::run(ledger.clone(), store.clone(), Arc::clone(&clock), stop.clone()));
        tasks.spawn(keeper::run(ledger.clone(), store.clone(), Arc::clone(&clock), stop.clone()));
        // Only now: what a source may claim was offered to it first.
        tasks.spawn(tidier::run(ledger.clone(), store.clone(), Arc::clone(&clock), stop.clone()));
        if let Some(retention) = ready.retention.clone() {
            let (ledger, store, sources) = (ledger.clone(), store.clone(), Arc::clone(&sources));
            tasks.spawn(pruner::run(ledger, store, sources, retention, Arc::clone(&clock), stop.clone()));
        }
        let address = local(&listener, ready.listen);
        let app = Arc::new(App {
            ledger,
            store,
            sources,
            clock,
            access: Access::new(access_key.clone()),
            listen: address,
            allowed_hosts: ready.allowed_hosts.clone(),
            confirm_from: ready.confirm_from,
            demo: ready.demo,
            stop: stop.clone(),
            lanes: (alive, lanes),
            keys: routes::idempotency::Keys::default(),
            probe: routes::health::Probe::default(),
        });
        let webhook_address =
            webhook_listener.as_ref().map_or(address, |listener| local(listener, ready.webhook_listen));
        let serving = TaskTracker::new();
        let mut main = router(&app);
        match webhook_listener {
            None => main = main.merge(webhooks::router(webhooks)),
            Some(listener) => {
                drop(serving.spawn(listener::serve(listener, webhooks::router(webhooks), stop.clone())));
            }
        }
        serving.spawn(listener::serve(listener, main, stop.clone()));
        Ok(Self { address, webhook_address, access_key, stop, app, tasks, serving })
    }

    /// Everything that the routes work with.
    pub const fn app(&self) -> &AppState {
        &self.app
    }

    /// Stops taking work, finishes the requests under way, then closes.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.serving.close();
        self.tasks.close();
        // Bounded by the request time-out: whatever is under way ends by itself.
        self.tasks.wait().await;
        if tokio::time::timeout(LAST_ANSWERS, self.serving.wait()).await.is_err() {
            tracing::warn!("some connections were still open at the end");
        }
        self.app.store.readers.close().await;
    }
}

/// Certificate roots are needed for https only, and a demo has none.
fn transport(ready: &Ready) -> Result<Arc<dyn Transport>, StartError> {
    match HyperTransport::new() {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(_) if ready.demo || ready.clock.is_some() => Ok(Arc::new(HyperTransport::plain())),
        Err(_) => Err(StartError::Roots),
    }
}

async fn bind(address: SocketAddr, setting: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => StartError::Busy { address, setting },
        _ => StartError::Bind { address, problem: error.to_string() },
    })
}

fn local(listener: &TcpListener, asked: SocketAddr) -> SocketAddr {
    listener.local_addr().unwrap_or(asked)
}

async fn take_up(
    ledger: &Ledger,
    store: &Store,
    sources: &Sources,
    webhooks: &Webhooks,
) -> Result<(), StoreError> {
    go_on_if_damaged(store, looker::take_up(ledger, store).await)?;
    keeper::take_up(ledger).await?;
    let claimed = go_on_if_damaged(store, webhooks::again::try_again(webhooks, store).await)?;
    if claimed > 0 {
        tracing::info!(claimed, "kept webhooks were claimed");
    }
    let known: Vec<String> = sources.iter().map(|entry| entry.id().to_string()).collect();
    let stranded = go_on_if_damaged(store, store.due_elsewhere(&known).await)?;
    if stranded > 0 {
        tracing::warn!(stranded, "messages wait for sources that the configuration no longer names");
    }
    Ok(())
}

/// What is damaged keeps nothing else from being taken up.
fn go_on_if_damaged<T: Default>(store: &Store, done: Result<T, StoreError>) -> Result<T, StoreError> {
    match done {
        Err(error) if error.against_every_write().is_none() => {
            store.note(&error);
            Ok(T::default())
        }
        done => done,
    }
}

/// Console and API, guarded.
pub fn router(app: &AppState) -> Router {
    routes::router()
        .fallback(console::console)
        .layer(from_fn_with_state(Arc::clone(app), guard::guard))
        .layer(from_fn(secured))
        .with_state(Arc::clone(app))
}

async fn secured(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    for (name, value) in console::security_headers() {
        response.headers_mut().insert(name, value);
    }
    if is_api {
        let no_store = http::HeaderValue::from_static("no-store");
        response.headers_mut().entry(http::header::CACHE_CONTROL).or_insert(no_store);
    }
    response
}
