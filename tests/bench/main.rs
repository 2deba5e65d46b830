//! Sizes, speed and memory of the release builds; speeds beside what a bare loop of the same client does on the same
//! machine at the same time, because only the ratio means something elsewhere.

mod core_drill;
mod figures;
mod load;
mod machine;
mod micro;
mod recall;
mod revoking;
mod rig;
mod schedules;
mod sizes;
mod webhooks;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use crate::figures::Figures;
use crate::rig::Rig;

/// What the threads of the bare loops are called.
pub const CLIENT_THREADS: &str = "bench-client";

/// Measures what the README's table shows.
#[derive(Parser)]
#[command(name = "bench")]
struct Args {
    /// Smaller loads, each once
    #[arg(long)]
    quick: bool,
    /// Prints JSON instead of the table
    #[arg(long)]
    json: bool,
    /// Measures this part alone
    #[arg(long)]
    only: Option<Part>,
    /// How many messages the drill of the core has, or how many revocations are scheduled
    #[arg(long, default_value_t = 100_000)]
    messages: u64,
    /// Recalls at this limit alone: 30, 100 or 800
    #[arg(long)]
    limit: Option<u32>,
    /// The drill of the core is drawn from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A part that can be measured alone, without a console.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Part {
    /// The truth drill of the core, in process
    CoreDrill,
    /// A restart with many scheduled revocations
    Schedules,
    /// Recalls: how much of a limit they use, and how fast they are without one
    Recall,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Revocations or webhooks in one round.
    pub round: usize,
    /// Rounds; the median counts.
    pub rounds: usize,
}

fn main() -> Result<()> {
    let args = Args::parse();
    if let Some(Part::CoreDrill) = args.only {
        let drill = core_drill::run(args.messages, args.seed);
        println!("{}", drill.text());
        return drill.verdict();
    }
    if let Some(Part::Schedules) = args.only {
        return schedules(&args);
    }
    if let Some(Part::Recall) = args.only {
        return recalls(&args);
    }
    let effort =
        if args.quick { Effort { round: 2_000, rounds: 1 } } else { Effort { round: 10_000, rounds: 3 } };
    let mut figures = Figures::default();
    sizes::measure(&mut figures)?;
    micro::measure(&mut figures, args.quick);
    let messages = if args.quick { args.messages / 10 } else { args.messages };
    core_drill::run(messages, args.seed).add_to(&mut figures)?;
    let runtime = tokio::runtime::Runtime::new()?;
    // The simulator lives on threads of its own, so that it is as far from the client as another process.
    let providers = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        schedules::measure(providers.handle(), usize::try_from(messages)?, &mut figures).await?;
        let mut rig = Rig::new(providers.handle(), effort).await?;
        revoking::measure(&mut rig, effort, &mut figures).await?;
        webhooks::measure(&mut rig, effort, &mut figures).await?;
        rig.stop().await
    })?;
    print(&args, &figures)
}

fn schedules(args: &Args) -> Result<()> {
    let mut figures = Figures::default();
    let (runtime, providers) = (tokio::runtime::Runtime::new()?, tokio::runtime::Runtime::new()?);
    let count = usize::try_from(args.messages)?;
    let measured = runtime.block_on(schedules::measure(providers.handle(), count, &mut figures));
    print(args, &figures)?;
    measured
}

fn recalls(args: &Args) -> Result<()> {
    let mut figures = Figures::default();
    let (runtime, providers) = (client_runtime()?, tokio::runtime::Runtime::new()?);
    let measured =
        runtime.block_on(recall::measure(providers.handle(), args.quick, args.limit, &mut figures));
    print(args, &figures)?;
    measured
}

/// The runtime of the bare loops, on threads that can be told from others.
fn client_runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().thread_name(CLIENT_THREADS).enable_all().build()?)
}

fn print(args: &Args, figures: &Figures) -> Result<()> {
    println!("{}", if args.json { figures.json()? } else { figures.table(&machine::describe()) });
    Ok(())
}
