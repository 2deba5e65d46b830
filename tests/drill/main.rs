//! The truth drill: the real server as a process, against the simulator, on a clock that runs fast.
//!
//! Plays a world drawn from a seed, with lost, late, doubled and reordered webhooks and with faults on the way, waits
//! until all is quiet, and compares what the server says of each message with what happened to it. Ends with 1 if
//! anything it says is not so. It kills nothing and forges nothing.

mod clock;
mod play;
mod report;
mod script;
mod senders;
mod verdicts;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use rcs_revoke_simulator::config::{Agent, GoogleConfig, RateLimit, Sender, VonageConfig};
use rcs_revoke_simulator::{Config, Provider, Route, Running, Simulator};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::world::{Settings, start_server};
use rcs_revoke_tests::{compare, reality};

use crate::clock::DrillClock;
use crate::compare::Lie;
use crate::play::Stage;
use crate::senders::SENDERS;
use crate::verdicts::Verdicts;
use crate::watch::Watch;

/// Requests per virtual second that each account may send. Low, so that a recall of many has to wait its turn.
const RATE: u32 = 1;
/// A virtual time-out that is a whole real second at the usual scale: sockets know nothing of virtual time.
const REQUEST_TIMEOUT: &str = "60s";
/// Real time from the choice of the clock's numbers to the first deed, in which everything starts.
const LEAD: Duration = Duration::from_millis(1_500);
/// All retries of one request take less than this virtual time.
const LONGEST_RETRIES: i64 = 40 * 60_000;
/// Offenders that are printed in full.
const SHOWN: usize = 5;

