//! The parts of the test run, in the order that shows the cheapest failure first.

use std::fmt;

use anyhow::Result;
use clap::ValueEnum;

use crate::check::{self, CONSOLE, TOOLS};
use crate::console;
use crate::pack;
use crate::process::run;
use crate::setup;
use crate::workspace::Workspace;

use super::{javascript, python};

/// One part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting and clippy
    Lint,
    /// Every Rust test, and that the core builds for WebAssembly
    Rust,
    /// The npm package in every runtime without a page, the official clients for Node, and curl
    Js,
    /// The official clients for Python
    Python,
    /// The console and the npm package in Chromium, against the real server and the simulator
    Browser,
}

impl Part {
    /// All parts, cheapest first.
    pub const ALL: [Self; 5] = [Self::Lint, Self::Rust, Self::Js, Self::Python, Self::Browser];

    /// Installs what this part needs and runs it.
    ///
    /// # Errors
    ///
    /// When something is missing, does not compile, or a test fails.
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Lint => check::check(workspace),
            Self::Rust => rust(workspace),
            Self::Js => {
                setup::for_javascript_tests()?;
                pack::build(workspace)?;
                build_programs(workspace)?;
                javascript::run_folder(workspace, "tests/js", None)?;
                setup::for_package_tests(workspace)?;
                javascript::run_folder(workspace, "tests/npm", None)
            }
            Self::Python => {
                let interpreter = setup::for_python_tests(workspace)?;
                build_programs(workspace)?;
                python::run_tests(workspace, &interpreter)
            }
            Self::Browser => {
                let chrome = setup::for_browser_tests()?;
                setup::for_console(workspace)?;
                console::build(workspace, true)?;
                build_programs(workspace)?;
                javascript::run_folder(workspace, "tests/browser", Some(&chrome))?;
                setup::for_package_tests(workspace)?;
                pack::build(workspace)?;
                javascript::run_folder(workspace, "tests/npm/browser", Some(&chrome))
            }
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Lint => "lint",
            Self::Rust => "rust",
            Self::Js => "js",
            Self::Python => "python",
            Self::Browser => "browser",
        })
    }
}

/// Most of the time a test waits for what a server does by its clock: more of them at once than there are processors.
const AT_ONCE: &str = "4";

fn rust(workspace: &Workspace) -> Result<()> {
    // Tests start the real programs: build them first.
    build_programs(workspace)?;
    run(native(workspace, "test").args(["--", "--test-threads"]).arg(AT_ONCE))?;
    // What the console computes without a browser.
    run(workspace.cargo("test").args(["--locked", "--package", CONSOLE]))?;
    setup::for_wasm_checks(workspace)?;
    run(workspace.cargo("check").args([
        "--locked",
        "--package",
        "rcs-revoke-core",
        "--target",
        setup::WASM_TARGET,
    ]))
}

/// The server, the simulator and every test program, in the quick-to-build profile.
fn build_programs(workspace: &Workspace) -> Result<()> {
    run(native(workspace, "build").arg("--all-targets"))
}

/// A cargo command on every package that runs on this machine: always the same ones, because another
/// choice would unify features in another way and compile the dependencies again.
fn native(workspace: &Workspace, subcommand: &str) -> std::process::Command {
    let mut cargo = workspace.cargo(subcommand);
    cargo.args(["--locked", "--workspace", "--exclude", CONSOLE, "--exclude", TOOLS]);
    cargo
}
