//! The real server as a process, over HTTP, against the simulator.

mod api;
mod bad_input;
mod batches;
mod console;
mod crash;
mod events;
mod fallback;
mod forgeries;
mod limit;
mod recall;
mod secrets;
mod stage;
mod store_attack;
#[expect(clippy::unwrap_used, reason = "a helper of tests may fail as a test may")]
mod troubled_batch;
mod webhooks;
