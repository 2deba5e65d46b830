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
    /// Only the npm package: `size` of what a bundler ships, or `npm` for its speed beside plain TypeScript
    #[arg(value_name = "WHAT")]
    only: Option<Only>,
    /// Goes to the bench; `--help` lists what it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

/// A bench of the npm package.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Only {
    /// What a bundler ships
    Size,
    /// Calls per second, beside plain TypeScript
    Npm,
}

/// Builds the console, the WebAssembly module and the server, and becomes the bench.
///
/// # Errors
///
/// When something does not compile or cannot be started.
pub fn bench(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    if let Some(only) = args.only {
        pack::build(workspace)?;
        return of_package(workspace, only);
    }
    // A part that is measured alone needs neither console nor WebAssembly.
    if !args.options.iter().any(|option| option.starts_with("--only")) {
        setup::for_console(workspace)?;
        console::build(workspace, true)?;
        pack::build(workspace)?;
    }
    from_tests(workspace, "bench", &args.options)
}

fn of_package(workspace: &Workspace, only: Only) -> Result<ExitCode> {
    let script = match only {
        Only::Size => "tests/bench/npm/size.mjs",
        Only::Npm => "tests/bench/npm/speed.mjs",
    };
    let mut node = workspace.command("node");
    become_it(node.arg(script).env("REVOKE_TEST_PACKAGE", pack::folder(workspace)))
}
