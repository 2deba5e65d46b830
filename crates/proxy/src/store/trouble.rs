//! What keeps a database from taking writes, or from being read: a few kinds, each with a stable code.

use std::fmt;

use sqlx::Error;

/// What is wrong with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No room: the disk, a quota, or the limit of a file's size.
    Full,
    /// It may be read and not be written.
    ReadOnly,
    /// Another process holds its lock.
    Locked,
    /// Another file, or none, stands where it was opened.
    Moved,
    /// Part of it cannot be read back.
    Corrupt,
    /// A write goes on and on.
    Stalled,
    /// The machine refuses, and not for any reason above.
    Failing,
}

impl Trouble {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::ReadOnly => "read_only",
            Self::Locked => "locked",
            Self::Moved => "moved",
            Self::Corrupt => "corrupt",
            Self::Stalled => "stalled",
            Self::Failing => "failing",
        }
    }

    /// What it is and what to do, for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Full => {
                "There is no room for the database: make room, or raise the quota or file size limit."
            }
            Self::ReadOnly => {
                "The database cannot be written, only read: give this process the right to write the file and its folder, or mount its disk for writing."
            }
            Self::Locked => "Another process holds the database's lock: end what it does there.",
            Self::Moved => {
                "The database, its -wal or its .lock was moved, replaced or deleted while it is in use: put it back, or start rcs-revoke again on what stands there now."
            }
            Self::Corrupt => {
                "Part of the database cannot be read back: run `rcs-revoke rebuild --check`, which says what is damaged."
            }
            Self::Stalled => "A write to the database takes longer than it should: look at its disk.",
            Self::Failing => "The machine refuses to read or write the database: look at its disk.",
        }
    }

    /// Whether it concerns every write alike, and not what is written.
    pub const fn is_of_every_write(self) -> bool {
        !matches!(self, Self::Corrupt)
    }

    /// The kind of what the driver says.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Database(refusal) => {
                Self::of_code(refusal.code().and_then(|code| code.parse().ok()).unwrap_or_default())
            }
            // A value that is no longer of the kind that was written.
            Error::ColumnDecode { .. }
            | Error::Decode(_)
            | Error::ColumnIndexOutOfBounds { .. }
            | Error::ColumnNotFound(_)
            | Error::TypeNotFound { .. }
            | Error::RowNotFound => Self::Corrupt,
            _ => Self::Failing,
        }
    }

    /// The kind of one of `SQLite`'s result codes, primary or extended: <https://sqlite.org/rescode.html>.
    fn of_code(code: i32) -> Self {
        const BUSY: i32 = 5;
        const LOCKED: i32 = 6;
        const READ_ONLY: i32 = 8;
        const CORRUPT: i32 = 11;
        const FULL: i32 = 13;
        const CONSTRAINT: i32 = 19;
        const NOT_A_DATABASE: i32 = 26;
        const READ: i32 = 266;
        const SHORT_READ: i32 = 522;
        const WRONG_CHECKSUM: i32 = 8_202;
        const DAMAGED_FILE_SYSTEM: i32 = 8_458;
        match (code, code & 0xff) {
            (READ | SHORT_READ | WRONG_CHECKSUM | DAMAGED_FILE_SYSTEM, _) | (_, CORRUPT | NOT_A_DATABASE) => {
                Self::Corrupt
            }
            // What is written keeps every constraint, so what it collides with was not written by us.
            (_, CONSTRAINT) => Self::Corrupt,
            (_, BUSY | LOCKED) => Self::Locked,
            (_, READ_ONLY) => Self::ReadOnly,
            (_, FULL) => Self::Full,
            _ => Self::Failing,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}
