//! `cargo xtask bench`: sizes, speed and memory of the release builds.
//!
//! The measuring lives in the package `tests`; this builds what it measures and starts it.

use std::process::ExitCode;

use anyhow::Result;

use crate::console;
use crate::drill::from_tests;
use crate::pack;
use crate::process::become_it;
use crate::setup;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// Only this: `size` of what a bundler ships, `npm` for the package's speed beside plain TypeScript, `schedules`
    /// for a restart with many scheduled revocations, or `recall` for recalls with and without a limit
    #[arg(value_name = "WHAT")]
    only: Option<Only>,
    /// Goes to the bench; `--help` lists what it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

/// A bench by itself.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Only {
    /// What a bundler ships
    Size,
    /// Calls per second, beside plain TypeScript
    Npm,
    /// A restart with many scheduled revocations
    Schedules,
    /// How much of a limit recalls use, and how fast they are without one
    Recall,
}

/// Builds the console, the WebAssembly module and the server, and becomes the bench.
///
/// # Errors
///
/// When something does not compile or cannot be started.
pub fn bench(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    match args.only {
        Some(Only::Size) => return of_package(workspace, "tests/bench/npm/size.mjs"),
        Some(Only::Npm) => return of_package(workspace, "tests/bench/npm/speed.mjs"),
        Some(Only::Schedules) => return part(workspace, "schedules", &args.options),
        Some(Only::Recall) => {
            setup::for_recall_bench(workspace)?;
            return part(workspace, "recall", &args.options);
        }
        None => {}
    }
    // A part that is measured alone needs neither console nor WebAssembly.
    if !args.options.iter().any(|option| option.starts_with("--only")) {
        setup::for_console(workspace)?;
        console::build(workspace, true)?;
        pack::build(workspace)?;
    }
    from_tests(workspace, "bench", &args.options)
}

/// One part of the bench by itself.
fn part(workspace: &Workspace, name: &str, options: &[String]) -> Result<ExitCode> {
    let only = ["--only", name].map(str::to_owned);
    from_tests(workspace, "bench", &[&only, options].concat())
}

fn of_package(workspace: &Workspace, script: &str) -> Result<ExitCode> {
    pack::build(workspace)?;
    let mut node = workspace.command("node");
    become_it(node.arg(script).env("REVOKE_TEST_PACKAGE", pack::folder(workspace)))
}
