//! What somebody pastes or uploads; what must hold stands in `src/import.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| rcs_revoke_fuzz::import::check(data));
