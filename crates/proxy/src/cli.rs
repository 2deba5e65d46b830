//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::server::StartError;
use crate::store::StoreError;

mod config;
mod demo;
mod rebuild;
mod recall;
mod serve;

/// Takes back RCS business messages that were sent but not yet delivered, and tells what happened to them.
#[derive(Debug, Parser)]
#[command(name = "rcs-revoke", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve console, API and webhooks.
    Serve(serve::Serve),
    /// Show everything with simulated providers, on this machine only.
    Demo(demo::DemoCommand),
    /// Check the configuration, or print its documented default.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Take back the messages of a file through the running server: plan, confirm, watch.
    Recall(Box<recall::Recall>),
    /// Derive what messages mean from their facts again.
    Rebuild(rebuild::Rebuild),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say what is wrong, each fault with its place; or what is in force, without secrets.
    Check {
        /// The configuration file.
        #[arg(long, env = "RCS_REVOKE_CONFIG")]
        config: Option<PathBuf>,
    },
    /// Print the default configuration, which documents every key.
    Default,
}

/// Runs the command line and says how it ended.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Serve(command) => serve::run(&command),
        Command::Demo(command) => demo::run(&command),
        Command::Config { command: ConfigCommand::Check { config } } => config::check(config.as_deref()),
        Command::Config { command: ConfigCommand::Default } => {
            print!("{}", crate::config::DEFAULT);
            Ok(())
        }
        Command::Rebuild(command) => rebuild::run(&command),
        Command::Recall(command) => return recall::run(&command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rcs-revoke: {error:#}");
            if needs_a_person(&error) { ExitCode::from(NEEDS_A_PERSON) } else { ExitCode::FAILURE }
        }
    }
}

/// How it ends where starting it again cannot help: on a database that is damaged, newer, or another program's.
const NEEDS_A_PERSON: u8 = 3;

fn needs_a_person(error: &anyhow::Error) -> bool {
    let store = match error.downcast_ref() {
        Some(StartError::Store(store)) => Some(store),
        _ => error.downcast_ref::<StoreError>(),
    };
    store.is_some_and(StoreError::needs_a_person)
}
