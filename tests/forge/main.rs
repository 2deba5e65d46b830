//! Forgeries: a real server is told lies in the name of both providers, and must believe none.
//!
//! Every named case once, and beyond them drawn ones up to the number asked for. Prints what was answered, and ends
//! with 1 if a status is not the documented one, or if anything that is known of any message changed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use rcs_revoke_simulator::Provider;
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::forge::trial::Report;
use rcs_revoke_tests::forge::{named, trial};

/// Tells a real server lies in the name of both providers.
#[derive(Parser)]
#[command(name = "forge")]
struct Args {
    /// How many forgeries; every named case is among them
    #[arg(long, default_value_t = 2_000)]
    count: usize,
    /// Everything beyond the named cases is drawn from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The server, if it is not the one that was built beside this program
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Only prints the named cases with their statuses
    #[arg(long)]
    list: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    if args.list {
        list();
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    let program = args.binary.clone().unwrap_or_else(|| built_program("rcs-revoke"));
    let report = trial::run(&program, folder.path(), args.count, args.seed).await?;
    print(&report, args.seed);
    Ok(if report.complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn list() {
    for provider in [Provider::Google, Provider::Vonage] {
        for (kind, name, status) in named(provider) {
            println!("{:<8} {:<16} {status}  {name}", format!("{provider:?}"), kind.label());
        }
    }
}

fn print(report: &Report, seed: u64) {
    let mib = |bytes: u64| bytes >> 20;
    let (before, now, most) = report.memory;
    println!("Seed {seed}: {} forgeries in {:.1} s\n", report.count(), report.took.as_secs_f64());
    println!("{}", report.table());
    println!(
        "memory of the server: {} MiB before, {} MiB after, {} MiB at most",
        mib(before),
        mib(now),
        mib(most)
    );
    println!("kept outside the facts: {} before, {} after", report.kept.0, report.kept.1);
    for (when, state) in [("before", &report.before), ("after", &report.after)] {
        if let Some(state) = state {
            println!("{when:<7} {} facts {}, messages {}", state.count, state.facts, state.messages);
        }
    }
    if report.complaints.is_empty() {
        println!("\nNothing was believed.");
    }
    for complaint in &report.complaints {
        println!("\nWRONG: {complaint}");
    }
}
