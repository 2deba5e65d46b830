//! The truth drill: the real server as a process, against the simulator, on a clock that runs fast.
//!
//! Plays a world drawn from a seed, with lost, late, doubled and reordered webhooks and with faults on the way, kills
//! the server now and then, waits until all is quiet, and compares what the server says of each message, and every
//! fact in its store, with what happened. Ends with 1 if anything is not so.

mod audit;
mod classes;
mod clock;
mod judgement;
mod kills;
mod pester;
mod play;
mod reaper;
mod report;
mod script;
mod senders;
mod sms;
mod uptime;
mod verdicts;
mod watch;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use rcs_revoke_simulator::{Running, Simulator};
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::{compare, reality};

use crate::clock::DrillClock;
use crate::compare::Lie;
use crate::judgement::End;
use crate::pester::Pestered;
use crate::play::{Played, Stage};
use crate::reaper::{Reaper, Toll};
use crate::script::Scripted;
use crate::watch::Watch;

/// Real time from the choice of the clock's numbers to the first deed, in which everything starts.
const LEAD: Duration = Duration::from_millis(1_500);
/// All retries of one request take less than this virtual time.
const LONGEST_RETRIES: i64 = 40 * 60_000;

/// Compares what the server says with what happened.
#[derive(Parser)]
#[command(name = "drill")]
struct Args {
    /// How many messages the world has
    #[arg(long, default_value_t = 500)]
    messages: u32,
    /// The world is drawn from it, and the moments of the kills
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Virtual hours in which everything scripted happens
    #[arg(long, default_value_t = 1.0)]
    hours: f64,
    /// Virtual seconds in a real one
    #[arg(long, default_value_t = 60.0)]
    scale: f64,
    /// How often the server is killed with SIGKILL and started again
    #[arg(long, default_value_t = 0)]
    kills: usize,
    /// How many forged and replayed webhooks are sent meanwhile
    #[arg(long, default_value_t = 0)]
    forgeries: usize,
    /// A scenario of the simulator that is laid over the world, such as `chaos`; may be given several times
    #[arg(long)]
    scenario: Vec<String>,
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
    print!("{}", report::world(args, &script));
    let temporary = tempfile::tempdir()?;
    let folder = args.keep.as_deref().unwrap_or(temporary.path());
    let clock = DrillClock::after(LEAD, args.scale);
    let limit = f64::from(world::RATE) * args.scale;
    let simulator = Simulator::start(world::simulated(args, &clock)?).await?;
    let mut server = world::server(args, &clock, folder, &simulator).await?;

    let api = server.api.clone();
    let mut watch = Watch::new(&api, &simulator, clock, limit);
    let Acted { played, toll, pestered } =
        act(args, &script, &simulator, &mut server, &mut watch, clock).await?;
    print!("{}{}{}", report::done(&played), report::toll(&toll), report::pestered(&pestered));
    clock.until(span).await;
    let patience = clock.real(LONGEST_RETRIES + span / 4) + Duration::from_secs(20);
    let quiet = watch.until_quiet(&mut server, span, patience).await?;

    let ended = clock.now();
    let mut verdicts = verdicts::judge_all(&script, &played, &simulator, &api).await?;
    for one in &mut verdicts.judged {
        let key = one.scripted.key();
        one.lies.extend(watch.was_stuck(&key).then_some(Lie::Stuck));
        one.lies.extend(watch.lies.iter().filter(|(liar, _)| *liar == key).map(|(_, lie)| lie.clone()));
    }
    println!("  compared {} times while the world went on, and at its end", watch.comparisons);
    let end = End { toll: &toll, pestered: &pestered, quiet, limit, log: server.log_tail() };
    let details = judgement::details(&verdicts, &simulator, &api).await;
    let told = sms::details(&verdicts, &api).await?;
    let database = server.database();
    let config = server.config();
    server.stop().await?;
    let held = audit::facts(&database).await?;
    let stage = sms::Stage {
        verdicts: &verdicts,
        details: &told,
        simulator: &simulator,
        clock,
        limit,
        away: &toll.away,
        ended,
        request_timeout: world::request_timeout(args),
    };
    let examined = sms::examine(&stage, &database, &held).await?;
    let audit = audit::audit(held, &script, &simulator.truth(), &simulator.journal())?;
    let derived = judgement::is_folded(&world::program(args), &config).await?;
    println!("{}", report::audit(&audit));
    println!("\n{}\n{}", report::table(&verdicts), examined.instead.markdown());
    println!("Counted apart:\n{}{}", report::apart(&verdicts), examined.instead.apart());
    println!("{}", report::waits(&examined));
    let truthful = judgement::of_messages(&verdicts, &audit, &details);
    let fair = judgement::of_sms(&examined, &told, &simulator);
    Ok(judgement::of_world(&simulator, &verdicts, &end) & truthful & fair & derived)
}

/// What was done to the server, and what came of it.
struct Acted {
    played: Played,
    toll: Toll,
    pestered: Pestered,
}

/// Plays the script to its end while the server is watched, lied to, and killed as often as asked for.
async fn act(
    args: &Args,
    script: &[Scripted],
    simulator: &Running,
    server: &mut Server,
    watch: &mut Watch<'_>,
    clock: DrillClock,
) -> Result<Acted> {
    let api = server.api.clone();
    let plan = kills::draw(args.seed, args.kills);
    let is_killed = !plan.is_empty();
    let stage = Stage { script, simulator, api: &api, clock, is_killed };
    let webhooks = server.webhooks.clone();
    let over = clock.real(milliseconds(args.hours));
    let pester = pester::pester(args.forgeries, args.seed, over, script, simulator, &webhooks);
    let mut reaper = Reaper { server, simulator, clock };
    let all = async {
        let (played, toll, pestered) = tokio::try_join!(play::play(stage), reaper.reap(&plan), pester)?;
        Ok(Acted { played, toll, pestered })
    };
    let acted = tokio::select! {
        acted = all => acted,
        Err(error) = watch.keep_looking(script, is_killed) => Err(error),
    };
    acted.with_context(|| format!("the server wrote at last:\n{}", server.log_tail()))
}

#[expect(clippy::cast_possible_truncation, reason = "hours of a drill fit")]
fn milliseconds(hours: f64) -> i64 {
    (hours * 3_600_000.0) as i64
}
