//! Answers: what the core's values become, as JSON in the names of the package.

use rcs_revoke_boundary::words::Word;
use rcs_revoke_boundary::write::{opt_time, span, word};
use rcs_revoke_core::class::Class;
use rcs_revoke_core::explain::{Explanation, SmsWords};
use rcs_revoke_core::fallback::{Fallback, Offer, SentSms, SmsState};
use rcs_revoke_core::outcome::{Outcome, Verdict};
use rcs_revoke_core::region::{Route, RouteReason};
use rcs_revoke_core::request::OutgoingRequest;
use rcs_revoke_core::sentence::{Piece, Sentence};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{Assessment, E164, Evidence, Host, Known, ObjectWriter, Policy, Span};

/// Where to ask.
pub fn route(json: &mut ObjectWriter, route: &Route) {
    json.open("candidates", "[");
    for host in &route.candidates {
        json.text("", host.name());
    }
    json.close("]");
    word(json, "certainty", route.certainty);
    let because = match &route.reason {
        RouteReason::Message => "message",
        RouteReason::Source => "source",
        RouteReason::Learnt => "learnt",
        RouteReason::LaunchCountry { country } => {
            json.text("country", country.as_str());
            "launch_country"
        }
        RouteReason::Default => "default",
    };
    json.text("because", because);
}

/// A request, with the documented URL that it goes to.
pub fn request(json: &mut ObjectWriter, request: &OutgoingRequest) {
    json.text("method", &request.method);
    json.text("url", &request.documented_url());
    json.text("host", request.host.name());
    json.text("path", &request.path);
    json.open("headers", "{");
    for (name, value) in &request.headers {
        json.text(name, value);
    }
    json.close("}");
    if !request.body.is_empty() {
        json.text("body", &request.body);
    }
    word(json, "auth", request.auth);
}

/// What became of a message.
pub fn outcome(json: &mut ObjectWriter, outcome: &Outcome) {
    json.open("outcome", "{");
    let verdict = &outcome.verdict;
    json.text("outcome", verdict.code());
    match verdict {
        Verdict::Delivered { at, read, raced, contradicts, duplicate } => {
            json.time("at", *at);
            json.flag("read", *read);
            json.flag("raced", *raced);
            json.flag("contradicts", *contradicts);
            json.opt_text("duplicate", duplicate.map(Word::word));
        }
        Verdict::Revoked { proof } => word(json, "proof", *proof),
        Verdict::NotDelivered { code } => json.text("code", code),
        Verdict::Settling { until } => json.time("until", *until),
        Verdict::Inconclusive { why } => word(json, "why", *why),
        Verdict::Planned { not_before } => opt_time(json, "notBefore", *not_before),
        Verdict::Refused { reason } => word(json, "reason", *reason),
        _ => {}
    }
    let flags = outcome.flags;
    if !flags.is_empty() {
        json.open("flags", "{");
        json.flag("unknownWord", flags.unknown_word);
        json.flag("registrationsDiffer", flags.registrations_differ);
        json.flag("phoneMismatch", flags.phone_mismatch);
        json.close("}");
    }
    json.close("}");
}

/// What the facts mean at one instant.
pub fn assessment(json: &mut ObjectWriter, assessment: &Assessment) {
    outcome(json, &assessment.outcome);
    opt_time(json, "lookAgainAt", assessment.look_again_at);
    json.opt_int("sms", assessment.sms.map(i64::from));
    json.open("step", "{");
    let step = match &assessment.step {
        Step::Send { wish, attempt, host } => {
            json.text("wish", wish.as_str());
            json.int("attempt", i64::from(*attempt));
            json.text("host", host.name());
            "send"
        }
        Step::Request { requested } => {
            json.open("requested", "{");
            json.text("wish", requested.wish.as_str());
            json.text("by", &requested.by);
            json.time("at", requested.at);
            opt_time(json, "notBefore", requested.not_before);
            word(json, "then", requested.then);
            json.close("}");
            "request"
        }
        Step::SendFallback { fallback } => {
            json.int("fallback", i64::from(*fallback));
            "send_fallback"
        }
        Step::WaitUntil { at, brings } => {
            json.time("at", *at);
            word(json, "brings", *brings);
            "wait_until"
        }
        Step::AskOperator { question } => {
            word(json, "question", *question);
            "ask_operator"
        }
        Step::Done => "done",
    };
    json.text("step", step);
    json.close("}");
}

