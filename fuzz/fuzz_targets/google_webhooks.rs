//! What comes in from Google; what must hold stands in `src/google_webhooks.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| rcs_revoke_fuzz::google_webhooks::check(data));
