//! curl, which the tests start as an operator would: one that is there, else Debian's.

use anyhow::{Result, bail};

use crate::process::trouble;
use crate::progress::step;
use crate::workspace::on_path;

use super::debian;

/// Makes sure that there is a curl on `PATH`; as root on Debian, installs one.
///
/// # Errors
///
/// When there is none and none could be installed.
pub fn ensure() -> Result<()> {
    if on_path("curl").is_some() {
        return Ok(());
    }
    if !debian::can_install() {
        bail!(trouble(
            "curl is not installed, or not on PATH.",
            "The JavaScript tests were not run.",
            "Install it (Debian: `sudo apt-get install curl`), then run the command again.",
        ));
    }
    step("Installing curl for the JavaScript tests (a few seconds)", || {
        debian::install("curl").map_err(|error| {
            trouble(
                format!("curl could not be installed: {error}."),
                "The JavaScript tests were not run.",
                "Check the network, or install `curl` by hand.",
            )
        })
    })
}
