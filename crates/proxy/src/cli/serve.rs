//! `rcs-revoke serve`: the server, until it is told to stop.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use secrecy::ExposeSecret;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, Ready, check};
use crate::server::Server;

/// Arguments of `rcs-revoke serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The configuration file.
    #[arg(long, env = "RCS_REVOKE_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    ports: Ports,
}

/// Ports that overrule the configuration.
#[derive(Debug, Args)]
pub(super) struct Ports {
    /// The port of console and API.
    #[arg(long)]
    port: Option<u16>,
    /// The port that webhooks come in on.
    #[arg(long)]
    webhook_port: Option<u16>,
}

impl Ports {
    /// Puts the ports in the place of the configured ones.
    pub(super) fn over(&self, ready: &mut Ready) {
        set_port(&mut ready.listen, self.port);
        set_port(&mut ready.webhook_listen, self.webhook_port);
    }
}

fn set_port(address: &mut SocketAddr, port: Option<u16>) {
    if let Some(port) = port {
        address.set_port(port);
    }
}

/// Serves what the configuration says.
pub(super) fn run(command: &Serve) -> anyhow::Result<()> {
    let config = Config::load(command.config.as_deref())?;
    refuse_clock(&config)?;
    let mut ready = check::check(&config)?;
    command.ports.over(&mut ready);
    for warning in &ready.warnings {
        eprintln!("rcs-revoke: {warning}");
    }
    runtime()?.block_on(async {
        outlive_long_files()?;
        let given = ready.access_key.is_some();
        let server = Server::start(ready).await?;
        println!("console:  {}", link(&server, given));
        println!("webhooks: http://{}/webhooks/…", server.webhook_address);
        println!("stop:     Ctrl-C");
        tokio::select! {
            stopped = until_told_to_stop() => stopped?,
            () = server.app().ledger.ended() => {
                bail!("what writes to the database has failed, as the log says: start it again")
            }
        }
        println!("stopping: requests under way are finished first; once more to stop at once");
        tokio::select! {
            () = server.shutdown() => Ok(()),
            stopped = until_told_to_stop() => Ok(stopped?),
        }
    })
}

/// Another clock than the machine's is for drills.
pub(super) fn refuse_clock(config: &Config) -> anyhow::Result<()> {
    if config.clock.is_some() && std::env::var("RCS_REVOKE_DRILL").as_deref() != Ok("1") {
        bail!(
            "[clock] is for drills against a simulator only: with another clock than the providers', every token and deadline is wrong"
        );
    }
    Ok(())
}

/// The console's address; with the access key in its fragment, which no server and no log ever sees.
pub(super) fn link(server: &Server, key_is_configured: bool) -> String {
    let address = server.address;
    if key_is_configured {
        return format!("http://{address}/ (it asks for the configured access key)");
    }
    format!("http://{address}/#key={}", server.access_key.expose_secret())
}

/// A runtime, with logs on standard error.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let filter = EnvFilter::try_from_env("RCS_REVOKE_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,rcs_revoke_simulator=warn"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// A write over the limit of a file's size is to fail as one on a full disk does, and not to end the process: whoever
/// listens for the signal is not ended by it.
pub(super) fn outlive_long_files() -> std::io::Result<()> {
    /// The same on every Unix but Linux for MIPS.
    const TOO_LONG: i32 = if cfg!(any(target_arch = "mips", target_arch = "mips64")) { 31 } else { 25 };
    signal(SignalKind::from_raw(TOO_LONG)).map(drop)
}

/// Waits for an interrupt or a request to end.
pub(super) async fn until_told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
