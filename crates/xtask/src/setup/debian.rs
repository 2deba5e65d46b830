//! Packages of Debian or Ubuntu, where we are allowed to install them.

use std::process::Command;

use anyhow::Result;

use crate::process::{answer, run};
use crate::workspace::on_path;

/// Whether this is a machine with `apt-get`, and we are root on it.
pub fn can_install() -> bool {
    on_path("apt-get").is_some() && answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

/// Installs one package and what it needs.
///
/// # Errors
///
/// When `apt-get` fails; it says why.
pub fn install(package: &str) -> Result<()> {
    let apt = |arguments: &[&str]| {
        run(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "--quiet"])?;
    apt(&["install", "--quiet", "--yes", "--no-install-recommends", package])
}
