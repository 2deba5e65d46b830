//! One short text for the contents of many files: unchanged inputs need no new build.
//!
//! Contents, not times: a fresh clone of the same commit has the same fingerprint.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The fingerprint of files and whole folders, given relative to `root`; a missing one counts as empty.
///
/// # Errors
///
/// When a file that exists cannot be read.
pub fn of(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for input in inputs {
        for file in files_below(&root.join(input))? {
            let contents = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy();
            // Lengths keep neighbours apart: a name's end can never be taken for a content's start.
            for part in [name.as_bytes(), &contents] {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
        }
    }
    Ok(STANDARD.encode(hash.finalize()))
}

/// Every file below a path (or the file itself), in a stable order, without hidden ones.
///
/// # Errors
///
/// When a folder that exists cannot be read.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut children = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    children.retain(|child| !child.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    children.sort();
    let mut files = Vec::new();
    for child in children {
        files.extend(files_below(&child)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_changes_with_a_content_a_name_and_a_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let now = || of(folder.path(), &["."]).unwrap();

        write("a", "1");
        let first = now();
        assert_eq!(first, now());
        write("a", "2");
        let changed = now();
        assert_ne!(first, changed);
        write("b", "");
        assert_ne!(changed, now());
        fs::remove_file(folder.path().join("b")).unwrap();
        write(".hidden", "x");
        assert_eq!(changed, now());
    }

    #[test]
    fn a_name_and_a_content_cannot_be_mixed_up() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ab"), "c").unwrap();
        let first = of(folder.path(), &["ab"]).unwrap();
        fs::remove_file(folder.path().join("ab")).unwrap();
        fs::write(folder.path().join("a"), "bc").unwrap();
        assert_ne!(first, of(folder.path(), &["a"]).unwrap());
    }
}
