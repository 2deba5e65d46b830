//! A fact as the one JSON text that stands for it: what its `Serialize` gives, which a test compares.
//!
//! Written out because the core also runs inside web pages, and this is all that they need of a serializer.

use super::{
    Answered, Attempted, Event, Fact, FallbackAnswered, FallbackIntended, FallbackOrdered, FallbackStatus,
    Life, ProviderEvent, Registered, Requested, Then, Withdrawn,
};
use crate::ack::Ack;
use crate::host::Host;
use crate::id::BatchId;
use crate::json::ObjectWriter;
use crate::phone::E164;
use crate::prelude::*;
use crate::time::{Span, Timestamp};

/// The text. Every field is named, so that a new one does not compile until it is written, too.
pub(super) fn of(fact: &Fact) -> String {
    let mut json = ObjectWriter::new();
    json.text("fact", fact.kind());
    match fact {
        Fact::Registered(fact) => registered(&mut json, fact),
        Fact::Requested(fact) => requested(&mut json, fact),
        Fact::Withdrawn(Withdrawn { wish, by, at }) => {
            json.text("wish", wish.as_str());
            json.text("by", by);
            json.time("at", *at);
        }
        Fact::Attempted(Attempted { attempt, wish, host, begun_at }) => {
            json.int("attempt", i64::from(*attempt));
            json.text("wish", wish.as_str());
            json.text("host", host.name());
            json.time("begun_at", *begun_at);
        }
        Fact::Answered(Answered { attempt, ack, status, body, at }) => {
            json.int("attempt", i64::from(*attempt));
            json.ack(ack);
            json.opt_int("status", status.map(i64::from));
            json.opt_text("body", body.as_deref());
            json.time("at", *at);
        }
        Fact::Event(fact) => provider_event(&mut json, fact),
        Fact::FallbackOrdered(FallbackOrdered { fallback, by, at, text }) => {
            json.int("fallback", i64::from(*fallback));
            json.text("by", by);
            json.time("at", *at);
            json.opt_text("text", text.as_deref());
        }
        Fact::FallbackIntended(FallbackIntended { fallback, at, request }) => {
            json.int("fallback", i64::from(*fallback));
            json.time("at", *at);
            json.text("request", request);
        }
        Fact::FallbackAnswered(FallbackAnswered { fallback, ack, provider_id, at }) => {
            json.int("fallback", i64::from(*fallback));
            json.ack(ack);
            json.opt_text("provider_id", provider_id.as_deref());
            json.time("at", *at);
        }
        Fact::FallbackStatus(FallbackStatus { fallback, identity, event, received_at }) => {
            json.int("fallback", i64::from(*fallback));
            json.text("identity", identity);
            json.event(event);
            json.time("received_at", *received_at);
        }
    }
    json.end()
}

fn registered(json: &mut ObjectWriter, fact: &Registered) {
    let Registered { by, received_at, sent_at, life, class, phone, host, failover, fallback_text, revoke_at } =
        fact;
    let (kind, id) = by.parts();
    json.open("by", "{");
    json.text("kind", kind);
    json.text("id", id);
    json.close("}");
    json.time("received_at", *received_at);
    json.opt_int("sent_at", sent_at.map(Timestamp::as_millis));
    if let Some(life) = life {
        json.open("life", "{");
        match life {
            Life::ExpiresAt { at } => {
                json.text("kind", "expires_at");
                json.time("at", *at);
            }
            Life::Ttl { ttl } => {
                json.text("kind", "ttl");
                json.int("ttl", ttl.as_millis());
            }
            Life::None => json.text("kind", "none"),
        }
        json.close("}");
    }
    json.opt_text("class", class.as_deref());
    json.opt_text("phone", phone.as_ref().map(E164::as_str));
    json.opt_text("host", host.map(Host::name));
    if let Some(failover) = failover {
        json.bool("failover", *failover);
    }
    json.opt_text("fallback_text", fallback_text.as_deref());
    json.opt_int("revoke_at", revoke_at.map(Timestamp::as_millis));
}