/// Compares what the server says with what happened.
#[derive(Parser)]
#[command(name = "drill")]
struct Args {
    /// How many messages the world has
    #[arg(long, default_value_t = 500)]
    messages: u32,
    /// The world is drawn from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Virtual hours in which everything scripted happens
    #[arg(long, default_value_t = 1.0)]
    hours: f64,
    /// Virtual seconds in a real one
    #[arg(long, default_value_t = 60.0)]
    scale: f64,
    /// The server, if it is not the one that was built beside this program
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Keeps the server's folder (configuration, database, log) here
    #[arg(long)]
    keep: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let began = Instant::now();
    let sound = drill(&args).await?;
    println!("\nTook {:.1} s.", began.elapsed().as_secs_f64());
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Plays one world and prints what came of it; says whether everything was as it must be.
async fn drill(args: &Args) -> Result<bool> {
    let span = milliseconds(args.hours);
    let script = script::draw(args.seed, args.messages, span);
    println!(
        "Seed {}: {} messages, {} virtual hours, {}× as fast",
        args.seed, args.messages, args.hours, args.scale
    );
    print!("{}", report::world(&script));

    let temporary = tempfile::tempdir()?;
    let folder = args.keep.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let clock = DrillClock::after(LEAD, args.scale);
    let limit = f64::from(RATE) * args.scale;
    let simulator = Simulator::start(world(args, &clock)).await?;
    let settings = Settings {
        senders: &SENDERS,
        rate: RATE,
        request_timeout: REQUEST_TIMEOUT,
        clock: Some(clock.numbers()),
    };
    let program = args.binary.clone().unwrap_or_else(|| built_program("rcs-revoke"));
    let mut server = start_server(&program, folder, &simulator, &settings).await?;

    let api = server.api.clone();
    let mut watch = Watch::new(&api, &simulator, clock, limit);
    let stage = Stage { script: &script, simulator: &simulator, api: &api, clock };
    let played = tokio::select! {
        played = play::play(stage) => played,
        Err(error) = watch.keep_looking(&script) => Err(error),
    };
    let played = played.with_context(|| format!("the server wrote at last:\n{}", server.log_tail()))?;
    print!("{}", report::done(&played));
    clock.until(span).await;
    let patience = clock.real(LONGEST_RETRIES + span / 4) + Duration::from_secs(20);
    let quiet = watch.until_quiet(&mut server, span, patience).await?;

    let mut verdicts = verdicts::judge_all(&script, &played, &simulator, &api).await?;
    for one in verdicts.judged.iter_mut().filter(|one| watch.was_stuck(&one.scripted.key())) {
        one.lies.push(Lie::Stuck);
    }
    for one in &mut verdicts.judged {
        let key = one.scripted.key();
        one.lies.extend(watch.lies.iter().filter(|(liar, _)| *liar == key).map(|(_, lie)| lie.clone()));
    }
    println!("  compared {} times while the world went on, and at its end", watch.comparisons);
    println!("\n{}\nCounted apart:\n{}", report::table(&verdicts), report::apart(&verdicts));
    let sound = judge_world(&verdicts, &simulator, &server, quiet, limit).await;
    server.stop().await?;
    Ok(sound)
}

/// The simulator's side of the drill.
fn world(args: &Args, clock: &DrillClock) -> Config {
    let rate_limit = Some(RateLimit { per_second: RATE, enforce: false, virtual_seconds: true });
    let of = |provider: Provider| SENDERS.iter().filter(move |sender| sender.provider == provider);
    let agents = of(Provider::Google).map(|sender| Agent { id: sender.agent.to_owned(), webhook_url: None });
    let senders =
        of(Provider::Vonage).map(|sender| Sender { name: sender.agent.to_owned(), region: sender.home });
    Config {
        seed: args.seed,
        clock: clock.config(),
        google: GoogleConfig { agents: agents.collect(), rate_limit, ..GoogleConfig::default() },
        vonage: VonageConfig { senders: senders.collect(), rate_limit, ..VonageConfig::default() },
        faults: script::trouble::for_all(),
        ..Config::default()
    }
}

/// Prints everything that must not be, and says whether there was nothing.
async fn judge_world(
    verdicts: &Verdicts<'_>,
    simulator: &Running,
    server: &Server,
    quiet: bool,
    limit: f64,
) -> bool {
    let mut sound = true;
    let stats = simulator.stats();
    // Faults answer before a key's limit is looked at, so all that arrived is counted as well, in real seconds.
    for (route, stats) in stats.routes.iter().filter(|(route, _)| is_revoke(**route)) {
        if to_float(stats.busiest_second) > limit {
            println!(
                "FAILED: {} requests of {route:?} in a real second, {limit} allowed",
                stats.busiest_second
            );
            sound = false;
        }
    }
    for (key, stats) in stats.keys {
        println!(
            "  {key}: {} requests, at most {} in a second of its clock",
            stats.requests, stats.busiest_second
        );
        if stats.violations > 0 {
            println!("FAILED: the rate limit of {key} was exceeded {} times", stats.violations);
            sound = false;
        }
    }
    if !verdicts.invented.is_empty() {
        println!("FAILED: the store has messages that the world never had: {:?}", verdicts.invented);
        sound = false;
    }
    let liars: Vec<_> = verdicts.judged.iter().filter(|one| !one.lies.is_empty()).collect();
    for one in &liars {
        let lies: Vec<String> = one.lies.iter().map(ToString::to_string).collect();
        println!("FAILED: {} {}", one.scripted.key(), lies.join("; "));
    }
    for one in liars.iter().take(SHOWN) {
        let detail = server.api.message(&one.scripted.key()).await;
        let detail = detail.map(|detail| serde_json::to_string_pretty(&detail).unwrap_or_default());
        let truth = simulator.truth_of(&one.scripted.id).map(|truth| serde_json::to_string_pretty(&truth));
        println!(
            "\n{}\nwhat it says: {}",
            one.scripted.key(),
            detail.unwrap_or_else(|error| error.to_string())
        );
        println!("what happened: {}", truth.and_then(Result::ok).unwrap_or_default());
    }
    if !quiet {
        println!("It did not come to rest; the server wrote at last:\n{}", server.log_tail());
    }
    if sound && liars.is_empty() && quiet {
        println!("Nothing that it says is false.");
    }
    sound && liars.is_empty() && quiet
}

const fn is_revoke(route: Route) -> bool {
    matches!(route, Route::GoogleRevoke | Route::VonageRevoke)
}

fn to_float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[expect(clippy::cast_possible_truncation, reason = "hours of a drill fit")]
fn milliseconds(hours: f64) -> i64 {
    (hours * 3_600_000.0) as i64
}
