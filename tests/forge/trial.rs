//! A trial: many forgeries against one server, and whether anything came of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Result;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::Provider;

use super::store::State;
use super::wire::Caller;
use super::world::World;
use super::{Call, Forgery, Kind};

/// Callers at a time.
const AT_ONCE: usize = 8;
/// Forgeries that are made before they are sent; some have a megabyte.
const BATCH: usize = 256;
/// No trial takes longer.
const LONGEST: Duration = Duration::from_mins(10);
/// Complaints that are kept in full.
const SHOWN: usize = 20;
/// What the server may use at most: about three times of what was measured in 10,000 forgeries.
const MOST_MEMORY: u64 = 256 << 20;

/// What came of a trial.
#[derive(Debug, Default)]
pub struct Report {
    /// How many calls there were of each kind, provider and status.
    pub answers: BTreeMap<(Kind, Provider, u16), usize>,
    /// What must not be.
    pub complaints: Vec<String>,
    /// The state before.
    pub before: Option<State>,
    /// The state after every forgery, and after a restart with every accepted call sent again.
    pub after: Option<State>,
    /// Webhooks kept outside the facts, before and after.
    pub kept: (i64, i64),
    /// The memory that the server used before, afterwards and at most, in bytes.
    pub memory: (u64, u64, u64),
    /// How long the forgeries took.
    pub took: Duration,
}

impl Report {
    /// How many forgeries there were.
    pub fn count(&self) -> usize {
        self.answers.values().sum()
    }

    /// The table of kinds and statuses.
    pub fn table(&self) -> String {
        let mut text = format!("{:<16} {:<8} {}\n", "kind", "provider", "status × count");
        for kind in Kind::ALL {
            for provider in [Provider::Google, Provider::Vonage] {
                let of_both =
                    |(found, whose, _): &(Kind, Provider, u16)| *found == kind && *whose == provider;
                let answers: Vec<String> = self
                    .answers
                    .iter()
                    .filter(|(key, _)| of_both(key))
                    .map(|((.., status), count)| format!("{status} × {count}"))
                    .collect();
                if !answers.is_empty() {
                    let provider = format!("{provider:?}");
                    writeln!(text, "{:<16} {provider:<8} {}", kind.label(), answers.join(", "))
                        .expect("a string takes everything");
                }
            }
        }
        text
    }

    fn complain(&mut self, about: String) {
        self.complaints.push(about);
    }
}

/// Tries a server with every named case and, beyond them, with drawn ones, `count` in all; then restarts it, sends
/// again everything that it had accepted, and at last something new.
///
/// # Errors
/// When the world cannot be set, or the server does not answer.
pub async fn run(program: &Path, folder: &Path, count: usize, seed: u64) -> Result<Report> {
    let mut world = World::set(program, folder).await?;
    let mut report = Report::default();
    let mut store = world.store().await?;
    store.until_at_rest(LONGEST).await?;
    report.before = Some(store.state().await?);
    report.kept.0 = store.kept().await?;
    report.memory.0 = world.memory()?.0;

    let began = Instant::now();
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let corpus = world.forger.corpus(seed);
    let drawn = count.saturating_sub(corpus.len());
    let (mut corpus, mut left) = (corpus.into_iter(), drawn);
    loop {
        let mut batch: Vec<Forgery> = corpus.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            let size = left.min(BATCH);
            left -= size;
            batch = (0..size).map(|_| world.forger.draw(&mut dice)).collect();
        }
        if batch.is_empty() {
            break;
        }
        send(&mut report, &world.server.webhooks, batch).await?;
        world.server.still_runs()?;
    }
    report.took = began.elapsed();
    let (now, most) = world.memory()?;
    (report.memory.1, report.memory.2) = (now, most);
    if most > MOST_MEMORY {
        report.complain(format!("the server used {} MiB", most >> 20));
    }
    report.kept.1 = store.kept().await?;
    unchanged(&mut report, store.state().await?, "the forgeries");
    drop(store);

    let world = world.restart().await?;
    let mut store = world.store().await?;
    again(&mut report, &world).await?;
    unchanged(&mut report, store.state().await?, "a restart and replays");
    something_new(&mut report, &world).await?;
    let with_news = store.state().await?;
    if Some(with_news.count) != report.before.as_ref().map(|before| before.count + 2) {
        report.complain("two new webhooks are not two new facts".to_owned());
    }
    world.server.stop().await?;
    Ok(report)
}

fn unchanged(report: &mut Report, now: State, after: &str) {
    if report.before.as_ref() != Some(&now) {
        report.complain(format!("the facts changed after {after}: {:?} became {now:?}", report.before));
    }
    report.after = Some(now);
}

/// Sends these, several at a time.
async fn send(report: &mut Report, root: &str, batch: Vec<Forgery>) -> Result<()> {
    let (batch, next) = (Arc::new(batch), Arc::new(AtomicUsize::new(0)));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let mut callers = Vec::new();
    for _ in 0..AT_ONCE {
        let (batch, next, heard) = (Arc::clone(&batch), Arc::clone(&next), Arc::clone(&heard));
        let mut caller = Caller::new(root);
        callers.push(tokio::spawn(async move {
            while let Some(forgery) = batch.get(next.fetch_add(1, Ordering::Relaxed)) {
                let answer = caller.call(&forgery.call).await;
                let answer = answer.map_err(|error| format!("{error:#}"));
                let key = (forgery.kind, forgery.provider, answer.as_ref().map_or(0, |answer| answer.status));
                let complaint = match answer {
                    Err(error) => Some(error),
                    Ok(answer) if answer.status != forgery.status => Some(format!(
                        "answered {}, not {}: {:?}",
                        answer.status, forgery.status, forgery.call
                    )),
                    Ok(answer) if !answer.body.is_empty() => {
                        Some(format!("answered {:?}", String::from_utf8_lossy(&answer.body)))
                    }
                    Ok(_) => None,
                };
                let complaint = complaint.map(|text| {
                    format!("{:?}, {}, {}: {text}", forgery.provider, forgery.kind.label(), forgery.name)
                });
                heard.lock().expect("nobody panics while holding this lock").push((key, complaint));
            }
        }));
    }
    for caller in callers {
        caller.await?;
    }
    for (key, complaint) in heard.lock().expect("nobody panics while holding this lock").drain(..) {
        *report.answers.entry(key).or_default() += 1;
        if let Some(complaint) = complaint
            && report.complaints.len() < SHOWN
        {
            report.complain(complaint);
        }
    }
    Ok(())
}

/// Everything that was accepted before, sent again.
async fn again(report: &mut Report, world: &World) -> Result<()> {
    let mut caller = Caller::new(&world.server.webhooks);
    for call in &world.accepted {
        let answer = caller.call(call).await?;
        if answer.status != 200 {
            report.complain(format!("a replay was answered {}: {call:?}", answer.status));
        }
    }
    Ok(())
}

/// A genuine webhook of each provider about a message that nothing was said of yet.
async fn something_new(report: &mut Report, world: &World) -> Result<()> {
    let mut caller = Caller::new(&world.server.webhooks);
    for (provider, word) in [(Provider::Google, "DELIVERED"), (Provider::Vonage, "delivered")] {
        let index = world.forger.targets.iter().position(|target| target.provider == provider);
        let Some(index) = index else { continue };
        let target = &world.forger.targets[index];
        let call: Call = world.genuine(index, &target.event(word, 77));
        let answer = caller.call(&call).await?;
        if answer.status != 200 {
            report.complain(format!("a new webhook was answered {}: {call:?}", answer.status));
        }
        world.until(&target.key(), "delivered").await?;
    }
    Ok(())
}