fn sentence(json: &mut ObjectWriter, name: &str, sentence: &Sentence) {
    json.open(name, "[");
    for piece in &sentence.0 {
        match piece {
            Piece::Text(text) => json.text("", text),
            Piece::Time { time } => {
                json.open("", "{");
                json.time("time", *time);
                json.close("}");
            }
        }
    }
    json.close("]");
}

/// Why the outcome is what it is.
pub fn explanation(json: &mut ObjectWriter, explanation: &Explanation) {
    sentence(json, "short", &explanation.short);
    sentence(json, "sentence", &explanation.sentence);
    json.open("notes", "[");
    for note in &explanation.notes {
        sentence(json, "", note);
    }
    json.close("]");
    json.open("cites", "[");
    for key in &explanation.cites {
        json.text("", key);
    }
    json.close("]");
}

/// What is to be done about an SMS, and what there is to say of it.
pub fn fallback(json: &mut ObjectWriter, fallback: &Fallback, words: &SmsWords) {
    json.int("number", i64::from(fallback.number));
    let offer = match fallback.offer {
        Offer::Now => "now",
        Offer::At { at } => {
            json.time("at", at);
            "at"
        }
        Offer::Wait => "wait",
        Offer::ByHand { because } => {
            json.text("because", because.code());
            "by_hand"
        }
        Offer::No { because } => {
            json.text("because", because.code());
            "no"
        }
    };
    json.text("offer", offer);
    sentence(json, "what", &words.what);
    sentence(json, "risk", &words.risk);
}

/// The SMS that were to leave.
pub fn sent(json: &mut ObjectWriter, sent: &[SentSms]) {
    json.open("list", "[");
    for sms in sent {
        json.open("", "{");
        json.int("number", i64::from(sms.number));
        json.time("at", sms.at);
        json.text("sms", sms.state.code());
        if let SmsState::NotDelivered { code } = &sms.state {
            json.text("code", code);
        }
        json.close("}");
    }
    json.close("]");
}

/// The evidence in the core's JSON form.
pub fn evidence(json: &mut ObjectWriter, evidence: &Evidence) {
    json.text("message", &evidence.message().text());
    json.open("facts", "[");
    for fact in evidence.facts() {
        json.raw("", &fact.canonical());
    }
    json.close("]");
}

/// What the facts tell about the message itself.
pub fn known(json: &mut ObjectWriter, known: &Known) {
    json.opt_text("recipient", known.recipient.as_ref().map(E164::as_str));
    opt_time(json, "sentAt", known.sent_at);
    opt_time(json, "firstHeard", known.first_heard);
    json.opt_text("class", known.class.as_deref());
    json.opt_text("host", known.host.map(Host::name));
    opt_time(json, "horizon", known.horizon);
    json.bool("endIsKnown", known.end_is_known);
    opt_time(json, "windowCloses", known.window_closes);
}

/// The figures of a provider's decisions.
pub fn policy(json: &mut ObjectWriter, policy: &Policy) {
    span(json, "settle", policy.settle);
    span(json, "requestTimeout", policy.request_timeout);
    span(json, "requestMargin", policy.request_margin);
    spans(json, "retries", &policy.retries);
    spans(json, "throttled", &policy.throttled);
    span(json, "throttledThen", policy.throttled_then);
    span(json, "retryAfterCap", policy.retry_after_cap);
    span(json, "presumeFor", policy.presume_for);
    json.int("ratePerSecond", i64::from(policy.rate_per_second));
}

/// The message classes, with their figures.
pub fn classes(json: &mut ObjectWriter, classes: &[Class]) {
    json.open("list", "[");
    for class in classes {
        json.open("", "{");
        json.text("name", &class.name);
        word(json, "kind", class.kind);
        span(json, "ttl", class.ttl);
        opt_span(json, "revokeAfter", class.revoke_after);
        word(json, "then", class.then);
        json.open("fallback", "{");
        for (name, cell) in class.fallback.all() {
            word(json, name, cell);
        }
        json.close("}");
        opt_span(json, "fallbackBy", class.fallback_by);
        opt_span(json, "notAfter", class.not_after);
        json.close("}");
    }
    json.close("]");
}

fn opt_span(json: &mut ObjectWriter, name: &str, span: Option<Span>) {
    json.opt_int(name, span.map(Span::as_millis));
}

fn spans(json: &mut ObjectWriter, name: &str, spans: &[Span]) {
    json.open(name, "[");
    for one in spans {
        span(json, "", *one);
    }
    json.close("]");
}
