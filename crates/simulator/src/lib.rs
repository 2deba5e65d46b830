//! Google RCS for Business and the Vonage Messages API on loopback, faithful enough for their own SDKs.
//!
//! Written from the providers' documentation alone, and sharing no code with the product it tests: a mistake that both
//! sides made would hide. It keeps the ground truth of every message, so that what a client claims can be compared with
//! what happened. It is no load balancer, no TLS endpoint and nothing to reach from another machine.
//!
//! ```no_run
//! # async fn demo() -> Result<(), rcs_revoke_simulator::StartError> {
//! use rcs_revoke_simulator::{Config, HostName, Simulator, scenario};
//!
//! let base = Config { seed: 7, ..Config::default() };
//! let world = scenario::named("chaos").expect("it exists").over(base)?;
//! let running = Simulator::start(world).await?;
//! println!("{}", running.base_url(HostName::VonageEu));
//! running.shutdown().await;
//! # Ok(())
//! # }
//! ```

pub mod behaviour;
pub mod config;
pub mod scenario;

mod chaos;
mod clock;
mod control;
mod courier;
mod credentials;
mod dice;
mod exchange;
mod fault;
mod google;
mod host;
mod jwt;
mod keys;
mod reply;
mod server;
mod simulator;
mod site;
mod stats;
mod uri;
mod vonage;
mod world;

pub use behaviour::Behaviour;
pub use clock::{Clock, ClockConfig};
pub use config::{Config, ConfigError};
pub use credentials::{Credentials, CredentialsError, OtherApplication};
pub use fault::{Fault, FaultKind, NewFault};
pub use host::{HostName, Provider, Route};
pub use keys::KeyError;
pub use scenario::Scenario;
pub use simulator::{Running, Simulator, StartError};
pub use stats::{KeyStats, RouteStats, Stats};
pub use world::{
    Channel, Created, Effect, Fate, HandOver, HandshakeSeen, HandshakeToken, JournalEntry, Message,
    NewConsent, NewEvent, NewHandshake, NewMessage, Quiet, Refused, Replay, RevokeAnswer, RevokeSeen,
    SendSeen, Truth, Webhooks, Workflow,
};
