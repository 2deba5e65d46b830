//! `POST /v1/messages`: RCS and SMS, with or without a failover.
//!
//! <https://developer.vonage.com/en/api/messages>

use serde_json::{Value, json};

use super::auth::Caller;
use super::problem::problems;
use crate::host::{HostName, Provider};
use crate::reply::Reply;
use crate::site::Site;
use crate::world::{Channel, Planned, Sending, canonical_phone};

mod request;

use request::Request;

/// Answers a request whose caller is known.
pub(super) fn answer(site: &Site, caller: &Caller, body: &[u8]) -> Reply {
    let Ok(mut body) = serde_json::from_slice::<Value>(body) else {
        return problems(site).invalid_json();
    };
    let failover = body.get_mut("failover").map(Value::take);
    let others = match failover {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(others)) => others,
        Some(_) => return problems(site).invalid_parameter("failover", "must be an array of messages"),
    };
    let read = |value| planned(site, caller, value);
    let (first, key) = match read(body) {
        Ok(read) => read,
        Err(reply) => return reply,
    };
    let then: Result<Vec<_>, Reply> = others.into_iter().map(|value| Ok(read(value)?.0)).collect();
    let then = match then {
        Ok(then) => then,
        Err(reply) => return reply,
    };
    let has_failover = !then.is_empty();
    let now = site.clock.now_ms();
    let (id, workflow) = site.world(|world| {
        // Named by what is sent, not by when: the order of requests must not change a message's fate.
        let nth = world.occurrence(&key);
        let mut first = first;
        first.sending.id = world.dice.uuid(&key, "message_uuid", nth);
        let index = world.send_workflow(first, then, now);
        let message = &world.messages[index];
        (message.id.clone(), message.workflow.as_ref().map(|workflow| workflow.id.clone()))
    });
    let mut answer = json!({ "message_uuid": &id });
    if has_failover {
        answer["workflow_id"] = json!(workflow);
    }
    Reply { sent: Some(id), ..Reply::new(202, "application/json", answer.to_string()) }
}

/// A message that was checked, and what names it.
fn planned(site: &Site, caller: &Caller, value: Value) -> Result<(Planned, String), Reply> {
    let Ok(request) = serde_json::from_value::<Request>(value) else {
        return Err(problems(site).invalid_parameter("body", "a field has the wrong type"));
    };
    let (channel, host) = request.check(site)?;
    if channel == Channel::Rcs && !caller.is_main {
        return Err(problems(site).bad_sender());
    }
    let ttl_s = request.ttl.unwrap_or(site.config().vonage.default_ttl_s);
    let key = request.key();
    let mut sending = new_sending(request, channel, host);
    sending.application_id.clone_from(&caller.application_id);
    Ok((Planned { sending, sent_at_ms: None, ttl_s: Some(ttl_s) }, key))
}

fn new_sending(request: Request, channel: Channel, host: HostName) -> Sending {
    let is_old_format = request.webhook_version.as_deref() == Some("v0.1");
    let mut sending = Sending {
        provider: Provider::Vonage,
        id: String::new(),
        agent: request.from,
        phone: canonical_phone(&request.to),
        host,
        channel,
        sent_at_ms: 0,
        expires_at_ms: None,
        client_ref: request.client_ref,
        application_id: None,
        webhook_url: request.webhook_url,
        behaviour: None,
        submitted: true,
        workflow: None,
    };
    if is_old_format {
        sending.behaviour.get_or_insert_default().webhook.v0_1 = Some(true);
    }
    sending
}
