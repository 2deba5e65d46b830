//! Messages written to a file before they are forgotten: one file for each day, one line of JSON for each message.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rcs_revoke_core::{Evidence, Timestamp};
use serde::Serialize;

/// How much is read at once when the end of the last whole line is looked for.
const BLOCK: u64 = 4_096;

/// One line.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    /// The message's key.
    pub message: String,
    /// Its source.
    pub source: Option<&'a str>,
    /// The outcome that it was counted under.
    pub outcome: Option<&'a str>,
    /// When it was written here.
    pub exported_at: i64,
    /// Everything that we did and were told.
    pub evidence: &'a Evidence,
}

/// The file of a day.
pub(super) fn file_of(folder: &Path, now: Timestamp) -> PathBuf {
    let instant = now.to_string();
    let day = instant.split('T').next().unwrap_or_default();
    folder.join(format!("rcs-revoke-{day}.ndjson"))
}

/// Writes whole lines behind those that are there, and returns once they are on the disk.
///
/// A line that a crash left half is cut off: its message was not forgotten, and is written again.
///
/// # Errors
/// What the machine says against it. Some of the lines may have been written then.
pub(super) fn append(path: &Path, lines: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // It holds phone numbers.
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    let length = file.metadata()?.len();
    let whole = whole_lines(&mut file, length)?;
    if whole < length {
        file.set_len(whole)?;
    }
    file.write_all(lines)?;
    file.sync_all()?;
    if length == 0 {
        // Its name, too.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// How long the file is up to the end of its last whole line.
fn whole_lines(file: &mut File, length: u64) -> io::Result<u64> {
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let mut block = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        Read::by_ref(file).take(end - start).read_to_end(&mut block)?;
        if let Some(last) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{append, file_of};
    use rcs_revoke_core::Timestamp;

    #[test]
    fn a_line_that_was_left_half_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new").join("a.ndjson");
        append(&file, b"one\ntwo\n").unwrap();
        for torn in ["", "thr", &"x".repeat(10_000)] {
            let before = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, before.clone() + torn).unwrap();
            append(&file, b"more\n").unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), before + "more\n");
        }
        std::fs::write(&file, "no whole line").unwrap();
        append(&file, b"one\n").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "one\n");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "for this user alone");
    }

    #[test]
    fn each_day_has_its_file() {
        let name = |millis| file_of("a".as_ref(), Timestamp::from_millis(millis)).display().to_string();
        assert_eq!(name(1_795_168_800_000), "a/rcs-revoke-2026-11-20.ndjson");
        assert_ne!(name(1_795_168_800_000), name(1_795_168_800_000 + 86_400_000));
    }
}
