//! Starting one world on loopback, and holding it while it runs.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::behaviour::Behaviour;
use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::control;
use crate::courier;
use crate::credentials::{Credentials, CredentialsError};
use crate::fault::NewFault;
use crate::host::{HostName, Provider};
use crate::scenario::Scenario;
use crate::server;
use crate::site::Site;
use crate::stats::Stats;
use crate::world::{
    Created, HandshakeSeen, JournalEntry, NewConsent, NewEvent, NewHandshake, NewMessage, Quiet, Refused,
    Replay, SendSeen, Truth,
};

/// Why a simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The credentials cannot be prepared.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// A port cannot be bound.
    #[error("{host}: port {port} on 127.0.0.1 cannot be used: {source}")]
    Port {
        /// The logical host.
        host: HostName,
        /// The wanted port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// A message of the configuration is refused.
    #[error("messages: {0}")]
    Message(#[from] Refused),
}

/// Google RCS for Business and the Vonage Messages API on loopback.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Starts a world on the caller's Tokio runtime. It ends when the answer is dropped or shut down.
    ///
    /// # Errors
    /// When the configuration or its credentials cannot be used, or a port is taken.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        config.check()?;
        let (addresses, listeners) = bind(&config).await?;
        let token_uri = format!("{}/token", base_url(&addresses, HostName::GoogleToken));
        let for_keys = config.clone();
        let prepared = tokio::task::spawn_blocking(move || Credentials::prepare(&for_keys, &token_uri)).await;
        let (credentials, clients) = prepared.expect("preparing credentials does not panic")?;
        let clock = Clock::new(config.clock);
        let messages = config.messages.clone();
        let site = Arc::new(Site::new(config, clock, credentials, clients));
        let running = Running { site, addresses, stop: CancellationToken::new(), tasks: TaskTracker::new() };
        for message in messages {
            running.create_message(message)?;
        }
        let now = running.now_ms();
        running.site.world(|world| world.greet(None, now));
        running.spawn(listeners);
        Ok(running)
    }
}

