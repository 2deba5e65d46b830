//! One binary for every test that crosses crates.

mod arrows;
mod proxy;
