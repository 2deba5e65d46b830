//! One group of changes in memory: loaded, changed in order, folded, ready to be written together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rcs_revoke_core::fact::{Answered, Attempted};
use rcs_revoke_core::{Fact, Known, MessageRef, Policy, Source, SourceId, Step, Timestamp, assess};

use crate::batches::Batches;
use crate::ledger::change::{Begun, Change, Reply};
use crate::ledger::recent::Recent;
use crate::ledger::source;
use crate::sources::{Learnt, SourceEntry, Sources};
use crate::store::projection::{Held, batch_of};
use crate::store::unclaimed::{self, Unclaimed};
use crate::store::write::Group;
use crate::store::{StoreError, messages};

mod batches;
mod consent;
mod events;
mod fold;
mod forgetting;
mod sms;
mod statuses;
mod wishes;

use consent::Consents;
use statuses::Texts;

pub(super) struct Gathering {
    sources: Arc<Sources>,
    batches: Arc<Batches>,
    now: Timestamp,
    n: i64,
    seq: i64,
    last_batch: i64,
    held: HashMap<MessageRef, Held>,
    waiting: HashMap<String, Vec<Unclaimed>>,
    texts: Texts,
    consents: Consents,
    /// Messages of batches that wait to be asked for, by their batch and place.
    items: HashSet<(i64, i64)>,
    touched: Vec<MessageRef>,
    seen: HashSet<MessageRef>,
    changed: HashSet<MessageRef>,
    learnt: BTreeMap<String, Learnt>,
    /// How many more or fewer there are of what, in which batch.
    tallies: BTreeMap<(i64, String), i64>,
    group: Group,
}

/// What is ready to be written, and to be said once it is.
pub(super) struct Folded {
    pub group: Group,
    pub n: i64,
    pub seq: i64,
    pub last_batch: i64,
    pub learnt: BTreeMap<String, Learnt>,
    pub due: bool,
    pub look: bool,
    pub kept: u64,
    /// The messages of the group's rows, in their order, as they were before but for their facts.
    pub written: Vec<(MessageRef, Held)>,
}

impl Folded {
    /// The messages as they are stored now. Their rows are written, and none is left.
    pub fn stored(&mut self) -> impl Iterator<Item = (MessageRef, Held)> {
        let rows = std::mem::take(&mut self.group.messages);
        let written = std::mem::take(&mut self.written);
        written
            .into_iter()
            .zip(rows)
            .map(|((message, held), row)| (message, held.after(row.seq, row.projection)))
    }
}

impl Gathering {
    pub(super) async fn load(
        (sql, recent): (&mut sqlx::SqliteConnection, &Recent),
        (sources, batches): (&Arc<Sources>, &Arc<Batches>),
        jobs: &[Vec<Change>],
        now: Timestamp,
        (n, seq, last_batch): (i64, i64, i64),
        no_more: bool,
    ) -> Result<Self, StoreError> {
        let mut wanted: HashSet<MessageRef> = jobs.iter().flatten().filter_map(Change::message).collect();
        let texts = Texts::load(sql, jobs).await?;
        wanted.extend(texts.messages().cloned());
        let mut consents = Consents::load(sql, jobs, no_more).await?;
        wanted.extend(consents.messages().cloned());
        let mut held = recent.take(&wanted);
        // What is made again may have been changed by somebody else.
        for message in jobs.iter().flatten().filter_map(Change::remade) {
            held.remove(message);
        }
        let keys: Vec<&MessageRef> = wanted.iter().filter(|message| !held.contains_key(*message)).collect();
        if !keys.is_empty() {
            held.extend(messages::load(sql, &keys).await?);
        }
        consents.look_for(sql, held.values()).await?;
        let mut unknown: Vec<String> = wanted
            .iter()
            .filter(|message| {
                // Also of a source that is not configured any more: another may be named for it.
                let source = held.get(*message).and_then(|held| held.source.as_deref());
                source.and_then(|id| sources.find(id)).is_none()
            })
            .map(ToString::to_string)
            .collect();
        unknown.extend(statuses::names_to_come(jobs));
        let mut waiting: HashMap<String, Vec<Unclaimed>> = HashMap::new();
        if !unknown.is_empty() {
            for kept in unclaimed::about(sql, &unknown).await? {
                waiting.entry(kept.message.clone().unwrap_or_default()).or_default().push(kept);
            }
        }
        let items =
            crate::store::batches::waiting_among(sql, jobs.iter().flatten().filter_map(Change::item)).await?;
        Ok(Self {
            sources: Arc::clone(sources),
            batches: Arc::clone(batches),
            now,
            n,
            seq,
            last_batch,
            held,
            waiting,
            texts,
            consents,
            items,
            touched: Vec::new(),
            seen: HashSet::new(),
            changed: HashSet::new(),
            learnt: BTreeMap::new(),
            tallies: BTreeMap::new(),
            group: Group::default(),
        })
    }

