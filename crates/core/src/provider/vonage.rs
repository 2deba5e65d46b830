//! The Vonage Messages API: its hosts, its times, and what it wants to be asked and answers.
//!
//! The guide: <https://developer.vonage.com/en/messages/guides/rcs/rcs-message-revocation>.

use alloc::borrow::Cow;

use crate::ack::Ack;
use crate::class::Class;
use crate::expiry::TtlRule;
use crate::host::{Host, HostSpec};
use crate::id::{InvalidId, MessageId, is_lower_uuid, parse_uuid};
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::{Adapter, Answers, Inbound, Lifetimes};
use crate::region::Route;
use crate::request::{Answer, BuildRequestError, OutgoingRequest, RevokeTarget};
use crate::source::Source;
use crate::time::Span;
use crate::truth::Truth;
use crate::webhook::{Reception, Refusal, Verdict, WebhookCall, WebhookSecret};

mod answer;
mod codes;
mod regions;
mod request;
pub mod sms;
mod token;
mod webhook;

pub(crate) use webhook::is_rcs;

/// The adapter.
pub static ADAPTER: Vonage = Vonage;

/// The Vonage Messages API.
#[derive(Debug)]
pub struct Vonage;

/// `api.nexmo.com` is not among them: it takes messages, but the guide wants a regional host for revoking them.
static HOSTS: [HostSpec; 3] = [
    HostSpec { name: "vonage.us", label: "api-us", base_url: "https://api-us.nexmo.com" },
    HostSpec { name: "vonage.eu", label: "api-eu", base_url: "https://api-eu.nexmo.com" },
    HostSpec { name: "vonage.ap", label: "api-ap", base_url: "https://api-ap.nexmo.com" },
];

const US: Host = Host::new(&HOSTS[0]);
const EU: Host = Host::new(&HOSTS[1]);
const AP: Host = Host::new(&HOSTS[2]);

impl Adapter for Vonage {
    fn label(&self) -> &'static str {
        "Vonage"
    }

    fn hosts(&self) -> &'static [HostSpec] {
        &HOSTS
    }

    fn keyed_by_agent(&self) -> bool {
        false
    }

    fn needs_recipient(&self) -> bool {
        false
    }

    fn parse_message_id(&self, text: &str) -> Result<MessageId, InvalidId> {
        parse_uuid(text)
    }

    fn is_message_id(&self, text: &[u8]) -> bool {
        is_lower_uuid(text)
    }

    /// A 202 "does not guarantee that a message will be revoked".
    fn may_confirm(&self) -> bool {
        false
    }

    /// The wrong region answers 404, as does an unknown id.
    fn asks_other_hosts(&self) -> bool {
        true
    }

    fn permission_retries(&self) -> u32 {
        0
    }

    /// Revoking is possible for 24 hours; a message may live for 30 days, but its statuses stop after 72 hours.
    fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            window: Some(Span::hours(24)),
            window_guard: Span::secs(60),
            longest: Span::days(30),
            observed: Some(Span::hours(72)),
            tail: Span::days(7),
        }
    }

    /// What both editions of the specification take: 300 s is the shortest of the older, 72 h the longest of the
    /// newer.
    fn ttl(&self) -> TtlRule {
        TtlRule {
            shortest: Span::secs(300),
            longest: Span::hours(72),
            with_unit: false,
            instant: None,
            why: "its specifications say 20 s to 72 h and 300 s to 30 days: only what both take is safe",
        }
    }

    fn is_about_the_person(&self, code: &str) -> bool {
        codes::is_about_the_person(code)
    }

    fn sends_sms(&self) -> bool {
        true
    }

    fn policy(&self) -> Policy {
        Policy {
            settle: Span::secs(20),
            request_timeout: Span::secs(30),
            request_margin: Span::secs(5),
            retries: vec![Span::secs(1), Span::secs(5), Span::secs(30), Span::secs(120), Span::secs(600)],
            throttled: vec![Span::secs(5), Span::secs(15), Span::secs(60)],
            throttled_then: Span::minutes(5),
            retry_after_cap: Span::minutes(15),
            // A 404 of Vonage never suggests a delivery.
            presume_for: Span::ZERO,
            rate_per_second: 30,
            truth: Truth::default(),
            classes: Class::standards(),
            class: None,
        }
    }

    fn route(&self, source: &Source, own: Option<Host>) -> Route {
        regions::route(source, own)
    }

    fn revoke_request(&self, target: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError> {
        request::revoke(target)
    }
}

impl Answers for Vonage {
    fn read_answer(&self, answer: &Answer<'_>) -> Ack {
        answer::read(answer)
    }

    fn code_meaning(&self, code: &str) -> Option<&'static str> {
        codes::meaning(code)
    }
}

impl Inbound for Vonage {
    fn receive(&self, call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Reception {
        webhook::receive(call, secret)
    }

    /// The token in `Authorization` alone names the application.
    fn worth_keeping(&self, call: &WebhookCall<'_>) -> Vec<(String, String)> {
        webhook::worth_keeping(call)
    }

    /// All of it is signed.
    fn body_worth_keeping<'a>(&self, call: &WebhookCall<'a>) -> Cow<'a, [u8]> {
        Cow::Borrowed(call.body)
    }

    fn read_again(&self, call: &WebhookCall<'_>) -> Verdict {
        webhook::read_again(call)
    }

    /// Vonage retries for 24 hours on 429 and 5xx only; any other 4xx would lose the event for good.
    fn refusal_status(&self, why: Refusal) -> u16 {
        match why {
            Refusal::WrongMethod => 405,
            Refusal::TooLarge => 413,
            Refusal::SignatureMissing
            | Refusal::SignatureWrong
            | Refusal::Malformed
            | Refusal::WrongToken
            | Refusal::NotConfigured
            | Refusal::UnknownSource
            | Refusal::StoreUnavailable => 503,
        }
    }
}
