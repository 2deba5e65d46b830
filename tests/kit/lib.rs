//! Helpers of what crosses crates: where things are, the real server as a process, a client for its API, and the
//! judgement of what is claimed beside what happened.

use std::path::{Path, PathBuf};

pub mod client;
pub mod compare;
#[path = "../forge/forge.rs"]
pub mod forge;
pub mod reality;
pub mod server;
pub mod tally;
pub mod world;

/// The folder of the whole repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("this package is in the repository")
}

/// A program of this workspace, built in the same profile as the test or drill that asks for it.
///
/// # Panics
///
/// When it was not built: `cargo xtask test` and `cargo xtask drill` build it first.
pub fn built_program(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a file");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    // A test lies in `deps`, one folder below the programs.
    let found = own.ancestors().skip(1).take(2).map(|folder| folder.join(&file)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{file} is not built; `cargo xtask test` builds it first"))
}
