//! Where a secret is: in a file or in the environment, never in the configuration itself.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;

/// The place of a secret; exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "{ file = \"…\" } or { env = \"…\" }")]
pub struct SecretRef {
    /// A file that holds nothing else.
    pub file: Option<PathBuf>,
    /// A variable of the environment.
    pub env: Option<String>,
}

impl SecretRef {
    /// A secret in a file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { file: Some(path.into()), env: None }
    }

    /// Reads the secret, without the line end behind it.
    ///
    /// # Errors
    /// When it is not there, is empty, or its place is not stated as exactly one of `file` and `env`.
    pub fn read(&self, folder: &Path) -> Result<SecretString, String> {
        let (place, text) = match (&self.file, &self.env) {
            (Some(file), None) => {
                let path = folder.join(file);
                let text = std::fs::read_to_string(&path);
                (
                    path.display().to_string(),
                    text.map_err(|error| format!("{} cannot be read: {error}", path.display()))?,
                )
            }
            (None, Some(name)) => {
                let text = std::env::var(name)
                    .map_err(|_| format!("the variable {name} is not set, or is no text"))?;
                (format!("the variable {name}"), text)
            }
            _ => {
                return Err(
                    "say where the secret is: { file = \"…\" } or { env = \"…\" }, one of the two".to_owned()
                );
            }
        };
        let text = text.trim();
        if text.is_empty() { Err(format!("{place} is empty")) } else { Ok(text.into()) }
    }
}
