//! The world of a batch: most messages are only sent, and told of, before one text names them all; beside them the usual
//! world goes on and wants its share of the same accounts.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::Route;

use super::{Deed, Instead, Scripted, Told, draw};
use crate::classes::PROMOTIONAL;

/// A generator of its own, so that the world of a seed is the same with and without a batch, but for who is in it.
const STREAM: u64 = u64::MAX - 2;
/// The part of the messages that is in the batch.
const SHARE: f64 = 0.9;
/// The part of those that was wished for by hand as well: the plan, or the run, has to see it.
const WISHED: f64 = 0.05;

/// Draws the messages of a seed, most of them for a batch.
pub fn draw_with_batch(seed: u64, count: u32, span: i64) -> Vec<Scripted> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM);
    let mut script = draw(seed, count, span);
    for message in &mut script {
        let (is_in, is_wished) = (rng.random_bool(SHARE), rng.random_bool(WISHED));
        if is_in {
            put_in(message, is_wished);
        }
    }
    script
}

fn put_in(message: &mut Scripted, is_wished: bool) {
    message.in_batch = true;
    if is_wished {
        return;
    }
    message.deeds.retain(|(_, deed)| matches!(deed, Deed::Send | Deed::Register | Deed::Import));
    let class = (message.told == Told::Api).then_some(&PROMOTIONAL);
    message.instead = Instead { class, ..Instead::default() };
    message.faults.retain(|fault| fault.route != Some(Route::VonageSend));
}

/// When everything was sent that the batch may name.
pub fn all_sent(script: &[Scripted]) -> Option<&Scripted> {
    script.iter().max_by_key(|message| {
        message.deeds.iter().filter(|(_, deed)| *deed == Deed::Send).map(|(at, _)| *at).max()
    })
}
