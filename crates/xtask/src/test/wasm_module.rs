//! The core for JavaScript as Node loads it: compiled, bound and made small, as users would get it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::fingerprint;
use crate::process::run;
use crate::progress::step;
use crate::setup;
use crate::workspace::Workspace;

/// Where the module is: `core.js` with its types, and `core_bg.wasm`.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("wasm-js")
}

/// Builds the module, unless it is what the same crate gave last time.
///
/// # Errors
///
/// When a tool is missing or the crate does not compile.
pub fn build(workspace: &Workspace) -> Result<()> {
    setup::for_wasm_module(workspace)?;
    step("Building the WebAssembly module for Node (the first time about 30 s)", || {
        let mut cargo = workspace.cargo("build");
        cargo.args(["--locked", "--package", "rcs-revoke-wasm", "--profile", "wasm-release", "--target"]);
        run(cargo.arg(setup::WASM_TARGET))?;
        bind(workspace)
    })
}

fn bind(workspace: &Workspace) -> Result<()> {
    const MODULE: &str = "rcs_revoke_wasm.wasm";
    let profile = workspace.target.join(setup::WASM_TARGET).join("wasm-release");
    let folder = folder(workspace);
    let stamp = folder.join("inputs.sha256");
    let inputs = fingerprint::of(&profile, &[MODULE])?;
    if fs::read_to_string(&stamp).is_ok_and(|found| found == inputs) {
        return Ok(());
    }
    let mut bindgen = workspace.command("wasm-bindgen");
    run(bindgen
        .args(["--target", "nodejs", "--out-name", "core", "--out-dir"])
        .arg(&folder)
        .arg(profile.join(MODULE)))?;
    let module = folder.join("core_bg.wasm");
    run(workspace.command("wasm-opt").arg("-Oz").arg(&module).arg("-o").arg(&module))?;
    // wasm-bindgen writes CommonJS; without this, the `"type"` of a package.json further up would decide.
    fs::write(folder.join("package.json"), "{ \"type\": \"commonjs\" }\n")?;
    fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))
}
