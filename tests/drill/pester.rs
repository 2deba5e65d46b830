//! Strangers at the door: forged, broken and replayed webhooks while everything else goes on. What the audit finds in
//! the store afterwards must come from the world all the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::{Provider, Running};
use rcs_revoke_tests::forge::draft::Target;
use rcs_revoke_tests::forge::keys::Keys;
use rcs_revoke_tests::forge::wire::Caller;
use rcs_revoke_tests::forge::{Forger, Forgery, Kind};

use crate::script::Scripted;

/// A generator of its own, so that the world of a seed is the same with and without forgeries.
const STREAM: u64 = u64::MAX - 1;
/// Forgeries between two looks at what was accepted so far, which is then replayed.
const BATCH: usize = 50;
/// The pause when nothing can be forged yet, or nobody is at home.
const PAUSE: Duration = Duration::from_millis(100);

/// What came of the forgeries.
#[derive(Debug, Default)]
pub struct Pestered {
    /// How many were answered with each status.
    pub answers: BTreeMap<u16, usize>,
    /// How many got no answer, because the server was away.
    pub unanswered: usize,
    /// Forgeries that were taken although they should not have been.
    pub taken: Vec<String>,
}

/// Sends so many forgeries, spread over some real time.
///
/// # Errors
/// When the simulator's credentials cannot be used.
pub async fn pester(
    count: usize,
    seed: u64,
    over: Duration,
    script: &[Scripted],
    simulator: &Running,
    webhooks: &str,
) -> Result<Pestered> {
    let mut pestered = Pestered::default();
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(STREAM);
    let keys = Arc::new(Keys::of(simulator.credentials())?);
    let mut forger = Forger { keys, targets: script.iter().map(target).collect(), known: Vec::new() };
    let mut caller = Caller::new(webhooks);
    let rest = over.div_f64(f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX)));
    for number in 0..count {
        if number % BATCH == 0 {
            until_both_are_known(&mut forger, simulator).await;
        }
        let forgery = forger.draw(&mut dice);
        if let Ok(answer) = caller.call(&forgery.call).await {
            pestered.note(&forgery, answer.status);
        } else {
            pestered.unanswered += 1;
            tokio::time::sleep(PAUSE).await;
        }
        tokio::time::sleep(rest).await;
    }
    Ok(pestered)
}

impl Pestered {
    fn note(&mut self, forgery: &Forgery, status: u16) {
        *self.answers.entry(status).or_default() += 1;
        // A path that is not its own may belong to nobody here: only the forger's own world knows all of them.
        if status == 200 && forgery.status != 200 && forgery.kind != Kind::OtherPath {
            self.taken.push(format!("{:?}, {}: {}", forgery.provider, forgery.kind.label(), forgery.name));
        }
    }
}

fn target(scripted: &Scripted) -> Target {
    Target {
        provider: scripted.sender.provider,
        source: scripted.sender.source,
        sender: scripted.sender.agent,
        id: scripted.id.clone(),
        phone: scripted.phone.clone(),
    }
}

/// What was accepted so far, once that is something of each provider: a replay needs it.
async fn until_both_are_known(forger: &mut Forger, simulator: &Running) {
    loop {
        let accepted = simulator.journal().into_iter().filter(|entry| entry.acknowledged && entry.credible);
        forger.known = accepted.map(|entry| (entry.provider, entry.payload)).collect();
        let has = |provider| forger.known.iter().any(|(whose, _)| *whose == provider);
        if has(Provider::Google) && has(Provider::Vonage) {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
