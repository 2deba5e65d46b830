//! What comes in from Vonage; what must hold stands in `src/vonage_webhooks.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| rcs_revoke_fuzz::vonage_webhooks::check(data));
