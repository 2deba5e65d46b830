//! The `SQLite` file: opened, migrated, read. It is written by one connection only, which belongs to the ledger.
//!
//! Lists of keys travel as one JSON argument, and rows in statements of a few lengths, so every statement is prepared
//! once.

use std::path::Path;

use sqlx::{Sqlite, SqlitePool, Transaction};

pub mod batches;
mod connection;
pub(crate) mod consents;
pub(crate) mod disk;
pub mod idempotency;
mod log;
pub mod messages;
mod open;
pub mod pages;
#[cfg(test)]
mod plans;
pub mod projection;
mod rows;
pub(crate) mod salvage;
pub(crate) mod sms;
pub mod sources;
pub mod tallies;
pub mod trouble;
pub mod unclaimed;
pub mod watch;
pub mod work;
pub mod write;

pub use connection::WriteConnection;
pub use projection::Projection;
pub use trouble::Trouble;
use watch::Watch;

/// The schema's version that this build writes.
const VERSION: i64 = 4;
/// Writes that version; it changes together with it.
pub(crate) const STAMP: &str = "PRAGMA user_version = 4";

/// Something went wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It was written by a newer build.
    #[error(
        "{path} was written by a newer version of rcs-revoke (schema {found}, this version knows {VERSION}): use that version, nothing was changed"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its schema's version.
        found: i64,
    },
    /// It was written by another program.
    #[error("{0} is the database of another program: give `database` another path, nothing was changed")]
    Foreign(String),
    /// It cannot be read as a database.
    #[error(
        "{path} is damaged, or was never a database ({problem}): run `rcs-revoke rebuild --check` to see how, or put a backup in its place; docs/operations.md says more; nothing was changed"
    )]
    Damaged {
        /// The file.
        path: String,
        /// What `SQLite` says.
        problem: String,
    },
    /// The file is gone, and what was written last is still in its log.
    #[error(
        "{0} is missing or empty, but its log {0}-wal is not: put the database back beside its log; to begin anew, move both away; nothing was changed"
    )]
    Beheaded(String),
    /// Its log is damaged in the middle.
    #[error(
        "the log {path}-wal is damaged, and the {commits} or more commits behind that place would be lost: put a sound copy of it back; or copy both files away and run `rcs-revoke rebuild`, which goes on without them; nothing was changed"
    )]
    CutOff {
        /// The database.
        path: String,
        /// How many commits stand behind it.
        commits: usize,
    },
    /// Another process has it.
    #[error("{0} is in use by another rcs-revoke: stop that one, or give this one another `database`")]
    Locked(String),
    /// It cannot be opened, read or written.
    #[error("{path} cannot be used: {problem}{}", advice(*.trouble))]
    Open {
        /// The file.
        path: String,
        /// What was said against it.
        problem: String,
        /// Why, where that is known.
        trouble: Option<Trouble>,
    },
    /// It is not there.
    #[error("there is no database at {0}")]
    Missing(String),
    /// Another file, or none, stands where it was opened.
    #[error("{0}, its -wal or its .lock is not the file any more that was opened")]
    Moved(String),
    /// `SQLite` refused.
    #[error("the database refused: {0}")]
    Sqlite(#[from] sqlx::Error),
    /// A stored text is not what this build wrote.
    #[error("the database holds a text that cannot be read back: {0}")]
    Json(#[from] serde_json::Error),
    /// A stored key is none.
    #[error("the database holds {0}, which is no message's key")]
    Key(String),
    /// The writer has stopped.
    #[error("the database is closed")]
    Closed,
    /// The program failed over it.
    #[error(
        "this made rcs-revoke itself fail, and nothing of it was written: please report it, with the log"
    )]
    Defect,
    /// What was to be written was not, alone or with others.
    #[error("not written: {problem}")]
    NotWritten {
        /// Why, where it is the database's fault.
        trouble: Option<Trouble>,
        /// Whether surely nothing of it will ever be found. A disk that fails at the very end of a commit may have
        /// kept it all the same.
        certain: bool,
        /// What was said against it.
        problem: String,
    },
}

fn advice(trouble: Option<Trouble>) -> String {
    trouble.map_or_else(String::new, |trouble| format!(". {}", trouble.sentence()))
}

impl StoreError {
    /// What is wrong with the database, where it is that.
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Sqlite(error) => Some(Trouble::of(error)),
            Self::Json(_) | Self::Key(_) | Self::Damaged { .. } | Self::Beheaded(_) | Self::CutOff { .. } => {
                Some(Trouble::Corrupt)
            }
            Self::Moved(_) => Some(Trouble::Moved),
            Self::Locked(_) => Some(Trouble::Locked),
            Self::Closed => Some(Trouble::Failing),
            Self::Open { trouble, .. } | Self::NotWritten { trouble, .. } => *trouble,
            Self::Newer { .. } | Self::Foreign(_) | Self::Missing(_) | Self::Defect => None,
        }
    }

    /// What keeps everything else from being written too, if anything does.
    pub fn against_every_write(&self) -> Option<Trouble> {
        self.trouble().filter(|trouble| trouble.is_of_every_write())
    }

    /// Whether starting again cannot mend it: a person is needed.
    pub const fn needs_a_person(&self) -> bool {
        matches!(
            self,
            Self::Newer { .. }
                | Self::Foreign(_)
                | Self::Damaged { .. }
                | Self::Beheaded(_)
                | Self::CutOff { .. }
                | Self::Missing(_)
        )
    }

    /// Whether surely nothing was written.
    pub const fn nothing_was_written(&self) -> bool {
        !matches!(self, Self::NotWritten { certain: false, .. })
    }

    /// The same, met while starting on this file.
    pub(crate) fn at(self, path: &Path) -> Self {
        let (path, problem) = (path.display().to_string(), self.to_string());
        match self {
            Self::Sqlite(_) | Self::Json(_) | Self::Key(_) | Self::NotWritten { .. } => {
                match self.trouble() {
                    Some(Trouble::Corrupt) => Self::Damaged { path, problem },
                    trouble => Self::Open { path, problem, trouble },
                }
            }
            other => other,
        }
    }

    /// The same for everybody whose change was to be written together.
    pub(crate) fn shared(&self) -> Self {
        Self::NotWritten {
            trouble: self.trouble(),
            certain: self.nothing_was_written(),
            problem: match self {
                Self::NotWritten { problem, .. } => problem.clone(),
                other => other.to_string(),
            },
        }
    }
}

/// The database as everybody reads it.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) readers: SqlitePool,
    watch: Watch,
}

impl Store {
    /// Whether it can be used.
    pub const fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Everything as it is now, for as long as this is held: the log grows meanwhile.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.read(self.readers.begin().await)
    }

    /// What was read, or why not; damage is told.
    fn read<T>(&self, read: Result<T, impl Into<StoreError>>) -> Result<T, StoreError> {
        read.map_err(|error| {
            let error = error.into();
            self.note(&error);
            error
        })
    }

    /// Tells of damage, where an error is that.
    pub(crate) fn note(&self, error: &StoreError) {
        if error.trouble() == Some(Trouble::Corrupt) {
            self.watch.damaged(error);
        }
    }
}
