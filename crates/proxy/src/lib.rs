//! The thin backend: HTTP in, the core, the store, HTTP out. The only holder of credentials and state.
//!
//! It decides nothing about a provider, a region, a status or an outcome: that is the core's. It has no operators
//! and roles: one access key opens everything.
#![warn(missing_docs)]

pub mod access;
pub mod app;
pub mod batches;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod credentials;
pub mod demo;
pub mod guard;
mod hex;
pub mod ledger;
mod listener;
pub mod problem;
pub mod routes;
pub mod server;
pub mod sources;
pub mod store;
pub mod transport;
pub mod webhooks;
pub mod worker;
