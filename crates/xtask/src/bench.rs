//! `cargo xtask bench`: sizes, speed and memory of the release builds.
//!
//! The measuring lives in the package `tests`; this builds what it measures and starts it.

use std::process::ExitCode;

use anyhow::Result;

use crate::console;
use crate::drill::from_tests;
use crate::pack;
use crate::setup;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// Goes to the bench; `--help` lists what it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

/// Builds the console, the WebAssembly module and the server, and becomes the bench.
///
/// # Errors
///
/// When something does not compile or cannot be started.
pub fn bench(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    setup::for_console(workspace)?;
    console::build(workspace, true)?;
    pack::build(workspace)?;
    from_tests(workspace, "bench", &args.options)
}
