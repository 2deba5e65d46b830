//! The modules of the core for JavaScript: compiled, bound, made small, and marked with what they were built from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::fingerprint;
use crate::process::{answer, run};
use crate::progress::step;
use crate::setup;
use crate::workspace::Workspace;

/// The modules of the package: the crate of each, and the name of its file there.
pub const MODULES: [(&str, &str); 3] = [
    ("rcs-revoke-wasm", "rcs_revoke.wasm"),
    ("rcs-revoke-wasm-import", "rcs_revoke_import.wasm"),
    ("rcs-revoke-wasm-webhooks", "rcs_revoke_webhooks.wasm"),
];

/// The section of a module that holds its version and commit as JSON; `version()` of the package reads it.
const SECTION: &str = "rcs-revoke";

/// The profile: the modules of the package have settings of their own.
const PROFILE: &str = "npm-release";

/// How wasm-opt makes a module small: what was measured to leave the fewest bytes of gzip.
const OPTIMIZE: &[&str] = &[
    // What wasm-bindgen's own loader would use: freeing the one core, a table, what it keeps of faults.
    "--remove-exports=__*",
    // Functions with one caller stay apart: their bodies are then likelier to repeat what gzip has seen.
    "-Oz",
    "-ocimfs=1",
    // Functions that are nothing but a call become that call.
    "-aimfs=4",
    // Sums of an address and a small number move into loads and stores. It would be wrong for numbers from just below
    // zero, and nothing points there: the first half megabyte is the stack, used from its end.
    "--low-memory-unused",
    // Branches built anew are alike in more places.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--flatten",
    "--dfo",
    "--rereloop",
    "-Oz",
    "-Oz",
    // What an address is a multiple of is a hint that engines do not need, and one more byte to tell apart.
    "--dealign",
    // The names of compilers and of features: nobody reads them.
    "--strip-producers",
    "--strip-target-features",
];

/// Where the modules are.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("npm").join("module")
}

/// Builds the modules, unless they are what the same crates gave last time.
///
/// # Errors
///
/// When a tool is missing or a crate does not compile.
pub fn build(workspace: &Workspace) -> Result<()> {
    setup::for_wasm_module(workspace)?;
    step("Building the WebAssembly modules of the npm package (the first time about 30 s)", || {
        let mut cargo = workspace.cargo("build");
        cargo.args(["--locked", "--profile", PROFILE, "--target", setup::WASM_TARGET]);
        cargo.arg("--config").arg(flags(workspace));
        run(cargo.args(MODULES.iter().flat_map(|(package, _)| ["--package", package])))?;
        let made_from = made_from(workspace);
        MODULES.iter().try_for_each(|(package, name)| bind(workspace, package, name, &made_from))
    })
}

/// Rust flags; they join those of `.cargo/config.toml`.
fn flags(workspace: &Workspace) -> String {
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .unwrap_or_default();
    let root = workspace.root.display().to_string();
    let flags = [
        // Where this repository lies on the disk is nobody's business, and no help either.
        format!("--remap-path-prefix={root}=rcs-revoke"),
        format!("--remap-path-prefix={home}=cargo"),
        // Counters stay as they are written: the addresses that would step beside them make no loop shorter. And what could
        // be kept is computed again: to gzip that is a repetition, while a place to keep it would be something new.
        "-Cllvm-args=-disable-lsr".to_owned(),
        "-Cllvm-args=-disable-machine-cse".to_owned(),
        "-Cllvm-args=-enable-pre=false".to_owned(),
        "-Cllvm-args=-disable-early-taildup".to_owned(),
        // Half the usual stack, so that the addresses behind it have a byte less; nothing here needs a tenth of it.
        "-Clink-arg=-zstack-size=524288".to_owned(),
    ];
    format!("target.{}.rustflags = ['{}']", setup::WASM_TARGET, flags.join("', '"))
}

fn bind(workspace: &Workspace, package: &str, name: &str, made_from: &str) -> Result<()> {
    let compiled = format!("{}.wasm", package.replace('-', "_"));
    let profile = workspace.target.join(setup::WASM_TARGET).join(PROFILE);
    let folder = folder(workspace);
    let file = folder.join(name);
    let stamp = file.with_extension("sha256");
    let inputs = format!("{} {OPTIMIZE:?} {made_from}", fingerprint::of(&profile, &[&compiled])?);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == inputs) {
        return Ok(());
    }
    // The package has loaders of its own: of what is written here, only the module is used.
    let bound = folder.join("bound");
    let mut bindgen = workspace.command("wasm-bindgen");
    run(bindgen
        .args(["--target", "web", "--no-typescript", "--out-name", package, "--out-dir"])
        .arg(&bound)
        .arg(profile.join(compiled)))?;
    let mut wasm_opt = workspace.command("wasm-opt");
    let bound = bound.join(format!("{package}_bg.wasm"));
    run(wasm_opt.args(OPTIMIZE).arg(bound).arg("-o").arg(&file))?;
    mark(&file, made_from)?;
    fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Version and commit as JSON; a commit with changes beside it says so.
fn made_from(workspace: &Workspace) -> String {
    let git = |args: &[&str]| answer(workspace.command("git").args(args));
    let commit = git(&["rev-parse", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let dirty =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    let commit = if dirty { format!("{commit}-dirty") } else { commit };
    serde_json::json!({ "version": env!("CARGO_PKG_VERSION"), "commit": commit }).to_string()
}

/// Appends a section to a module.
fn mark(file: &Path, payload: &str) -> Result<()> {
    let mut module = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    module.extend(custom_section(SECTION, payload.as_bytes()));
    fs::write(file, module).with_context(|| format!("cannot write {}", file.display()))
}

/// <https://webassembly.github.io/spec/core/binary/modules.html#custom-section>
fn custom_section(name: &str, payload: &[u8]) -> Vec<u8> {
    let mut content = leb128(name.len());
    content.extend_from_slice(name.as_bytes());
    content.extend_from_slice(payload);
    let mut section = vec![0];
    section.extend(leb128(content.len()));
    section.extend(content);
    section
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::{custom_section, leb128};

    #[test]
    fn a_section_names_its_length_and_itself() {
        assert_eq!(custom_section("ab", b"{}"), [0, 5, 2, b'a', b'b', b'{', b'}']);
        assert_eq!([leb128(0), leb128(127), leb128(128), leb128(300)].concat(), [0, 127, 128, 1, 172, 2]);
    }
}
