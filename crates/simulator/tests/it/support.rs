//! A world, a client for it, and a receiver of webhooks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rcs_revoke_simulator::{Behaviour, Config, HostName, Provider, Running, Simulator};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

pub(crate) const PHONE: &str = "+447700900000";
pub(crate) const SCOPE: &str = "https://www.googleapis.com/auth/rcsbusinessmessaging";

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON, not {:?}", self.text))
    }
}

/// A running world and a client of both providers.
pub(crate) struct World {
    pub running: Running,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// A world in which handsets stay offline, so that messages can be revoked.
pub(crate) fn offline() -> Config {
    let mut config = Config::default();
    config.google.behaviour = behaviour(json!({ "delivery": { "kind": "never" } }));
    config.vonage.behaviour = config.google.behaviour.clone();
    config
}

pub(crate) fn behaviour(value: Value) -> Behaviour {
    serde_json::from_value(value).expect("a behaviour")
}

impl World {
    pub(crate) async fn start(config: Config) -> Self {
        let running = Simulator::start(config).await.expect("a world");
        // Every request on a connection of its own: what a fault does to one must not reach another.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { running, client }
    }

    /// Sends a request; `None` when the connection was reset.
    pub(crate) async fn try_send(
        &self,
        host: HostName,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: impl Into<Bytes>,
    ) -> Option<Answer> {
        let mut request =
            Request::builder().method(method).uri(format!("{}{path}", self.running.base_url(host)));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response =
            self.client.request(request.body(Full::from(body.into())).expect("a request")).await.ok()?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        Some(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::from_utf8(body.to_vec()).expect("text"),
        })
    }

    pub(crate) async fn send(
        &self,
        host: HostName,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: impl Into<Bytes>,
    ) -> Answer {
        self.try_send(host, method, path, headers, body).await.expect("an answer")
    }

    /// Calls the control API.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json".to_owned())];
        self.send(HostName::Control, method, path, &headers, body.to_string()).await
    }

    /// An assertion with these claims over the usual ones.
    pub(crate) fn assertion(&self, claims: &Value, is_padded: bool) -> String {
        let account: Value =
            serde_json::from_str(&self.running.credentials().google_service_account).expect("JSON");
        let now = self.running.now_ms() / 1000;
        let mut all = json!({
            "iss": account["client_email"], "scope": SCOPE, "aud": account["token_uri"], "iat": now, "exp": now + 3600,
        });
        merge(&mut all, claims);
        sign(account["private_key"].as_str().expect("a key"), &all, is_padded)
    }

    pub(crate) async fn ask_token(&self, assertion: &str) -> Answer {
        let form =
            format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        let headers = [("content-type", "application/x-www-form-urlencoded".to_owned())];
        self.send(HostName::GoogleToken, Method::POST, "/token", &headers, form).await
    }

    pub(crate) async fn google_token(&self) -> String {
        let answer = self.ask_token(&self.assertion(&json!({}), false)).await;
        format!("Bearer {}", answer.json()["access_token"].as_str().expect("a token"))
    }

    pub(crate) async fn google_send(&self, host: HostName, id: &str, body: &Value) -> Answer {
        let path = format!("/v1/phones/{PHONE}/agentMessages?messageId={id}&agentId=demo_agent");
        let token = self.google_token().await;
        self.send(host, Method::POST, &path, &[("authorization", token)], body.to_string()).await
    }

    pub(crate) async fn google_revoke(&self, id: &str) -> Option<Answer> {
        let path = format!("/v1/phones/{PHONE}/agentMessages/{id}?agentId=demo_agent");
        let token = self.google_token().await;
        self.try_send(HostName::GoogleGlobal, Method::DELETE, &path, &[("authorization", token)], "").await
    }

    /// A Vonage application token with these claims over the usual ones.
    pub(crate) fn vonage_token(&self, claims: &Value) -> String {
        let credentials = self.running.credentials();
        let now = self.running.now_ms() / 1000;
        let mut all = json!({
            "application_id": credentials.vonage_application_id, "iat": now, "jti": "any", "exp": now + 900,
        });
        merge(&mut all, claims);
        format!("Bearer {}", sign(&credentials.vonage_private_key, &all, false))
    }

    /// A token of the account's other application.
    pub(crate) fn vonage_other_token(&self) -> String {
        let credentials = self.running.credentials();
        let now = self.running.now_ms() / 1000;
        let claims = json!({
            "application_id": credentials.vonage_other_application.id, "iat": now, "jti": "any", "exp": now + 900,
        });
        format!("Bearer {}", sign(credentials.vonage_other_application.private_key(), &claims, false))
    }

    pub(crate) fn vonage_basic(&self) -> String {
        let credentials = self.running.credentials();
        let pair = format!("{}:{}", credentials.vonage_api_key, credentials.vonage_api_secret);
        format!("Basic {}", STANDARD.encode(pair))
    }

    pub(crate) async fn vonage_send(&self, body: &Value) -> Answer {
        let token = self.vonage_token(&json!({}));
        self.send(
            HostName::VonageApi,
            Method::POST,
            "/v1/messages",
            &[("authorization", token)],
            body.to_string(),
        )
        .await
    }

    /// Sends a message as a client would; answers its UUID.
    pub(crate) async fn vonage_message(&self, client_ref: &str) -> String {
        let answer = self.vonage_send(&rcs(client_ref)).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.json()["message_uuid"].as_str().expect("a UUID").to_owned()
    }

    pub(crate) async fn vonage_revoke(&self, host: HostName, id: &str) -> Option<Answer> {
        let headers = [("authorization", self.vonage_token(&json!({})))];
        self.try_send(host, Method::PATCH, &format!("/v1/messages/{id}"), &headers, r#"{"status":"revoked"}"#)
            .await
    }

    pub(crate) fn fate(&self, id: &str) -> Value {
        json!(self.running.truth_of(id).expect("a message").message.fate)
    }

    /// Waits until a condition of the world holds.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Running) -> bool) {
        let waited = tokio::time::timeout(Duration::from_secs(20), async {
            while !holds(&self.running) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        });
        assert!(waited.await.is_ok(), "waited in vain until {what}");
    }
}

