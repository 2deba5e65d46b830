//! Formatting and lints, each crate for the target it runs on.

use anyhow::Result;

use crate::process::{run, trouble};
use crate::setup;
use crate::workspace::Workspace;

/// The one crate that only compiles for WebAssembly.
pub const CONSOLE: &str = "rcs-revoke-console";

/// Only needed where no fitting wasm-bindgen is installed, and a minute of compiling.
pub const TOOLS: &str = "wb-tools";

/// Checks everything and changes nothing.
///
/// # Errors
///
/// When a file is not formatted or a lint complains.
pub fn check(workspace: &Workspace) -> Result<()> {
    let happened = |what: &str, to_do: &str, error: &anyhow::Error| {
        trouble(format!("{what}: {error}."), "Later checks were not run.", to_do)
    };
    run(workspace.cargo("fmt").args(["--all", "--check"]))
        .map_err(|error| happened("Some files are not formatted", "Run `cargo fmt --all`.", &error))?;
    run(clippy(workspace).args([
        "--workspace",
        "--exclude",
        CONSOLE,
        "--exclude",
        TOOLS,
        "--",
        "-D",
        "warnings",
    ]))
    .map_err(|error| happened("clippy complains", "Follow its advice.", &error))?;
    setup::for_wasm_checks(workspace)?;
    run(clippy(workspace).args([
        "--package",
        CONSOLE,
        "--target",
        setup::WASM_TARGET,
        "--",
        "-D",
        "warnings",
    ]))
    .map_err(|error| happened("clippy complains about the console", "Follow its advice.", &error))
}

fn clippy(workspace: &Workspace) -> std::process::Command {
    let mut cargo = workspace.cargo("clippy");
    cargo.args(["--locked", "--all-targets"]);
    cargo
}
