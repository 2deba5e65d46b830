//! When the server is killed: drawn from the seed, some at any moment, some aimed at the moments that hurt most.

use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::Provider;

/// A generator of its own, so that the world of a seed is the same with and without kills.
const STREAM: u64 = u64::MAX;
/// Real time from one recovery to the next kill.
const LULL: std::ops::Range<u64> = 20..900;
/// Real time from a start to the kill in the middle of it.
const START_UP: std::ops::Range<u64> = 1..120;

/// The moment that a kill is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aim {
    /// Whatever it is doing.
    AnyMoment,
    /// A provider has the request, and its answer is still to come.
    AwaitingAnswer(Provider),
    /// The answer is there, and the fact may not be on disk yet.
    AfterAnswer,
    /// The provider has the request for an SMS, and has not sent it yet.
    BeforeSms,
    /// The provider has sent the SMS, and its answer is still to come.
    AfterSms,
    /// The answer to the request for an SMS is there, and the fact may not be on disk yet.
    AfterSmsAnswer,
    /// The database moves its log into its file.
    Checkpoint,
    /// It is starting; this long after the start.
    StartUp(Duration),
}

impl Aim {
    /// What it is called in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnyMoment => "at any moment",
            Self::AwaitingAnswer(_) => "between request and answer",
            Self::AfterAnswer => "between answer and commit",
            Self::BeforeSms => "inside an SMS request, before it was taken",
            Self::AfterSms => "inside an SMS request, after it was taken",
            Self::AfterSmsAnswer => "between an SMS answer and its commit",
            Self::Checkpoint => "during a checkpoint",
            Self::StartUp(_) => "during start-up",
        }
    }
}

/// One kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kill {
    /// Real time after the recovery from the one before, until it is aimed.
    pub lull: Duration,
    /// At what.
    pub aim: Aim,
}

/// The kills of a seed.
pub fn draw(seed: u64, count: usize) -> Vec<Kill> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM);
    (0..count)
        .map(|_| Kill { lull: Duration::from_millis(rng.random_range(LULL)), aim: aim(&mut rng) })
        .collect()
}

fn aim(rng: &mut ChaCha8Rng) -> Aim {
    let provider = if rng.random_bool(0.5) { Provider::Google } else { Provider::Vonage };
    match rng.random_range(0..100) {
        0..22 => Aim::AnyMoment,
        22..40 => Aim::AwaitingAnswer(provider),
        40..55 => Aim::AfterAnswer,
        55..66 => Aim::BeforeSms,
        66..77 => Aim::AfterSms,
        77..85 => Aim::AfterSmsAnswer,
        85..92 => Aim::Checkpoint,
        _ => Aim::StartUp(Duration::from_millis(rng.random_range(START_UP))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::draw;

    #[test]
    fn a_seed_gives_the_same_kills_and_a_hundred_aim_at_everything() {
        assert_eq!(draw(3, 100), draw(3, 100));
        assert_eq!(draw(3, 100)[..10], draw(3, 10));
        assert_ne!(draw(3, 10), draw(4, 10));
        let names: BTreeSet<_> = draw(3, 100).iter().map(|kill| kill.aim.name()).collect();
        assert_eq!(names.len(), 8);
    }
}
