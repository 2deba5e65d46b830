//! Questions: what the objects of the package become, field by field in the order of `shapes.ts`.

use alloc::string::String;
use alloc::vec::Vec;

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::class::{Cells, Class};
use rcs_revoke_core::fact::{
    Answered, Attempted, Event, Fact, FallbackAnswered, FallbackIntended, FallbackOrdered, FallbackStatus,
    Life, ProviderEvent, Registered, Registrar, Requested, Withdrawn,
};
use rcs_revoke_core::host::Host;
use rcs_revoke_core::id::{ApplicationId, BatchId, SenderId, WishId};
use rcs_revoke_core::source::{RevokeAck, SmsSender};
use rcs_revoke_core::{AgentId, E164, MessageRef, Policy, Say, Source, SourceId, Span, Truth};

use crate::wire::{Fields, INVALID};

/// The code of what is no identifier of its kind.
pub const INVALID_ID: &str = "invalid_id";
/// The code of what is no phone number.
pub const INVALID_PHONE: &str = "invalid_phone";

impl Fields<'_> {
    /// A message's key.
    pub fn message(&mut self) -> Option<MessageRef> {
        self.parsed(INVALID_ID, MessageRef::parse)
    }

    /// A message's key, of its provider, its agent and its id there.
    pub fn message_of_parts(&mut self) -> Option<MessageRef> {
        let provider = self.word()?;
        let agent = self.opt_agent();
        match MessageRef::new(provider, agent.as_ref(), self.text()) {
            Ok(message) => Some(message),
            Err(error) => self.refuse(INVALID_ID, self.place(), &error.say()),
        }
    }

    /// A host that may be named.
    pub fn opt_host(&mut self) -> Option<Host> {
        self.opt_parsed(INVALID, str::parse)
    }

    /// A host.
    pub fn host(&mut self) -> Option<Host> {
        self.parsed(INVALID, str::parse)
    }

    /// A phone number that may be named.
    pub fn opt_phone(&mut self) -> Option<E164> {
        self.opt_parsed(INVALID_PHONE, E164::parse)
    }

    /// An agent that may be named.
    pub fn opt_agent(&mut self) -> Option<AgentId> {
        self.opt_parsed(INVALID_ID, AgentId::parse)
    }

    /// A sender that may be named.
    pub fn opt_sender(&mut self) -> Option<SenderId> {
        self.opt_parsed(INVALID_ID, SenderId::parse)
    }

    /// An application that may be named.
    pub fn opt_application(&mut self) -> Option<ApplicationId> {
        self.opt_parsed(INVALID_ID, ApplicationId::parse)
    }

    /// A source that may be named.
    pub fn opt_source_id(&mut self) -> Option<SourceId> {
        self.opt_parsed(INVALID_ID, SourceId::parse)
    }

    /// The wish that something belongs to.
    pub fn wish(&mut self) -> Option<WishId> {
        self.parsed(INVALID_ID, WishId::parse)
    }

    /// The batch that a wish was made in.
    fn opt_batch(&mut self) -> Option<BatchId> {
        self.opt_parsed(INVALID_ID, BatchId::parse)
    }

    fn owned(&mut self) -> String {
        self.text().into()
    }

    fn opt_owned(&mut self) -> Option<String> {
        self.opt().map(Into::into)
    }

    /// A source.
    pub fn source(&mut self) -> Option<Source> {
        let id = self.parsed(INVALID_ID, SourceId::parse)?;
        let mut source = Source::new(id, self.word()?);
        source.agent = self.opt_agent();
        source.sender = self.opt_sender();
        source.application = self.opt_application();
        source.host = self.opt_host();
        source.launch_country = self.opt_parsed(INVALID, str::parse);
        for _ in 0..self.opt_int().unwrap_or(0) {
            source.learnt.push(self.host()?);
        }
        source.sms = self.sms_sender();
        source.revoke_ack = self.opt_word().unwrap_or(RevokeAck::Accepted);
        source.listening_since = self.opt_time();
        Some(source)
    }

    /// Who sends an SMS instead; all three fields, or none.
    fn sms_sender(&mut self) -> Option<SmsSender> {
        let (source, from, host) = (self.opt_source_id(), self.opt_sender(), self.opt_host());
        Some(SmsSender { source: source?, from: from?, host: host? })
    }

    /// Several sources: how many, and each.
    pub fn sources(&mut self) -> Option<Vec<Source>> {
        let mut sources = Vec::new();
        for _ in 0..self.count() {
            sources.push(self.source()?);
        }
        Some(sources)
    }

    /// The headers that follow, to the end.
    pub fn headers(&mut self) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        while let (Some(name), Some(value)) = (self.opt(), self.opt()) {
            headers.push((name.into(), value.into()));
        }
        headers
    }

    /// The figures of a provider's decisions.
    pub fn policy(&mut self) -> Option<Policy> {
        Some(Policy {
            settle: self.span(),
            request_timeout: self.span(),
            request_margin: self.span(),
            retries: self.spans(),
            throttled: self.spans(),
            throttled_then: self.span(),
            retry_after_cap: self.span(),
            presume_for: self.span(),
            rate_per_second: self.count(),
            truth: Truth {
                window_guard: self.opt_span(),
                longest_life: self.opt_span(),
                observed_life: self.opt_span(),
                webhook_tail: self.opt_span(),
                remembered: self.opt_span(),
                permission_retries: self.opt_count(),
                ask_other_hosts: self.opt_flag(),
                young: self.opt_span(),
            },
            classes: self.classes()?,
            class: self.opt_owned(),
        })
    }

    /// The message classes; those that are there without a word where none are given.
    fn classes(&mut self) -> Option<Vec<Class>> {
        let Some(len) = self.opt_int() else { return Some(Class::standards()) };
        let mut classes = Vec::new();
        for _ in 0..len {
            classes.push(self.class()?);
        }
        Some(classes)
    }

    fn class(&mut self) -> Option<Class> {
        Some(Class {
            name: self.owned(),
            kind: self.word()?,
            ttl: self.span(),
            revoke_after: self.opt_span(),
            then: self.word()?,
            settle: self.opt_span(),
            retries: self.opt_spans(),
            fallback: Cells {
                gone: self.word()?,
                unconfirmed: self.word()?,
                inconclusive: self.word()?,
                unfinished: self.word()?,
                hopeless: self.word()?,
                otherwise: self.word()?,
            },
            fallback_by: self.opt_span(),
            not_after: self.opt_span(),
            sms_from: self.opt_sender(),
            sms_text: self.opt_owned(),
        })
    }

    fn opt_spans(&mut self) -> Option<Vec<Span>> {
        let len = self.opt_int()?;
        let mut spans = Vec::new();
        for _ in 0..len {
            spans.push(self.span());
        }
        Some(spans)
    }

    fn spans(&mut self) -> Vec<Span> {
        let spans = self.opt_spans();
        self.required(spans).unwrap_or_default()
    }

    /// The reading of an answer.
    fn ack(&mut self) -> Option<Ack> {
        let word = self.text();
        let place = self.place();
        let proper = self.flag();
        let reason = self.opt_word();
        let retry_after = self.opt_span();
        let why = self.opt_word();
        Some(match word {
            "accepted" => Ack::Accepted,
            "not_found" => Ack::NotFound { proper },
            "no_effect" => Ack::NoEffect { reason: self.named(reason, place + 2)?, retry_after },
            "not_sent" => Ack::NotSent { why: self.named(why, place + 4)? },
            "unknown" => Ack::Unknown { retry_after },
            _ => {
                let expected = "expected accepted, not_found, no_effect, not_sent or unknown";
                return self.refuse(INVALID, place, expected);
            }
        })
    }

    /// What was read in that field, where another field makes it necessary.
    fn named<T>(&mut self, value: Option<T>, field: usize) -> Option<T> {
        value.or_else(|| self.refuse(INVALID, field, "it is missing"))
    }

    /// What a provider told.
    fn event(&mut self) -> Option<Event> {
        let event = self.text();
        let place = self.place();
        let code = self.opt_owned();
        let word = self.opt_owned();
        Some(match event {
            "submitted" => Event::Submitted,
            "delivered" => Event::Delivered,
            "read" => Event::Read,
            "expiry_revoked" => Event::ExpiryRevoked,
            "expiry_revoke_failed" => Event::ExpiryRevokeFailed,
            "not_delivered" => Event::NotDelivered { code: self.named(code, place + 1)? },
            "unsubscribed" => Event::Unsubscribed,
            "unknown_expiry_word" => Event::UnknownExpiryWord { word: self.named(word, place + 2)? },
            "unknown_word" => Event::UnknownWord { word: self.named(word, place + 2)? },
            _ => return self.refuse(INVALID, place, "no kind of event"),
        })
    }

    fn registrar(&mut self) -> Option<Registrar> {
        let kind = self.text();
        let place = self.place();
        let id = self.owned();
        Some(match kind {
            "api" => Registrar::Api(id),
            "ledger" => Registrar::Ledger(id),
            "operator" => Registrar::Operator(id),
            _ => return self.refuse(INVALID, place, "expected api, ledger or operator"),
        })
    }

    fn life(&mut self) -> Option<Life> {
        let kind = self.opt();
        let place = self.place();
        let at = self.opt_time();
        let ttl = self.opt_span();
        Some(match kind? {
            "expires_at" => Life::ExpiresAt { at: self.named(at, place + 1)? },
            "ttl" => Life::Ttl { ttl: self.named(ttl, place + 2)? },
            "none" => Life::None,
            _ => return self.refuse(INVALID, place, "expected expires_at, ttl or none"),
        })
    }

    /// A fact: its kind, and what belongs to it.
    pub fn fact(&mut self) -> Option<Fact> {
        let kind = self.text();
        let fact = match kind {
            "registered" => Fact::Registered(Registered {
                by: self.registrar()?,
                received_at: self.time(),
                sent_at: self.opt_time(),
                life: self.life(),
                class: self.opt_owned(),
                phone: self.opt_phone(),
                host: self.opt_host(),
                failover: self.opt_flag(),
                fallback_text: self.opt_owned(),
                revoke_at: self.opt_time(),
            }),
            "requested" => Fact::Requested(Requested {
                wish: self.wish()?,
                by: self.owned(),
                at: self.time(),
                not_before: self.opt_time(),
                then: self.opt_word().unwrap_or_default(),
                reason: self.opt_owned(),
                override_window: self.flag(),
                hand: self.flag(),
                batch: self.opt_batch(),
            }),
            "withdrawn" => {
                Fact::Withdrawn(Withdrawn { wish: self.wish()?, by: self.owned(), at: self.time() })
            }
            "attempted" => Fact::Attempted(Attempted {
                attempt: self.ordinal(),
                wish: self.wish()?,
                host: self.host()?,
                begun_at: self.time(),
            }),
            "answered" => Fact::Answered(Answered {
                attempt: self.ordinal(),
                ack: self.ack()?,
                status: self.opt_status(),
                body: self.opt_owned(),
                at: self.time(),
            }),
            "event" => Fact::Event(ProviderEvent {
                identity: self.owned(),
                event: self.event()?,
                received_at: self.time(),
                event_time: self.opt_owned(),
                phone: self.opt_phone(),
                workflow: self.flag(),
                raw: self.opt_owned().unwrap_or_default(),
            }),
            "fallback_ordered" => Fact::FallbackOrdered(FallbackOrdered {
                fallback: self.ordinal(),
                by: self.owned(),
                at: self.time(),
                text: self.opt_owned(),
            }),
            "fallback_intended" => Fact::FallbackIntended(FallbackIntended {
                fallback: self.ordinal(),
                at: self.time(),
                request: self.owned(),
            }),
            "fallback_answered" => Fact::FallbackAnswered(FallbackAnswered {
                fallback: self.ordinal(),
                ack: self.ack()?,
                provider_id: self.opt_owned(),
                at: self.time(),
            }),
            "fallback_status" => Fact::FallbackStatus(FallbackStatus {
                fallback: self.ordinal(),
                identity: self.owned(),
                event: self.event()?,
                received_at: self.time(),
            }),
            _ => return self.refuse(INVALID, self.place(), "no kind of fact"),
        };
        self.fine(fact)
    }

    /// An HTTP status that may be there.
    fn opt_status(&mut self) -> Option<u16> {
        let status = u16::try_from(self.opt_int()?);
        status.ok().or_else(|| self.refuse(INVALID, self.place(), "expected an HTTP status"))
    }

    /// An HTTP status.
    pub fn status(&mut self) -> Option<u16> {
        let status = self.opt_status();
        self.required(status)
    }
}
