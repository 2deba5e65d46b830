//! Answers: what the core's values become, field by field in the order of `npm/src/shapes.ts`.

use alloc::string::ToString;

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::explain::Explanation;
use rcs_revoke_core::fact::Event;
use rcs_revoke_core::id::{AgentId, ApplicationId, SenderId};
use rcs_revoke_core::import::{Entry, Found, Resolution, Row};
use rcs_revoke_core::outcome::{Outcome, Verdict};
use rcs_revoke_core::region::{Route, RouteReason};
use rcs_revoke_core::request::OutgoingRequest;
use rcs_revoke_core::sentence::{Piece, Sentence};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::webhook::{IncomingEvent, Reception, Verdict as WebhookVerdict};
use rcs_revoke_core::{Assessment, E164, Host, Known, Policy, Span};

use crate::wire::Answer;

impl Answer {
    /// Where to ask.
    pub fn route(&mut self, route: &Route) {
        self.word(route.certainty);
        let (because, country) = match &route.reason {
            RouteReason::Message => ("message", None),
            RouteReason::Source => ("source", None),
            RouteReason::Learnt => ("learnt", None),
            RouteReason::LaunchCountry { country } => ("launch_country", Some(country.as_str())),
            RouteReason::Default => ("default", None),
        };
        self.text(because);
        self.opt(country);
        for host in &route.candidates {
            self.text(host.name());
        }
    }

    /// A request, with the documented URL that it goes to.
    pub fn request(&mut self, request: &OutgoingRequest) {
        self.text(&request.method);
        self.text(&request.documented_url());
        self.text(request.host.name());
        self.text(&request.path);
        self.text(&request.body);
        self.word(request.auth);
        for (name, value) in &request.headers {
            self.text(name);
            self.text(value);
        }
    }

    /// The reading of an answer.
    pub fn ack(&mut self, ack: &Ack) {
        self.text(ack.code());
        match ack {
            Ack::NotFound { proper } => self.flag(*proper),
            _ => self.none(),
        }
        match ack {
            Ack::NoEffect { reason, .. } => self.word(*reason),
            _ => self.none(),
        }
        self.opt_span(ack.retry_after());
        match ack {
            Ack::NotSent { why } => self.word(*why),
            _ => self.none(),
        }
    }

    fn event(&mut self, event: &Event) {
        let (code, word) = match event {
            Event::NotDelivered { code } => (Some(&**code), None),
            Event::UnknownExpiryWord { word } | Event::UnknownWord { word } => (None, Some(&**word)),
            _ => (None, None),
        };
        self.text(event.code());
        self.opt(code);
        self.opt(word);
    }

    /// How to answer a call, and what it was.
    pub fn reception(&mut self, reception: &Reception) {
        self.int(i64::from(reception.status));
        self.text(&reception.body);
        match &reception.verdict {
            WebhookVerdict::Handshake => self.text("handshake"),
            WebhookVerdict::Event(event) => {
                self.text("event");
                self.incoming(event);
            }
            WebhookVerdict::Aside { about, raw } => {
                self.text("aside");
                self.text(about);
                self.text(raw);
            }
            WebhookVerdict::Unreadable { reason, raw } => {
                self.text("unreadable");
                self.text(reason);
                self.text(raw);
            }
            WebhookVerdict::Refused { why } => {
                self.text("refused");
                self.word(*why);
            }
        }
    }

    fn incoming(&mut self, event: &IncomingEvent) {
        self.event(&event.event);
        self.word(event.provider);
        self.opt(event.agent.as_ref().map(AgentId::as_str));
        self.opt(event.application.as_ref().map(ApplicationId::as_str));
        self.opt(event.sender.as_ref().map(SenderId::as_str));
        self.text(event.message.as_str());
        self.text(&event.identity);
        self.opt(event.event_time.as_deref());
        self.opt(event.phone.as_ref().map(E164::as_str));
        self.flag(event.workflow);
        self.text(&event.raw);
    }

    /// What became of a message: its code, an instant, a word, and yes-or-nos.
    pub fn outcome(&mut self, outcome: &Outcome) {
        let verdict = &outcome.verdict;
        self.text(verdict.code());
        self.opt_time(match verdict {
            Verdict::Delivered { at, .. } => Some(*at),
            Verdict::Settling { until } => Some(*until),
            Verdict::Planned { not_before } => *not_before,
            _ => None,
        });
        match verdict {
            Verdict::Delivered { duplicate: Some(sure), .. } => self.word(*sure),
            Verdict::Revoked { proof } => self.word(*proof),
            Verdict::NotDelivered { code } => self.text(code),
            Verdict::Inconclusive { why } => self.word(*why),
            Verdict::Refused { reason } => self.word(*reason),
            _ => self.none(),
        }
        let (read, raced, contradicts) = match verdict {
            Verdict::Delivered { read, raced, contradicts, .. } => (*read, *raced, *contradicts),
            _ => (false, false, false),
        };
        let flags = outcome.flags;
        let (unknown, differ, mismatch) =
            (flags.unknown_word, flags.registrations_differ, flags.phone_mismatch);
        self.flags([read, raced, contradicts, unknown, differ, mismatch]);
    }

