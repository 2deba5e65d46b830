//! The truth drill: the real server as a process, against the simulator, on a clock that runs fast.
//!
//! Plays a world drawn from a seed, with lost, late, doubled and reordered webhooks and with faults on the way, kills
//! the server now and then, waits until all is quiet, and compares what the server says of each message, and every
//! fact in its store, with what happened. Ends with 1 if anything is not so.

mod audit;
mod batch;
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
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use rcs_revoke_simulator::{Running, Simulator};
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::{compare, reality};

use crate::batch::{Conducted, Conductor};
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
    /// Most of the messages are taken back by one batch, and it is in its middle that the server is killed
    #[arg(long)]
    batch: bool,
    /// Requests of each account per virtual second; unless told few, or with a batch as many as let it end in minutes
    #[arg(long)]
    rate: Option<u32>,
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

/// Real seconds in which the accounts could take a whole batch, if nothing else were in the way.
const BATCH_SECONDS: f64 = 150.0;
/// More than this a small machine does not do while it plays the world as well; then its own slowness would be judged.
const FASTEST: u32 = 3;
/// Requests that a message of a batch takes, and the accounts that share them.
const REQUESTS: f64 = 1.5 / 2.0;

impl Args {
    /// Requests per virtual second that each account may send. Low, so that a recall of many has to wait its turn.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate fits")]
    fn rate(&self) -> u32 {
        let of_batch = || (f64::from(self.messages) * REQUESTS / BATCH_SECONDS / self.scale).ceil() as u32;
        self.rate.unwrap_or_else(|| if self.batch { of_batch().clamp(1, FASTEST) } else { 1 })
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let began = Instant::now();
    let sound = Box::pin(drill(&args)).await?;
    println!("\nTook {:.1} s.", began.elapsed().as_secs_f64());
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Plays one world and prints what came of it; says whether everything was as it must be.
async fn drill(args: &Args) -> Result<bool> {
    let span = milliseconds(args.hours);
    let draw = if args.batch { script::batch::draw_with_batch } else { script::draw };
    let script = draw(args.seed, args.messages, span);
    print!("{}", report::world(args, &script));
    let temporary = tempfile::tempdir()?;
    let folder = args.keep.as_deref().unwrap_or(temporary.path());
    let clock = DrillClock::after(LEAD, args.scale);
    let limit = f64::from(args.rate()) * args.scale;
    let simulator = Simulator::start(world::simulated(args, &clock)?).await?;
    let mut server = world::server(args, &clock, folder, &simulator).await?;

    let api = server.api.clone();
    let mut watch = Watch::new(&api, &simulator, clock, limit);
    let Acted { played, toll, pestered, conducted } =
        Box::pin(act(args, &script, &simulator, &mut server, &mut watch, clock)).await?;
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
    let said = match &conducted {
        Some(conducted) => Some((conducted, batch::judge::ask(&api, conducted).await?)),
        None => None,
    };
    let database = server.database();
    let config = server.config();
    server.stop().await?;
    let held = audit::facts(&database).await?;
    // While it is paused, nothing of a batch leaves that would have to.
    let pauses = said.iter().flat_map(|(conducted, _)| conducted.pauses.iter().copied());
    let away = toll.away.iter().copied().chain(pauses).collect();
    let stage = sms::Stage {
        verdicts: &verdicts,
        details: &told,
        simulator: &simulator,
        clock,
        limit,
        away: &away,
        ended,
        request_timeout: world::request_timeout(args),
    };
    let examined = sms::examine(&stage, &database, &held).await?;
    let of_batch = match &said {
        Some((conducted, said)) => {
            let stored = batch::judge::stored(&database).await?;
            Some(batch::judge::judge(conducted, said, &stored, &script, &held, &simulator))
        }
        None => None,
    };
    let audit = audit::audit(held, &script, &simulator.truth(), &simulator.journal())?;
    let derived = judgement::is_folded(&world::program(args), &config).await?;
    println!("{}", report::audit(&audit));
    println!("\n{}\n{}", report::table(&verdicts), examined.instead.markdown());
    println!("Counted apart:\n{}{}", report::apart(&verdicts), examined.instead.apart());
    println!("{}", report::waits(&examined));
    let truthful = judgement::of_messages(&verdicts, &audit, &details);
    let fair = judgement::of_sms(&examined, &told, &simulator);
    let whole = of_batch.is_none_or(|(wrong, line)| judgement::of_batch(&wrong, &line));
    Ok(judgement::of_world(&simulator, &verdicts, &end) & truthful & fair & derived & whole)
}

/// What was done to the server, and what came of it.
struct Acted {
    played: Played,
    toll: Toll,
    pestered: Pestered,
    conducted: Option<Conducted>,
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
    let done_until = AtomicI64::new(i64::MIN);
    let stage = Stage { script, simulator, api: &api, clock, is_killed, done_until: &done_until };
    let webhooks = server.webhooks.clone();
    let over = clock.real(milliseconds(args.hours));
    let pester = pester::pester(args.forgeries, args.seed, over, script, simulator, &webhooks);
    let mut reaper = Reaper { server, simulator, clock, batch: None };
    let killing = async {
        if args.batch {
            let span = milliseconds(args.hours);
            let mut conductor = Conductor { reaper, script, seed: args.seed, done_until: &done_until, span };
            let (conducted, toll) = conductor.conduct(args.kills, &plan).await?;
            return Ok((Some(conducted), toll));
        }
        anyhow::Ok((None, reaper.reap(&plan).await?))
    };
    let all = async {
        let (played, (conducted, toll), pestered) = tokio::try_join!(play::play(stage), killing, pester)?;
        Ok(Acted { played, toll, pestered, conducted })
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
