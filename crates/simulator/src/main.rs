//! `rcs-revoke-simulator`: one simulated world as a process of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Parser;
use rcs_revoke_simulator::{Config, HostName, Running, Simulator, scenario};

mod help;

/// Google RCS for Business and the Vonage Messages API on loopback, to test what sends and revokes RCS messages.
#[derive(Debug, Parser)]
#[command(version, after_help = help::SHORT, after_long_help = help::LONG)]
struct Arguments {
    /// Configuration file (TOML); the other options override it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A named world to lay over the configuration; several are laid one over the other.
    #[arg(long = "scenario", value_name = "NAME")]
    scenarios: Vec<String>,
    /// Print the named worlds with what each shows, and end.
    #[arg(long)]
    list_scenarios: bool,
    /// Print the whole configuration that results, as TOML, and end.
    #[arg(long)]
    print_config: bool,
    /// Everything random comes from it.
    #[arg(long)]
    seed: Option<u64>,
    /// Virtual seconds per real second.
    #[arg(long)]
    scale: Option<f64>,
    /// Virtual time at the real time --start, in milliseconds since the epoch.
    #[arg(long, value_name = "MS")]
    origin: Option<i64>,
    /// Real time at which virtual time was --origin, in milliseconds since the epoch.
    #[arg(long, value_name = "MS")]
    start: Option<i64>,
    /// Where Google's events go.
    #[arg(long, value_name = "URL")]
    google_webhook: Option<String>,
    /// Where Vonage's statuses go.
    #[arg(long, value_name = "URL")]
    vonage_webhook: Option<String>,
    /// Folder for the credentials that clients need, one file each, and `endpoints.json`.
    #[arg(long, value_name = "DIR")]
    credentials: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    if arguments.list_scenarios {
        let width = scenario::all().iter().map(|scenario| scenario.name.len()).max().unwrap_or_default();
        for scenario in scenario::all() {
            println!("{:<width$}  {}", scenario.name, scenario.shows);
        }
        return Ok(());
    }
    let config = configuration(&arguments)?;
    if arguments.print_config {
        print!("{}", toml::to_string(&config).context("writing the configuration")?);
        return Ok(());
    }
    let running = Simulator::start(config).await?;
    if let Some(folder) = &arguments.credentials {
        running.credentials().write_to(folder)?;
        write_endpoints(&running, folder)?;
    }
    print(&running, arguments.credentials.as_deref());
    asked_to_stop().await.context("waiting for a signal")?;
    running.shutdown().await;
    Ok(())
}

/// Ctrl-C, or the signal that a supervisor sends.
async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn configuration(arguments: &Arguments) -> anyhow::Result<Config> {
    let mut config = match &arguments.config {
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            Config::from_toml(&text).with_context(|| format!("in {}", path.display()))?
        }
        None => Config::default(),
    };
    config.seed = arguments.seed.unwrap_or(config.seed);
    config.clock.scale = arguments.scale.unwrap_or(config.clock.scale);
    config.clock.origin_ms = arguments.origin.or(config.clock.origin_ms);
    config.clock.start_ms = arguments.start.or(config.clock.start_ms);
    config.google.webhook_url = arguments.google_webhook.clone().or(config.google.webhook_url);
    config.vonage.webhook_url = arguments.vonage_webhook.clone().or(config.vonage.webhook_url);
    for name in &arguments.scenarios {
        let scenario = scenario::named(name);
        let scenario =
            scenario.with_context(|| format!("there is no scenario {name:?}: see --list-scenarios"))?;
        config = scenario.over(config).with_context(|| format!("laying {name} over the configuration"))?;
    }
    Ok(config)
}

fn write_endpoints(running: &Running, folder: &Path) -> anyhow::Result<()> {
    let path = folder.join("endpoints.json");
    let text = serde_json::to_string_pretty(&running.base_urls())?;
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

fn print(running: &Running, credentials: Option<&Path>) {
    let urls: BTreeMap<HostName, String> = running.base_urls();
    for (host, url) in urls {
        println!("{:<14} {url}", host.name());
    }
    match credentials {
        Some(folder) => println!("{:<14} {}", "credentials", folder.display()),
        None => println!("{:<14} not written: give --credentials DIR", "credentials"),
    }
    println!("ready");
}