    /// Makes all changes in memory, and says what each is answered.
    pub(super) fn apply_all(&mut self, jobs: &[Vec<Change>]) -> Vec<Vec<Reply>> {
        jobs.iter().map(|changes| changes.iter().map(|change| self.apply(change)).collect()).collect()
    }

    fn apply(&mut self, change: &Change) -> Reply {
        if let Some(message) = change.message() {
            self.note_consent(&message);
        }
        match change {
            Change::Record { message, source, facts } => {
                let known = self.held.get(message).and_then(|held| held.source.as_deref());
                if source.is_some()
                    && let Err(none) = source::resolve(&self.sources, message, known, source.as_ref())
                {
                    return Reply::Refused(none);
                }
                self.belongs(message, source.as_ref());
                for fact in facts {
                    self.record(message, fact);
                }
                Reply::Done
            }
            Change::Wish(wish) => Reply::Taken(self.wish(wish)),
            Change::Order { message, fallback, by, text } => {
                Reply::Ordered(self.order(message, *fallback, by, text.as_deref()))
            }
            Change::BeginSms { message, via } => Reply::BegunSms(self.begin_sms(message, via).map(Box::new)),
            Change::Withdraw { message, by } => Reply::Withdrawn(self.withdraw(message, by)),
            Change::Begin { message } => Reply::Begun(self.begin(message).map(Box::new)),
            Change::Abandon { message } => {
                self.abandon(message);
                Reply::Done
            }
            Change::Look { message } => {
                if self.held.contains_key(message) {
                    self.touch(message);
                }
                Reply::Done
            }
            Change::Remake { message } => {
                if self.held.contains_key(message) {
                    self.touch(message);
                    self.name_all_sms(message);
                }
                Reply::Done
            }
            Change::Event(event) => Reply::Heard(self.event(event)),
            Change::Sms(status) => Reply::Heard(self.status(status)),
            Change::Consent(consent) => Reply::Heard(self.consent(consent)),
            Change::Keep { unclaimed, heard_by } => {
                self.group.unclaimed.push((**unclaimed).clone());
                if let Some(source) = heard_by {
                    self.heard(source, Timestamp::from_millis(unclaimed.received_at));
                }
                Reply::Done
            }
            Change::Remember { key, digest, report } => {
                self.group.given.push((key.clone(), digest.clone(), report.clone(), self.now.as_millis()));
                Reply::Done
            }
            Change::ForgetMessage { message, version, keep } => {
                Reply::Forgotten(self.forget_message(message, *version, *keep))
            }
            Change::Forget { kept, given_before } => {
                self.group.no_longer_kept.extend_from_slice(kept);
                self.group.forget_given_before = self.group.forget_given_before.max(*given_before);
                Reply::Done
            }
            Change::OpenBatch { by, terms } => Reply::Opened(self.open_batch(by, terms)),
            Change::Fill { batch, rows } => Reply::OfBatch(self.fill(*batch, rows)),
            Change::Planned { batch, plan } => Reply::OfBatch(self.planned(*batch, plan)),
            Change::Command { batch, command, expect } => {
                Reply::Commanded(self.command(*batch, *command, *expect))
            }
            Change::BeginItem(item) => Reply::BegunItem(self.begin_item(item)),
            Change::WithdrawOfBatch { message, batch } => {
                self.withdraw_of_batch(message, *batch);
                Reply::Done
            }
            Change::EndBatch { batch } => Reply::OfBatch(self.end_batch(*batch)),
            Change::ClearBatch { batch, rows, waiting } => {
                self.clear_batch(*batch, *rows, waiting);
                Reply::Done
            }
            Change::History { batch, history } => {
                self.note_history(*batch, history);
                Reply::Done
            }
            Change::Recount => {
                self.group.recount = true;
                Reply::Done
            }
            Change::Probe => {
                self.group.probe = true;
                Reply::Done
            }
        }
    }

    fn touch(&mut self, message: &MessageRef) {
        if self.seen.insert(message.clone()) {
            self.touched.push(message.clone());
        }
    }

    /// The message, made if nobody heard of it before.
    fn open(&mut self, message: &MessageRef) -> &mut Held {
        self.touch(message);
        let held = self.held.entry(message.clone()).or_insert_with(|| Held::new(message.clone()));
        if held.n.is_none() {
            self.n += 1;
            held.n = Some(self.n);
        }
        held
    }

