//! Builds the console with Trunk into `dist/`, and beside it what the server needs to serve it:
//! compressed copies and the hashes of its inline scripts.

mod compress;
mod csp;

use std::fs::{self, File};

use anyhow::{Context, Result};

use crate::fingerprint;
use crate::process::{run, trouble};
use crate::progress::step;
use crate::setup;
use crate::workspace::Workspace;

/// Everything that decides what `dist/` contains.
const INPUTS: [&str; 9] = [
    "web",
    "crates/core",
    "crates/api",
    "crates/xtask/src/console",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "index.html",
    "package-lock.json",
];

#[derive(clap::Args)]
pub struct Args {
    /// Small and optimised, as it is served; without it, quick to build and with debug names
    #[arg(long)]
    release: bool,
}

/// `cargo xtask console`: sets up and builds.
///
/// # Errors
///
/// When a tool is missing or the build fails.
pub fn console(workspace: &Workspace, args: &Args) -> Result<()> {
    setup::for_console(workspace)?;
    build(workspace, args.release)
}

/// Builds the console, unless `dist/` is what these inputs gave last time.
///
/// # Errors
///
/// When Trunk fails or `dist/` cannot be written.
pub fn build(workspace: &Workspace, release: bool) -> Result<()> {
    let kind = if release { "release" } else { "dev" };
    let inputs = fingerprint::of(&workspace.root, &INPUTS)?;
    let stamp = workspace.target.join("console.stamp");
    let state = || -> Result<String> {
        // The outputs too: another clone may share the target directory, or a stub may stand in for the console.
        Ok(format!("{kind} {inputs} {}", fingerprint::of(&workspace.root, &["dist"])?))
    };
    // Two builds into one folder would take each other's files away; the second waits, and finds it done.
    let lock = workspace.target.join("console.lock");
    let lock = File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    lock.lock().context("cannot wait for another build of the console")?;
    if fs::read_to_string(&stamp).is_ok_and(|found| state().is_ok_and(|now| found == now)) {
        return Ok(());
    }
    step(&format!("Building the console ({kind}; the first time about 2 minutes on 2 cores)"), || {
        trunk(workspace, release)?;
        if release {
            compress::folder(&workspace.dist())?;
        }
        csp::write(&workspace.dist())?;
        fs::write(&stamp, state()?).with_context(|| format!("cannot write {}", stamp.display()))
    })
}

fn trunk(workspace: &Workspace, release: bool) -> Result<()> {
    let mut trunk = workspace.command("trunk");
    // Trunk takes NO_COLOR for its own option and refuses every value but true and false; and a backtrace of
    // Trunk itself would hide what the compiler said.
    trunk.args(["build", "--skip-version-check"]).env_remove("NO_COLOR").env("RUST_BACKTRACE", "0");
    if release {
        trunk.arg("--release");
    }
    run(&mut trunk).map_err(|error| {
        trouble(
            format!("The console could not be built: {error}."),
            "`dist/` was left as it was, and nothing was started.",
            "Where a download failed, check that crates.io can be reached, then run the command again.",
        )
    })
}
