//! Compressed copies beside the files of `dist/`, so that the server never compresses anything itself.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fingerprint::files_below;

/// What gets smaller; pictures and fonts are compressed already.
const EXTENSIONS: [&str; 7] = ["css", "html", "js", "json", "svg", "txt", "wasm"];

/// Writes `X.br` and `X.gz` for every compressible file of a folder.
///
/// # Errors
///
/// When a file cannot be read or written.
pub fn folder(folder: &Path) -> Result<()> {
    let files = files_below(folder)?;
    thread::scope(|scope| {
        let at_work: Vec<_> =
            files.iter().filter(|file| is_compressible(file)).map(|file| scope.spawn(|| one(file))).collect();
        at_work.into_iter().try_for_each(|work| work.join().map_err(|_| anyhow!("a compressor panicked"))?)
    })
}

fn is_compressible(file: &Path) -> bool {
    file.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
}

fn one(file: &Path) -> Result<()> {
    let contents = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    write(&beside(file, ".br"), &brotli(&contents)?)?;
    write(&beside(file, ".gz"), &gzip(&contents)?)
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn write(file: &Path, contents: &[u8]) -> Result<()> {
    fs::write(file, contents).with_context(|| format!("cannot write {}", file.display()))
}

fn brotli(contents: &[u8]) -> Result<Vec<u8>> {
    const BUFFER: usize = 1 << 16;
    const QUALITY: u32 = 11;
    const WINDOW_BITS: u32 = 22;
    let mut encoder = CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW_BITS);
    encoder.write_all(contents)?;
    encoder.flush()?;
    Ok(encoder.into_inner())
}

fn gzip(contents: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(contents)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn text_gets_two_copies_that_unpack_to_it_and_a_picture_none() {
        let folder = tempfile::tempdir().unwrap();
        let text = "revoke ".repeat(1_000);
        fs::write(folder.path().join("app.js"), &text).unwrap();
        fs::write(folder.path().join("icon.png"), &text).unwrap();

        super::folder(folder.path()).unwrap();

        let (mut from_br, mut from_gz) = (String::new(), String::new());
        let open = |name: &str| fs::File::open(folder.path().join(name)).unwrap();
        brotli::Decompressor::new(open("app.js.br"), 4096).read_to_string(&mut from_br).unwrap();
        flate2::read::GzDecoder::new(open("app.js.gz")).read_to_string(&mut from_gz).unwrap();
        assert_eq!((from_br.as_str(), from_gz.as_str()), (text.as_str(), text.as_str()));
        assert!(!folder.path().join("icon.png.br").exists());
    }
}
