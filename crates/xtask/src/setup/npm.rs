//! The packages of `package-lock.json` (`wasm-opt`, and what the JavaScript and browser tests use), and those of
//! `tests/npm/package-lock.json` (what the npm package is tested with).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::fingerprint;
use crate::process::{answer, run, trouble};
use crate::progress::step;
use crate::workspace::Workspace;

/// The oldest Node that the packages work with, and whose test runner knows what we ask of it.
const OLDEST_NODE: (u32, u32) = (20, 10);

/// Below this, `wasm-opt` breaks modules of today's rustc and still ends with success.
const OLDEST_WASM_OPT: u32 = 116;

/// Inside `node_modules`, so that deleting the folder deletes it too.
const STAMP: &str = "node_modules/.package-lock.sha256";

/// Installs the packages when the lock file is not the one they were installed from.
///
/// # Errors
///
/// When Node is missing or too old, when npm fails, or when its `wasm-opt` is not the one we need.
pub fn ensure(workspace: &Workspace) -> Result<()> {
    const STEP: &str = "Installing the npm packages (about 10 s)";
    install(workspace, &workspace.root, STEP, "The console was not built and nothing was started.", || {
        check_wasm_opt(answer(workspace.command("wasm-opt").arg("--version")).as_deref())
    })
}

/// Installs what the npm package is tested with. A lock file of its own: who only runs the console needs none of it.
///
/// They stand beside what cargo builds, where the next clone finds them: they are large.
///
/// # Errors
///
/// When Node is missing or too old, or when npm fails.
pub fn ensure_for_package(workspace: &Workspace) -> Result<()> {
    const STEP: &str =
        "Installing the runtimes and bundlers that the npm package is tested with (about 60 s, 0.7 GB)";
    let tests = workspace.root.join("tests").join("npm");
    let place = workspace.target.join("npm").join("tested-with");
    fs::create_dir_all(&place).with_context(|| format!("cannot create {}", place.display()))?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let (from, to) = (tests.join(name), place.join(name));
        fs::copy(&from, &to)
            .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    }
    install(workspace, &place, STEP, "The npm package was not tested.", || Ok(()))?;
    link(&place.join("node_modules"), &tests.join("node_modules"))
}

/// Makes a folder appear in another place as well.
fn link(folder: &Path, place: &Path) -> Result<()> {
    match fs::read_link(place) {
        Ok(found) if found == folder => return Ok(()),
        Ok(_) => fs::remove_file(place)?,
        Err(_) if place.is_dir() => fs::remove_dir_all(place)?,
        Err(_) => {}
    }
    #[cfg(windows)]
    let linked = std::os::windows::fs::symlink_dir(folder, place);
    #[cfg(not(windows))]
    let linked = std::os::unix::fs::symlink(folder, place);
    linked.with_context(|| format!("{} cannot be linked to {}", place.display(), folder.display()))
}

fn install(
    workspace: &Workspace,
    folder: &Path,
    name: &str,
    undone: &str,
    check: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let wanted = fingerprint::of(folder, &["package-lock.json"])?;
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    check_node(answer(workspace.command("node").arg("--version")).as_deref())?;
    step(name, || {
        // Errors only: the Vonage SDK warns about Node 20 in a page of text, and works with it.
        let mut npm = workspace.command("npm");
        npm.current_dir(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        run(&mut npm).map_err(|error| {
            trouble(
                format!("The npm packages could not be installed: {error}."),
                undone,
                "Check that npm is installed and that the npm registry can be reached, then run the command again.",
            )
        })?;
        check()?;
        Ok(fs::write(&stamp, wanted)?)
    })
}

fn check_node(version: Option<&str>) -> Result<()> {
    let found = version.and_then(|text| {
        let mut numbers = text.strip_prefix('v')?.split('.').map(|number| number.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next()??))
    });
    let (major, minor) = OLDEST_NODE;
    let happened = match found {
        Some(found) if found >= OLDEST_NODE => return Ok(()),
        Some(found) => {
            format!("Node {}.{} is too old: {major}.{minor} or newer is needed.", found.0, found.1)
        }
        None => "Node is not installed, or not on PATH.".to_owned(),
    };
    Err(trouble(
        happened,
        "The console was not built and nothing was started.",
        &format!(
            "Install Node {major}.{minor} or newer with npm (https://nodejs.org, or your system's packages `nodejs` \
             and `npm`)."
        ),
    ))
}

fn check_wasm_opt(version: Option<&str>) -> Result<()> {
    let number = version
        .and_then(|text| text.strip_prefix("wasm-opt version ")?.split(' ').next()?.parse::<u32>().ok());
    ensure!(
        number.is_some_and(|number| number >= OLDEST_WASM_OPT),
        trouble(
            format!(
                "`wasm-opt` of npm's binaryen says {version:?}; version {OLDEST_WASM_OPT} or newer is needed."
            ),
            "The console was not built: an older one writes broken modules.",
            "Remove `node_modules` and run the command again.",
        )
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_or_missing_node_is_refused_with_what_to_do() {
        for version in ["v20.10.0", "v20.20.2", "v24.1.0"] {
            assert!(check_node(Some(version)).is_ok(), "{version}");
        }
        for version in [Some("v18.20.0"), Some("v20.9.0"), Some("v20"), Some("nonsense"), None] {
            let error = check_node(version).expect_err("refused").to_string();
            assert!(error.contains("Install Node 20.10"), "{error}");
        }
    }

    #[test]
    fn a_wasm_opt_that_breaks_modules_is_refused() {
        assert!(check_wasm_opt(Some("wasm-opt version 132 (version_132)")).is_ok());
        assert!(check_wasm_opt(Some("wasm-opt version 116")).is_ok());
        assert!(check_wasm_opt(Some("wasm-opt version 108")).is_err());
        assert!(check_wasm_opt(None).is_err());
    }
}