/// A world that runs.
pub struct Running {
    site: Arc<Site>,
    addresses: BTreeMap<HostName, SocketAddr>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Running {
    /// The root URL of a logical host, without a slash at its end.
    pub fn base_url(&self, host: HostName) -> String {
        base_url(&self.addresses, host)
    }

    /// The root URLs of all hosts.
    pub fn base_urls(&self) -> BTreeMap<HostName, String> {
        self.addresses.keys().map(|&host| (host, self.base_url(host))).collect()
    }

    /// What clients need to be known here.
    pub fn credentials(&self) -> &Credentials {
        &self.site.credentials
    }

    /// Virtual now, in milliseconds since the epoch.
    pub fn now_ms(&self) -> i64 {
        self.site.clock.now_ms()
    }

    /// Says where a provider's events go from now on; `None` loses them.
    ///
    /// # Errors
    /// When it is no absolute `http` URL.
    pub fn set_webhook(&self, provider: Provider, url: Option<String>) -> Result<(), Refused> {
        control::set_webhook(&self.site, provider, url)
    }

    /// The truth about every message, in order of creation.
    pub fn truth(&self) -> Vec<Truth> {
        let count = self.site.world(|world| world.messages.len());
        // One at a time, so that a large world goes on meanwhile: each is the truth when it is read.
        let one = |index| self.site.world(|world| (index < world.messages.len()).then(|| world.truth(index)));
        (0..count).filter_map(one).collect()
    }

    /// The truth about one message.
    pub fn truth_of(&self, id: &str) -> Option<Truth> {
        self.site.world(|world| world.with_id(id).first().map(|&index| world.truth(index)))
    }

    /// Every request to send at Vonage that arrived, whether or not it was taken.
    pub fn sends(&self) -> Vec<SendSeen> {
        self.site.world(|world| world.sends().to_vec())
    }

    /// Creates a message without a call to its provider.
    ///
    /// # Errors
    /// When the id is taken, or phone, agent or host cannot be.
    pub fn create_message(&self, message: NewMessage) -> Result<Created, Refused> {
        self.create_workflow(message, Vec::new())
    }

    /// Creates a Vonage message without a call to its provider, and the messages that follow if it is rejected.
    ///
    /// # Errors
    /// When the id is taken, or phone, agent or host cannot be, or the provider is another one.
    pub fn create_workflow(
        &self,
        message: NewMessage,
        failover: Vec<NewMessage>,
    ) -> Result<Created, Refused> {
        let now = self.now_ms();
        let application = &self.site.credentials.vonage_application_id;
        self.site.world(|world| world.create(message, failover, application, now))
    }

    /// The configuration in force.
    pub fn config(&self) -> Config {
        Config::clone(&self.site.config())
    }

    /// Puts another configuration in force. Messages that exist keep their behaviour; faults of the configuration
    /// begin anew if they differ, and those that were added since stay.
    ///
    /// # Errors
    /// When it cannot be used, or changes what is read at the start only.
    pub fn configure(&self, config: Config) -> Result<(), ConfigError> {
        self.site.reconfigure(false, |_| Ok(config)).map(|_| ())
    }

    /// Lays a scenario over the configuration in force, and begins its faults anew.
    ///
    /// # Errors
    /// When the result cannot be used.
    pub fn play(&self, scenario: &Scenario) -> Result<(), ConfigError> {
        self.site.reconfigure(true, |config| scenario.over(config.clone())).map(|_| ())
    }

    /// Sets the behaviour of one message, existing or to come; says how many exist.
    pub fn set_message_behaviour(&self, id: &str, behaviour: &Behaviour) -> usize {
        let now = self.now_ms();
        self.site.world(|world| world.set_message_behaviour(id, behaviour, now))
    }

    /// Sets the behaviour of one phone, now and for messages to come; says how many messages exist.
    pub fn set_phone_behaviour(&self, phone: &str, behaviour: &Behaviour) -> usize {
        let now = self.now_ms();
        self.site.world(|world| world.set_phone_behaviour(phone, behaviour, now))
    }

    /// Puts a fault in force; answers its number.
    pub fn add_fault(&self, fault: NewFault) -> u64 {
        self.site.world(|world| world.faults.add(fault))
    }

    /// Takes back one fault, or all.
    pub fn remove_faults(&self, id: Option<u64>) -> usize {
        self.site.world(|world| world.faults.remove(id))
    }

    /// Hands over an event that is made up; the truth about the message stays as it is.
    ///
    /// # Errors
    /// When the message is not known, or the event lacks something.
    pub fn emit_event(&self, event: &NewEvent) -> Result<JournalEntry, Refused> {
        let now = self.now_ms();
        self.site.world(|world| world.emit_made_up(event, now))
    }

    /// Reports that a person wants no more of an agent's advertising, or wants it again: the event, and the word that
    /// is typed for it.
    ///
    /// # Errors
    /// When the agent is not configured, or the phone is no number.
    pub fn consent(&self, consent: &NewConsent) -> Result<[JournalEntry; 2], Refused> {
        let now = self.now_ms();
        self.site.world(|world| world.consent(consent, now))
    }

    /// Hands over an event of the journal once more, byte for byte.
    ///
    /// # Errors
    /// When there is no such event.
    pub fn replay_event(&self, replay: &Replay) -> Result<JournalEntry, Refused> {
        let now = self.now_ms();
        self.site.world(|world| world.replay(replay, now))
    }

    /// Makes a handshake with a Google webhook, as Google does before it uses one.
    ///
    /// # Errors
    /// When no webhook is known, or its address cannot be called.
    pub async fn shake_hands(&self, new: NewHandshake) -> Result<HandshakeSeen, Refused> {
        control::shake_hands(&self.site, new).await
    }

    /// All handshakes that were made.
    pub fn handshakes(&self) -> Vec<HandshakeSeen> {
        self.site.world(|world| world.handshakes().to_vec())
    }

    /// All events and their hand-overs.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.site.world(|world| world.journal(0, None))
    }

    /// What arrived at the sockets.
    pub fn stats(&self) -> Stats {
        self.site.world(|world| world.counters.stats().clone())
    }

    /// Whether anything happens by itself within this virtual time.
    pub fn quiet(&self, within_ms: i64) -> Quiet {
        let now = self.now_ms();
        self.site.world(|world| world.quiet(within_ms, now))
    }

    /// Stops listening and carrying, and waits until all is still.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn spawn(&self, listeners: Vec<(HostName, TcpListener)>) {
        for (host, listener) in listeners {
            let (site, stop, tasks) = (Arc::clone(&self.site), self.stop.clone(), self.tasks.clone());
            if host == HostName::Control {
                self.tasks.spawn(control::serve(site, self.base_urls(), listener, stop));
            } else {
                self.tasks.spawn(server::serve(site, host, listener, stop, tasks));
            }
        }
        self.tasks.spawn(courier::run(Arc::clone(&self.site), self.stop.clone(), self.tasks.clone()));
    }
}

type Bound = (BTreeMap<HostName, SocketAddr>, Vec<(HostName, TcpListener)>);

async fn bind(config: &Config) -> Result<Bound, StartError> {
    let (mut addresses, mut listeners) = (BTreeMap::new(), Vec::new());
    for host in HostName::ALL {
        let port = config.ports.get(&host).copied().unwrap_or(0);
        let failed = |source| StartError::Port { host, port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        addresses.insert(host, listener.local_addr().map_err(failed)?);
        listeners.push((host, listener));
    }
    Ok((addresses, listeners))
}

fn base_url(addresses: &BTreeMap<HostName, SocketAddr>, host: HostName) -> String {
    addresses.get(&host).map(|address| format!("http://{address}")).unwrap_or_default()
}
