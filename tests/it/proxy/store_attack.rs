//! The store under attack: whatever happens to the file, its disk or its lock, the server says so in `/readyz` and in
//! the log, says nothing that is false, loses nothing that it acknowledged, and goes on by itself where it can.

#[expect(clippy::unwrap_used, reason = "a helper of tests may fail as a test may")]
mod damage;
pub mod disk;
#[expect(clippy::unwrap_used, reason = "a helper of tests may fail as a test may")]
mod migration;
#[expect(clippy::unwrap_used, reason = "a helper of tests may fail as a test may")]
pub mod refusing;
#[expect(clippy::unwrap_used, reason = "a helper of tests may fail as a test may")]
mod starting;
