//! Every chore of this repository: `cargo xtask …`.
//!
//! It installs what is missing, builds, starts and tests. It depends on none of our own crates, so
//! that it compiles in seconds and still works while they do not compile.

mod bench;
mod check;
mod console;
mod drill;
mod fingerprint;
mod forge;
mod fuzz;
mod pack;
mod process;
mod progress;
mod prove;
mod run;
mod setup;
mod soak;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Every chore of this repository")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build what is missing and start the server: with simulated providers and demo messages, or,
    /// with `-- --config my.toml`, with your own sources
    Run(run::Args),
    /// Install what the tests need and run them all, or only the named parts
    Test(test::Args),
    /// Build the console into `dist/`
    Console(console::Args),
    /// Install the tools that the other chores need, and nothing else
    Setup(setup::Args),
    /// Build the npm package and pack it into `target/npm/`
    Pack,
    /// Formatting and lints, for the server and for WebAssembly
    Check,
    /// Send messages through the real server and compare its outcomes with the simulator's truth
    Drill(drill::Args),
    /// Check the core's decisions on every set of up to seven facts, in every order, and show the counts
    Prove(prove::Args),
    /// The drill over 72 virtual hours with kills, forgeries and a chaotic world
    Soak(soak::Args),
    /// Tell the real server lies in the name of both providers, and look whether it believed any
    Forge(forge::Args),
    /// Measure sizes, speed and memory
    Bench(bench::Args),
    /// Fuzz everything that reads what comes from outside; needs a nightly compiler and cargo-fuzz
    Fuzz(fuzz::Args),
}

fn main() -> ExitCode {
    match Workspace::find().and_then(|workspace| carry_out(&workspace, Cli::parse().chore)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(workspace: &Workspace, chore: Chore) -> anyhow::Result<ExitCode> {
    match chore {
        Chore::Run(args) => return run::run(workspace, &args),
        Chore::Drill(args) => return drill::drill(workspace, &args),
        Chore::Soak(args) => return soak::soak(workspace, &args),
        Chore::Forge(args) => return forge::forge(workspace, &args),
        Chore::Bench(args) => return bench::bench(workspace, &args),
        Chore::Fuzz(args) => fuzz::fuzz(workspace, &args)?,
        Chore::Test(args) => test::test(workspace, &args)?,
        Chore::Console(args) => console::console(workspace, &args)?,
        Chore::Setup(args) => setup::setup(workspace, &args)?,
        Chore::Check => check::check(workspace)?,
        Chore::Pack => pack::pack(workspace)?,
        Chore::Prove(args) => prove::prove(workspace, &args)?,
    }
    Ok(ExitCode::SUCCESS)
}
