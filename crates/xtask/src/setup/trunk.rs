//! Trunk, the builder of the console: one of the right version on `PATH`, else one built here.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::{answer, run, trouble};
use crate::progress::step;
use crate::workspace::Workspace;

/// The newest Trunk that the workspace's `rust-version` can build.
const VERSION: &str = "0.21.14";

/// Makes sure that `workspace.command("trunk")` starts a fitting Trunk.
///
/// # Errors
///
/// When it has to be built and cannot.
pub fn ensure(workspace: &Workspace) -> Result<()> {
    let found = answer(workspace.command("trunk").arg("--version"));
    if found.is_some_and(|found| fits(&found)) {
        return Ok(());
    }
    step("Building Trunk, which builds the console (once; about 2 minutes on 2 cores)", || {
        run(&mut install(workspace)).map_err(|error| {
            trouble(
                format!("Trunk {VERSION} could not be built: {error}."),
                "The console was not built and nothing was started.",
                "Check that crates.io can be reached and run the command again, or put Trunk 0.21.14 on PATH.",
            )
        })?;
        // Kept after a failure, so that the next try goes on; nearly a gigabyte that nobody needs after success.
        fs::remove_dir_all(build_folder(workspace)).context("Trunk is built, but its build folder stays")
    })
}

/// A lean build: without TLS, because our Trunk downloads nothing, and without optimisation, because it waits for
/// other programs most of its time. As published it takes five times as long.
fn install(workspace: &Workspace) -> std::process::Command {
    let mut cargo = workspace.cargo("install");
    cargo
        .args(["--locked", "trunk", "--version", VERSION, "--no-default-features", "--force", "--root"])
        .arg(workspace.tools())
        .arg("--target-dir")
        .arg(build_folder(workspace))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    cargo
}

fn build_folder(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("build")
}

/// `trunk 0.21.14` or a later patch of it.
fn fits(answer: &str) -> bool {
    let Some(patch) = answer.strip_prefix("trunk 0.21.") else {
        return false;
    };
    patch.parse::<u32>().is_ok_and(|patch| patch >= 14)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn only_the_pinned_minor_version_fits() {
        assert!(fits("trunk 0.21.14") && fits("trunk 0.21.15"));
        assert!(!fits("trunk 0.21.9") && !fits("trunk 0.22.1") && !fits("trunk 0.21.14-beta.1") && !fits(""));
    }
}
