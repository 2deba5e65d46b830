//! Property tests over the same cases every time, so that a run that failed fails again. With the variable
//! `EXPLORE` set they look for new ones: `EXPLORE=10 cargo test -p rcs-revoke-core` searches ten seconds a property.

use arbtest::arbitrary::{Result, Unstructured};

/// How many cases a property is checked with.
const CASES: u64 = 300;
/// How much randomness each of them in turn may use, in bytes.
const SIZES: [usize; 5] = [32, 64, 128, 256, 512];

/// Checks a property with fixed cases, or searches for new ones.
pub fn holds(mut property: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    if let Some(seconds) = std::env::var("EXPLORE").ok().and_then(|text| text.parse().ok()) {
        arbtest::arbtest(property).budget(std::time::Duration::from_secs(seconds));
        return;
    }
    let mut fitted = 0;
    for (case, size) in (1..=CASES).zip(SIZES.into_iter().cycle()) {
        // A property may find that a case has too little randomness for it; that proves nothing.
        if property(&mut Unstructured::new(&bytes(case, size))).is_ok() {
            fitted += 1;
        }
    }
    assert!(fitted > CASES / 4, "only {fitted} of {CASES} cases had enough randomness");
}

/// `size` bytes that depend on the case alone: a xorshift generator's.
fn bytes(case: u64, size: usize) -> Vec<u8> {
    let mut state = case.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).flatten().take(size).collect()
}
