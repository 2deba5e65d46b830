//! `cargo xtask drill`: the real server against the simulator; what it claims beside what happened.
//!
//! The drill itself lives in the package `tests`, which may use every crate; this only builds and starts it.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::{become_it, run};
use crate::progress::step;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// Goes to the drill: `--messages 500 --seed 7`, `--help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

/// Builds the server and the simulator and becomes the drill.
///
/// # Errors
///
/// When something does not compile or cannot be started.
pub fn drill(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    from_tests(workspace, "drill", &args.options)
}

/// Starts a program of the package `tests` on release builds of the server and the simulator.
///
/// # Errors
///
/// When something does not compile or cannot be started.
pub fn from_tests(workspace: &Workspace, program: &str, options: &[String]) -> Result<ExitCode> {
    step("Building the server and the simulator (the first time some minutes)", || {
        let mut cargo = workspace.cargo("build");
        cargo.args(["--locked", "--release"]);
        run(cargo
            .args(["--package", "rcs-revoke-proxy", "--package", "rcs-revoke-simulator", "--package"])
            .args(["rcs-revoke-tests", "--bins"]))
    })?;
    become_it(workspace.command(workspace.binary("release", program)).args(options))
}
