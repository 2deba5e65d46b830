//! What has to travel: the console's first load, and the core as JavaScript gets it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use rcs_revoke_tests::repository;

use crate::figures::Figures;

/// Adds the sizes. What was not built is left out, with a word on standard error.
///
/// # Errors
/// When a file cannot be read.
pub fn measure(figures: &mut Figures) -> Result<()> {
    let console = repository().join("dist");
    if console.join("index.html").is_file() {
        let (bytes, files) = first_load(&console)?;
        let beside = format!("{files} files, brotli");
        figures.add("console_first_load", "Console, first load", kilo(bytes), "kB", beside);
    } else {
        eprintln!("The console is not built: `cargo xtask bench` builds it first.");
    }
    let module = target()?.join("npm/package/rcs_revoke.wasm");
    if module.is_file() {
        let bytes = fs::read(&module)?;
        let beside = format!("{:.0} kB raw, {:.0} kB gzip", kilo(bytes.len()), kilo(gzip(&bytes)?));
        figures.add(
            "core_module",
            "Core as a WebAssembly module, brotli",
            kilo(brotli(&bytes)?),
            "kB",
            beside,
        );
    } else {
        eprintln!("The WebAssembly module is not built: `cargo xtask bench` builds it first.");
    }
    Ok(())
}

/// The compressed bytes of the page and of every file that it names.
fn first_load(folder: &Path) -> Result<(usize, usize)> {
    let page = fs::read_to_string(folder.join("index.html"))?;
    let (mut bytes, mut files) = (0, 0);
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_compressed = path.extension().is_some_and(|kind| kind == "br" || kind == "gz");
        if is_compressed || !(name == "index.html" || page.contains(&name)) {
            continue;
        }
        let compressed = path.with_file_name(format!("{name}.br"));
        let size =
            fs::metadata(&compressed).with_context(|| format!("{} is missing", compressed.display()))?.len();
        bytes += usize::try_from(size)?;
        files += 1;
    }
    Ok((bytes, files))
}

/// The folder that holds everything built: this program lies in a profile's folder inside it.
fn target() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.ancestors().nth(2).context("this program lies in no target folder")?.to_owned())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut encoder = CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    encoder.write_all(bytes)?;
    encoder.flush()?;
    Ok(encoder.into_inner().len())
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

#[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
fn kilo(bytes: usize) -> f64 {
    bytes as f64 / 1_000.0
}
