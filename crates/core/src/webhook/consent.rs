//! What a person wants of an agent's advertising.

use serde::{Deserialize, Serialize};

use crate::fact::{Event, ProviderEvent};
use crate::id::{AgentId, MessageRef};
use crate::phone::E164;
use crate::prelude::*;
use crate::provider::Provider;
use crate::source::Source;
use crate::time::Timestamp;

/// A person's verified word about the advertising of one agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who passed it on.
    pub provider: Provider,
    /// The agent.
    pub agent: AgentId,
    /// The person.
    pub phone: E164,
    /// Whether advertising is wanted.
    pub subscribed: bool,
    /// The provider's own identity of the event.
    pub identity: String,
    /// The handset's own time, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<String>,
    /// The event as it came.
    pub raw: String,
}

impl Consent {
    /// From when on it holds, which puts the words of one person in order: they may come late, and out of order. Both
    /// times are the handset's own, or as near as we know; none is believed to come from the future.
    ///
    /// Of two at one instant, *no more* counts.
    pub fn holds_from(&self, received_at: Timestamp) -> Timestamp {
        let said = self.event_time.as_deref().and_then(|time| Timestamp::parse(time).ok());
        said.map_or(received_at, |said| said.min(received_at))
    }

    /// Its source, among those that share the secret it was verified with: the first that sends for this agent.
    pub fn claim<'a>(&self, sharing: &'a [Source]) -> Option<&'a Source> {
        let sends =
            |source: &&Source| source.provider == self.provider && source.agent.as_ref() == Some(&self.agent);
        sharing.iter().find(sends)
    }

    /// Whether it is about the recipient of a message, and its agent.
    pub fn is_about(&self, message: &MessageRef, recipient: Option<&E164>) -> bool {
        message.provider() == self.provider
            && message.agent() == Some(&self.agent)
            && recipient == Some(&self.phone)
    }

    /// The fact that it becomes about each message that [it is about](Self::is_about); none if advertising is wanted.
    pub fn to_fact(&self, received_at: Timestamp) -> Option<ProviderEvent> {
        (!self.subscribed).then(|| ProviderEvent {
            identity: self.identity.clone(),
            event: Event::Unsubscribed,
            received_at,
            event_time: self.event_time.clone(),
            phone: Some(self.phone.clone()),
            workflow: false,
            raw: self.raw.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Consent;
    use crate::id::{AgentId, MessageRef, SourceId};
    use crate::phone::E164;
    use crate::prelude::*;
    use crate::provider::Provider;
    use crate::source::Source;
    use crate::time::Timestamp;

    fn consent(event_time: Option<&str>) -> Consent {
        Consent {
            provider: Provider::GoogleRbm,
            agent: AgentId::parse("tickets").unwrap(),
            phone: E164::parse("+12223334444").unwrap(),
            subscribed: false,
            identity: "E4".to_owned(),
            event_time: event_time.map(ToOwned::to_owned),
            raw: String::new(),
        }
    }

    #[test]
    fn a_late_word_holds_from_when_it_was_said_and_none_from_the_future() {
        let at = |text| Timestamp::parse(text).unwrap();
        let received = at("2026-11-20T10:00:00Z");
        for (said, holds_from) in [
            (Some("2026-11-20T09:00:00.123456Z"), at("2026-11-20T09:00:00.123Z")),
            (Some("2026-11-20T10:30:00+01:00"), at("2026-11-20T09:30:00Z")),
            (Some("2036-11-20T09:00:00Z"), received),
            (Some("just now"), received),
            (None, received),
        ] {
            assert_eq!(consent(said).holds_from(received), holds_from, "{said:?}");
        }
    }

    #[test]
    fn a_secret_speaks_for_its_own_agents_only() {
        let mut source = Source::new(SourceId::parse("tickets").unwrap(), Provider::GoogleRbm);
        assert_eq!(consent(None).claim(&[source.clone()]), None);
        source.agent = Some(AgentId::parse("offers").unwrap());
        assert_eq!(consent(None).claim(&[source.clone()]), None);
        source.agent = Some(AgentId::parse("tickets@rbm.goog").unwrap());
        assert_eq!(consent(None).claim(&[source.clone()]), Some(&source));
    }

    #[test]
    fn it_is_about_that_person_and_that_agent() {
        let consent = consent(None);
        let message = |key| MessageRef::parse(key).unwrap();
        let tickets = message("google_rbm:tickets@rbm.goog:M1");
        assert!(consent.is_about(&tickets, Some(&consent.phone)));
        assert!(!consent.is_about(&tickets, None));
        assert!(!consent.is_about(&tickets, Some(&E164::parse("+12223334445").unwrap())));
        assert!(!consent.is_about(&message("google_rbm:offers@rbm.goog:M1"), Some(&consent.phone)));
        let vonage = message("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
        assert!(!consent.is_about(&vonage, Some(&consent.phone)));
    }
}
