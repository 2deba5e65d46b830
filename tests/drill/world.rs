//! Both sides of the drill: the simulator's world, and what the server is told.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rcs_revoke_simulator::config::{Agent, GoogleConfig, RateLimit, Sender, VonageConfig};
use rcs_revoke_simulator::{Config, Provider, Running, scenario};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::world::{Settings, start_server};

use crate::Args;
use crate::classes;
use crate::clock::DrillClock;
use crate::script::{fate, trouble};
use crate::senders::SENDERS;

/// What one request may take in real time: sockets know nothing of virtual time.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(1);
/// The longest virtual time-out that the server takes; on a very fast clock it is less in real time.
const LONGEST_TIMEOUT: Duration = Duration::from_mins(5);

/// The simulator's side: what the drill needs, under what the scenarios change.
///
/// # Errors
/// When there is no scenario of a name.
pub fn simulated(args: &Args, clock: &DrillClock) -> Result<Config> {
    let rate_limit = Some(RateLimit { per_second: args.rate(), enforce: false, virtual_seconds: true });
    let of = |provider: Provider| SENDERS.iter().filter(move |sender| sender.provider == provider);
    let agents = of(Provider::Google).map(|sender| Agent { id: sender.agent.to_owned(), webhook_url: None });
    let senders =
        of(Provider::Vonage).map(|sender| Sender { name: sender.agent.to_owned(), region: sender.home });
    let config = Config {
        seed: args.seed,
        clock: clock.config(),
        google: GoogleConfig { agents: agents.collect(), rate_limit, ..GoogleConfig::default() },
        vonage: VonageConfig {
            senders: senders.collect(),
            rate_limit,
            sms_mix: fate::sms_mix(),
            ..VonageConfig::default()
        },
        faults: trouble::for_all(),
        ..Config::default()
    };
    args.scenario.iter().try_fold(config, |config, name| {
        let scenario = scenario::named(name).with_context(|| {
            let known: Vec<&str> = scenario::all().iter().map(|scenario| scenario.name).collect();
            format!("there is no scenario {name}; known are {}", known.join(", "))
        })?;
        Ok(scenario.over(config)?)
    })
}

/// Starts the server beside the simulator.
///
/// # Errors
/// When it does not start.
pub async fn server(args: &Args, clock: &DrillClock, folder: &Path, simulator: &Running) -> Result<Server> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let timeout = format!("{}ms", request_timeout(args).as_millis());
    let settings = Settings {
        senders: &SENDERS,
        rate: args.rate(),
        request_timeout: &timeout,
        clock: Some(clock.numbers()),
        classes: &classes::settings(),
    };
    start_server(&program(args), folder, simulator, &settings).await
}

/// What one request may take, in virtual time.
pub fn request_timeout(args: &Args) -> Duration {
    REQUEST_TIMEOUT.mul_f64(args.scale).min(LONGEST_TIMEOUT)
}

/// The server's program.
pub fn program(args: &Args) -> PathBuf {
    args.binary.clone().unwrap_or_else(|| built_program("rcs-revoke"))
}
