//! One binary for every test that crosses crates.

mod arrows;
mod drill_smoke;
mod proxy;
