//! Facts as JSON, and facts in any order; what must hold stands in `src/evidence.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| rcs_revoke_fuzz::evidence::check(data));
