//! A person who wants no more of an agent's advertising, or wants it again.

use rand::Rng as _;
use serde::{Deserialize, Serialize};

use super::{Channel, JournalEntry, Refused, World, canonical_phone};
use crate::google::{canonical_agent, webhook, words};
use crate::host::Provider;

/// What a person does in the conversation with an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// The person.
    pub phone: String,
    /// The agent; the first that is configured when left out.
    #[serde(default)]
    pub agent: Option<String>,
    /// Whether advertising is wanted from now on.
    pub subscribed: bool,
}

impl World {
    /// Reports a person's consent as Google does: the event, and the word that is typed for it, as a message of the
    /// person. How they travel is drawn.
    pub(crate) fn consent(&mut self, new: &NewConsent, now: i64) -> Result<[JournalEntry; 2], Refused> {
        let phone = canonical_phone(&new.phone);
        if !(8..=16).contains(&phone.len()) {
            return Err(Refused::Phone(new.phone.clone()));
        }
        let wanted = new.agent.as_deref().map(canonical_agent);
        let agent = self.config.google.agents.iter().find(|agent| wanted.is_none_or(|id| agent.id == id));
        let agent = agent.map(|agent| agent.id.clone());
        let agent = agent.ok_or_else(|| Refused::UnknownAgent(wanted.unwrap_or("(any)").to_owned()))?;
        let (word, typed) =
            if new.subscribed { (words::SUBSCRIBE, "START") } else { (words::UNSUBSCRIBE, "STOP") };
        let way = self.behaviour_of((Provider::Google, Channel::Rcs), "", &phone, None).webhook;
        Ok([Some(word), None].map(|word| {
            let id = self.events.len();
            let mut rng = self.dice.rng(&phone, "consent", id as u64);
            let payload = webhook::consent(&way, &agent, &phone, word.ok_or(typed), rng.random(), now);
            let entry = JournalEntry {
                agent: Some(agent.clone()),
                way: way.clone(),
                genuine: true,
                ..self.entry(Provider::Google, None, word.unwrap_or(typed), now, payload)
            };
            self.travel(entry, &mut rng, now);
            self.events[id].clone()
        }))
    }
}
