//! The demo: this server against the simulator as both providers, with messages that each tell one story.
//!
//! The only place of the product that leads to the simulator. Nothing here leaves loopback, and everything is gone
//! when it ends.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use rcs_revoke_simulator::config::{Agent, GoogleConfig, Sender, VonageConfig};
use rcs_revoke_simulator::{Config as World, Credentials, HostName, Provider, Running, Simulator};
use tempfile::TempDir;

use crate::config::{Config, Ready, check};
use crate::server::{Server, StartError};

mod story;

pub use story::Story;

/// A demo that runs.
pub struct Demo {
    /// The server.
    pub server: Server,
    /// The simulated providers.
    pub world: Running,
    /// The messages to revoke, and those that are revoked by themselves.
    pub stories: Vec<Story>,
    _folder: TempDir,
}

/// Why a demo did not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The simulator did not start.
    #[error("the simulated providers did not start: {0}")]
    World(#[from] rcs_revoke_simulator::StartError),
    /// The simulator refused a message.
    #[error("the simulated providers refused a demo message: {0}")]
    Message(#[from] rcs_revoke_simulator::Refused),
    /// The server did not start.
    #[error(transparent)]
    Server(#[from] StartError),
    /// The demo's own configuration is wrong.
    #[error(transparent)]
    Config(#[from] crate::config::InvalidConfig),
    /// The folder for its files cannot be written.
    #[error("the demo's temporary files cannot be written: {0}")]
    Files(#[from] std::io::Error),
    /// A message cannot be registered.
    #[error("a demo message cannot be registered: {0}")]
    Register(String),
}

impl Demo {
    /// Starts providers and server on these ports of loopback; 0 takes a free one.
    ///
    /// # Errors
    /// When a port is taken or the temporary folder cannot be written.
    pub async fn start(port: u16, webhook_port: u16) -> Result<Self, DemoError> {
        let world = Simulator::start(new_world()).await?;
        let folder = TempDir::with_prefix("rcs-revoke-demo-")?;
        let mut ready = ready(folder.path(), &world)?;
        ready.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        ready.webhook_listen = SocketAddr::from((Ipv4Addr::LOCALHOST, webhook_port));
        let server = Server::start(ready).await?;
        let webhooks = format!("http://{}/webhooks", server.webhook_address);
        world.set_webhook(Provider::Vonage, Some(format!("{webhooks}/vonage/codes-de")))?;
        world.set_webhook(Provider::Google, Some(format!("{webhooks}/google_rbm/tickets")))?;
        let stories = story::send_all(&world, &server).await?;
        Ok(Self { server, world, stories, _folder: folder })
    }

    /// Plays the parts that the simulator does not play by itself, until the demo ends.
    pub async fn play(&self) {
        story::play(&self.world, &self.stories).await;
    }

    /// Ends server and providers.
    pub async fn shutdown(self) {
        self.server.shutdown().await;
        self.world.shutdown().await;
    }
}

fn new_world() -> World {
    let agent = |id: &str| Agent { id: id.to_owned(), webhook_url: None };
    let sender = |name: &str, region| Sender { name: name.to_owned(), region };
    World {
        seed: 7,
        google: GoogleConfig {
            agents: vec![agent("demo_tickets"), agent("demo_offers")],
            ..GoogleConfig::default()
        },
        vonage: VonageConfig {
            senders: vec![sender("DemoCodes", HostName::VonageEu), sender("DemoAlerts", HostName::VonageEu)],
            ..VonageConfig::default()
        },
        ..World::default()
    }
}

/// Writes the demo's configuration and credentials, and reads them as any other.
fn ready(folder: &Path, world: &Running) -> Result<Ready, DemoError> {
    let credentials: &Credentials = world.credentials();
    for (name, text) in [
        ("service-account.json", &credentials.google_service_account),
        ("client-token", &credentials.google_client_token),
        ("application.pem", &credentials.vonage_private_key),
        ("signature-secret", &credentials.vonage_signature_secret),
    ] {
        std::fs::write(folder.join(name), text)?;
    }
    let mut text = String::from("confirm_from = 10\n[hosts]\n");
    for host in HostName::ALL.into_iter().filter(|host| host.is_home()) {
        let _ = writeln!(text, "\"{host}\" = \"{}\"", world.base_url(host));
    }
    text.push_str(CLASSES);
    text.push_str(&sources(credentials));
    let file = folder.join("demo.toml");
    std::fs::write(&file, text)?;
    let mut ready = check::check(&Config::load_alone(&file)?)?;
    ready.demo = true;
    Ok(ready)
}

/// The classes with lengths that a person can sit out.
const CLASSES: &str = "[classes.otp]\nrevoke_after = \"40s\"\nsettle = \"8s\"\nfallback_by = \"60s\"\n\
     [classes.promotional]\nnot_after = \"24h\"\n";

fn sources(credentials: &Credentials) -> String {
    let vonage = format!(
        "application = \"{}\"\nprivate_key = {{ file = \"application.pem\" }}\napi_key = \"{}\"\n\
         signature_secret = {{ file = \"signature-secret\" }}\n",
        credentials.vonage_application_id, credentials.vonage_api_key
    );
    let google = "key_file = \"service-account.json\"\nclient_token = { file = \"client-token\" }\n\
                  host = \"google.europe\"\nsms_source = \"codes-de\"\n";
    format!(
        "[sources.codes-de]\nprovider = \"vonage\"\nlabel = \"One-time codes, launched in Germany\"\n\
         sender = \"DemoCodes\"\nlaunch_country = \"DE\"\nsms_from = \"DemoBank\"\n{vonage}\
         [sources.alerts]\nprovider = \"vonage\"\nlabel = \"Alerts, launch country not known\"\n\
         sender = \"DemoAlerts\"\nsms_source = \"codes-de\"\n{vonage}\
         [sources.tickets]\nprovider = \"google_rbm\"\nlabel = \"Tickets: 200 means asked\"\n\
         agent = \"demo_tickets\"\n{google}\
         [sources.offers]\nprovider = \"google_rbm\"\nlabel = \"Offers: 200 means removed\"\n\
         agent = \"demo_offers\"\nrevoke_ack = \"confirmed\"\n{google}"
    )
}
