//! Google RCS for Business (RBM): its hosts, its times, and what it wants to be asked and answers.
//!
//! The API: <https://developers.google.com/business-communications/rcs-business-messaging/reference/rest>.

use alloc::borrow::Cow;

use crate::ack::Ack;
use crate::class::Class;
use crate::expiry::TtlRule;
use crate::host::{Host, HostSpec};
use crate::id::{InvalidId, MessageId};
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::{Adapter, Answers, Inbound, Lifetimes};
use crate::region::{Certainty, Route, RouteReason, known_hosts};
use crate::request::{Answer, BuildRequestError, OutgoingRequest, RevokeTarget};
use crate::source::Source;
use crate::time::Span;
use crate::truth::Truth;
use crate::webhook::{Reception, Refusal, Verdict, WebhookCall, WebhookSecret};

mod answer;
mod event;
mod request;
mod webhook;

pub(crate) use event::about_the_person;

/// The adapter.
pub static ADAPTER: GoogleRbm = GoogleRbm;

/// Google RCS for Business.
#[derive(Debug)]
pub struct GoogleRbm;

static HOSTS: [HostSpec; 4] = [
    HostSpec {
        name: "google.global",
        label: "global",
        base_url: "https://rcsbusinessmessaging.googleapis.com",
    },
    HostSpec { name: "google.us", label: "us", base_url: "https://us-rcsbusinessmessaging.googleapis.com" },
    HostSpec {
        name: "google.europe",
        label: "europe",
        base_url: "https://europe-rcsbusinessmessaging.googleapis.com",
    },
    HostSpec {
        name: "google.asia",
        label: "asia",
        base_url: "https://asia-rcsbusinessmessaging.googleapis.com",
    },
];

const GLOBAL: Host = Host::new(&HOSTS[0]);

impl Adapter for GoogleRbm {
    fn label(&self) -> &'static str {
        "Google"
    }

    fn hosts(&self) -> &'static [HostSpec] {
        &HOSTS
    }

    fn keyed_by_agent(&self) -> bool {
        true
    }

    fn needs_recipient(&self) -> bool {
        true
    }

    fn parse_message_id(&self, text: &str) -> Result<MessageId, InvalidId> {
        MessageId::parse(text)
    }

    fn is_message_id(&self, text: &[u8]) -> bool {
        MessageId::is_one(text)
    }

    /// Google's own texts disagree on what a 200 means, so the operator may choose.
    fn may_confirm(&self) -> bool {
        true
    }

    /// What another host answers is undocumented, so its 404 would only blur what the right one says.
    fn asks_other_hosts(&self) -> bool {
        false
    }

    /// Google's text for a 403 calls it possibly transient.
    fn permission_retries(&self) -> u32 {
        2
    }

    /// Messages without an end are kept for 30 days by one page and 31 by another; webhooks are retried for 7:
    /// <https://developers.google.com/business-communications/rcs-business-messaging/guides/build/messages/send>.
    fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            window: None,
            window_guard: Span::ZERO,
            longest: Span::days(31),
            observed: None,
            tail: Span::days(7),
        }
    }

    /// At least 10 s are advised, so that a delivery and the end of the life are not both told:
    /// <https://developers.google.com/business-communications/rcs-business-messaging/guides/build/messages/send>.
    fn ttl(&self) -> TtlRule {
        TtlRule {
            shortest: Span::secs(10),
            longest: Span::days(15),
            with_unit: true,
            instant: Some("expireTime"),
            why: "a life of less than 10 s is advised against, and one of more than 15 days is refused",
        }
    }

    /// Google's events carry no codes.
    fn is_about_the_person(&self, _code: &str) -> bool {
        false
    }

    fn sends_sms(&self) -> bool {
        false
    }

    fn policy(&self) -> Policy {
        Policy {
            settle: Span::secs(5),
            request_timeout: Span::secs(30),
            request_margin: Span::secs(5),
            retries: vec![Span::secs(1), Span::secs(5), Span::secs(30), Span::secs(120), Span::secs(600)],
            throttled: vec![Span::secs(5), Span::secs(15), Span::secs(60)],
            throttled_then: Span::minutes(5),
            retry_after_cap: Span::minutes(15),
            presume_for: Span::hours(24),
            rate_per_second: 50,
            truth: Truth::default(),
            classes: Class::standards(),
            class: None,
        }
    }

    fn route(&self, source: &Source, own: Option<Host>) -> Route {
        let known = known_hosts(source, own).first().copied();
        let certainty = if known.is_some() { Certainty::Known } else { Certainty::Documented };
        let (host, reason) = known.unwrap_or((GLOBAL, RouteReason::Default));
        Route { candidates: vec![host], certainty, reason }
    }

    fn revoke_request(&self, target: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError> {
        request::revoke(target)
    }
}

impl Answers for GoogleRbm {
    fn read_answer(&self, answer: &Answer<'_>) -> Ack {
        answer::read(answer)
    }

    /// Google's events carry no codes.
    fn code_meaning(&self, _code: &str) -> Option<&'static str> {
        None
    }
}

impl Inbound for GoogleRbm {
    fn receive(&self, call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Reception {
        webhook::receive(call, secret)
    }

    /// The body says it all.
    fn worth_keeping(&self, _call: &WebhookCall<'_>) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Nothing but the event is signed.
    fn body_worth_keeping<'a>(&self, call: &WebhookCall<'a>) -> Cow<'a, [u8]> {
        webhook::worth_keeping(call)
    }

    fn read_again(&self, call: &WebhookCall<'_>) -> Verdict {
        webhook::read_again(call)
    }

    /// Anything but a 200 is retried for 7 days, so no refusal loses an event:
    /// <https://developers.google.com/business-communications/rcs-business-messaging/guides/integrate/webhooks>.
    fn refusal_status(&self, why: Refusal) -> u16 {
        match why {
            Refusal::Malformed => 400,
            Refusal::SignatureMissing | Refusal::SignatureWrong => 401,
            Refusal::WrongToken => 403,
            Refusal::UnknownSource => 404,
            Refusal::WrongMethod => 405,
            Refusal::TooLarge => 413,
            Refusal::NotConfigured | Refusal::StoreUnavailable => 503,
        }
    }
}
