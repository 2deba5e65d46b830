//! What became of an SMS: found by its names, and kept until its message is known.

use std::collections::HashMap;

use rcs_revoke_core::webhook::{IncomingSms, Verdict, sms_sender};
use rcs_revoke_core::{Fact, MessageRef, SourceId, Timestamp, fallback};
use sqlx::sqlite::SqliteConnection;

use super::Gathering;
use crate::ledger::change::{Change, Heard, WebhookEvent};
use crate::store::StoreError;
use crate::store::sms::{self, SmsName, SmsRow};
use crate::store::unclaimed::Unclaimed;

/// The SMS that a group is about, by their names.
pub(super) struct Texts(HashMap<SmsName, (MessageRef, u32)>);

impl Texts {
    /// Those of which statuses came.
    pub(super) async fn load(sql: &mut SqliteConnection, jobs: &[Vec<Change>]) -> Result<Self, StoreError> {
        let mut wanted = Vec::new();
        for change in jobs.iter().flatten() {
            if let Change::Sms(status) = change {
                wanted.extend(names(&status.event));
            }
        }
        Ok(Self(if wanted.is_empty() { HashMap::new() } else { sms::find(sql, &wanted).await? }))
    }

    /// The messages instead of which they were sent.
    pub(super) fn messages(&self) -> impl Iterator<Item = &MessageRef> {
        self.0.values().map(|(message, _)| message)
    }
}

/// What an SMS is called in a status: first our reference, which is known before its request leaves.
fn names(sms: &IncomingSms) -> impl Iterator<Item = SmsName> {
    let reference = sms.reference.clone().map(SmsName::Reference);
    reference.into_iter().chain([SmsName::Id(sms.message.to_string())])
}

/// What statuses are kept under that came before the answers that tell whose they are.
pub(super) fn names_to_come(jobs: &[Vec<Change>]) -> impl Iterator<Item = String> {
    let facts = jobs.iter().flatten().flat_map(|change| match change {
        Change::Record { facts, .. } => &facts[..],
        _ => &[],
    });
    facts.filter_map(name_to_come)
}

fn name_to_come(fact: &Fact) -> Option<String> {
    let Fact::FallbackAnswered(answer) = fact else { return None };
    fallback::provider_id(answer).as_ref().map(Unclaimed::name_of_sms)
}

impl Gathering {
    pub(super) fn status(&mut self, heard: &WebhookEvent<IncomingSms>) -> Heard {
        for name in names(&heard.event) {
            let Some((message, fallback)) = self.texts.0.get(&name).cloned() else { continue };
            if self.told_of_sms(&message, fallback, heard) {
                return Heard::Recorded(message);
            }
        }
        let name = Unclaimed::name_of_sms(&heard.event.message);
        let call = Unclaimed { message: Some(name.clone()), ..heard.call.clone() };
        // A later change of this group may be the answer that names it.
        self.waiting.entry(name).or_default().push(call.clone());
        self.set_aside(call, heard.kept)
    }

    /// Records a status, if the secret of its call speaks for who sends SMS instead of that message.
    fn told_of_sms(
        &mut self,
        message: &MessageRef,
        fallback: u32,
        heard: &WebhookEvent<IncomingSms>,
    ) -> bool {
        let Some(sender) = self.sender(message, heard) else { return false };
        let status = heard.event.clone().into_fact(fallback, heard.received_at);
        self.record(message, &Fact::FallbackStatus(status));
        self.heard(&sender, heard.received_at);
        if heard.kept {
            self.group.no_longer_kept.push(heard.call.digest.clone());
        }
        true
    }

    fn sender(&self, message: &MessageRef, heard: &WebhookEvent<IncomingSms>) -> Option<SourceId> {
        let source = self.held.get(message)?.source.as_deref()?;
        let of = self.sources.find(source)?.snapshot();
        sms_sender(&heard.event, &of, &self.spoken_for(&heard.call)).map(|sender| sender.id.clone())
    }

    /// Notes the names of the SMS of which a new fact tells, and takes in what waited for one of them.
    pub(super) fn name_sms(&mut self, n: i64, message: &MessageRef, fact: &Fact) {
        let Some(row) = SmsRow::of(n, message, fact) else { return };
        let (fallback, named) = (row.fallback, (message.clone(), row.fallback));
        self.texts.0.insert(SmsName::Reference(row.reference.clone()), named.clone());
        if let Some(id) = &row.provider_id {
            self.texts.0.insert(SmsName::Id(id.clone()), named);
        }
        self.group.sms.push(row);
        let waiting = name_to_come(fact).and_then(|name| self.waiting.remove(&name));
        for call in waiting.unwrap_or_default() {
            let Some(Verdict::Sms(sms)) = call.read_again() else { continue };
            let received_at = Timestamp::from_millis(call.received_at);
            self.told_of_sms(message, fallback, &WebhookEvent { event: *sms, received_at, call, kept: true });
        }
    }

    /// Notes the names of all SMS of a message again.
    pub(super) fn name_all_sms(&mut self, message: &MessageRef) {
        let Some(held) = self.held.get(message) else { return };
        let Some(n) = held.n else { return };
        self.group.sms.extend(held.evidence.facts().filter_map(|fact| SmsRow::of(n, message, fact)));
    }
}
