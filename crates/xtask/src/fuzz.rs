//! `cargo xtask fuzz`: inputs that grow by themselves against everything that reads what comes from outside.
//!
//! It needs a nightly compiler and `cargo-fuzz`, so it is no part of the tests; those replay what it has found.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{answer, run, trouble};
use crate::workspace::Workspace;

/// The one target that links the server, which takes minutes to build.
const OF_SERVER: &str = "config";
/// The memory that one input may need, in megabytes.
const MEMORY: u32 = 2_048;

#[derive(clap::Args)]
pub struct Args {
    /// How long each target runs
    #[arg(long, default_value_t = 600)]
    seconds: u32,
    /// The targets, as in `fuzz/fuzz_targets`; all of them when none is named
    targets: Vec<String>,
}

/// Fuzzes the named targets, or all, one after the other, and stops at the first input that fails.
///
/// New inputs go to the target directory; the committed corpora are read and left alone.
///
/// # Errors
///
/// When the compiler or cargo-fuzz is missing, a target is unknown, or an input fails.
pub fn fuzz(workspace: &Workspace, args: &Args) -> Result<()> {
    let known = targets(workspace)?;
    if let Some(unknown) = args.targets.iter().find(|target| !known.contains(target)) {
        let happened = format!("There is no fuzz target `{unknown}`.");
        return Err(trouble(happened, "Nothing was run.", &format!("There are {}.", known.join(", "))));
    }
    for_fuzzing(workspace)?;
    let chosen = if args.targets.is_empty() { &known } else { &args.targets };
    for target in chosen {
        eprintln!("\n==> Fuzzing {target} for {} s", args.seconds);
        one(workspace, target, args.seconds)?;
    }
    Ok(())
}

fn one(workspace: &Workspace, target: &str, seconds: u32) -> Result<()> {
    let own = workspace.target.join("fuzz");
    let found = own.join("corpus").join(target);
    fs::create_dir_all(&found).with_context(|| format!("cannot create {}", found.display()))?;
    let mut command = nightly(workspace);
    // No code of ours is unsafe: the address sanitizer would only make it slower.
    command.env("CARGO_TARGET_DIR", &own).args(["fuzz", "run", "--sanitizer", "none"]);
    if target == OF_SERVER {
        command.args(["--features", "server"]);
    }
    command.arg(target).arg(&found).arg(workspace.root.join("fuzz/corpus").join(target));
    let limits = [format!("-max_total_time={seconds}"), format!("-rss_limit_mb={MEMORY}")];
    run(command.arg("--").args(limits)).map_err(|error| {
        trouble(
            format!("{target}: {error}."),
            "Later targets were not run.",
            "Fix what the input shows, and put the input into `fuzz/corpus`, so that the tests replay it.",
        )
    })
}

fn nightly(workspace: &Workspace) -> std::process::Command {
    let mut command = workspace.command("rustup");
    command.args(["run", "nightly", "cargo"]);
    command
}

fn for_fuzzing(workspace: &Workspace) -> Result<()> {
    if answer(nightly(workspace).arg("--version")).is_none() {
        return Err(trouble(
            "Fuzzing needs a nightly compiler, and there is none.",
            "Nothing was run.",
            "Install one with `rustup toolchain install nightly --profile minimal`.",
        ));
    }
    if answer(nightly(workspace).args(["fuzz", "--version"])).is_none() {
        return Err(trouble(
            "Fuzzing needs cargo-fuzz, and it is not installed.",
            "Nothing was run.",
            "Install it with `cargo install --locked cargo-fuzz`.",
        ));
    }
    Ok(())
}

/// The targets that there are, by their names.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.root.join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}
