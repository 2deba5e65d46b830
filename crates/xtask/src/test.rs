//! `cargo xtask test`: installs what the tests need and runs them, part by part.
//!
//! The first part that fails ends the run with its name. Nothing is retried: a test that passes the
//! second time has still failed.

mod javascript;
mod parts;
mod python;
pub mod wasm_module;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

pub use self::parts::Part;
use crate::progress::Took;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// The parts to run; all of them when none is named
    parts: Vec<Part>,
}

/// Runs the named parts, or all, and ends with one line for each.
///
/// # Errors
///
/// When a part fails; the later ones are not run.
pub fn test(workspace: &Workspace, args: &Args) -> Result<()> {
    let parts = if args.parts.is_empty() { Part::ALL.to_vec() } else { args.parts.clone() };
    let start = Instant::now();
    let mut done = Vec::new();
    for part in parts {
        eprintln!("\n==> Tests: {part}");
        let began = Instant::now();
        if let Err(error) = part.run(workspace) {
            eprint!("\n{}", summary(&done));
            return Err(error.context(format!("The part `{part}` failed; later parts were not run")));
        }
        done.push((part, began.elapsed()));
    }
    eprintln!("\n{}All passed in {}.", summary(&done), Took(start.elapsed()));
    Ok(())
}

/// Keeps the clients under test from asking this machine's proxy, if it has one, for the simulator.
fn without_proxy(command: &mut Command) -> &mut Command {
    const LOOPBACK: &str = "localhost,127.0.0.1";
    command.env("NO_PROXY", LOOPBACK).env("no_proxy", LOOPBACK)
}

fn summary(done: &[(Part, Duration)]) -> String {
    done.iter()
        .fold(String::new(), |lines, (part, time)| lines + &format!("passed: {part:<8} {}\n", Took(*time)))
}
