//! Looks through the log that a former process left, before `SQLite` does: it takes the first frame that is not whole
//! for the log's end, and silently drops every commit behind it.
//!
//! The format: <https://sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

/// A crash may leave the last commit torn, for nobody was told of it yet. Two in a row behind a torn place were told of.
///
/// A disk that refuses a commit at its very end may keep it, with the first frames written over by what came after: such
/// remains of several stand behind each other, each a row of its own with one commit in it.
const TOLD_OF: usize = 2;
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const LITTLE_ENDIAN: u32 = 0x377f_0682;
const BIG_ENDIAN: u32 = 0x377f_0683;

/// How many commits stand in the log behind a place that is damaged, and would be dropped.
///
/// # Errors
/// When the log cannot be read.
pub(crate) fn cut_off(log: &Path) -> io::Result<usize> {
    let file = match File::open(log) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut bytes = BufReader::new(file);
    let mut header = [0; HEADER];
    if !fill(&mut bytes, &mut header)? {
        return Ok(0);
    }
    let big_endian = match word(&header, 0) {
        LITTLE_ENDIAN => false,
        BIG_ENDIAN => true,
        // A log that was never begun is empty behind its header.
        _ => return Ok(if is_blank(&mut bytes)? { 0 } else { TOLD_OF }),
    };
    let size = word(&header, 8);
    if !(512..=65_536).contains(&size) {
        return Ok(TOLD_OF);
    }
    let mut sum = checksum([0, 0], &header[..24], big_endian);
    let mut whole = sum == pair(&header, 24);
    // Every frame of one round carries the same mark. An earlier round may stand behind the last.
    let mut mark = whole.then(|| header[16..24].to_vec());
    let mut frame = vec![0; FRAME_HEADER + size as usize];
    let (mut commits, mut in_row) = (0, 0);
    while fill(&mut bytes, &mut frame)? {
        let mark = mark.get_or_insert_with(|| frame[8..16].to_vec());
        let computed = checksum(checksum(sum, &frame[..8], big_endian), &frame[FRAME_HEADER..], big_endian);
        sum = pair(&frame, 16);
        let follows = frame[8..16] == **mark && computed == sum;
        whole &= follows;
        in_row = if follows { in_row } else { 0 };
        if !whole && follows && word(&frame, 4) != 0 {
            in_row += 1;
            commits = commits.max(in_row);
        }
    }
    Ok(if commits >= TOLD_OF { commits } else { 0 })
}

fn is_blank(bytes: &mut impl Read) -> io::Result<bool> {
    let mut piece = [0; 4_096];
    loop {
        match bytes.read(&mut piece)? {
            0 => return Ok(true),
            read if piece[..read].iter().any(|byte| *byte != 0) => return Ok(false),
            _ => {}
        }
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn pair(bytes: &[u8], at: usize) -> [u32; 2] {
    [word(bytes, at), word(bytes, at + 4)]
}

fn checksum([mut first, mut second]: [u32; 2], bytes: &[u8], big_endian: bool) -> [u32; 2] {
    let read = |four: &[u8]| if big_endian { word(four, 0) } else { word(four, 0).swap_bytes() };
    for eight in bytes.chunks_exact(8) {
        first = first.wrapping_add(read(&eight[..4])).wrapping_add(second);
        second = second.wrapping_add(read(&eight[4..])).wrapping_add(first);
    }
    [first, second]
}

/// Whether as much was left.
fn fill(bytes: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    match bytes.read_exact(into) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};

    use super::cut_off;

    #[tokio::test]
    async fn commits_behind_a_damaged_place_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let mut sql = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("CREATE TABLE t (x)").execute(&mut sql).await.unwrap();
        for _ in 0..3 {
            sqlx::raw_sql("INSERT INTO t VALUES (1)").execute(&mut sql).await.unwrap();
        }
        let log = folder.path().join("a.db-wal");
        let sound = std::fs::read(&log).unwrap();
        let copy = folder.path().join("copy");
        let found_with = |harm: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = sound.clone();
            harm(&mut bytes);
            std::fs::write(&copy, bytes).unwrap();
            cut_off(&copy).unwrap()
        };
        let frame = 24 + 4_096;
        assert_eq!(found_with(&|_| {}), 0, "a sound log");
        // The table's two frames, then three commits of one.
        assert_eq!(sound.len(), 32 + 5 * frame);
        assert_eq!(found_with(&|bytes| bytes[32 + frame + 100] ^= 1), 3, "the first commit's last frame");
        assert_eq!(found_with(&|bytes| bytes[32 + 2 * frame + 100] ^= 1), 2);
        assert_eq!(found_with(&|bytes| bytes[32 + 4 * frame + 100] ^= 1), 0, "the last may be torn");
        assert_eq!(found_with(&|bytes| bytes.truncate(32 + 3 * frame + 7)), 0, "nothing stands behind");
        assert!(found_with(&|bytes| bytes[20] ^= 1) > 0, "no frame fits the header");
        assert!(found_with(&|bytes| bytes[0] ^= 1) > 0, "no header");
        sql.close().await.unwrap();
        assert_eq!(cut_off(&log).unwrap(), 0, "no log");
    }
}
