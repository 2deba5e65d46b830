//! The configured sources, and what they taught us while running.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use rcs_revoke_core::fact::Answered;
use rcs_revoke_core::standing::Standing;
use rcs_revoke_core::webhook::WebhookSecret;
use rcs_revoke_core::{Host, Policy, Provider, Source, SourceId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::config::ReadySource;

/// How many hosts a source remembers.
const HOSTS_REMEMBERED: usize = 4;

/// What a source taught us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learnt {
    /// Hosts that accepted a revocation, the latest first.
    #[serde(default)]
    pub hosts: Vec<Host>,
    /// When its first verified webhook came.
    #[serde(default)]
    pub listening_since: Option<Timestamp>,
    /// When its last verified webhook came.
    #[serde(default)]
    pub last_webhook_at: Option<Timestamp>,
}

impl Learnt {
    /// Remembers a host that accepted a revocation.
    pub fn accepted_by(&mut self, host: Host) {
        self.hosts.retain(|known| *known != host);
        self.hosts.insert(0, host);
        self.hosts.truncate(HOSTS_REMEMBERED);
    }

    /// Remembers a verified webhook.
    pub fn heard(&mut self, at: Timestamp) {
        self.listening_since = Some(self.listening_since.map_or(at, |since| since.min(at)));
        self.last_webhook_at = Some(self.last_webhook_at.map_or(at, |last| last.max(at)));
    }
}

/// One source.
pub struct SourceEntry {
    base: Source,
    /// The figures in force.
    pub policy: Arc<Policy>,
    /// How people call it.
    pub label: String,
    /// The account whose rate limit it shares.
    pub account: String,
    /// What its webhooks are verified with.
    pub webhook: Option<WebhookSecret>,
    group: String,
    learnt: RwLock<Learnt>,
    refused: AtomicU64,
    standing: Mutex<Standing>,
}

impl SourceEntry {
    /// Its name.
    pub const fn id(&self) -> &SourceId {
        &self.base.id
    }

    /// Who carries its messages.
    pub const fn provider(&self) -> Provider {
        self.base.provider
    }

    /// What the core needs to know of it, with what it has taught us.
    pub fn snapshot(&self) -> Source {
        let learnt = self.learnt();
        Source { learnt: learnt.hosts, listening_since: learnt.listening_since, ..self.base.clone() }
    }

    /// What it taught us.
    pub fn learnt(&self) -> Learnt {
        self.learnt.read().expect("nobody panics while holding this lock").clone()
    }

    pub(crate) fn teach(&self, learnt: Learnt) {
        *self.learnt.write().expect("nobody panics while holding this lock") = learnt;
    }

    /// How its provider treats it just now.
    pub fn standing(&self) -> Standing {
        *self.standing.lock().expect("nobody panics while holding this lock")
    }

    /// Takes an answer to a request of its own; says whether there is anything new to say of it.
    pub fn answered(&self, answer: &Answered) -> bool {
        let mut standing = self.standing.lock().expect("nobody panics while holding this lock");
        standing.note(&answer.ack, answer.status, answer.at)
    }

    /// Counts a refused webhook and says how many there were.
    pub fn refuse(&self) -> u64 {
        self.refused.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Webhooks refused since the start.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

/// All configured sources.
pub struct Sources(Vec<SourceEntry>);

impl Sources {
    /// The sources of a configuration, with what they have learnt before.
    pub fn new(ready: &[ReadySource], mut learnt: HashMap<String, Learnt>) -> Self {
        let entry = |ready: &ReadySource| SourceEntry {
            base: ready.source.clone(),
            policy: Arc::new(ready.policy.clone()),
            label: ready.label.clone(),
            account: ready.account.clone(),
            webhook: ready.webhook.clone(),
            group: ready.webhook_group.clone(),
            learnt: RwLock::new(learnt.remove(ready.source.id.as_str()).unwrap_or_default()),
            refused: AtomicU64::new(0),
            standing: Mutex::default(),
        };
        let sources = Self(ready.iter().map(entry).collect());
        // A source that was added since another of its sender learnt where that is.
        for entry in sources.0.iter().filter(|entry| entry.learnt().hosts.is_empty()) {
            let known =
                sources.sending_as(entry).map(SourceEntry::learnt).find(|other| !other.hosts.is_empty());
            if let Some(Learnt { hosts, .. }) = known {
                entry.teach(Learnt { hosts, ..entry.learnt() });
            }
        }
        sources
    }

    /// The sources that send from the same place as this one, itself included.
    pub fn sending_as<'a>(&'a self, source: &'a SourceEntry) -> impl Iterator<Item = &'a SourceEntry> {
        self.0.iter().filter(|other| other.base.sends_as(&source.base))
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &SourceEntry> {
        self.0.iter()
    }

    /// The source of that name.
    pub fn find(&self, id: &str) -> Option<&SourceEntry> {
        self.0.iter().find(|entry| entry.base.id.as_str() == id)
    }

    /// The sources that share the webhook secret of this one, itself included.
    pub fn sharing(&self, id: &str) -> Vec<&SourceEntry> {
        let Some(own) = self.find(id) else { return Vec::new() };
        self.0.iter().filter(|entry| entry.group == own.group).collect()
    }

    /// What the core needs, for a message whose source the configuration no longer names: its facts still mean
    /// what the provider's defaults say, but nothing is sent for it.
    pub fn stand_in(provider: Provider, id: Option<&str>) -> (Source, Arc<Policy>) {
        let id = id.and_then(|id| SourceId::parse(id).ok());
        let id = id.unwrap_or_else(|| SourceId::parse("unknown").expect("a plain word is a source id"));
        (Source::new(id, provider), Arc::new(provider.adapter().policy()))
    }
}
