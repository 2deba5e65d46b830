//! A Chrome or Chromium for the browser tests: one that is there, else Debian's.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::trouble;
use crate::progress::step;
use crate::workspace::on_path;

use super::debian;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES: [&str; 3] = [
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Finds the browser that `CHROME` names or that is installed; as root on Debian, installs one.
///
/// # Errors
///
/// When `CHROME` names no file, or when there is no browser and none could be installed.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROME").filter(|named| !named.is_empty()).map(PathBuf::from) {
        if named.is_file() {
            return Ok(named);
        }
        bail!(trouble(
            format!("CHROME names {}, which is not a file.", named.display()),
            "The browser tests were not run.",
            "Set CHROME to a Chrome or Chromium program, or unset it.",
        ));
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if !debian::can_install() {
        bail!(trouble(
            "There is no Chrome or Chromium on this machine, and only root on Debian or Ubuntu can install one here.",
            "The browser tests were not run.",
            "Install it (Debian: `sudo apt-get install chromium`) or set CHROME to its program; \
             `cargo xtask test lint rust js` needs none.",
        ));
    }
    step("Installing Chromium for the browser tests (about 20 s)", || {
        debian::install("chromium").map_err(|error| {
            trouble(
                format!("Chromium could not be installed: {error}."),
                "The browser tests were not run.",
                "Check the network, install `chromium` by hand, or set CHROME to a Chrome or Chromium program.",
            )
        })
    })?;
    find().context("apt-get installed chromium, but there is no such program on PATH")
}

fn find() -> Option<PathBuf> {
    let places = PLACES.iter().map(PathBuf::from).filter(|place| Path::is_file(place));
    NAMES.iter().filter_map(|name| on_path(name)).chain(places).next()
}
