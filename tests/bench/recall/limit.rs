//! Recalls at a provider with a limit and latency, with one `kill -9` in the middle.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use rcs_revoke_simulator::config::{RateLimit, Sender as SenderConfig, VonageConfig};
use rcs_revoke_simulator::{Config, FaultKind, NewFault, Route, Running, Simulator};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::world::{Settings, start_server};
use tokio::runtime::Handle;

use crate::figures::Figures;
use crate::machine::load;
use crate::recall::arrivals::Arrivals;
use crate::recall::{ACCEPTED, recall, send, silent};
use crate::rig::{SENDER, until_counted};

/// Requests per second, and what is measured at them.
const LIMITS: [(u32, [&str; 3]); 3] = [
    (30, ["recall_used_at_30", "Recall at 30/s: used of the limit", "recall_busiest_at_30"]),
    (100, ["recall_used_at_100", "Recall at 100/s: used of the limit", "recall_busiest_at_100"]),
    (800, ["recall_used_at_800", "Recall at 800/s: used of the limit", "recall_busiest_at_800"]),
];
const LATENCY_MS: u64 = 120;
/// What is asked for.
const LEAST_USED: f64 = 0.98;
/// A pause this long is the one of the restart.
const RESTART_MS: i64 = 900;
/// How often the provider is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// Measures all limits and adds the figures.
///
/// # Errors
/// When something does not start, too little of a limit was used, or more than all.
pub async fn measure(
    providers: &Handle,
    quick: bool,
    only: Option<u32>,
    figures: &mut Figures,
) -> Result<()> {
    let seconds = if quick { 5 } else { 15 };
    let mut verdict = Ok(());
    for (limit, names) in LIMITS.into_iter().filter(|(limit, _)| only.is_none_or(|only| only == *limit)) {
        verdict = verdict.and(at(providers, limit, seconds, names, figures).await?);
    }
    verdict
}

/// Recalls for about so many seconds, ends the server halfway, and has it go on. The inner result is the verdict.
async fn at(
    providers: &Handle,
    limit: u32,
    seconds: u32,
    [used_name, used_what, busiest_name]: [&'static str; 3],
    figures: &mut Figures,
) -> Result<Result<()>> {
    let simulator = providers.spawn(Simulator::start(world(limit))).await??;
    let folder = tempfile::tempdir()?;
    let settings =
        Settings { senders: &[SENDER], rate: limit, request_timeout: "30s", clock: None, classes: "" };
    let mut server = start_server(&built_program("rcs-revoke"), folder.path(), &simulator, &settings).await?;
    let count = usize::try_from(limit * seconds * 2)?;
    let ids = send(&simulator, count)?;
    recall(&server, &ids).await?;
    until_arrived(&mut server, &simulator, count / 2).await?;
    server.kill().await?;
    let began = Instant::now();
    server.start_again()?;
    server.ready_since(began).await?;
    let patience = Duration::from_secs(u64::from(seconds) * 4 + 60);
    until_counted(&mut server, &ACCEPTED, count, patience).await?;
    server.stop().await?;

    let arrivals = Arrivals::at(&simulator, RESTART_MS);
    let stats = simulator.stats();
    let key = stats.keys.get("vonage").cloned().unwrap_or_default();
    let used = arrivals.used(limit);
    let beside = format!(
        "{LATENCY_MS} ms latency, {} requests in runs of {:?}, {} s without any at the kill -9{}",
        key.requests,
        arrivals.runs(),
        arrivals.pause() / 1_000,
        load()
    );
    figures.add(used_name, used_what, used * 100.0, "%", beside);
    let busiest = u32::try_from(key.busiest_second)?;
    let refused = stats.routes.get(&Route::VonageRevoke).and_then(|route| route.answers.get("429").copied());
    let beside = format!("of {limit} allowed, over the kill -9; {} answers were 429", refused.unwrap_or(0));
    figures.add(busiest_name, "… its busiest second at the provider", f64::from(busiest), "", beside);
    Ok(judge(limit, used, busiest))
}

fn judge(limit: u32, used: f64, busiest: u32) -> Result<()> {
    ensure!(busiest <= limit, "{busiest} requests in a second, {limit} allowed");
    ensure!(used >= LEAST_USED, "only {:.1} % of {limit}/s were used", used * 100.0);
    Ok(())
}

fn world(limit: u32) -> Config {
    let latency = FaultKind::Latency { ms: LATENCY_MS, jitter_ms: 0, after_effect: true };
    Config {
        vonage: VonageConfig {
            senders: vec![SenderConfig { name: SENDER.agent.to_owned(), region: SENDER.home }],
            rate_limit: Some(RateLimit { per_second: limit, enforce: true, virtual_seconds: false }),
            behaviour: silent(),
            ..VonageConfig::default()
        },
        faults: vec![NewFault { route: Some(Route::VonageRevoke), ..NewFault::new(latency) }],
        ..Config::default()
    }
}

async fn until_arrived(server: &mut Server, simulator: &Running, count: usize) -> Result<()> {
    let began = Instant::now();
    loop {
        server.still_runs()?;
        let stats = simulator.stats();
        let arrived = stats.routes.get(&Route::VonageRevoke).map_or(0, |route| route.requests);
        if usize::try_from(arrived)? >= count {
            return Ok(());
        }
        if began.elapsed() > Duration::from_mins(3) {
            bail!("only {arrived} of {count} requests arrived");
        }
        tokio::time::sleep(GLANCE).await;
    }
}
