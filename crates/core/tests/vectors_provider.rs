//! The vectors of everything that a provider's file decides: where to ask, what to send, what an answer and a
//! webhook say. The same files are read by the JavaScript tests; `tests/vectors/README.md` describes them.

use std::fmt::Debug;
use std::path::Path;

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::host::Host;
use rcs_revoke_core::id::MessageRef;
use rcs_revoke_core::phone::E164;
use rcs_revoke_core::provider::Provider;
use rcs_revoke_core::region::Route;
use rcs_revoke_core::request::{Answer, OutgoingRequest, RevokeTarget};
use rcs_revoke_core::source::Source;
use rcs_revoke_core::webhook::{Reception, WebhookCall, WebhookSecret};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector<I, E> {
    name: String,
    input: I,
    expected: E,
}

/// Runs every vector of a file and tells of all that fail, not only of the first.
fn run<I: DeserializeOwned, E: DeserializeOwned + Debug + PartialEq>(file: &str, decide: impl Fn(I) -> E) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
    let text = std::fs::read_to_string(&path).expect("the file of vectors is part of the repository");
    let vectors: Vec<Vector<I, E>> = serde_json::from_str(&text).expect("vectors have the documented shape");
    assert!(!vectors.is_empty());
    let failures: Vec<String> = vectors
        .into_iter()
        .filter_map(|Vector { name, input, expected }| {
            let got = decide(input);
            (got != expected).then(|| format!("{name}\n  expected {expected:?}\n  got      {got:?}"))
        })
        .collect();
    assert!(failures.is_empty(), "{file}:\n{}", failures.join("\n"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionInput {
    source: Source,
    own: Option<Host>,
}

#[test]
fn regions() {
    run("regions.json", |RegionInput { source, own }| -> Route {
        source.provider.adapter().route(&source, own)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestInput {
    message: MessageRef,
    recipient: Option<E164>,
    host: Host,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, untagged)]
enum RequestOutput {
    Built { url: String, request: OutgoingRequest },
    Refused { error: String },
}

#[test]
fn requests() {
    run("requests.json", |RequestInput { message, recipient, host }| {
        let target = RevokeTarget { message: &message, recipient: recipient.as_ref(), host };
        match message.provider().adapter().revoke_request(&target) {
            Ok(request) => RequestOutput::Built { url: request.documented_url(), request },
            Err(error) => RequestOutput::Refused { error: error.code().to_owned() },
        }
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerInput {
    provider: Provider,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

#[test]
fn answers() {
    run("answers.json", |AnswerInput { provider, status, headers, body }| -> Ack {
        let answer = Answer { status, headers: &headers, body: body.as_bytes() };
        provider.answers().read_answer(&answer)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookInput {
    provider: Provider,
    secret: Option<Secret>,
    method: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    key: String,
    account: Option<String>,
}

#[test]
fn webhooks() {
    run("webhooks.json", |WebhookInput { provider, secret, method, headers, body }| -> Reception {
        let secret =
            secret.map(|secret| WebhookSecret::new(secret.key.as_bytes(), secret.account.as_deref()));
        let call = WebhookCall { method: &method, headers: &headers, body: body.as_bytes() };
        provider.inbound().receive(&call, secret.as_ref())
    });
}
