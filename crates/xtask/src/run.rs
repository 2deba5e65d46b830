//! `cargo xtask run`: from a fresh clone to a running server with its console.

use std::process::ExitCode;

use anyhow::Result;

use crate::console;
use crate::process::{become_it, run as run_program, trouble};
use crate::progress::step;
use crate::setup;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Args {
    /// Goes to the server: `--config my.toml` serves your own sources, anything else starts the demo
    #[arg(last = true, value_name = "SERVER OPTIONS")]
    server: Vec<String>,
}

/// Builds what is missing and becomes the server.
///
/// # Errors
///
/// When a tool is missing, a build fails, or the server cannot be started.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    setup::for_console(workspace)?;
    console::build(workspace, true)?;
    build_server(workspace)?;
    let mut server = workspace.command(workspace.binary("release", "rcs-revoke"));
    // The caller's folder: a relative `--config` means the file that the caller sees.
    server.current_dir(std::env::current_dir()?).arg(subcommand(&args.server)).args(&args.server);
    become_it(&mut server)
}

/// Builds the server with the console inside.
///
/// # Errors
///
/// When it does not compile, or its dependencies cannot be downloaded.
pub fn build_server(workspace: &Workspace) -> Result<()> {
    step("Building the server (the first time about 2 minutes on 2 cores)", || {
        let mut cargo = workspace.cargo("build");
        run_program(cargo.args(["--locked", "--release", "--package", "rcs-revoke-proxy"])).map_err(|error| {
            trouble(
                format!("The server could not be built: {error}."),
                "Nothing was started.",
                "Where a download failed, check that crates.io can be reached; where a C compiler is missing, \
                 install one (Debian: `apt-get install build-essential`). Then run the command again.",
            )
        })
    })
}

/// Own sources are served, else the demo is shown.
fn subcommand(options: &[String]) -> &'static str {
    let own = options.iter().any(|option| option == "--config" || option.starts_with("--config="));
    if own { "serve" } else { "demo" }
}

#[cfg(test)]
mod tests {
    use super::subcommand;

    #[test]
    fn a_config_means_serving_and_anything_else_the_demo() {
        let of = |options: &[&str]| subcommand(&options.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of(&[]), "demo");
        assert_eq!(of(&["--port", "9000"]), "demo");
        assert_eq!(of(&["--config", "my.toml"]), "serve");
        assert_eq!(of(&["--config=my.toml", "--port", "9000"]), "serve");
    }
}
