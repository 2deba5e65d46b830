//! What somebody writes into the server's configuration; what must hold stands in `src/config.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../src/config.rs"]
mod config;

fuzz_target!(|data: &[u8]| config::check(data));
