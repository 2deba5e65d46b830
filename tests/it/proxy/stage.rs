//! A stage: the simulated providers, the real server with its own folder, and raw HTTP at both.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use rcs_revoke_api::{MessageDetail, MessageView, RevocationCommand, RevocationItem, RevocationReport};
use rcs_revoke_simulator::behaviour::{AfterRevoke, Behaviour, Delivery};
use rcs_revoke_simulator::config::{Agent, GoogleConfig, Sender, VonageConfig};
use rcs_revoke_simulator::{Config, Created, HostName, NewMessage, Provider, Running, Simulator};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::client::{HttpClient, http_client};
use rcs_revoke_tests::server::Server;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const ACCESS_KEY: &str = "drill-access-key-0123456789";
/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Simulated providers and a server.
pub struct Stage {
    pub world: Running,
    pub server: Server,
    pub folder: TempDir,
    pub http: HttpClient,
}

/// One answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

pub fn world_config() -> Config {
    let agent = |id: &str| Agent { id: id.to_owned(), webhook_url: None };
    let sender = |name: &str, region| Sender { name: name.to_owned(), region };
    Config {
        google: GoogleConfig { agents: vec![agent("tickets"), agent("offers")], ..GoogleConfig::default() },
        vonage: VonageConfig {
            senders: vec![sender("Codes", HostName::VonageEu), sender("Alerts", HostName::VonageEu)],
            ..VonageConfig::default()
        },
        ..Config::default()
    }
}

/// Four sources: two at each provider, each pair with one webhook secret.
pub fn settings(world: &Running, rate: u32) -> String {
    let mut text = String::from("[hosts]\n");
    for host in HostName::ALL.into_iter().filter(|host| host.is_home()) {
        writeln!(text, "\"{host}\" = \"{}\"", world.base_url(host)).expect("a string takes everything");
    }
    let credentials = world.credentials();
    let vonage = format!(
        "provider = \"vonage\"\napplication = \"{}\"\napi_key = \"{}\"\nprivate_key = {{ file = \"vonage-private-key.pem\" }}\n\
         signature_secret = {{ file = \"vonage-signature-secret\" }}\n\
         policy = {{ settle = \"1s\", rate_per_second = {rate} }}\n",
        credentials.vonage_application_id, credentials.vonage_api_key
    );
    let google = format!(
        "provider = \"google_rbm\"\nhost = \"google.europe\"\nkey_file = \"google-service-account.json\"\n\
         client_token = {{ file = \"google-client-token\" }}\npolicy = {{ settle = \"1s\", rate_per_second = {rate} }}\n"
    );
    text + &format!(
        "[sources.codes]\nsender = \"Codes\"\nlaunch_country = \"DE\"\n{vonage}\
         [sources.alerts]\nsender = \"Alerts\"\n{vonage}\
         [sources.tickets]\nagent = \"tickets\"\n{google}\
         [sources.offers]\nagent = \"offers\"\nrevoke_ack = \"confirmed\"\n{google}"
    )
}

impl Stage {
    pub async fn set() -> Self {
        Self::with(world_config(), |world| settings(world, 30)).await
    }

    pub async fn with(config: Config, settings: impl FnOnce(&Running) -> String) -> Self {
        Self::with_program(&built_program("rcs-revoke"), config, settings).await
    }

    pub async fn with_program(
        program: &Path,
        config: Config,
        settings: impl FnOnce(&Running) -> String,
    ) -> Self {
        let world = Simulator::start(config).await.expect("the simulator starts");
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        world.credentials().write_to(folder.path()).expect("the folder can be written");
        let server = Server::start(program, folder.path(), &settings(&world)).await;
        let server = server.unwrap_or_else(|error| panic!("{error:#}"));
        let stage = Self { world, server, folder, http: http_client() };
        stage.listen();
        stage
    }

    /// Ends the server at once, as a power cut does, and starts it again on the same folder.
    pub async fn kill_and_start(self, rate: u32) -> Self {
        self.kill_and_start_with(|world| settings(world, rate)).await
    }

    /// As [`Self::kill_and_start`], with these settings.
    pub async fn kill_and_start_with(self, settings: impl FnOnce(&Running) -> String) -> Self {
        let Self { world, server, folder, http } = self;
        let process = server.process().expect("it runs");
        let killed =
            tokio::process::Command::new("kill").args(["-KILL", &process.to_string()]).status().await;
        assert!(killed.expect("kill can be called").success());
        drop(server);
        let text = settings(&world);
        let deadline = Instant::now() + PATIENCE;
        let server = loop {
            match Server::start(&built_program("rcs-revoke"), folder.path(), &text).await {
                Ok(server) => break server,
                // The dead process may hold its lock for a moment longer.
                Err(error) => assert!(Instant::now() < deadline, "{error:#}"),
            }
        };
        let stage = Self { world, server, folder, http };
        stage.listen();
        stage
    }

