//! The `wasm-bindgen` program at exactly the version of the crate: one on `PATH`, else the one of `tools/`.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{answer, run, trouble};
use crate::progress::step;
use crate::workspace::Workspace;

/// Makes sure that `workspace.command("wasm-bindgen")` starts the version in `Cargo.lock`.
///
/// # Errors
///
/// When it has to be built and cannot.
pub fn ensure(workspace: &Workspace) -> Result<()> {
    let wanted = format!("wasm-bindgen {}", workspace.locked_version("wasm-bindgen")?);
    let found = answer(workspace.command("wasm-bindgen").arg("--version"));
    if found.is_some_and(|found| found == wanted) {
        return Ok(());
    }
    step(&format!("Building {wanted} (once; about 50 s on 2 cores)"), || {
        run(workspace.cargo("build").args(["--locked", "--package", "wb-tools"])).map_err(|error| {
            trouble(
                format!("{wanted} could not be built: {error}."),
                "The console was not built and nothing was started.",
                "Check that crates.io can be reached, then run the command again.",
            )
        })?;
        let bin = workspace.tools().join("bin");
        fs::create_dir_all(&bin).with_context(|| format!("cannot create {}", bin.display()))?;
        let built = workspace.binary("debug", "wasm-bindgen");
        let place = bin.join(built.file_name().unwrap_or_default());
        fs::copy(&built, &place)
            .with_context(|| format!("cannot copy {} to {}", built.display(), place.display()))?;
        Ok(())
    })
}
