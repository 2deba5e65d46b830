//! What people said about an agent's advertising, told to the messages that it is about before anything is decided.

use std::collections::{HashMap, HashSet};

use rcs_revoke_core::fact::Event;
use rcs_revoke_core::webhook::Consent;
use rcs_revoke_core::{Fact, Known, MessageRef};
use sqlx::sqlite::SqliteConnection;

use super::Gathering;
use crate::ledger::change::{Change, Heard, WebhookEvent};
use crate::store::StoreError;
use crate::store::consents::{self, ConsentRow, Person, Said};
use crate::store::projection::Held;

/// How many messages to one number hear at once what its owner says: nobody has so many that are not over. All others
/// hear it as soon as anything happens to them.
const MOST: i64 = 1_000;
/// How many messages one group of changes makes hear at once: the one writer has others to serve.
const MOST_OF_A_GROUP: i64 = 4_096;

/// What is known of the persons that a group is about.
pub(super) struct Consents {
    /// Whether anybody ever wanted no more: if not, nobody's word is looked for.
    no_more: bool,
    /// What they said. Whoever has an entry was looked for.
    said: HashMap<Person, Vec<Said>>,
    /// The messages that are not over, of those who want no more now.
    messages: HashMap<Person, Vec<MessageRef>>,
}

impl Consents {
    /// What those said before who say something now.
    pub(super) async fn load(
        sql: &mut SqliteConnection,
        jobs: &[Vec<Change>],
        no_more: bool,
    ) -> Result<Self, StoreError> {
        let (mut speaking, mut refusing) = (HashSet::new(), HashSet::new());
        for change in jobs.iter().flatten() {
            if let Change::Consent(heard) = change {
                speaking.insert(person(&heard.event));
                if !heard.event.subscribed {
                    refusing.insert(person(&heard.event));
                }
            }
        }
        let mut consents = Self { no_more, said: HashMap::new(), messages: HashMap::new() };
        if speaking.is_empty() {
            return Ok(consents);
        }
        let mut room = MOST_OF_A_GROUP;
        for (agent, phone) in refusing {
            for key in consents::open_of(sql, &phone, MOST.min(room)).await? {
                room -= 1;
                let Ok(message) = MessageRef::parse(&key) else { return Err(StoreError::Key(key)) };
                if message.agent() == Some(&agent) {
                    consents.messages.entry((agent.clone(), phone.clone())).or_default().push(message);
                }
            }
        }
        consents.no_more = true;
        consents.said = consents::of(sql, speaking.into_iter().collect()).await?;
        Ok(consents)
    }

    /// The messages that are to hear what is said now.
    pub(super) fn messages(&self) -> impl Iterator<Item = &MessageRef> {
        self.messages.values().flatten()
    }

    /// Looks for what the recipients of these messages said, where it is not known yet.
    pub(super) async fn look_for(
        &mut self,
        sql: &mut SqliteConnection,
        held: impl Iterator<Item = &Held>,
    ) -> Result<(), StoreError> {
        if !self.no_more {
            return Ok(());
        }
        let unknown = |person: &Person| !self.said.contains_key(person);
        let persons: HashSet<Person> = held.filter_map(recipient).filter(unknown).collect();
        if !persons.is_empty() {
            self.said.extend(consents::of(sql, persons.into_iter().collect()).await?);
        }
        Ok(())
    }
}

fn person(consent: &Consent) -> Person {
    (consent.agent.clone(), consent.phone.clone())
}

/// The person that a message is for, where it is known who that is, and whose.
fn recipient(held: &Held) -> Option<Person> {
    let agent = held.evidence.message().agent()?;
    Some((agent.clone(), Known::recipient_of(&held.evidence)?))
}

impl Gathering {
    pub(super) fn consent(&mut self, heard: &WebhookEvent<Consent>) -> Heard {
        let claimed = heard.event.claim(&self.spoken_for(&heard.call)).map(|source| source.id.clone());
        let Some(source) = claimed else { return self.set_aside(heard.call.clone(), heard.kept) };
        self.heard(&source, heard.received_at);
        if heard.kept {
            self.group.no_longer_kept.push(heard.call.digest.clone());
        }
        let consent = heard.event.clone();
        let said = Said { source: source.to_string(), received_at: heard.received_at, consent };
        let before = self.consents.said.entry(person(&said.consent)).or_default();
        if !before.iter().any(|known| known.is_as(&said)) {
            self.group.consents.push(ConsentRow::new(&said));
            before.push(said);
        }
        for message in self.consents.messages.remove(&person(&heard.event)).unwrap_or_default() {
            self.note_consent(&message);
        }
        Heard::Noted
    }

    /// Tells a message, once, that its recipient wants no more advertising.
    pub(super) fn note_consent(&mut self, message: &MessageRef) {
        if self.consents.said.is_empty() {
            return;
        }
        let Some(held) = self.held.get(message) else { return };
        let Some(source) = held.source.as_deref() else { return };
        let is_told = |fact: &Fact| matches!(fact, Fact::Event(told) if told.event == Event::Unsubscribed);
        if held.evidence.facts().any(is_told) {
            return;
        }
        let Some(said) = recipient(held).and_then(|person| self.consents.said.get(&person)) else { return };
        // A secret speaks for the sources that share it, and for no message of another source. What was heard for a
        // source that is not configured any more was verified then.
        let speaks = |said: &&Said| {
            self.sources.find(&said.source).is_none()
                || self.sources.sharing(&said.source).iter().any(|one| one.id().as_str() == source)
        };
        let last = said.iter().filter(speaks).max_by_key(|said| said.order());
        if let Some(fact) = last.and_then(|said| said.consent.to_fact(said.received_at)) {
            self.record(message, &Fact::Event(fact));
        }
    }

    /// Tells all messages that are to be folded, now that their recipients are known.
    pub(in crate::ledger) async fn hear_recipients(
        &mut self,
        sql: &mut SqliteConnection,
    ) -> Result<(), StoreError> {
        let Self { consents, held, touched, .. } = self;
        consents.look_for(sql, touched.iter().filter_map(|message| held.get(message))).await?;
        if !self.consents.said.is_empty() {
            for message in self.touched.clone() {
                self.note_consent(&message);
            }
        }
        Ok(())
    }
}
