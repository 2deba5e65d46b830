//! Helpers of the cross-crate tests.

use std::path::{Path, PathBuf};

/// The folder of the whole repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("this package is in the repository")
}
