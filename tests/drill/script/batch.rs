//! The world of a batch: most messages are only sent, and told of, before one text names them all; beside them the usual
//! world goes on and wants its share of the same accounts.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::{Provider, Route};

use super::{Deed, Instead, Scripted, Told, draw};
use crate::classes::PROMOTIONAL;

/// A generator of its own, so that the world of a seed is the same with and without a batch, but for who is in it.
const STREAM: u64 = u64::MAX - 2;
/// The part of the messages that is in the batch.
const SHARE: f64 = 0.95;
/// The part of those that was wished for by hand as well: the plan, or the run, has to see it.
const WISHED: f64 = 0.02;

/// Draws the messages of a seed, most of them for a batch.
pub fn draw_with_batch(seed: u64, count: u32, span: i64) -> Vec<Scripted> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM);
    let mut script = draw(seed, count, span);
    for message in &mut script {
        let (is_in, is_wished) = (rng.random_bool(SHARE), rng.random_bool(WISHED));
        if is_in {
            put_in(message, is_wished, span);
        }
    }
    script
}

/// Everything that the text names is told of by this part of the span.
const TOLD_BY: f64 = 0.45;

fn put_in(message: &mut Scripted, is_wished: bool, span: i64) {
    message.in_batch = true;
    let is_known = matches!(message.told, Told::Api | Told::Csv | Told::Wish { in_full: true });
    if message.sender.provider == Provider::Google && !is_known {
        // Without a number nobody can ask Google: then the text tells it.
        message.told = Told::Wish { in_full: true };
    }
    for (at, deed) in &mut message.deeds {
        if matches!(deed, Deed::Register | Deed::Import) {
            *at = (*at).min(told_by(span));
        }
    }
    message.deeds.sort_unstable();
    if is_wished {
        return;
    }
    message.deeds.retain(|(_, deed)| matches!(deed, Deed::Send | Deed::Register | Deed::Import));
    let class = (message.told == Told::Api).then_some(&PROMOTIONAL);
    message.instead = Instead { class, ..Instead::default() };
    message.faults.retain(|fault| fault.route != Some(Route::VonageSend));
}

/// When everything was told of that the text names, before it is uploaded.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "milliseconds of a drill fit"
)]
pub fn told_by(span: i64) -> i64 {
    (span as f64 * TOLD_BY) as i64
}
