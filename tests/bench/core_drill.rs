//! A truth drill of the core alone: a world of many messages in virtual time, without a server, a socket or a file.
//!
//! Each message is played on its own from a seed. The core decides every request and reads every answer and webhook
//! from its bytes; a little model of the providers keeps the truth; what the core claims is judged as in the drill of
//! the whole server, at drawn instants and at the end.

mod play;
mod provider;
mod script;
mod wire;

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Result, bail};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_tests::tally::Tally;

use crate::figures::Figures;

use self::play::{Falsehood, Played, play};
use self::script::{Script, Sender, senders};

/// Falsehoods that are printed in full.
const SHOWN: usize = 5;

/// What a drill of the core showed.
#[derive(Default)]
pub struct Summary {
    tally: Tally,
    messages: u64,
    threads: usize,
    seconds: f64,
    comparisons: usize,
    requests: usize,
    webhooks: usize,
    falsehoods: Vec<Falsehood>,
}

/// Plays the world of that seed on all processors.
pub fn run(messages: u64, seed: u64) -> Summary {
    let senders = senders();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let parts = std::thread::scope(|scope| {
        let part = |first| {
            let senders = &senders;
            move || some(senders, (first..messages).step_by(threads), seed)
        };
        let running: Vec<_> = (0..).take(threads).map(|first| scope.spawn(part(first))).collect();
        let ended = running.into_iter().map(|thread| thread.join().expect("a drill that panics shows why"));
        ended.collect::<Vec<_>>()
    });
    let mut all = Summary { messages, threads, seconds: began.elapsed().as_secs_f64(), ..Summary::default() };
    for part in parts {
        all.tally.merge(part.tally);
        all.comparisons += part.comparisons;
        all.requests += part.requests;
        all.webhooks += part.webhooks;
        all.falsehoods.extend(part.falsehoods);
    }
    all
}

fn some(senders: &[Sender], numbers: impl Iterator<Item = u64>, seed: u64) -> Summary {
    let mut summary = Summary::default();
    for number in numbers {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        let sender = script::one_of(&mut random, &senders.iter().collect::<Vec<_>>());
        let script = Script::draw(number, sender, &mut random);
        summary.add(play(sender, &script, &mut random));
    }
    summary
}

impl Summary {
    fn add(&mut self, played: Played) {
        self.tally.add(played.claim.as_ref().map(|claim| &claim.verdict), played.truth);
        self.comparisons += played.comparisons;
        self.requests += played.requests;
        self.webhooks += played.webhooks;
        self.falsehoods.extend(played.falsehoods);
    }

    fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.messages).unwrap_or(u32::MAX)) / self.seconds
    }

    /// Adds the figure of the core's drill.
    ///
    /// # Errors
    /// When anything that the core claimed was false.
    pub fn add_to(&self, figures: &mut Figures) -> Result<()> {
        let beside = format!("{} claims compared, none false; {} threads", self.comparisons, self.threads);
        let what = "Core: messages played and judged in process";
        figures.add("core_drill_messages_per_second", what, self.per_second(), "/s", beside);
        self.verdict()
    }

    /// Says nothing if nothing was false.
    ///
    /// # Errors
    /// When anything that the core claimed was false, with the first cases.
    pub fn verdict(&self) -> Result<()> {
        if self.falsehoods.is_empty() {
            return Ok(());
        }
        let mut text =
            format!("{} of {} claims of the core were false:", self.falsehoods.len(), self.comparisons);
        for Falsehood { message, at, what, evidence } in self.falsehoods.iter().take(SHOWN) {
            let _ = write!(text, "\n  {message} at {at}: {what}\n    {evidence}");
        }
        bail!("{text}")
    }

    /// The whole result for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "core drill: {} messages in {:.1} s on {} threads ({:.0}/s): {} requests, {} webhooks\n  \
             {} claims compared with what happened, {} false\n\n\
             Six hours after the last wish:\n\n{}\n",
            self.messages,
            self.seconds,
            self.threads,
            self.per_second(),
            self.requests,
            self.webhooks,
            self.comparisons,
            self.falsehoods.len(),
            self.tally.markdown(),
        );
        for kind in ["revoked by answer", "presumed_revoked", "presumed_delivered", "unconfirmed"] {
            let (all, delivered) = self.tally.of(kind);
            let _ = writeln!(text, "  {kind}: {all}, in truth delivered: {delivered}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn one_seed_is_one_world_and_nothing_in_it_is_false() {
        let (first, second) = (run(400, 9), run(400, 9));
        first.verdict().unwrap();
        assert_eq!(first.tally.markdown(), second.tally.markdown());
        assert_ne!(first.tally.markdown(), run(400, 10).tally.markdown());
    }
}
