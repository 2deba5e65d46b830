//! What a provider answers to a request; what must hold stands in `src/answers.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| rcs_revoke_fuzz::answers::check(data));