pub(crate) fn rcs(client_ref: &str) -> Value {
    json!({
        "channel": "rcs", "message_type": "text", "to": "447700900000", "from": "DemoAgent",
        "text": "Your code is 1234", "client_ref": client_ref,
    })
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().expect("an object") {
        if value.is_null() {
            into.as_object_mut().expect("an object").remove(name);
        } else {
            into[name] = value.clone();
        }
    }
}

/// Signs a token the way a client does.
fn sign(pem: &str, claims: &Value, is_padded: bool) -> String {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(body).expect("base64")).expect("a key");
    let engine = if is_padded { URL_SAFE } else { URL_SAFE_NO_PAD };
    let header = engine.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", engine.encode(claims.to_string()));
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .expect("a signature");
    format!("{signed}.{}", engine.encode(signature))
}

/// One webhook that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A receiver of webhooks that answers what it is told to.
#[derive(Clone)]
pub(crate) struct Receiver {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    news: Arc<Notify>,
    pub url: String,
}

impl Receiver {
    /// Answers these statuses one after the other, then 200.
    pub(crate) async fn start(statuses: &[u16]) -> Self {
        let left = Arc::new(Mutex::new(statuses.iter().rev().copied().collect::<Vec<u16>>()));
        Self::answering(move |_| (left.lock().expect("a lock").pop().unwrap_or(200), String::new())).await
    }

    /// Answers what this says of each body.
    pub(crate) async fn answering(
        answer: impl Fn(&[u8]) -> (u16, String) + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let receiver = Self { arrived: Arc::default(), news: Arc::default(), url };
        let kept = receiver.clone();
        let router = axum::Router::new().fallback(move |headers: HeaderMap, body: Bytes| async move {
            let (status, text) = answer(&body);
            kept.arrived.lock().expect("a lock").push(Arrived { headers, body });
            kept.news.notify_one();
            (http::StatusCode::from_u16(status).expect("a status"), text)
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub(crate) fn serve(&self, world: &World) {
        for provider in [Provider::Google, Provider::Vonage] {
            world.running.set_webhook(provider, Some(self.url.clone())).expect("a webhook");
        }
    }

    /// The first `count` webhooks.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Arrived> {
        let waited = tokio::time::timeout(Duration::from_secs(20), async {
            loop {
                let arrived = self.arrived.lock().expect("a lock").clone();
                if arrived.len() >= count {
                    return arrived;
                }
                self.news.notified().await;
            }
        });
        waited.await.expect("the webhooks arrive")
    }
}
