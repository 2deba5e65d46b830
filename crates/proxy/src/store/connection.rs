//! The one connection that writes, and what keeps others from the file.

use std::fs::File;
use std::path::PathBuf;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use crate::store::trouble::Trouble;
use crate::store::watch::Watch;
use crate::store::write::{CommitError, Group, stamp};
use crate::store::{StoreError, disk};

/// What the files that are in use end in. Where one of them is another file than it was, what is written is lost,
/// or somebody else writes too.
const IN_USE: [&str; 3] = ["", "-wal", ".lock"];

/// The one connection that writes, and the lock that keeps other processes away.
#[derive(Debug)]
pub struct WriteConnection {
    pub(crate) sql: SqliteConnection,
    /// Reads beside it what is wanted for the next write: one connection, that waits for nobody else's reading.
    pub(crate) ahead: SqlitePool,
    pub(crate) watch: Watch,
    path: PathBuf,
    in_use: [Option<(u64, u64)>; 3],
    _lock: File,
}

impl WriteConnection {
    /// Closes the connection, which moves the log into the file if it is the last one.
    pub(crate) async fn close(self) {
        self.ahead.close().await;
        if let Err(error) = self.sql.close().await {
            tracing::warn!(%error, "the database could not be closed in order; nothing of it is lost");
        }
    }

    pub(super) fn new(
        sql: SqliteConnection,
        ahead: SqlitePool,
        watch: Watch,
        path: PathBuf,
        lock: File,
    ) -> Self {
        let in_use = IN_USE.map(|end| disk::identity(&disk::beside(&path, end)));
        Self { sql, ahead, watch, path, in_use, _lock: lock }
    }

    /// Writes all of a group, or nothing.
    ///
    /// # Errors
    /// Why not, with what keeps every write from being made, if that is it.
    pub(crate) async fn commit(&mut self, group: &Group) -> Result<(), StoreError> {
        self.stays_in_place()?;
        self.watch.begin();
        let written = group.commit(&mut self.sql).await;
        self.watch.end();
        written.map_err(|CommitError { error, certain }| StoreError::NotWritten {
            // Looked into once, and again only when it is tried again.
            trouble: match (error.trouble(), self.watch.against()) {
                (Some(Trouble::Failing), Some(known)) => Some(known),
                (trouble, _) => trouble.map(|trouble| self.look_closer(trouble)),
            },
            certain,
            problem: error.to_string(),
        })
    }

    /// Whether a write is made now that none was made before, with room for more than the smallest.
    ///
    /// # Errors
    /// Why not.
    pub(crate) async fn try_again(&mut self) -> Result<(), StoreError> {
        self.stays_in_place()?;
        let mut written = self.write_little().await;
        if matches!(written, Err((Trouble::Failing, _))) {
            // What was in its way may have gone between the write and the closer look, which found nothing.
            written = self.write_little().await;
        }
        let not_written = |trouble, problem| StoreError::NotWritten { trouble, certain: true, problem };
        written.map_err(|(trouble, error)| not_written(Some(trouble), error.to_string()))?;
        disk::room(&self.path)
            .map_err(|error| not_written(Some(disk::trouble(&error)), format!("beside it: {error}")))
    }

    async fn write_little(&mut self) -> Result<(), (Trouble, sqlx::Error)> {
        self.watch.begin();
        let written = stamp(&mut self.sql).await;
        self.watch.end();
        written.map_err(|error| (self.look_closer(Trouble::of(&error)), error))
    }

    fn stays_in_place(&self) -> Result<(), StoreError> {
        let now = IN_USE.map(|end| disk::identity(&disk::beside(&self.path, end)));
        if now == self.in_use { Ok(()) } else { Err(StoreError::Moved(self.path.display().to_string())) }
    }

    /// What the machine has against it, where `SQLite` does not say.
    fn look_closer(&self, trouble: Trouble) -> Trouble {
        match trouble {
            Trouble::Failing => disk::room(&self.path).err().map_or(trouble, |error| disk::trouble(&error)),
            trouble => trouble,
        }
    }
}
