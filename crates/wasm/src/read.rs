//! Questions: what the objects of the package become, field by field in the order of `npm/src/shapes.ts`.

use alloc::string::String;
use alloc::vec::Vec;

use rcs_revoke_core::ack::{Ack, NoEffect};
use rcs_revoke_core::fact::{
    Answered, Attempted, Event, Fact, FallbackAnswered, FallbackIntended, FallbackStatus, Life,
    ProviderEvent, Registered, Registrar, Requested, Withdrawn,
};
use rcs_revoke_core::host::Host;
use rcs_revoke_core::id::{ApplicationId, SenderId, WishId};
use rcs_revoke_core::import::Entry;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{AgentId, E164, MessageId, MessageRef, Policy, Provider, Source, SourceId, Span};

use crate::wire::{Fields, INVALID, Problem};

pub(crate) const INVALID_ID: &str = "invalid_id";
pub(crate) const INVALID_PHONE: &str = "invalid_phone";

impl Fields<'_> {
    /// A message's key.
    pub(crate) fn message(&mut self) -> Result<MessageRef, Problem> {
        self.parsed(INVALID_ID, MessageRef::parse)
    }

    /// A host that may be named.
    pub(crate) fn opt_host(&mut self) -> Result<Option<Host>, Problem> {
        self.opt_parsed(INVALID, str::parse)
    }

    fn host(&mut self) -> Result<Host, Problem> {
        self.parsed(INVALID, str::parse)
    }

    /// A phone number that may be named.
    pub(crate) fn opt_phone(&mut self) -> Result<Option<E164>, Problem> {
        self.opt_parsed(INVALID_PHONE, E164::parse)
    }

    /// An agent that may be named.
    pub(crate) fn opt_agent(&mut self) -> Result<Option<AgentId>, Problem> {
        self.opt_parsed(INVALID_ID, AgentId::parse)
    }

    /// A sender that may be named.
    pub(crate) fn opt_sender(&mut self) -> Result<Option<SenderId>, Problem> {
        self.opt_parsed(INVALID_ID, SenderId::parse)
    }

    /// An application that may be named.
    pub(crate) fn opt_application(&mut self) -> Result<Option<ApplicationId>, Problem> {
        self.opt_parsed(INVALID_ID, ApplicationId::parse)
    }

    fn wish(&mut self) -> Result<WishId, Problem> {
        self.parsed(INVALID_ID, WishId::parse)
    }

    fn owned(&mut self) -> Result<String, Problem> {
        Ok(self.text()?.into_owned())
    }

    fn opt_owned(&mut self) -> Option<String> {
        self.opt().map(Into::into)
    }

    /// A source.
    pub(crate) fn source(&mut self) -> Result<Source, Problem> {
        let id = self.parsed(INVALID_ID, SourceId::parse)?;
        let mut source = Source::new(id, self.word::<Provider>()?);
        source.agent = self.opt_agent()?;
        source.sender = self.opt_sender()?;
        source.application = self.opt_application()?;
        source.host = self.opt_host()?;
        source.launch_country = self.opt_parsed(INVALID, str::parse)?;
        if let Some(hosts) = self.opt() {
            for host in hosts.split(',') {
                source.learnt.push(host.parse().map_err(|error| self.problem(INVALID, &error))?);
            }
        }
        source.revoke_ack = self.opt_word()?.unwrap_or(RevokeAck::Accepted);
        source.listening_since = self.opt_time()?;
        Ok(source)
    }

    /// The figures of a provider's decisions.
    pub(crate) fn policy(&mut self) -> Result<Policy, Problem> {
        Ok(Policy {
            settle: self.span()?,
            request_timeout: self.span()?,
            request_margin: self.span()?,
            retries: self.spans()?,
            throttled: self.spans()?,
            throttled_then: self.span()?,
            retry_after_cap: self.span()?,
            presume_for: self.span()?,
            rate_per_second: self.count()?,
        })
    }

    fn spans(&mut self) -> Result<Vec<Span>, Problem> {
        let text = self.text()?;
        let wrong = |_| self.problem(INVALID, &"expected whole numbers of milliseconds");
        let numbers = text.split(',').filter(|number| !number.is_empty());
        numbers.map(|number| number.parse().map(Span::millis).map_err(wrong)).collect()
    }

    /// The reading of an answer.
    fn ack(&mut self) -> Result<Ack, Problem> {
        let word = self.text()?;
        let place = self.place();
        let proper = self.flag();
        let reason: Option<NoEffect> = self.opt_word()?;
        let retry_after = self.opt_span()?;
        let why = self.opt_word()?;
        Ok(match &*word {
            "accepted" => Ack::Accepted,
            "not_found" => Ack::NotFound { proper },
            "no_effect" => Ack::NoEffect { reason: reason.ok_or(place.missing(2))?, retry_after },
            "not_sent" => Ack::NotSent { why: why.ok_or(place.missing(4))? },
            "unknown" => Ack::Unknown { retry_after },
            _ => return Err(place.wrong("expected accepted, not_found, no_effect, not_sent or unknown")),
        })
    }

    /// What a provider told.
    fn event(&mut self) -> Result<Event, Problem> {
        let event = self.text()?;
        let place = self.place();
        let code = self.opt_owned();
        let word = self.opt_owned();
        Ok(match &*event {
            "submitted" => Event::Submitted,
            "delivered" => Event::Delivered,
            "read" => Event::Read,
            "expiry_revoked" => Event::ExpiryRevoked,
            "expiry_revoke_failed" => Event::ExpiryRevokeFailed,
            "not_delivered" => Event::NotDelivered { code: code.ok_or(place.missing(1))? },
            "unknown_expiry_word" => Event::UnknownExpiryWord { word: word.ok_or(place.missing(2))? },
            "unknown_word" => Event::UnknownWord { word: word.ok_or(place.missing(2))? },
            _ => return Err(place.wrong("no kind of event")),
        })
    }

    fn registrar(&mut self) -> Result<Registrar, Problem> {
        let kind = self.text()?;
        let place = self.place();
        let id = self.owned()?;
        Ok(match &*kind {
            "api" => Registrar::Api(id),
            "ledger" => Registrar::Ledger(id),
            "operator" => Registrar::Operator(id),
            _ => return Err(place.wrong("expected api, ledger or operator")),
        })
    }

    fn life(&mut self) -> Result<Option<Life>, Problem> {
        let kind = self.opt();
        let place = self.place();
        let at = self.opt_time()?;
        let ttl = self.opt_span()?;
        Ok(match kind.as_deref() {
            None => None,
            Some("expires_at") => Some(Life::ExpiresAt { at: at.ok_or(place.missing(1))? }),
            Some("ttl") => Some(Life::Ttl { ttl: ttl.ok_or(place.missing(2))? }),
            Some("none") => Some(Life::None),
            Some(_) => return Err(place.wrong("expected expires_at, ttl or none")),
        })
    }

    /// A fact: its kind, and what belongs to it.
    pub(crate) fn fact(&mut self) -> Result<Fact, Problem> {
        let kind = self.text()?;
        Ok(match &*kind {
            "registered" => Fact::Registered(Registered {
                by: self.registrar()?,
                received_at: self.time()?,
                sent_at: self.opt_time()?,
                life: self.life()?,
                class: self.opt_owned(),
                phone: self.opt_phone()?,
                host: self.opt_host()?,
                failover: self.opt_flag(),
                fallback_text: self.opt_owned(),
            }),
            "requested" => Fact::Requested(Requested {
                wish: self.wish()?,
                by: self.owned()?,
                at: self.time()?,
                not_before: self.opt_time()?,
                then: self.opt_word()?.unwrap_or_default(),
                reason: self.opt_owned(),
                override_window: self.flag(),
            }),
            "withdrawn" => {
                Fact::Withdrawn(Withdrawn { wish: self.wish()?, by: self.owned()?, at: self.time()? })
            }
            "attempted" => Fact::Attempted(Attempted {
                attempt: self.count()?,
                wish: self.wish()?,
                host: self.host()?,
                begun_at: self.time()?,
            }),
            "answered" => {
                let attempt = self.count()?;
                let ack = self.ack()?;
                let status = self.opt_int()?;
                let status = status.map(u16::try_from).transpose();
                let status = status.map_err(|_| self.problem(INVALID, &"expected an HTTP status"))?;
                Fact::Answered(Answered { attempt, ack, status, body: self.opt_owned(), at: self.time()? })
            }
            "event" => Fact::Event(ProviderEvent {
                identity: self.owned()?,
                event: self.event()?,
                received_at: self.time()?,
                event_time: self.opt_owned(),
                phone: self.opt_phone()?,
                workflow: self.flag(),
                raw: self.opt_owned().unwrap_or_default(),
            }),
            "fallback_intended" => Fact::FallbackIntended(FallbackIntended {
                fallback: self.count()?,
                at: self.time()?,
                request: self.owned()?,
            }),
            "fallback_answered" => Fact::FallbackAnswered(FallbackAnswered {
                fallback: self.count()?,
                ack: self.ack()?,
                provider_id: self.opt_owned(),
                at: self.time()?,
            }),
            "fallback_status" => Fact::FallbackStatus(FallbackStatus {
                fallback: self.count()?,
                identity: self.owned()?,
                event: self.event()?,
                received_at: self.time()?,
            }),
            _ => return Err(self.problem(INVALID, &"no kind of fact")),
        })
    }

    /// A row of an import.
    pub(crate) fn entry(&mut self) -> Result<Entry, Problem> {
        let mut entry = Entry::new(self.parsed(INVALID_ID, MessageId::parse)?);
        entry.provider = self.opt_word()?;
        entry.agent = self.opt_agent()?;
        entry.sender = self.opt_sender()?;
        entry.phone = self.opt_phone()?;
        entry.sent_at = self.opt_time()?;
        Ok(entry)
    }
}
