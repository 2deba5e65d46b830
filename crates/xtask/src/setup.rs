//! Finds or installs what the other chores need, and does nothing when it is all there.
//!
//! Versions are pinned: Trunk here, wasm-bindgen by `Cargo.lock`, everything from npm by `package-lock.json`.

mod browser;
mod curl;
mod debian;
mod npm;
mod python;
mod trunk;
mod wasm_bindgen;
mod wasm_target;

use std::path::PathBuf;

use anyhow::Result;

pub use self::wasm_target::TARGET as WASM_TARGET;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// Also what only the tests need: JavaScript runtimes and bundlers, a Chrome or Chromium, curl, and a Python
    /// environment
    #[arg(long)]
    tests: bool,
}

/// `cargo xtask setup`: everything that the console, and with `--tests` the tests, need.
///
/// # Errors
///
/// When something is missing and cannot be installed; the error says what to do.
pub fn setup(workspace: &Workspace, args: &Args) -> Result<()> {
    for_console(workspace)?;
    eprintln!("Everything for `cargo xtask run` is there.");
    if args.tests {
        for_package_tests(workspace)?;
        let chrome = for_browser_tests()?;
        eprintln!("The browser tests use {}.", chrome.display());
        for_javascript_tests()?;
        let python = for_python_tests(workspace)?;
        eprintln!("The Python tests use {}.", python.display());
    }
    Ok(())
}

/// What building the console needs: the wasm target, npm's packages, wasm-bindgen and Trunk.
///
/// # Errors
///
/// When one of them is missing and cannot be installed.
pub fn for_console(workspace: &Workspace) -> Result<()> {
    // The quick ones first: who has no network or no Node learns it at once, not after minutes.
    wasm_target::ensure(workspace)?;
    npm::ensure(workspace)?;
    wasm_bindgen::ensure(workspace)?;
    trunk::ensure(workspace)
}

/// What building our WebAssembly module for Node needs.
///
/// # Errors
///
/// When one of them is missing and cannot be installed.
pub fn for_wasm_module(workspace: &Workspace) -> Result<()> {
    wasm_target::ensure(workspace)?;
    npm::ensure(workspace)?;
    wasm_bindgen::ensure(workspace)
}

/// What the bench of recalls compares with: Vonage's SDK for Node.
///
/// # Errors
///
/// When it is missing and cannot be installed.
pub fn for_recall_bench(workspace: &Workspace) -> Result<()> {
    npm::ensure(workspace)
}

/// What the tests of the npm package need: the runtimes, bundlers and checkers of `tests/npm/package-lock.json`.
///
/// # Errors
///
/// When they are missing and cannot be installed.
pub fn for_package_tests(workspace: &Workspace) -> Result<()> {
    npm::ensure_for_package(workspace)
}

/// Only the standard library for WebAssembly.
///
/// # Errors
///
/// When it is missing and cannot be installed.
pub fn for_wasm_checks(workspace: &Workspace) -> Result<()> {
    wasm_target::ensure(workspace)
}

/// What the JavaScript tests start besides Node and our own programs.
///
/// # Errors
///
/// When it is missing and cannot be installed.
pub fn for_javascript_tests() -> Result<()> {
    curl::ensure()
}

/// The Python of the tests, with their packages.
///
/// # Errors
///
/// When there is none, none can be installed, or a package cannot be.
pub fn for_python_tests(workspace: &Workspace) -> Result<PathBuf> {
    python::ensure(workspace)
}

/// The browser of the tests.
///
/// # Errors
///
/// When there is none and none can be installed.
pub fn for_browser_tests() -> Result<PathBuf> {
    browser::ensure()
}
