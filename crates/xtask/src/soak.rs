//! `cargo xtask soak`: the truth drill over days of virtual time, with everything on.

use std::process::ExitCode;

use anyhow::Result;

use crate::drill::from_tests;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// Virtual hours in which everything happens
    #[arg(long, default_value_t = 72.0)]
    hours: f64,
    /// How many messages the world has
    #[arg(long, default_value_t = 5_000)]
    messages: u32,
    /// The world is drawn from it, and the moments of the kills
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often the server is killed
    #[arg(long, default_value_t = 100)]
    kills: usize,
    /// Forged and replayed webhooks that are sent meanwhile
    #[arg(long, default_value_t = 2_000)]
    forgeries: usize,
    /// Virtual seconds in a real one
    #[arg(long, default_value_t = 480.0)]
    scale: f64,
}

/// Becomes the drill with all of it.
///
/// # Errors
///
/// When something does not compile or cannot be started.
pub fn soak(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let options = [
        ("--hours", args.hours.to_string()),
        ("--messages", args.messages.to_string()),
        ("--seed", args.seed.to_string()),
        ("--kills", args.kills.to_string()),
        ("--forgeries", args.forgeries.to_string()),
        ("--scale", args.scale.to_string()),
        ("--scenario", "chaos".to_owned()),
    ];
    let options: Vec<String> =
        options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect();
    from_tests(workspace, "drill", &options)
}
