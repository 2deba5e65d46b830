//! The simulator and the server set up for each other: hosts, credentials, senders, one clock.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use rcs_revoke_simulator::{HostName, Provider, Running};

use crate::server::Server;

/// One sender, as both sides know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The name of its source in the server's configuration.
    pub source: &'static str,
    /// Who carries its messages.
    pub provider: Provider,
    /// Google: the agent before `@rbm.goog`. Vonage: the sender id.
    pub agent: &'static str,
    /// Where its messages really live.
    pub home: HostName,
    /// The country that the operator stated, right or wrong.
    pub launch_country: Option<&'static str>,
    /// Whether the server is told to believe what Google's answers mean.
    pub confirmed: bool,
    /// The class of its messages that nobody named one for.
    pub class: Option<&'static str>,
    /// Who sends an SMS instead.
    pub sms: Option<Sms>,
}

/// Who sends an SMS instead of a sender's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sms {
    /// Its own account, from this number or name.
    From(&'static str),
    /// The account of another source.
    Via(&'static str),
}

impl Sender {
    /// The key of one of its messages in the server's words.
    pub fn key(&self, id: &str) -> String {
        match self.provider {
            Provider::Google => format!("google_rbm:{}@rbm.goog:{id}", self.agent),
            Provider::Vonage => format!("vonage:{id}"),
        }
    }
}

/// What one set-up differs in from another.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The senders.
    pub senders: &'a [Sender],
    /// Requests per second of the server's clock, for each account.
    pub rate: u32,
    /// How long one request may take, such as `"30s"`.
    pub request_timeout: &'a str,
    /// Origin, start and scale of a clock that runs faster than real time.
    pub clock: Option<(i64, i64, f64)>,
    /// The lines of the message classes that are no standard ones.
    pub classes: &'a str,
}

/// Starts the server on the simulator's hosts with the simulator's credentials, and sends the webhooks its way.
///
/// # Errors
/// When files cannot be written, or the server does not start.
pub async fn start_server(
    program: &Path,
    folder: &Path,
    simulator: &Running,
    settings: &Settings<'_>,
) -> Result<Server> {
    simulator.credentials().write_to(folder)?;
    let server = Server::start(program, folder, &text(simulator, settings)?).await?;
    for provider in [Provider::Google, Provider::Vonage] {
        // One address serves every sender of a provider: the event has to pick its own.
        let first = settings.senders.iter().find(|sender| sender.provider == provider);
        let url = first.map(|sender| format!("{}{}", server.webhooks, webhook_path(sender)));
        simulator.set_webhook(provider, url)?;
    }
    Ok(server)
}

/// The path on which the webhooks of a sender come in.
pub fn webhook_path(sender: &Sender) -> String {
    let provider = match sender.provider {
        Provider::Google => "google_rbm",
        Provider::Vonage => "vonage",
    };
    format!("/webhooks/{provider}/{}", sender.source)
}

fn text(simulator: &Running, settings: &Settings<'_>) -> Result<String> {
    let mut text = String::from("[hosts]\n");
    for host in HostName::ALL.into_iter().filter(|host| host.is_home()) {
        writeln!(text, "\"{host}\" = \"{}\"", simulator.base_url(host))?;
    }
    if let Some((origin, start, scale)) = settings.clock {
        writeln!(text, "[clock]\norigin = {origin}\nstart = {start}\nscale = {scale:?}")?;
    }
    text.push_str(settings.classes);
    for sender in settings.senders {
        source(&mut text, simulator, settings, sender)?;
    }
    Ok(text)
}

fn source(text: &mut String, simulator: &Running, settings: &Settings<'_>, sender: &Sender) -> Result<()> {
    let name = sender.source;
    match sender.provider {
        Provider::Google => writeln!(
            text,
            "[sources.{name}]\nprovider = \"google_rbm\"\nagent = \"{}@rbm.goog\"\nhost = \"{}\"\n\
             key_file = \"google-service-account.json\"\nclient_token = {{ file = \"google-client-token\" }}\n\
             revoke_ack = \"{}\"",
            sender.agent,
            sender.home,
            if sender.confirmed { "confirmed" } else { "accepted" },
        )?,
        Provider::Vonage => writeln!(
            text,
            "[sources.{name}]\nprovider = \"vonage\"\nsender = \"{}\"\napplication = \"{}\"\napi_key = \"{}\"\n\
             private_key = {{ file = \"vonage-private-key.pem\" }}\n\
             signature_secret = {{ file = \"vonage-signature-secret\" }}",
            sender.agent,
            simulator.credentials().vonage_application_id,
            simulator.credentials().vonage_api_key,
        )?,
    }
    if let Some(class) = sender.class {
        writeln!(text, "class = \"{class}\"")?;
    }
    match sender.sms {
        Some(Sms::From(from)) => writeln!(text, "sms_from = \"{from}\"")?,
        Some(Sms::Via(source)) => writeln!(text, "sms_source = \"{source}\"")?,
        None => {}
    }
    if let Some(country) = sender.launch_country {
        writeln!(text, "launch_country = \"{country}\"")?;
    }
    writeln!(
        text,
        "[sources.{name}.policy]\nrate_per_second = {}\nrequest_timeout = \"{}\"",
        settings.rate, settings.request_timeout
    )?;
    Ok(())
}
