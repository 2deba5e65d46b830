//! Runs the tests that are written in JavaScript with Node's own runner.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::pack;
use crate::process::run;
use crate::workspace::Workspace;

use super::without_proxy;

/// Runs every `*.test.mjs` of a folder, and tells the tests where the programs are.
///
/// # Errors
///
/// When a test fails, or when there is none: a run without tests must not look like success.
pub fn run_folder(workspace: &Workspace, folder: &str, chrome: Option<&Path>) -> Result<()> {
    let files = tests_in(&workspace.root.join(folder))?;
    ensure!(!files.is_empty(), "{folder} has no file named *.test.mjs");
    let mut node = workspace.command("node");
    // The names avoid the server's own prefix RCS_REVOKE_, which it reads as its configuration.
    // Files at once; without a word it is one on a machine of two processors, and most of the time a test waits.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
        .args(files)
        .env("REVOKE_TEST_SERVER", workspace.binary("debug", "rcs-revoke"))
        .env("REVOKE_TEST_SIMULATOR", workspace.binary("debug", "rcs-revoke-simulator"))
        .env("REVOKE_TEST_PACKAGE", pack::folder(workspace));
    if let Some(chrome) = chrome {
        node.env("CHROME", chrome);
    }
    run(without_proxy(&mut node))
}

/// In the folder itself, not below: a folder of tests may hold others, and packages with tests of their own.
fn tests_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}
