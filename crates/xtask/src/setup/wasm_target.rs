//! Rust's standard library for `wasm32-unknown-unknown`, in the toolchain that runs us.

use std::path::Path;

use anyhow::Result;

use crate::process::{answer, run, trouble};
use crate::progress::step;
use crate::workspace::Workspace;

/// The target of everything that runs in a browser or in Node.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target with rustup where it is missing.
///
/// # Errors
///
/// When rustup is not there, or cannot download it.
pub fn ensure(workspace: &Workspace) -> Result<()> {
    let folder = answer(workspace.command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if folder.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    step("Installing Rust's WebAssembly target (a few seconds)", || {
        run(workspace.command("rustup").args(["target", "add", TARGET]).env("RUST_BACKTRACE", "0")).map_err(|error| {
            trouble(
                format!("The Rust target {TARGET} is missing and could not be installed: {error}."),
                "Nothing was built.",
                "Check the network and run `rustup target add wasm32-unknown-unknown`; a Rust that did not come \
                 from https://rustup.rs needs its own package for this target.",
            )
        })
    })
}
