//! The decisions: where to ask, what to send, what an answer and a webhook say, and what all of it means.

use rcs_revoke_core::assess::{self, Assessment};
use rcs_revoke_core::explain::{self, Explanation};
use rcs_revoke_core::request::{Answer, OutgoingRequest, RevokeTarget};
use rcs_revoke_core::webhook::{WebhookCall, WebhookSecret};
use rcs_revoke_core::{E164, Evidence, Host, MessageRef, Policy, Provider, Source, Step, Timestamp};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::value::{bytes, failure, read, write};

#[derive(Deserialize)]
struct RouteQuestion {
    source: Source,
    own: Option<Host>,
}

/// Where to ask for a revocation: the hosts in order, with how sure that is and why.
///
/// # Errors
/// When the question has not its documented type.
#[wasm_bindgen(js_name = routeRegion, unchecked_return_type = "Route")]
pub fn route_region(
    #[wasm_bindgen(unchecked_param_type = "RouteQuestion")] question: JsValue,
) -> Result<JsValue, JsValue> {
    let RouteQuestion { source, own } = read(question)?;
    write(&source.provider.adapter().route(&source, own))
}

#[derive(Deserialize)]
struct Target {
    message: MessageRef,
    recipient: Option<E164>,
    host: Host,
}

#[derive(Serialize)]
struct BuiltRequest {
    url: String,
    request: OutgoingRequest,
}

/// The request that asks for a revocation, without its credential.
///
/// # Errors
/// When something that the request needs is missing: `recipient_missing`, `agent_missing`, `wrong_host`.
#[wasm_bindgen(js_name = buildRevokeRequest, unchecked_return_type = "BuiltRequest")]
pub fn build_revoke_request(
    #[wasm_bindgen(unchecked_param_type = "RevokeTarget")] target: JsValue,
) -> Result<JsValue, JsValue> {
    let Target { message, recipient, host } = read(target)?;
    let target = RevokeTarget { message: &message, recipient: recipient.as_ref(), host };
    let built = message.provider().adapter().revoke_request(&target);
    let request = built.map_err(|error| failure(error.code(), &error.to_string()))?;
    write(&BuiltRequest { url: request.documented_url(), request })
}

#[derive(Deserialize)]
struct ReceivedAnswer {
    provider: Provider,
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    body: JsValue,
}

/// What the answer to such a request says.
///
/// # Errors
/// When the answer has not its documented type.
#[wasm_bindgen(js_name = readAnswer, unchecked_return_type = "Ack")]
pub fn read_answer(
    #[wasm_bindgen(unchecked_param_type = "ReceivedAnswer")] answer: JsValue,
) -> Result<JsValue, JsValue> {
    let ReceivedAnswer { provider, status, headers, body } = read(answer)?;
    let body = bytes(&body)?;
    write(&provider.inbound().read_answer(&Answer { status, headers: &headers, body: &body }))
}

#[derive(Deserialize)]
struct InboundCall {
    provider: Provider,
    secret: Option<Secret>,
    method: String,
    headers: Vec<(String, String)>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    body: JsValue,
}

#[derive(Deserialize)]
struct Secret {
    key: String,
    account: Option<String>,
}

/// Verifies and reads an inbound webhook call, and says how to answer it.
///
/// # Errors
/// When the call has not its documented type; a call that must be refused is no error.
#[wasm_bindgen(js_name = receiveWebhook, unchecked_return_type = "Reception")]
pub fn receive_webhook(
    #[wasm_bindgen(unchecked_param_type = "InboundCall")] call: JsValue,
) -> Result<JsValue, JsValue> {
    let InboundCall { provider, secret, method, headers, body } = read(call)?;
    let body = bytes(&body)?;
    let secret = secret.map(|secret| WebhookSecret::new(secret.key.as_bytes(), secret.account.as_deref()));
    let call = WebhookCall { method: &method, headers: &headers, body: &body };
    write(&provider.inbound().receive(&call, secret.as_ref()))
}

#[derive(Deserialize)]
struct Question {
    evidence: Evidence,
    source: Source,
    policy: Option<Policy>,
    now: Timestamp,
}

impl Question {
    fn ask<T>(
        value: JsValue,
        decide: fn(&Evidence, &Source, &Policy, Timestamp) -> T,
    ) -> Result<JsValue, JsValue>
    where
        T: Serialize,
    {
        let Self { evidence, source, policy, now } = read(value)?;
        let policy = policy.unwrap_or_else(|| source.provider.adapter().policy());
        write(&decide(&evidence, &source, &policy, now))
    }
}

/// What the facts of one message mean at one instant: outcome, next step, and when to look again.
///
/// # Errors
/// When the question has not its documented type.
#[wasm_bindgen(js_name = assess, unchecked_return_type = "Assessment")]
pub fn assess(
    #[wasm_bindgen(unchecked_param_type = "Question")] question: JsValue,
) -> Result<JsValue, JsValue> {
    Question::ask::<Assessment>(question, assess::assess)
}

/// Why the outcome is what it is, with the facts that it rests on.
///
/// # Errors
/// When the question has not its documented type.
#[wasm_bindgen(js_name = explain, unchecked_return_type = "Explanation")]
pub fn explain(
    #[wasm_bindgen(unchecked_param_type = "Question")] question: JsValue,
) -> Result<JsValue, JsValue> {
    Question::ask::<Explanation>(question, explain::explain)
}

/// What comes next for a message.
///
/// # Errors
/// When the question has not its documented type.
#[wasm_bindgen(js_name = nextStep, unchecked_return_type = "Step")]
pub fn next_step(
    #[wasm_bindgen(unchecked_param_type = "Question")] question: JsValue,
) -> Result<JsValue, JsValue> {
    Question::ask::<Step>(question, assess::next_step)
}

/// The default figures of a provider.
///
/// # Errors
/// When there is no such provider.
#[wasm_bindgen(js_name = defaultPolicy, unchecked_return_type = "Policy")]
pub fn default_policy(
    #[wasm_bindgen(unchecked_param_type = "Provider")] provider: JsValue,
) -> Result<JsValue, JsValue> {
    write(&read::<Provider>(provider)?.adapter().policy())
}
