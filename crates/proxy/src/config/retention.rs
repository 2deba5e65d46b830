//! For how long messages are kept about which nothing happens any more.

use std::path::{Path, PathBuf};

use rcs_revoke_core::Span;
use rcs_revoke_core::retention::SHORTEST;
use serde::Deserialize;

use crate::config::length::{Keep, written};

/// Instead of a folder: nothing is exported.
const NOWHERE: &str = "none";

/// What a configuration says of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionConfig {
    keep: Keep,
    export: Option<PathBuf>,
}

/// How long messages are kept, and where they go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// How long after nothing can happen to them any more.
    pub keep: Span,
    /// The folder that they are written to before they are forgotten; none if they are not.
    pub export: Option<PathBuf>,
}

impl RetentionConfig {
    /// What it means; none if everything is kept for ever.
    ///
    /// # Errors
    /// The key that is wrong, and what is wrong with it.
    pub fn check(&self, folder: &Path) -> Result<Option<Retention>, (&'static str, String)> {
        let Keep(Some(keep)) = self.keep else {
            return match self.export {
                None => Ok(None),
                Some(_) => Err(("keep", "missing: what is kept for ever is never exported".to_owned())),
            };
        };
        if keep < SHORTEST {
            let shortest = written(SHORTEST);
            let why = "a message may wait for its phone for 31 days, and its webhooks be repeated for 7 more";
            return Err(("keep", format!("expected {shortest} at least, or \"forever\": {why}")));
        }
        let Some(export) = &self.export else {
            let say = "say where messages are written before they are forgotten, `export = \"folder\"`; \
                       or `export = \"none\"`, and what was done to them is gone for good";
            return Err(("export", say.to_owned()));
        };
        if export.as_os_str() == NOWHERE {
            return Ok(Some(Retention { keep, export: None }));
        }
        let export = folder.join(export);
        if export.exists() && !export.is_dir() {
            return Err(("export", format!("{} is no folder", export.display())));
        }
        Ok(Some(Retention { keep, export: Some(export) }))
    }
}
