//! `cargo xtask prove`: every set of up to seven facts, against the oracle and the properties, in every order.
//!
//! The check itself is a test of the core, which looks at smaller sets in every test run; this runs it whole and
//! shows what was counted.

use anyhow::Result;

use crate::process::run;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// How many facts a set has at most
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(2..=7))]
    facts: u8,
}

/// Runs the exhaustive check of the core and prints one line for each of its worlds.
///
/// # Errors
///
/// When it does not compile, or something does not hold; the smallest example stands above.
pub fn prove(workspace: &Workspace, args: &Args) -> Result<()> {
    let mut cargo = workspace.cargo("test");
    cargo.args(["--locked", "--package", "rcs-revoke-core", "--test", "outcomes"]);
    run(cargo.env("PROVE_FACTS", args.facts.to_string()).args(["--", "--nocapture", "exhaustive::"]))
}
