//! The world that is lied about: a real server with messages of nearly every outcome at both providers.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rcs_revoke_simulator::behaviour::{AfterRevoke, Behaviour, Delivery};
use rcs_revoke_simulator::config::{Agent, GoogleConfig, Sender, VonageConfig};
use rcs_revoke_simulator::{Config, FaultKind, HostName, NewFault, NewMessage, Provider, Running, Simulator};
use serde_json::{Value, json};

use super::draft::{Material, Target};
use super::keys::{BRANCH_SECRET, Keys, PARTNER_TOKEN};
use super::store::Store;
use super::wire::Caller;
use super::{Call, Forger, google, vonage};
use crate::server::Server;

/// How long anything may take to come about.
const PATIENCE: Duration = Duration::from_secs(30);

/// What becomes of a message before anybody lies about it.
#[derive(Clone, Copy)]
struct Story {
    source: &'static str,
    sender: &'static str,
    outcome: &'static str,
    deed: Deed,
}

#[derive(Clone, Copy)]
enum Deed {
    /// Known, and nothing else.
    Nothing,
    /// Asked for, and the provider says *later* for longer than any trial takes.
    Throttled,
    /// Asked for, and taken.
    Revoked,
    /// Its provider says this of it.
    Said(&'static str),
    /// Asked for, and then its provider says this.
    RevokedAndSaid(&'static str),
}

const fn story(source: &'static str, sender: &'static str, outcome: &'static str, deed: Deed) -> Story {
    Story { source, sender, outcome, deed }
}

const STORIES: [Story; 15] = [
    story("tickets", "tickets", "watched", Deed::Nothing),
    story("tickets", "tickets", "requesting", Deed::Throttled),
    story("tickets", "tickets", "unconfirmed", Deed::Revoked),
    story("tickets", "tickets", "delivered", Deed::Said("DELIVERED")),
    story("tickets", "tickets", "revoked", Deed::Said("TTL_EXPIRATION_REVOKED")),
    story("tickets", "tickets", "inconclusive", Deed::RevokedAndSaid("TTL_EXPIRATION_REVOKE_FAILED")),
    story("offers", "offers", "revoked", Deed::Revoked),
    story("offers", "offers", "delivered", Deed::RevokedAndSaid("READ")),
    story("codes", "Codes", "watched", Deed::Nothing),
    story("codes", "Codes", "requesting", Deed::Throttled),
    story("codes", "Codes", "unconfirmed", Deed::Revoked),
    story("codes", "Codes", "delivered", Deed::Said("delivered")),
    story("codes", "Codes", "not_delivered", Deed::RevokedAndSaid("rejected")),
    story("alerts", "Alerts", "not_delivered", Deed::Said("undeliverable")),
    story("alerts", "Alerts", "watched", Deed::Said("submitted")),
];

/// A server, the simulated providers behind it, and whoever lies to it.
#[derive(Debug)]
pub struct World {
    /// The server.
    pub server: Server,
    /// Who makes the forgeries.
    pub forger: Forger,
    /// The calls that were accepted.
    pub accepted: Vec<Call>,
    program: PathBuf,
    folder: PathBuf,
    settings: String,
    providers: Running,
}

impl World {
    /// Starts a server in this folder and plays the stories.
    ///
    /// # Errors
    /// When the server does not start, or a message does not become what it should.
    pub async fn set(program: &Path, folder: &Path) -> Result<Self> {
        let agent = |id: &str| Agent { id: id.to_owned(), webhook_url: None };
        let sender = |name: &str| Sender { name: name.to_owned(), region: HostName::VonageEu };
        let providers = Simulator::start(Config {
            google: GoogleConfig {
                agents: vec![agent("tickets"), agent("offers")],
                ..GoogleConfig::default()
            },
            vonage: VonageConfig {
                senders: vec![sender("Codes"), sender("Alerts")],
                ..VonageConfig::default()
            },
            ..Config::default()
        })
        .await?;
        providers.credentials().write_to(folder)?;
        std::fs::write(folder.join("partner-token"), PARTNER_TOKEN)?;
        std::fs::write(folder.join("branch-secret"), BRANCH_SECRET)?;
        let settings = settings(&providers)?;
        let server = Server::start(program, folder, &settings).await?;
        let keys = Arc::new(Keys::of(providers.credentials())?);
        let mut world = Self {
            forger: Forger { keys, targets: Vec::new(), known: Vec::new() },
            accepted: Vec::new(),
            program: program.to_owned(),
            folder: folder.to_owned(),
            settings,
            server,
            providers,
        };
        for (index, story) in STORIES.iter().enumerate() {
            world.begin(index, *story).await?;
        }
        for (index, story) in STORIES.iter().enumerate() {
            if let Deed::Said(word) | Deed::RevokedAndSaid(word) = story.deed {
                world.say(index, word).await?;
            }
        }
        for (index, story) in STORIES.iter().enumerate() {
            world.until(&world.forger.targets[index].key(), story.outcome).await?;
        }
        Ok(world)
    }

    async fn begin(&mut self, index: usize, story: Story) -> Result<()> {
        let provider =
            if matches!(story.source, "tickets" | "offers") { Provider::Google } else { Provider::Vonage };
        let phone = format!("+4477009001{index:02}");
        let created = self.providers.create_message(NewMessage {
            agent: Some(story.sender.to_owned()),
            host: (provider == Provider::Google).then_some(HostName::GoogleEurope),
            behaviour: Some(Behaviour {
                delivery: Some(Delivery::Never),
                after_revoke: Some(AfterRevoke::Silence),
                ..Behaviour::default()
            }),
            ..NewMessage::new(provider, phone.clone())
        });
        let created = created.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
        let target =
            Target { provider, source: story.source, sender: story.sender, id: created.id.clone(), phone };
        let host = (provider == Provider::Google).then(|| created.host.name());
        let known: Value = self
            .server
            .api
            .post("/api/v1/messages", &json!({
                "id": target.id, "source": target.source, "phone": target.phone, "sent_at": created.sent_at_ms,
                "no_expiry": true, "host": host,
            }))
            .await?;
        ensure!(known["results"][0]["message"] == target.key().as_str(), "{known}");
        if let Deed::Throttled = story.deed {
            self.providers.add_fault(NewFault {
                message: Some(target.id.clone()),
                ..NewFault::new(FaultKind::Status {
                    status: 429,
                    retry_after: Some("900".to_owned()),
                    body: None,
                    after_effect: false,
                })
            });
        }
        if let Deed::Throttled | Deed::Revoked | Deed::RevokedAndSaid(_) = story.deed {
            let report: Value = self
                .server
                .api
                .post("/api/v1/revocations", &json!({"items": [{"message": target.key()}]}))
                .await?;
            ensure!(report["made"] == 1, "{report}");
            self.until_asked(&target).await?;
        }
        self.forger.targets.push(target);
        Ok(())
    }

    /// Waits until the provider has answered.
    async fn until_asked(&self, target: &Target) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let detail: Value = self.server.api.get(&format!("/api/v1/messages/{}", target.key())).await?;
            if detail.to_string().contains("answered:") {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{} was not asked for: {detail}", target.key());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends a genuine event about a message.
    async fn say(&mut self, index: usize, word: &str) -> Result<()> {
        let event = self.forger.targets[index].event(word, index as u64);
        let call = self.genuine(index, &event);
        let answer = Caller::new(&self.server.webhooks).call(&call).await?;
        ensure!(answer.status == 200, "a genuine webhook was answered {}: {call:?}", answer.status);
        self.forger.known.push((self.forger.targets[index].provider, event));
        self.accepted.push(call);
        Ok(())
    }

    /// A genuine call about a message.
    pub fn genuine(&self, index: usize, event: &str) -> Call {
        let target = self.forger.targets[index].clone();
        let text = event.to_owned();
        let material = Material {
            keys: Arc::clone(&self.forger.keys),
            target: target.clone(),
            event: text.clone(),
            other: text.clone(),
            known: text,
            dice: rand::SeedableRng::seed_from_u64(0),
        };
        match target.provider {
            Provider::Google => google::Draft::new(material).into_call(),
            Provider::Vonage => vonage::Draft::new(material).into_call(),
        }
    }

    /// Waits until a message has this outcome.
    ///
    /// # Errors
    /// When it does not get it.
    pub async fn until(&self, key: &str, outcome: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let detail = self.server.api.message(key).await?;
            if detail.view.outcome.verdict.code() == outcome {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{key} is {:?}, not {outcome}", detail.view.outcome);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops the server and starts it again on the same database.
    ///
    /// # Errors
    /// When it does not end or start as it should.
    pub async fn restart(self) -> Result<Self> {
        self.server.stop().await?;
        let server = Server::start(&self.program, &self.folder, &self.settings).await?;
        Ok(Self { server, ..self })
    }

    /// Its database.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn store(&self) -> Result<Store> {
        Store::open(&self.folder.join("server.db")).await
    }

    /// The memory that the server uses now, and the most that it ever used, in bytes.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn memory(&self) -> Result<(u64, u64)> {
        let process = self.server.process().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let figure = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let Some(line) = line else { bail!("the system does not say {name}") };
            Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1_024)
        };
        Ok((figure("VmRSS:")?, figure("VmHWM:")?))
    }
}

/// Two sources that share a secret at each provider, one of another partner or account, and one without a secret.
fn settings(providers: &Running) -> Result<String> {
    let mut text = String::from("[hosts]\n");
    for host in HostName::ALL.into_iter().filter(|host| host.is_home()) {
        writeln!(text, "\"{host}\" = \"{}\"", providers.base_url(host))?;
    }
    let credentials = providers.credentials();
    let google = |name: &str, agent: &str, more: &str| {
        format!(
            "[sources.{name}]\nprovider = \"google_rbm\"\nagent = \"{agent}\"\nhost = \"google.europe\"\n\
             key_file = \"google-service-account.json\"\npolicy = {{ settle = \"1s\" }}\n{more}\n"
        )
    };
    let vonage = |name: &str, more: &str| {
        format!(
            "[sources.{name}]\nprovider = \"vonage\"\napplication = \"{}\"\napi_key = \"{}\"\n\
             private_key = {{ file = \"vonage-private-key.pem\" }}\nlaunch_country = \"DE\"\n\
             policy = {{ settle = \"1s\" }}\n{more}\n",
            credentials.vonage_application_id, credentials.vonage_api_key
        )
    };
    let token = |file: &str| format!("client_token = {{ file = \"{file}\" }}");
    let secret = |sender: &str, file: &str| {
        format!("sender = \"{sender}\"\nsignature_secret = {{ file = \"{file}\" }}")
    };
    let confirmed = token("google-client-token") + "\nrevoke_ack = \"confirmed\"";
    Ok(text
        + &google("tickets", "tickets", &token("google-client-token"))
        + &google("offers", "offers", &confirmed)
        + &google("partner", "partner", &token("partner-token"))
        + &google("quiet", "quiet", "")
        + &vonage("codes", &secret("Codes", "vonage-signature-secret"))
        + &vonage("alerts", &secret("Alerts", "vonage-signature-secret"))
        + &vonage("branch", &secret("Branch", "branch-secret"))
        + &vonage("mute", "sender = \"Mute\""))
}
