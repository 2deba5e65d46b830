//! What a process has spent: processor time by kind of thread, bytes written, commits. Read from the system where it
//! tells.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Ticks per second in which Linux counts processor time for programs, on every architecture.
const TICKS: f64 = 100.0;
/// Threads on which `SQLite` runs.
const SQLITE: &str = "sqlx-sqlite";
/// Where the index of the log counts its transactions.
const CHANGES: std::ops::Range<usize> = 8..12;

/// What was spent up to a moment, or between two.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Processor seconds on the threads of the database.
    pub sqlite: f64,
    /// Processor seconds on all other threads.
    pub others: f64,
    /// Bytes handed to the disk.
    pub bytes: f64,
    /// Transactions.
    pub commits: f64,
}

impl Cost {
    /// What a server has spent.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn of(process: Option<u32>, database: &Path) -> Result<Self> {
        let folder = PathBuf::from(format!("/proc/{}", process.context("it has ended")?));
        let (mut sqlite, mut others) = (0.0, 0.0);
        for task in fs::read_dir(folder.join("task"))? {
            let task = task?.path();
            // A thread may end meanwhile.
            let Ok(stat) = fs::read_to_string(task.join("stat")) else { continue };
            let (name, seconds) = name_and_seconds(&stat).context("an unknown form of stat")?;
            *if name.starts_with(SQLITE) { &mut sqlite } else { &mut others } += seconds;
        }
        let io = fs::read_to_string(folder.join("io"))?;
        let bytes = io.lines().find_map(|line| line.strip_prefix("write_bytes: ")).unwrap_or("0").parse()?;
        Ok(Self { sqlite, others, bytes, commits: commits(database)? })
    }

    /// What was spent since.
    pub fn since(self, before: Self) -> Self {
        Self {
            sqlite: self.sqlite - before.sqlite,
            others: self.others - before.others,
            bytes: self.bytes - before.bytes,
            commits: self.commits - before.commits,
        }
    }

    /// The sum.
    pub fn and(self, other: Self) -> Self {
        Self {
            sqlite: self.sqlite + other.sqlite,
            others: self.others + other.others,
            bytes: self.bytes + other.bytes,
            commits: self.commits + other.commits,
        }
    }
}

/// Processor seconds of this process's own threads of a name.
///
/// # Errors
/// When the system does not tell.
pub fn own_seconds(of: &str) -> Result<f64> {
    let mut seconds = 0.0;
    for task in fs::read_dir("/proc/self/task")? {
        let Ok(stat) = fs::read_to_string(task?.path().join("stat")) else { continue };
        let (name, spent) = name_and_seconds(&stat).context("an unknown form of stat")?;
        if name.starts_with(of) {
            seconds += spent;
        }
    }
    Ok(seconds)
}

/// The name of a thread, and its processor seconds in user mode and in the system.
fn name_and_seconds(stat: &str) -> Option<(&str, f64)> {
    let (before, after) = stat.rsplit_once(')')?;
    let name = before.split_once('(')?.1;
    let mut ticks = after.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (ticks.next()?.parse().ok()?, ticks.next()?.parse().ok()?);
    Some((name, (user + system) / TICKS))
}

/// How many transactions the log of a database has seen: `SQLite` counts them in the head of its index.
fn commits(database: &Path) -> Result<f64> {
    let mut name = database.as_os_str().to_owned();
    name.push("-shm");
    let head = fs::read(name)?;
    let count = head.get(CHANGES).context("the index of the log has no head")?;
    Ok(f64::from(u32::from_ne_bytes(count.try_into()?)))
}

#[cfg(test)]
mod tests {
    use super::name_and_seconds;

    #[test]
    fn the_time_of_a_thread_is_read_behind_any_name() {
        let stat = "7 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0";
        assert_eq!(name_and_seconds(stat), Some(("a (b) c", 2.0)));
    }
}
