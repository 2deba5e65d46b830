//! `cargo xtask forge`: forged, broken and replayed webhooks against the real server, which must believe none.
//!
//! The forger lives in the package `tests`, which may use every crate; this only builds and starts it.

use std::process::ExitCode;

use anyhow::Result;

use crate::drill::from_tests;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// Goes to the forger: `--count 10000 --seed 7`, `--list`, `--help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

/// Builds the server and becomes the forger.
///
/// # Errors
///
/// When something does not compile or cannot be started.
pub fn forge(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    from_tests(workspace, "forge", &args.options)
}
