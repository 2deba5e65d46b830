//! A small mutator: what a fuzzer does to its corpus, drawn from a fixed seed.

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const SEED: u64 = 4;
/// The longest input that is made, in bytes.
const LONGEST: usize = 4_096;
/// Bytes that mean something in JSON, tables, headers or TOML.
const TELLING: &[u8] = b"\"\\{}[],:;=\n\r\t.-_+/%#'! 019azAZ\0\xef\xff\xc3";

/// Makes one input out of others, forever.
pub struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    random: ChaCha8Rng,
}

impl<'a> Mutator<'a> {
    /// A mutator of this corpus; the same one makes the same inputs.
    pub fn new(corpus: &'a [Vec<u8>]) -> Self {
        Self { corpus, random: ChaCha8Rng::seed_from_u64(SEED) }
    }

    /// The next input.
    pub fn next(&mut self) -> Vec<u8> {
        let mut input = self.any().to_vec();
        for _ in 0..self.random.random_range(1..=4) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn any(&mut self) -> &'a [u8] {
        &self.corpus[self.random.random_range(0..self.corpus.len())]
    }

    /// A place in an input, and one behind it, not far away as a rule.
    fn stretch(&mut self, input: &[u8]) -> (usize, usize) {
        let from = self.random.random_range(0..=input.len());
        let longest = if self.random.random_ratio(1, 4) { input.len() } else { 16 };
        (from, (from + self.random.random_range(0..=longest)).min(input.len()))
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (from, to) = self.stretch(input);
        match self.random.random_range(0..6) {
            0 => {
                if let Some(byte) = input.get_mut(from) {
                    *byte ^= 1 << self.random.random_range(0..8);
                }
            }
            1 => {
                let byte = TELLING[self.random.random_range(0..TELLING.len())];
                input.splice(from..(from + 1).min(input.len()), [byte]);
            }
            2 => {
                let byte = TELLING[self.random.random_range(0..TELLING.len())];
                input.insert(from, byte);
            }
            3 => drop(input.drain(from..to)),
            4 => {
                let doubled = input[from..to].to_vec();
                input.splice(to..to, doubled);
            }
            _ => {
                let other = self.any();
                let (start, end) = self.stretch(other);
                input.splice(from..to, other[start..end].iter().copied());
            }
        }
    }
}
