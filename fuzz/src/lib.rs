//! What must hold for one input of each fuzz target, as plain functions that panic when it does not.
//!
//! The fuzz targets call them with inputs that grow by themselves; `tests/replay` calls them with the committed
//! corpora and mutations of those, on the stable toolchain and within every run of the tests. `config` stands
//! apart, because it alone needs the server.

pub mod answers;
mod call;
pub mod evidence;
pub mod google_webhooks;
pub mod import;
mod scripted;
pub mod vonage_webhooks;
mod worlds;