    /// What the facts mean at one instant.
    pub fn assessment(&mut self, assessment: &Assessment) {
        self.outcome(&assessment.outcome);
        self.opt_time(assessment.look_again_at);
        match &assessment.step {
            Step::Send { wish, attempt, host } => {
                self.text("send");
                self.text(wish.as_str());
                self.int(i64::from(*attempt));
                self.text(host.name());
            }
            Step::WaitUntil { at, brings } => {
                self.text("wait_until");
                self.int(at.as_millis());
                self.word(*brings);
            }
            Step::AskOperator { question } => {
                self.text("ask_operator");
                self.word(*question);
            }
            Step::Done => self.text("done"),
        }
    }

    fn sentence(&mut self, sentence: &Sentence) {
        self.count(sentence.0.len());
        for piece in &sentence.0 {
            match piece {
                Piece::Text(text) => {
                    self.text(text);
                    self.none();
                }
                Piece::Time { time } => {
                    self.none();
                    self.int(time.as_millis());
                }
            }
        }
    }

    /// Why the outcome is what it is.
    pub fn explanation(&mut self, explanation: &Explanation) {
        self.sentence(&explanation.short);
        self.sentence(&explanation.sentence);
        self.count(explanation.notes.len());
        for note in &explanation.notes {
            self.sentence(note);
        }
        for key in &explanation.cites {
            self.text(key);
        }
    }

    /// What the facts tell about the message itself.
    pub fn known(&mut self, known: &Known) {
        self.opt(known.recipient.as_ref().map(E164::as_str));
        self.opt_time(known.sent_at);
        self.opt_time(known.first_heard);
        self.opt(known.class.as_deref());
        self.opt(known.host.map(Host::name));
        self.opt_time(known.horizon);
        self.flag(known.end_is_known);
        self.opt_time(known.window_closes);
    }

    /// The figures of a provider's decisions.
    pub fn policy(&mut self, policy: &Policy) {
        self.opt_span(Some(policy.settle));
        self.opt_span(Some(policy.request_timeout));
        self.opt_span(Some(policy.request_margin));
        self.spans(&policy.retries);
        self.spans(&policy.throttled);
        self.opt_span(Some(policy.throttled_then));
        self.opt_span(Some(policy.retry_after_cap));
        self.opt_span(Some(policy.presume_for));
        self.int(i64::from(policy.rate_per_second));
    }

    fn spans(&mut self, spans: &[Span]) {
        self.count(spans.len());
        for span in spans {
            self.int(span.as_millis());
        }
    }

    /// A row of an import: a letter for what it is and the bits of what it says; place; and what it says.
    pub fn row(&mut self, row: &Row) {
        let (kind, entry) = match &row.found {
            Found::Entry(entry) => (0, Some(entry)),
            Found::Duplicate { entry, .. } => (1, Some(entry)),
            Found::Problem(_) => (2, None),
        };
        let says = entry.map_or(0, |entry| {
            i64::from(entry.provider.is_some()) << 2
                | i64::from(entry.agent.is_some()) << 3
                | i64::from(entry.sender.is_some()) << 4
                | i64::from(entry.phone.is_some()) << 5
                | i64::from(entry.sent_at.is_some()) << 6
        });
        self.int(kind | says);
        self.count(row.line);
        self.count(row.column);
        match &row.found {
            Found::Entry(entry) => self.entry(entry),
            Found::Duplicate { of_line, entry } => {
                self.count(*of_line);
                self.entry(entry);
            }
            Found::Problem(problem) => {
                self.word(problem.code);
                self.text(&problem.message);
                self.text(&problem.text);
            }
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.text(entry.id.as_str());
        if let Some(provider) = entry.provider {
            self.word(provider);
        }
        if let Some(agent) = &entry.agent {
            self.text(agent.as_str());
        }
        if let Some(sender) = &entry.sender {
            self.text(sender.as_str());
        }
        if let Some(phone) = &entry.phone {
            self.text(phone.as_str());
        }
        if let Some(sent_at) = entry.sent_at {
            self.int(sent_at.as_millis());
        }
    }

    /// Where a row's message belongs.
    pub fn resolution(&mut self, resolution: &Resolution) {
        match resolution {
            Resolution::Ready { message, source } => {
                self.text("ready");
                self.text(&message.to_string());
                self.text(source.as_str());
            }
            Resolution::Choose { candidates } => {
                self.text("choose");
                for source in candidates {
                    self.text(source.as_str());
                }
            }
            Resolution::Problem { code, message } => {
                self.text("problem");
                self.word(*code);
                self.text(message);
            }
        }
    }
}
