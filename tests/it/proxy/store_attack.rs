//! The store under attack: whatever happens to the file, its disk or its lock, the server says so in `/readyz` and in
//! the log, says nothing that is false, loses nothing that it acknowledged, and goes on by itself where it can.

mod damage;
mod disk;
mod migration;
mod refusing;
mod starting;
