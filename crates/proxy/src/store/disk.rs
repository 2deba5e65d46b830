//! Why the machine refused a write: `SQLite` keeps that to itself, so a file beside the database is asked.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::store::trouble::Trouble;

/// How much room there must be before the database is said to take writes again.
const ROOM: usize = 1 << 20;
/// One block of a file system, at least.
const BLOCK: usize = 4_096;

/// A file beside the database, by what its name ends in.
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Which file stands there, whatever it is called.
pub(crate) fn identity(path: &Path) -> Option<(u64, u64)> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

/// Whether the folder takes a file as long as the database's next, and a little more.
///
/// # Errors
/// What the machine says against it.
pub(crate) fn room(path: &Path) -> io::Result<()> {
    let length = |end| std::fs::metadata(beside(path, end)).map_or(0, |found| found.len());
    let end = length("").max(length("-wal"));
    let name = beside(path, ".room");
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(&name)?;
    // Without a name already, so that nothing of it stays whatever happens now.
    std::fs::remove_file(&name)?;
    write(&file, end)
}

/// A hole up to `end` costs nothing, and what stands behind it costs what it is long.
fn write(file: &File, end: u64) -> io::Result<()> {
    let block = [b'.'; BLOCK];
    for at in (0..ROOM).step_by(BLOCK) {
        file.write_all_at(&block, end + at as u64)?;
    }
    file.sync_data()
}

/// The kind of what the machine says against a write.
pub(crate) fn trouble(error: &io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Trouble::Full,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Trouble::ReadOnly,
        _ => Trouble::Failing,
    }
}
