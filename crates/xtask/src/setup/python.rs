//! A Python with the packages of `tests/python/requirements.txt`, apart from those of the machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fingerprint;
use crate::process::{answer, run, trouble};
use crate::progress::step;
use crate::workspace::Workspace;

use super::debian;

const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// Tried in this order; the last one is Debian's, where `PATH` begins with another.
const NAMES: [&str; 3] = ["python3", "python", "/usr/bin/python3"];

/// Says the version and the program, and fails where Python is too old or cannot make an environment with pip:
/// Debian leaves `ensurepip` to a package of its own.
const PROBE: &str = "import sys; assert sys.version_info >= (3, 9); import ensurepip; \
                     print(sys.version, sys.executable, sep='\\n')";

/// Makes an environment with exactly the named packages, unless it is there, and gives its interpreter.
///
/// # Errors
///
/// When no fitting Python is there and none can be installed, or a package cannot be.
pub fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let (program, version) = find_or_install()?;
    let folder = workspace.tools().join("python");
    let interpreter = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join("requirements.sha256");
    let wanted = format!("{}\n{version}\n", fingerprint::of(&workspace.root, &[REQUIREMENTS])?);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(interpreter);
    }
    step("Installing the Python packages of the tests (about 15 s)", || {
        make(workspace, &program, &folder, &interpreter).map_err(|error| {
            trouble(
                format!("The Python packages could not be installed: {error}."),
                "The Python tests were not run.",
                "Check that pypi.org can be reached, then run the command again.",
            )
        })?;
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
    })?;
    Ok(interpreter)
}

/// From nothing each time: what an older list left behind must not help.
fn make(workspace: &Workspace, program: &str, folder: &Path, interpreter: &Path) -> Result<()> {
    run(workspace.command(program).args(["-m", "venv", "--clear"]).arg(folder))?;
    let pip = |arguments: &[&str]| {
        let mut command = workspace.command(interpreter);
        command.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]);
        run(command.args(arguments))
    };
    pip(&["install", "--no-deps", "--requirement", REQUIREMENTS])?;
    // The list is whole: no package misses another one.
    pip(&["check"])
}

/// The program and what it says of itself, which names the version.
fn find_or_install() -> Result<(String, String)> {
    if let Some(named) = env::var("PYTHON").ok().filter(|named| !named.is_empty()) {
        let Some(version) = probe(&named) else {
            bail!(trouble(
                format!("PYTHON names {named}, which is no Python 3.9 or newer with its module ensurepip."),
                "The Python tests were not run.",
                "Set PYTHON to such a program, or unset it.",
            ));
        };
        return Ok((named, version));
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if !debian::can_install() {
        bail!(trouble(
            "There is no Python 3.9 or newer with its module ensurepip on this machine.",
            "The Python tests were not run.",
            "Install it (Debian: `sudo apt-get install python3-venv`) or set PYTHON to its program; \
             the other parts of the tests need none.",
        ));
    }
    step("Installing Python for the tests (about 10 s)", || {
        debian::install("python3-venv").map_err(|error| {
            trouble(
                format!("Python could not be installed: {error}."),
                "The Python tests were not run.",
                "Check the network, install `python3-venv` by hand, or set PYTHON to a Python 3.9 or newer.",
            )
        })
    })?;
    find().context("apt-get installed python3-venv, but there is no Python 3.9 or newer with it")
}

fn find() -> Option<(String, String)> {
    NAMES.iter().find_map(|name| Some(((*name).to_owned(), probe(name)?)))
}

fn probe(program: &str) -> Option<String> {
    answer(Command::new(program).args(["-c", PROBE]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_python_is_not_taken_for_one() {
        assert_eq!(probe("no-such-python"), None);
        assert_eq!(probe("false"), None);
    }

    #[test]
    fn every_package_has_one_exact_version() {
        let workspace = Workspace::find().unwrap();
        let text = fs::read_to_string(workspace.root.join(REQUIREMENTS)).unwrap();
        let lines: Vec<&str> =
            text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(lines.len() > 4);
        for line in lines {
            let (name, version) =
                line.split_once("==").unwrap_or_else(|| panic!("{line} has no exact version"));
            assert!(!name.is_empty() && version.starts_with(|first: char| first.is_ascii_digit()), "{line}");
        }
    }
}