    /// Notes the source of a message whose source is not known, or not configured any more.
    fn belongs(&mut self, message: &MessageRef, source: Option<&SourceId>) {
        let sources = Arc::clone(&self.sources);
        let held = self.open(message);
        let known = held.source.as_deref().and_then(|id| sources.find(id));
        let Some(source) = source.filter(|_| known.is_none()) else { return };
        held.source = Some(source.to_string());
        for kept in self.waiting.remove(&message.to_string()).unwrap_or_default() {
            self.claim_kept(message, source, &kept);
        }
    }

    /// Folds an event that was kept until its source was known.
    fn claim_kept(&mut self, message: &MessageRef, source: &SourceId, kept: &Unclaimed) {
        let shared = self.sources.sharing(&kept.source).iter().any(|entry| entry.id() == source);
        if let Some(event) = kept.incoming().filter(|_| shared) {
            let at = Timestamp::from_millis(kept.received_at);
            self.record(message, &Fact::Event(event.into_fact(at)));
            self.heard(source, at);
            self.group.no_longer_kept.push(kept.digest.clone());
        }
    }

    fn record(&mut self, message: &MessageRef, fact: &Fact) -> bool {
        let held = self.open(message);
        if !held.evidence.record(fact.clone()) {
            return false;
        }
        let n = held.n.expect("an opened message has its number");
        let accepted = match fact {
            Fact::Answered(answer) if answer.ack.is_accepted() => {
                held.source.clone().zip(held.evidence.facts().find_map(|fact| match fact {
                    Fact::Attempted(attempt) if attempt.attempt == answer.attempt => Some(attempt.host),
                    _ => None,
                }))
            }
            _ => None,
        };
        self.group.fact(n, fact);
        self.changed.insert(message.clone());
        self.name_sms(n, message, fact);
        if let Some((source, host)) = accepted {
            let sources = Arc::clone(&self.sources);
            let known = sources.find(&source).into_iter();
            let names = known.flat_map(|entry| sources.sending_as(entry)).map(SourceEntry::id);
            for source in names {
                self.teach(source.as_str(), |learnt| learnt.accepted_by(host));
            }
        }
        true
    }

    fn teach(&mut self, source: &str, lesson: impl FnOnce(&mut Learnt)) {
        let Some(entry) = self.sources.find(source) else { return };
        let mut learnt = self.learnt.remove(source).unwrap_or_else(|| entry.learnt());
        lesson(&mut learnt);
        if learnt != entry.learnt() {
            self.learnt.insert(source.to_owned(), learnt);
        }
    }

    fn heard(&mut self, source: &SourceId, at: Timestamp) {
        self.teach(source.as_str(), |learnt| learnt.heard(at));
    }

    fn terms(&self, message: &MessageRef, source: Option<&str>) -> (Source, Arc<Policy>) {
        match source.and_then(|id| self.sources.find(id)) {
            Some(entry) => {
                let mut known = entry.snapshot();
                if let Some(learnt) = self.learnt.get(entry.id().as_str()) {
                    known.learnt.clone_from(&learnt.hosts);
                    known.listening_since = learnt.listening_since;
                }
                (known, Arc::clone(&entry.policy))
            }
            None => Sources::stand_in(message.provider(), source),
        }
    }

    fn begin(&mut self, message: &MessageRef) -> Option<Begun> {
        let held = self.held.get(message)?;
        let (source, policy) = self.terms(message, held.source.as_deref());
        let step = assess(&held.evidence, &source, &policy, self.now).step;
        self.touch(message);
        let Step::Send { wish, attempt, host } = step else { return None };
        let batch = batch_of(&self.held.get(message)?.evidence, &wish);
        if self.is_held(batch) {
            return None;
        }
        let recipient = Known::of(&self.held.get(message)?.evidence, &policy).recipient;
        let begun = Attempted { attempt, wish, host, begun_at: self.now };
        self.record(message, &Fact::Attempted(begun));
        let source = source.id.to_string();
        Some(Begun { message: message.clone(), attempt, host, recipient, source, batch })
    }

    fn abandon(&mut self, message: &MessageRef) {
        let Some(held) = self.held.get(message) else { return };
        let answered: HashSet<u32> = held
            .evidence
            .facts()
            .filter_map(|fact| match fact {
                Fact::Answered(answer) => Some(answer.attempt),
                _ => None,
            })
            .collect();
        let open: Vec<u32> = held
            .evidence
            .facts()
            .filter_map(|fact| match fact {
                Fact::Attempted(attempt) if !answered.contains(&attempt.attempt) => Some(attempt.attempt),
                _ => None,
            })
            .collect();
        for attempt in open {
            let ack = rcs_revoke_core::ack::SendFailure::BrokenAfterSending.ack();
            let answer = Answered { attempt, ack, status: None, body: None, at: self.now };
            self.record(message, &Fact::Answered(answer));
        }
        self.abandon_sms(message);
    }
}