    fn listen(&self) {
        let to = |path: &str| Some(format!("{}/webhooks/{path}", self.server.webhooks));
        self.world.set_webhook(Provider::Vonage, to("vonage/codes")).expect("an http address");
        self.world.set_webhook(Provider::Google, to("google_rbm/tickets")).expect("an http address");
    }

    /// A message that was just sent at a provider.
    pub fn sent(&self, source: &str, phone: &str, delivery: Delivery) -> Created {
        let (provider, agent) = match source {
            "codes" => (Provider::Vonage, "Codes"),
            "alerts" => (Provider::Vonage, "Alerts"),
            "tickets" => (Provider::Google, "tickets"),
            _ => (Provider::Google, "offers"),
        };
        let behaviour = Behaviour {
            delivery: Some(delivery),
            after_revoke: Some(AfterRevoke::Silence),
            ..Behaviour::default()
        };
        let message = NewMessage {
            provider,
            id: None,
            agent: Some(agent.to_owned()),
            phone: phone.to_owned(),
            host: (provider == Provider::Google).then_some(HostName::GoogleEurope),
            channel: rcs_revoke_simulator::Channel::Rcs,
            sent_at_ms: None,
            ttl_s: None,
            client_ref: None,
            behaviour: Some(behaviour),
            submitted: None,
        };
        self.world.create_message(message).expect("the simulator takes it")
    }

    /// Registers a message as its sending system does.
    pub async fn register(&self, source: &str, created: &Created) -> String {
        let body = json!({
            "id": created.id, "source": source, "phone": created.phone, "sent_at": created.sent_at_ms,
            "no_expiry": true,
            "host": if created.provider == Provider::Google { Some(created.host.name()) } else { None },
        });
        let reply = self.post("/api/v1/messages", &body).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["results"][0]["message"]
            .as_str()
            .unwrap_or_else(|| panic!("{}", reply.text()))
            .to_owned()
    }

    pub async fn revoke(&self, messages: &[&str]) -> RevocationReport {
        let items = messages.iter().map(|message| RevocationItem {
            message: message.parse().expect("a message key"),
            source: None,
            phone: None,
            sent_at: None,
        });
        let command = RevocationCommand { items: items.collect(), ..RevocationCommand::default() };
        let reply = self.post("/api/v1/revocations", &command).await;
        assert_eq!(reply.status, 202, "{}", reply.text());
        serde_json::from_slice(&reply.body).expect("a report")
    }

    /// Waits until a message has this outcome, in full and in the list.
    pub async fn until(&self, message: &str, outcome: &str) -> MessageDetail {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let listed = self.messages(&format!("outcome={outcome}")).await;
            let detail = self.server.api.message(message).await.unwrap_or_else(|error| panic!("{error:#}"));
            let is_listed = listed.iter().any(|view| view.message == message);
            if is_listed && detail.view.outcome.verdict.code() == outcome {
                return detail;
            }
            assert!(Instant::now() < deadline, "{message} is {:?}, not {outcome}", detail.view.outcome);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn messages(&self, filter: &str) -> Vec<MessageView> {
        self.server.api.messages(filter).await.unwrap_or_else(|error| panic!("{error:#}"))
    }

    pub fn base(&self) -> String {
        self.server.api.base().to_owned()
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, &format!("{}{path}", self.base()), &[auth()], Bytes::new()).await
    }

    pub async fn post(&self, path: &str, body: &impl serde::Serialize) -> Reply {
        self.post_with(path, body, &[]).await
    }

    pub async fn post_with(
        &self,
        path: &str,
        body: &impl serde::Serialize,
        more: &[(&str, String)],
    ) -> Reply {
        let body = serde_json::to_vec(body).expect("it can be written as JSON");
        let mut headers = vec![auth(), ("content-type", "application/json".to_owned())];
        headers.extend_from_slice(more);
        self.call(Method::POST, &format!("{}{path}", self.base()), &headers, body.into()).await
    }

    /// Registrations as NDJSON.
    pub async fn post_lines(&self, lines: &str) -> Reply {
        let url = format!("{}/api/v1/messages", self.base());
        let headers = [auth(), ("content-type", "application/x-ndjson".to_owned())];
        self.call(Method::POST, &url, &headers, Bytes::from(lines.to_owned())).await
    }

    /// One request, exactly as given.
    pub async fn call(&self, method: Method, url: &str, headers: &[(&str, String)], body: Bytes) -> Reply {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body)).expect("a request");
        let (parts, body) = self.http.request(request).await.expect("an answer").into_parts();
        let body = body.collect().await.expect("the whole answer").to_bytes();
        Reply { status: parts.status, headers: parts.headers, body }
    }
}

pub fn auth() -> (&'static str, String) {
    ("authorization", format!("Bearer {ACCESS_KEY}"))
}