fn requested(json: &mut ObjectWriter, fact: &Requested) {
    let Requested { wish, by, at, not_before, then, reason, override_window, hand, batch } = fact;
    json.text("wish", wish.as_str());
    json.text("by", by);
    json.time("at", *at);
    json.opt_int("not_before", not_before.map(Timestamp::as_millis));
    json.text(
        "then",
        match then {
            Then::Nothing => "nothing",
            Then::Fallback => "fallback",
        },
    );
    json.opt_text("reason", reason.as_deref());
    json.flag("override_window", *override_window);
    json.flag("hand", *hand);
    json.opt_text("batch", batch.as_ref().map(BatchId::as_str));
}

fn provider_event(json: &mut ObjectWriter, fact: &ProviderEvent) {
    let ProviderEvent { identity, event, received_at, event_time, phone, workflow, raw } = fact;
    json.text("identity", identity);
    json.event(event);
    json.time("received_at", *received_at);
    json.opt_text("event_time", event_time.as_deref());
    json.opt_text("phone", phone.as_ref().map(E164::as_str));
    json.flag("workflow", *workflow);
    json.text("raw", raw);
}

impl ObjectWriter {
    /// An instant.
    pub fn time(&mut self, name: &str, time: Timestamp) {
        self.int(name, time.as_millis());
    }

    /// The reading of an answer, field by field.
    pub fn ack(&mut self, ack: &Ack) {
        self.text("ack", ack.code());
        match ack {
            Ack::Accepted => {}
            Ack::NotFound { proper } => self.bool("proper", *proper),
            Ack::NoEffect { reason, retry_after } => {
                self.text("reason", reason.code());
                self.opt_int("retry_after", retry_after.map(Span::as_millis));
            }
            Ack::NotSent { why } => self.text("why", why.code()),
            Ack::Unknown { retry_after } => self.opt_int("retry_after", retry_after.map(Span::as_millis)),
        }
    }

