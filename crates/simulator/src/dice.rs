//! Randomness from one seed, keyed by what it decides, so that the order of requests changes nobody's fate.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The source of every random decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice {
    seed: u64,
}

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A generator of its own for the `nth` decision about `purpose` for `key`.
    pub(crate) fn rng(self, key: &str, purpose: &str, nth: u64) -> ChaCha8Rng {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(key.len().to_le_bytes());
        hash.update(key.as_bytes());
        hash.update(purpose.as_bytes());
        hash.update(nth.to_le_bytes());
        ChaCha8Rng::from_seed(hash.finalize().into())
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(self, key: &str, purpose: &str, nth: u64) -> String {
        uuid_from(&mut self.rng(key, purpose, nth))
    }

    /// Lower-case hexadecimal text of `bytes` random bytes.
    pub(crate) fn hex(self, key: &str, purpose: &str, bytes: usize) -> String {
        let mut rng = self.rng(key, purpose, 0);
        (0..2 * bytes).map(|_| char::from(b"0123456789abcdef"[rng.random_range(0..16)])).collect()
    }
}

/// True with this probability.
pub(crate) fn happens(rng: &mut ChaCha8Rng, probability: f64) -> bool {
    rng.random_bool(probability.clamp(0.0, 1.0))
}

/// A number from zero up to and including `max`.
pub(crate) fn up_to(rng: &mut ChaCha8Rng, max: u64) -> u64 {
    rng.random_range(0..=max)
}

fn uuid_from(rng: &mut ChaCha8Rng) -> String {
    let n = (rng.random::<u128>() & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        n >> 96,
        (n >> 80) & 0xffff,
        (n >> 64) & 0xffff,
        (n >> 48) & 0xffff,
        n & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fate_depends_on_seed_key_purpose_and_count_only() {
        let dice = Dice::new(7);
        assert_eq!(dice.uuid("a", "id", 0), dice.uuid("a", "id", 0));
        assert_ne!(dice.uuid("a", "id", 0), dice.uuid("a", "id", 1));
        assert_ne!(dice.uuid("a", "id", 0), dice.uuid("b", "id", 0));
        assert_ne!(dice.uuid("a", "id", 0), Dice::new(8).uuid("a", "id", 0));
    }

    #[test]
    fn uuids_are_version_four() {
        let id = Dice::new(1).uuid("x", "id", 0);
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
        assert!("89ab".contains(&id[19..20]));
    }
}
