//! The set-up of the speed measurements: a simulator without latency and limits, and the server before it.

use std::time::Duration;

use anyhow::{Context, Result};
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::config::{Sender as SenderConfig, VonageAnswers, VonageConfig};
use rcs_revoke_simulator::{Behaviour, Channel, Config, HostName, NewMessage, Provider, Running, Simulator};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::client::{HttpClient, http_client};
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::world::{Sender, Settings, start_server};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::Effort;

/// The one sender.
pub const SENDER: Sender = Sender {
    source: "bench",
    provider: Provider::Vonage,
    agent: "BenchAgent",
    home: HostName::VonageEu,
    launch_country: Some("DE"),
    confirmed: false,
    class: None,
    sms: None,
};

/// As much as the configuration takes: here the server is measured, not its patience.
pub const RATE: u32 = 10_000;

/// Everything that the measurements use.
pub struct Rig {
    _folder: TempDir,
    /// The runtime of the simulator.
    pub providers: Handle,
    /// The providers.
    pub simulator: Running,
    /// The server.
    pub server: Server,
    /// The client of the bare loops.
    pub http: HttpClient,
    /// The ids of messages that wait for the handset, one batch for each round, and one to warm up.
    pub batches: Vec<Vec<String>>,
    /// The ids of messages that the server has revoked.
    pub revoked: Vec<String>,
}

impl Rig {
    /// Starts both and sends the messages.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn new(providers: &Handle, effort: Effort) -> Result<Self> {
        let simulator = providers.spawn(Simulator::start(unlimited())).await??;
        let folder = tempfile::tempdir()?;
        let settings =
            Settings { senders: &[SENDER], rate: RATE, request_timeout: "30s", clock: None, classes: "" };
        let program = built_program("rcs-revoke");
        let server = start_server(&program, folder.path(), &simulator, &settings).await?;
        let http = http_client();
        let batches =
            (0..=effort.rounds * 2).map(|_| send(&simulator, effort.round)).collect::<Result<_>>()?;
        Ok(Self {
            _folder: folder,
            providers: providers.clone(),
            simulator,
            server,
            http,
            batches,
            revoked: Vec::new(),
        })
    }

    /// Waits until the server counts so many messages of these outcomes.
    ///
    /// # Errors
    /// When it ends, or does not get there in a minute.
    pub async fn until_counted(&mut self, outcomes: &[&str], wanted: usize) -> Result<()> {
        until_counted(&mut self.server, outcomes, wanted, Duration::from_mins(1)).await
    }

    /// Ends the server.
    ///
    /// # Errors
    /// When it does not end well.
    pub async fn stop(self) -> Result<()> {
        self.server.stop().await
    }
}

/// Providers that take everything at once.
pub fn unlimited() -> Config {
    Config {
        vonage: VonageConfig {
            senders: vec![SenderConfig { name: SENDER.agent.to_owned(), region: SENDER.home }],
            rate_limit: None,
            // The bare loop signs nothing.
            answers: VonageAnswers { basic_patch: 202, ..VonageAnswers::default() },
            behaviour: Behaviour { delivery: Some(Delivery::Never), ..Behaviour::default() },
            ..VonageConfig::default()
        },
        ..Config::default()
    }
}

/// Waits until a server counts so many messages of these outcomes.
///
/// # Errors
/// When it ends, or does not get there in time.
pub async fn until_counted(
    server: &mut Server,
    outcomes: &[&str],
    wanted: usize,
    patience: Duration,
) -> Result<()> {
    const LOOK: Duration = Duration::from_millis(10);
    let counted = async {
        loop {
            server.still_runs()?;
            let page: rcs_revoke_api::MessagePage = server.api.get("/api/v1/messages?limit=1").await?;
            let count: u64 = outcomes.iter().filter_map(|outcome| page.counts.get(*outcome)).sum();
            if usize::try_from(count)? >= wanted {
                return anyhow::Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(patience, counted)
        .await
        .with_context(|| format!("never {wanted} of {outcomes:?}"))?
}

fn send(simulator: &Running, count: usize) -> Result<Vec<String>> {
    (0..count)
        .map(|_| {
            let created = simulator.create_message(NewMessage {
                provider: Provider::Vonage,
                id: None,
                agent: None,
                phone: "+4915112345678".to_owned(),
                host: None,
                channel: Channel::Rcs,
                sent_at_ms: None,
                ttl_s: None,
                client_ref: None,
                behaviour: None,
                submitted: Some(false),
            })?;
            Ok(created.id)
        })
        .collect()
}