    /// What a provider told, field by field.
    pub fn event(&mut self, event: &Event) {
        self.text("event", event.code());
        match event {
            Event::NotDelivered { code } => self.text("code", code),
            Event::UnknownExpiryWord { word } | Event::UnknownWord { word } => self.text("word", word),
            Event::Submitted
            | Event::Delivered
            | Event::Read
            | Event::ExpiryRevoked
            | Event::ExpiryRevokeFailed
            | Event::Unsubscribed => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use arbtest::arbitrary::{Result, Unstructured};

    use crate::ack::{Ack, NoEffect, SendFailure};
    use crate::fact::*;
    use crate::host::Host;
    use crate::time::{Span, Timestamp};

    fn text(u: &mut Unstructured<'_>) -> Result<String> {
        Ok(u.choose(&["", "x", "\"quoted\"\\", "é→😀\u{1}\n"])?.to_string())
    }

    fn time(u: &mut Unstructured<'_>) -> Result<Timestamp> {
        u.arbitrary().map(Timestamp::from_millis)
    }

    fn some<'u, T>(
        u: &mut Unstructured<'u>,
        make: impl FnOnce(&mut Unstructured<'u>) -> Result<T>,
    ) -> Result<Option<T>> {
        if u.arbitrary()? { make(u).map(Some) } else { Ok(None) }
    }

    fn host(u: &mut Unstructured<'_>) -> Result<Host> {
        Ok(*u.choose(&Host::all().collect::<Vec<_>>())?)
    }

    fn phone(u: &mut Unstructured<'_>) -> Result<E164> {
        Ok(u.choose(&["+447700900000", "+12223334444"])?.parse().unwrap())
    }

    fn life(u: &mut Unstructured<'_>) -> Result<Life> {
        let at = time(u)?;
        Ok(*u.choose(&[
            Life::None,
            Life::ExpiresAt { at },
            Life::Ttl { ttl: Span::millis(at.as_millis()) },
        ])?)
    }

    fn ack(u: &mut Unstructured<'_>) -> Result<Ack> {
        use NoEffect::{Credentials, Invalid, NoCredit, Permission, Throttled, Unsupported};
        use SendFailure::{
            AnswerTooLong, BrokenAfterSending, ConnectionRefused, NameNotResolved, TimedOut, Tls,
            TokenRefused, TokenUnreachable,
        };
        let retry_after = some(u, |u| u.arbitrary().map(Span::millis))?;
        Ok(match u.int_in_range(0..=4)? {
            0 => Ack::Accepted,
            1 => Ack::NotFound { proper: u.arbitrary()? },
            2 => {
                let reasons = [Invalid, Credentials, Permission, Unsupported, Throttled, NoCredit];
                Ack::NoEffect { reason: *u.choose(&reasons)?, retry_after }
            }
            3 => {
                let failures = [
                    NameNotResolved,
                    ConnectionRefused,
                    Tls,
                    TokenUnreachable,
                    TokenRefused,
                    BrokenAfterSending,
                    TimedOut,
                    AnswerTooLong,
                ];
                Ack::NotSent { why: *u.choose(&failures)? }
            }
            _ => Ack::Unknown { retry_after },
        })
    }

    fn event(u: &mut Unstructured<'_>) -> Result<Event> {
        let word = text(u)?;
        Ok(u.choose(&[
            Event::Submitted,
            Event::Delivered,
            Event::Read,
            Event::ExpiryRevoked,
            Event::ExpiryRevokeFailed,
            Event::NotDelivered { code: word.clone() },
            Event::Unsubscribed,
            Event::UnknownExpiryWord { word: word.clone() },
            Event::UnknownWord { word },
        ])?
        .clone())
    }

    fn fact(u: &mut Unstructured<'_>) -> Result<Fact> {
        let wish = "rev_1".parse().unwrap();
        let (by, at, number) = (text(u)?, time(u)?, u.arbitrary()?);
        Ok(match u.int_in_range(0..=9)? {
            0 => Fact::Registered(Registered {
                by: u.choose(&[Registrar::Api, Registrar::Ledger, Registrar::Operator])?(by),
                received_at: at,
                sent_at: some(u, time)?,
                life: some(u, life)?,
                class: some(u, text)?,
                phone: some(u, phone)?,
                host: some(u, host)?,
                failover: some(u, Unstructured::arbitrary)?,
                fallback_text: some(u, text)?,
                revoke_at: some(u, time)?,
            }),
            1 => Fact::Requested(Requested {
                wish,
                by,
                at,
                not_before: some(u, time)?,
                then: *u.choose(&[Then::Nothing, Then::Fallback])?,
                reason: some(u, text)?,
                override_window: u.arbitrary()?,
                hand: u.arbitrary()?,
                batch: some(u, |u| Ok(u.choose(&["bat_1", "bat_2"])?.parse().unwrap()))?,
            }),
            2 => Fact::Withdrawn(Withdrawn { wish, by, at }),
            3 => Fact::Attempted(Attempted { attempt: number, wish, host: host(u)?, begun_at: at }),
            4 => Fact::Answered(Answered {
                attempt: number,
                ack: ack(u)?,
                status: some(u, Unstructured::arbitrary)?,
                body: some(u, text)?,
                at,
            }),
            5 => Fact::Event(ProviderEvent {
                identity: by,
                event: event(u)?,
                received_at: at,
                event_time: some(u, text)?,
                phone: some(u, phone)?,
                workflow: u.arbitrary()?,
                raw: text(u)?,
            }),
            6 => Fact::FallbackOrdered(FallbackOrdered { fallback: number, by, at, text: some(u, text)? }),
            7 => Fact::FallbackIntended(FallbackIntended { fallback: number, at, request: by }),
            8 => Fact::FallbackAnswered(FallbackAnswered {
                fallback: number,
                ack: ack(u)?,
                provider_id: some(u, text)?,
                at,
            }),
            _ => Fact::FallbackStatus(FallbackStatus {
                fallback: number,
                identity: by,
                event: event(u)?,
                received_at: at,
            }),
        })
    }

    #[test]
    fn the_text_is_what_serde_writes_and_reads() {
        arbtest::arbtest(|u| {
            let fact = fact(u)?;
            let text = fact.canonical();
            assert_eq!(text, serde_json::to_string(&fact).unwrap());
            assert_eq!(serde_json::from_str::<Fact>(&text).unwrap(), fact);
            Ok(())
        });
    }
}
