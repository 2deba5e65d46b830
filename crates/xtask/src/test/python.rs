//! Runs the tests that are written in Python with Python's own runner.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::fingerprint::files_below;
use crate::process::run;
use crate::workspace::Workspace;

use super::without_proxy;

const FOLDER: &str = "tests/python";

/// Runs every `test_*.py`, and tells the tests where the simulator is.
///
/// # Errors
///
/// When a test fails, or when there is none: a run without tests must not look like success.
pub fn run_tests(workspace: &Workspace, interpreter: &Path) -> Result<()> {
    let files = files_below(&workspace.root.join(FOLDER))?;
    let is_test =
        |file: &Path| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("test_"));
    ensure!(files.iter().any(|file| is_test(file)), "{FOLDER} has no file named test_*.py");
    let mut python = workspace.command(interpreter);
    python
        .args(["-m", "unittest", "discover", "--verbose", "--start-directory", FOLDER])
        .env("REVOKE_TEST_SIMULATOR", workspace.binary("debug", "rcs-revoke-simulator"))
        // No compiled files beside the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    run(without_proxy(&mut python))
}
