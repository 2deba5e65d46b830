//! What a call turned out to be, as JSON in the names of the package.

use rcs_revoke_boundary::write::word;
use rcs_revoke_core::id::{AgentId, ApplicationId, SenderId};
use rcs_revoke_core::webhook::{Consent, IncomingEvent, IncomingSms, Reception, Verdict};
use rcs_revoke_core::{E164, ObjectWriter};

/// How to answer a call, and what it was.
pub fn reception(json: &mut ObjectWriter, reception: &Reception) {
    json.int("status", i64::from(reception.status));
    json.text("body", &reception.body);
    json.open("verdict", "{");
    let verdict = match &reception.verdict {
        Verdict::Handshake => "handshake",
        Verdict::Event(event) => {
            incoming(json, event);
            "event"
        }
        Verdict::Sms(sms) => {
            incoming_sms(json, sms);
            "sms"
        }
        Verdict::Consent(said) => {
            consent(json, said);
            "consent"
        }
        Verdict::Aside { about, raw } => {
            json.text("about", about);
            json.text("raw", raw);
            "aside"
        }
        Verdict::Unreadable { reason, raw } => {
            json.text("reason", reason);
            json.text("raw", raw);
            "unreadable"
        }
        Verdict::Refused { why } => {
            word(json, "why", *why);
            "refused"
        }
    };
    json.text("verdict", verdict);
    json.close("}");
}

fn incoming(json: &mut ObjectWriter, event: &IncomingEvent) {
    json.event(&event.event);
    word(json, "provider", event.provider);
    json.opt_text("agent", event.agent.as_ref().map(AgentId::as_str));
    json.opt_text("application", event.application.as_ref().map(ApplicationId::as_str));
    json.opt_text("sender", event.sender.as_ref().map(SenderId::as_str));
    json.text("message", event.message.as_str());
    json.text("identity", &event.identity);
    json.opt_text("eventTime", event.event_time.as_deref());
    json.opt_text("phone", event.phone.as_ref().map(E164::as_str));
    json.flag("workflow", event.workflow);
    json.text("raw", &event.raw);
}

fn incoming_sms(json: &mut ObjectWriter, sms: &IncomingSms) {
    json.event(&sms.event);
    word(json, "provider", sms.provider);
    json.opt_text("application", sms.application.as_ref().map(ApplicationId::as_str));
    json.text("message", sms.message.as_str());
    json.opt_text("reference", sms.reference.as_deref());
    json.text("identity", &sms.identity);
    json.opt_text("eventTime", sms.event_time.as_deref());
    json.opt_text("phone", sms.phone.as_ref().map(E164::as_str));
    json.text("raw", &sms.raw);
}

fn consent(json: &mut ObjectWriter, consent: &Consent) {
    word(json, "provider", consent.provider);
    json.text("agent", consent.agent.as_str());
    json.text("phone", consent.phone.as_str());
    json.bool("subscribed", consent.subscribed);
    json.text("identity", &consent.identity);
    json.opt_text("eventTime", consent.event_time.as_deref());
    json.text("raw", &consent.raw);
}
